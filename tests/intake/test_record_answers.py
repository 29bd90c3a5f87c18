"""One verb records an answer: asked once, never lost, and shown to whoever it is for."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection, transaction

from clinic.access.chart import Refused
from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.record.models import ClientFact, EpisodeFact, StaleEdit
from clinic.record.queries import current_facts, fact_history
from intake.actions import admit, record_detail, record_history
from intake.rules import BadAnswer, Said, answer_words, catalogue, read_answer, teds_map, teds_values
from tests.cast import make_person

HOMELESS = Said("answered", ("homeless",))


def tell(cast, who, client, topic, said, seen="", *, to=Do.TAKE_DETAILS):
    verb = record_history if to == Do.TAKE_HISTORY else record_detail
    with open_chart(getattr(cast, who), client, to=to) as chart:
        return verb(chart, topic=topic, said=said, seen=seen)


def facts_for(cast, who, client, to=Do.TAKE_DETAILS):
    with open_chart(getattr(cast, who), client, to=to) as chart:
        return current_facts(chart)


def test_an_answer_is_asked_once_and_its_change_keeps_what_was_told_before(cast):
    june = cast.register()
    first = tell(cast, "fay", june, "living_arrangement", HOMELESS)
    told = facts_for(cast, "dana", june)["living_arrangement", ""]
    assert (told.codes, told.by, told.is_known) == (("homeless",), "Fay Tester, LCSW", True)
    second = tell(cast, "dana", june, "living_arrangement", Said("declined"), str(first.public_id))
    with open_chart(cast.dana, june, to=Do.TAKE_DETAILS) as chart:
        now = current_facts(chart)["living_arrangement", ""]
        assert (now.answer, now.codes, now.seen) == ("declined", (), str(second.public_id))
        assert [one.answer for one in fact_history(chart, "living_arrangement")] == ["declined", "answered"]
    row = LedgerRow.objects.filter(act="intake.record_detail").latest("pk")
    assert row.detail == {"topic": "living_arrangement", "about": ""}  # the topic, never the answer


def test_a_stale_answer_is_refused_with_what_the_other_person_saved(cast):
    june = cast.register()
    tell(cast, "fay", june, "employment", Said("answered", ("full_time",)))
    with pytest.raises(StaleEdit) as stale:
        tell(cast, "ines", june, "employment", Said("answered", ("unemployed",)))
    assert stale.value.theirs.codes == ["full_time"]
    with open_chart(cast.ines, june, to=Do.TAKE_DETAILS) as chart:
        assert ClientFact.objects.filter(client=chart.client_id).count() == 1


def test_no_answer_can_be_changed_or_taken_away_afterwards(cast):
    june = cast.register()
    row = tell(cast, "fay", june, "employment", Said("answered", ("full_time",)))
    for spoil in (
        lambda: ClientFact.objects.filter(pk=row.pk).update(codes=["unemployed"]),
        lambda: ClientFact.objects.filter(pk=row.pk).delete(),
    ):
        with open_chart(cast.fay, june, to=Do.TAKE_DETAILS), transaction.atomic():
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                spoil()
            assert ClientFact.objects.get(pk=row.pk).codes == ["full_time"]


def test_what_brought_someone_here_stays_in_its_program_and_carries_part_2(cast):
    rosa = cast.register(cast.sud)
    admit(cast.ines, client=rosa, program=cast.mh, clinician=cast.mia)
    row = tell(cast, "dana", rosa, "referral_source", Said("answered", ("court",)), to=Do.TAKE_HISTORY)
    assert row.part2
    tell(cast, "dana", rosa, "education", Said("answered", ("some_college",)))
    seen = facts_for(cast, "mia", rosa)
    assert set(seen) == {("education", "")}
    assert seen["education", ""].by == "Dana Tester, LCSW"  # dana works in mia's program too


def test_a_colleague_who_works_in_another_program_alone_is_not_named(cast):
    rosa = cast.register(cast.sud)
    admit(cast.ines, client=rosa, program=cast.mh, clinician=cast.mia)
    cast.people["uma"] = make_person("uma", cast.main, (cast.sud, "intake"))
    tell(cast, "uma", rosa, "veteran", Said("answered", ("no",)))
    assert facts_for(cast, "mia", rosa)["veteran", ""].by == ""
    assert facts_for(cast, "sol", rosa)["veteran", ""].by == "Uma Tester, LCSW"


def test_the_front_desk_neither_asks_nor_records_what_brought_someone_here(cast):
    june = cast.register()
    with open_chart(cast.fay, june, to=Do.TAKE_DETAILS) as chart:
        for verb, topic in (
            (record_history, "pregnant"), (record_detail, "pregnant"), (record_history, "veteran"),
        ):  # fmt: skip
            with pytest.raises(Refused), transaction.atomic():
                verb(chart, topic=topic, said=Said("answered", ("yes",)))
        assert not EpisodeFact.objects.filter(client=chart.client_id).exists()
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from record_clientfact")
            assert cursor.fetchone() == (0,)


def test_the_banner_shows_what_was_answered_of_pronouns_sex_and_gender(cast):
    june = cast.register()
    tell(cast, "fay", june, "pronouns", Said("answered", text="she/they"))
    tell(cast, "fay", june, "sex", Said("declined"))
    tell(cast, "fay", june, "gender", Said("answered", ("trans_woman",)))
    tell(cast, "fay", june, "interpreter", Said("answered", ("yes",)))
    with open_chart(cast.fay, june, to=Do.TAKE_DETAILS) as chart:
        client = chart.client
        assert (client.pronouns, client.sex, client.gender) == ("she/they", "declined", "Trans woman")
        assert client.interpreter is True


@pytest.mark.parametrize(
    ("topic", "codes", "text", "wrong"),
    [
        ("veteran", ["maybe"], "", "no_such_option"),
        ("veteran", ["yes", "no"], "", "only_one"),
        ("legal_status", ["none", "parole"], "", "only_one"),
        ("prior_episodes", [], "many", "not_a_number"),
        ("prior_episodes", [], "-1", "out_of_range"),
        ("prior_episodes", [], "NaN", "out_of_range"),
        ("due_date", [], "2027-02-29", "not_a_date"),
        ("pronouns", [], "x" * 241, "too_long"),
    ],
)
def test_an_answer_that_cannot_be_one_is_named(topic, codes, text, wrong):
    with pytest.raises(BadAnswer) as bad:
        read_answer(catalogue().question(topic), codes=codes, text=text)
    assert bad.value.code == wrong


def test_blank_declined_unknown_and_no_are_four_different_answers():
    veteran = catalogue().question("veteran")
    said = [read_answer(veteran, codes=codes) for codes in ([], ["declined"], ["unknown"], ["no"])]
    assert said == [None, Said("declined"), Said("unknown"), Said("answered", ("no",))]
    race = catalogue().question("race")
    both = read_answer(race, codes=["white", "other"], text="Kanaka Maoli")
    assert answer_words(race, both) == "White, Another: Kanaka Maoli"
    assert read_answer(catalogue().question("prior_episodes"), codes=[], text="2").number == Decimal(2)
    due = read_answer(catalogue().question("due_date"), codes=[], text="2028-02-29")
    assert due.day == dt.date(2028, 2, 29)


def test_teds_is_told_by_a_map_whose_every_topic_and_code_the_catalogue_knows():
    for item, rule in teds_map().items():
        if item == "missing":
            continue
        question = catalogue().question(rule["topic"])
        assert {option.code for option in question.options} >= set(rule.get("codes", {})), item
    told = {
        ("race", ""): Said("answered", ("white", "black")),
        ("veteran", ""): Said("declined"),
        ("prior_episodes", ""): Said("answered", number=Decimal(4)),
        ("arrests_30_days", ""): Said("answered", number=Decimal(0)),
        ("living_arrangement", ""): HOMELESS,
    }
    values = teds_values(told)
    assert {item: values[item] for item in ("RACE", "VET", "NOPRIOR", "ARRESTS", "LIVARAG", "EDUC")} == {
        "RACE": 8, "VET": -9, "NOPRIOR": 1, "ARRESTS": 0, "LIVARAG": 1, "EDUC": -9,
    }  # fmt: skip
