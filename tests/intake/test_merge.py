"""Two records of one person: merged as an alias, seen as one, and taken apart again to the byte."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caseload.actions import join_team
from clinic.access.chart import ChartNotFound
from clinic.access.door import open_chart, open_desk, open_office
from clinic.access.policy import Do
from clinic.access.rare import open_merge, open_pair
from clinic.access.secure import chart_models
from clinic.audit import ledger
from clinic.audit.models import LedgerRow
from clinic.consent import actions as consents
from clinic.kit.ids import new_public_id
from clinic.office.actions import change_setting
from clinic.record.models import Allergy, Client, Contact, Merge, MergeStanding, Problem
from clinic.record.queries import banner
from intake import actions, queries
from intake.actions import MayNotMerge, admit, register
from tests.consent.story import terms
from tests.house.clinic import proposed_merge
from tests.house.pages import sign_in
from treatment_plans.actions import start_plan, take_problem
from treatment_plans.models import PlanProblem

BORN = dt.date(1971, 6, 1)


def two_records(cast, *, program=None, team="dana"):
    """Lena in one program with a phone, and Helena, who is the same person, in mental health with mia."""
    one = cast.register(program or cast.sud, team=team, given_name="Lena", family_name="Brandt", birth_date=BORN,
                        contacts=[{"channel": "phone", "value": "+1 617-555-0181", "may_call": True}])  # fmt: skip
    other = register(
        cast.ines, program=cast.mh, clinician=cast.mia, given_name="Helena", family_name="Brandt-Ruiz", birth_date=BORN,
        contacts=[{"channel": "email", "value": "helena@mail.example", "may_email": True}], pronouns="she/her",
        address={"street": "4 Mill Lane", "suburb": "Quincy", "state": "MA", "postcode": "02169"},
    ).public_id  # fmt: skip
    return one, other


def merge(cast, one, other, who="pia", **told) -> Merge:
    with open_pair(getattr(cast, who), one, other) as pair:
        return actions.merge_clients(pair, reason="Same birth date, same sister", **told)


def found_at_desk(cast, words, who="ines"):
    with open_desk(getattr(cast, who), to=Do.SEARCH) as desk:
        return queries.search(desk, words)


def test_merged_records_are_one_person_at_the_desk_and_by_either_address(cast):
    one, other = two_records(cast)
    row = merge(cast, one, other, chosen={"pronouns": "merged", "family_name": "merged", "sex": "survivor"})
    assert row.standing == MergeStanding.DONE
    for words in ("Helena", "Lena Brandt", "Brandt-Ruiz"):
        assert [str(f.public_id) for f in found_at_desk(cast, words)] == [str(one)], words
    for address in (one, other):  # sol may open both sides, and sees one record with the chosen fields
        with open_chart(cast.sol, address, to=Do.OPEN_CHART) as chart:
            here = banner(chart)
            assert {e.program for e in chart.episodes} == {"Recovery Program", "Counseling Program"}
            assert (here.listed_name, here.pronouns) == ("BRANDT-RUIZ, Lena", "she/her")
            assert {c.value for c in queries.current_contacts(chart)} == {
                "+1 617-555-0181",
                "helena@mail.example",
            }
    page = sign_in(cast.sol).get(reverse("intake:contact", args=[other]))
    assert page.status_code == 200 and "BRANDT-RUIZ, Lena" in page.content.decode()
    assert LedgerRow.objects.filter(act="intake.merge_clients").get().clients == [row.client_id]


def test_each_side_sees_only_its_own_episodes_after_a_merge(cast):
    one, other = two_records(cast)
    merge(cast, one, other)
    for who, program in (("dana", "Recovery Program"), ("mia", "Counseling Program")):
        for address in (one, other):
            with open_chart(getattr(cast, who), address, to=Do.OPEN_CHART) as chart:
                assert [e.program for e in chart.episodes] == [program]
                assert chart.episodes[0].part2 is (program == "Recovery Program")
    page = sign_in(cast.mia).get(reverse("caseload:chart", args=[one])).content.decode()
    assert "Recovery" not in page and "Part 2" not in page
    with pytest.raises(ChartNotFound), open_chart(cast.omar, other, to=Do.OPEN_CHART):
        pass


def reach_of(cast, *records):
    """Who may open which episode of these records, to do what: {(who, act, record): programs}."""
    found = {}
    for who in ("dana", "mia", "nell", "omar", "fay", "sol"):
        for do in (Do.OPEN_CHART, Do.SEE_PLAN, Do.SEE_CONTACT):
            for name, record in zip(("Lena", "Helena"), records, strict=True):
                try:
                    with open_chart(getattr(cast, who), record, to=do) as chart:
                        found[who, do, name] = {e.program for e in chart.episodes if chart.permits(do, e.id)}
                except ChartNotFound:
                    found[who, do, name] = set()
    return found


def of_person(reach, who, do):
    return reach[who, do, "Lena"] | reach[who, do, "Helena"]


@pytest.mark.parametrize("in_house", [False, True])
def test_what_opened_an_episode_opens_it_after_a_merge_and_a_need_or_a_consent_reaches_no_further_than_it_says(
    cast, in_house
):
    """Lena is seen by dana in SUD and by nell in the integrated program; Helena, the same person, by mia in mental health.

    In-house need (42 CFR 2.12(c)(3)) opens the other programs to whoever treats the person, and only where the clinic
    allows it; a consent to read opens what it names. Taken apart, everything is as it was.
    """
    with open_office(cast.abe, to=Do.MANAGE_STAFF) as office:
        change_setting(office, name="in_house_need", value=in_house)
    one, other = two_records(cast)
    admit(cast.ines, client=one, program=cast.both, clinician=cast.nell)
    with open_chart(cast.dana, one, to=Do.CONSENT) as chart:
        given = terms(cast.sud, kind="inside", expires="end_of_treatment", expires_on=None)
        consents.sign_consent(chart, given=given, to_program=cast.mh)
    before = reach_of(cast, one, other)
    row = merge(cast, one, other)
    after = reach_of(cast, one, other)
    team, sud, mh, both = {"dana", "mia", "nell"}, cast.sud.name, cast.mh.name, cast.both.name
    for who, do, name in before:
        mine, now = of_person(before, who, do), after[who, do, name]
        assert now == after[who, do, "Lena"], "either address opens the same"
        assert mine <= now, (who, do)
        if now != mine:  # who gains at all treats the person, and gains no more than reading the chart
            assert who in team and do == Do.OPEN_CHART, (who, do, now - mine)
    assert after["mia", Do.OPEN_CHART, "Lena"] == (
        {sud, mh, both} if in_house else {sud, mh}
    )  # SUD: by the consent
    assert after["dana", Do.OPEN_CHART, "Helena"] == ({sud, mh, both} if in_house else {sud})
    assert after["omar", Do.OPEN_CHART, "Lena"] == after["omar", Do.OPEN_CHART, "Helena"] == set()
    if not in_house:
        page = sign_in(cast.mia).get(reverse("caseload:chart", args=[other])).content.decode()
        assert both not in page
    with open_pair(cast.pia, one, other) as pair:
        actions.unmerge(pair, merge=Merge.objects.get(pk=row.pk), words="Two sisters")
    assert reach_of(cast, one, other) == before


def test_an_allergy_of_either_record_stands_in_the_banner_and_a_row_set_aside_is_not_used(cast):
    one, other = two_records(cast)
    with open_chart(cast.mia, other, to=Do.OPEN_CHART) as chart:
        Allergy.objects.create(client_id=chart.client_id, substance="Penicillin", recorded_by=cast.mia)
        old = Contact.objects.get(client_id=chart.client_id).public_id
    merge(cast, one, other, set_aside=[old])
    with open_chart(cast.dana, one, to=Do.OPEN_CHART) as chart:
        assert banner(chart).allergies == ["Penicillin"]
        assert [c.value for c in queries.current_contacts(chart)] == ["+1 617-555-0181"]
        assert Contact.objects.filter(public_id=old).exists()


def test_what_one_record_needs_of_the_other_is_copied_with_its_origin(cast):
    one, other = two_records(cast)
    with open_chart(cast.mia, other, to=Do.PLAN) as chart:
        listed = Problem.objects.create(
            **chart.stamp(chart.episodes[0]), text="Panic", domain="mental_health", recorded_by=cast.mia
        )
    merge(cast, one, other)
    with open_chart(cast.sol, other, to=Do.ASSIGN_CARE) as chart:
        join_team(chart, place=next(e for e in chart.episodes if not e.part2), staff=cast.dana)
    with open_chart(cast.dana, one, to=Do.PLAN) as chart:
        plan = start_plan(chart)
        place = chart.episode(plan.episode_id)
        took = take_problem(chart, plan=plan, problem=listed)
        assert (took.client_id, took.problem.came_from) == (place.client_id, listed.public_id)
        assert place.client_id != listed.client_id and PlanProblem.objects.count() == 1


def test_where_both_have_signed_nothing_is_merged_until_a_second_person_confirms(cast):
    merge_id = proposed_merge(cast)
    with open_merge(cast.sol, merge_id) as pair:
        row = queries.merge_of(pair, merge_id)
        assert (row.standing, row.needs_second) == (MergeStanding.PROPOSED, True)
    with pytest.raises(MayNotMerge, match="own_proposal"), open_merge(cast.sol, merge_id) as pair:
        actions.confirm_merge(pair, merge=queries.merge_of(pair, merge_id))
    assert len(found_at_desk(cast, "Doubles")) == 2
    worklist = sign_in(cast.ines).get(reverse("intake:merges")).content.decode()
    assert "Waits for a second person" in worklist
    assert sign_in(cast.ines).post(reverse("intake:merge_confirm", args=[merge_id])).status_code == 302
    assert len(found_at_desk(cast, "Doubles")) == 1


def test_a_hold_a_tangle_and_a_stranger_stop_a_merge(cast):
    one, other = two_records(cast)
    third = cast.register(cast.mh, team=None, given_name="Lena", family_name="Brant", birth_date=BORN)
    with open_chart(cast.pia, other, to=Do.HOLD) as chart:
        hold = actions.place_hold(chart, reason="Letter from counsel")
    with pytest.raises(MayNotMerge, match="on_hold"):
        merge(cast, one, other)
    with open_chart(cast.pia, other, to=Do.HOLD) as chart:
        actions.lift_hold(chart, hold=hold)
    with pytest.raises(ChartNotFound):  # mia may see one side at most, and merges nothing
        merge(cast, one, other, who="mia")
    row = merge(cast, one, other)
    for pair, why in (((third, one), "tangled"), ((one, other), "one_already")):
        with pytest.raises(MayNotMerge, match=why):
            merge(cast, *pair)
    assert merge(cast, one, third).standing == MergeStanding.DONE  # a second one into the same survivor
    with pytest.raises(actions.AlreadyHere):
        admit(cast.ines, client=other, program=cast.sud)
    with open_chart(cast.pia, one, to=Do.SEE_ACCESS):
        assert Merge.objects.filter(standing=MergeStanding.DONE).count() == 2
    assert row.merged != row.client_id


def test_taking_apart_puts_back_what_was_shown_keeps_later_words_and_lists_what_was_added(cast):
    one, other = two_records(cast)
    row = merge(cast, one, other, chosen={"pronouns": "merged", "given_name": "merged"})
    with open_chart(cast.dana, one, to=Do.SET_CONTACT) as chart:
        actions.add_contact(chart, channel="phone", value="+1 617-555-0199")
        Client.objects.filter(pk=chart.client_id).update(pronouns="they/them", version=9)
    answer = sign_in(cast.pia).post(reverse("intake:merge_undo", args=[row.public_id]), {"words": "Two sisters"}, follow=True)  # fmt: skip
    assert "contact" in answer.content.decode() and "They are two again" in answer.content.decode()
    with open_chart(cast.dana, one, to=Do.OPEN_CHART) as chart:
        assert (chart.client.given_name, chart.client.pronouns, len(chart.clients)) == (
            "Lena",
            "they/them",
            1,
        )
    assert len(found_at_desk(cast, "Brandt")) == 2
    assert sign_in(cast.pia).post(reverse("intake:merge_reviewed", args=[row.public_id])).status_code == 302


def test_the_pages_compare_preview_and_merge(cast):
    one, other = two_records(cast)
    visitor = sign_in(cast.sol)
    pair = {"record": [str(one), str(other)]}
    page = visitor.get(reverse("intake:compare"), pair).content.decode()
    assert "Helena" in page and "4 Mill Lane" in page and "617-555-0181" in page
    choice = {**pair, "step": "preview", "field-given_name": "merged", "field-family_name": "survivor"}
    preview = visitor.post(reverse("intake:compare"), choice).content.decode()
    assert "Helena" in preview and "4 Mill Lane" not in preview  # not ticked to be shown
    assert visitor.post(reverse("intake:compare"), {**choice, "step": "merge"}).status_code == 422
    done = visitor.post(reverse("intake:compare"), {**choice, "step": "merge", "reason": "Same person"})
    assert done.status_code == 302
    assert sign_in(cast.dana).get(reverse("intake:compare"), pair).status_code == 403


# 200 random pairs. Every table of the chart that belongs to the two, as JSON, before the merge and after it was undone.

NAMES = st.text(st.characters(categories=["L", "M"], include_characters="'- "), max_size=12)
PEOPLE = st.fixed_dictionaries(
    {
        "given_name": NAMES, "family_name": NAMES, "chosen_name": NAMES, "pronouns": st.sampled_from(["", "they/them"]),
        "sex": st.sampled_from(["", "female", "male", "declined"]),
        "birth_date": st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2020, 1, 1)),
        "birth_estimated": st.booleans(), "language": st.sampled_from(["en", "es"]), "interpreter": st.booleans(),
    }
)  # fmt: skip
ROWS = st.fixed_dictionaries(
    {
        "contacts": st.lists(st.builds(lambda n, ok: {"channel": "phone", "value": f"+1 617-555-{n:04}", "may_text": ok},
                                       st.integers(0, 9999), st.booleans()), max_size=2),
        "address": st.sampled_from([{}, {"street": "1 A St", "suburb": "Lynn", "state": "MA", "postcode": "01901"}]),
    }
)  # fmt: skip
OURS = {"record_merge", "record_setaside", "record_mergeevent", "record_setasideevent"}


@given(data=st.data())
@settings(
    max_examples=1,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_two_hundred_random_pairs_come_apart_as_they_were(cast, data):
    draw = data.draw
    people = [{**draw(PEOPLE), **draw(ROWS), "public_id": new_public_id()} for _ in range(20)]
    pairs = []
    for number in range(200):
        one, other = (
            {
                **people[draw(st.integers(0, 19))],
                "public_id": new_public_id(),
                "given_name": f"N{number}{side}",
            }
            for side in "ab"
        )
        pairs.append((one, other))
    flat = [person for pair in pairs for person in pair]
    actions.register_many(cast.ines, program=cast.mh, people=flat)
    sql = snapshot_sql()
    keys = {row[1]: row[0] for row in ids_of(flat)}
    fields = [
        f.name for f in Client._meta.concrete_fields if f.name not in ("id", "public_id", "number", "site")
    ]
    ledger.seal()
    for one, other in pairs:
        both = [keys[one["public_id"]], keys[other["public_id"]]]
        chosen = {name: draw(st.sampled_from(["survivor", "merged"])) for name in draw(st.sets(st.sampled_from(fields), max_size=4))}  # fmt: skip
        with open_pair(cast.pia, one["public_id"], other["public_id"]) as pair:
            before = snapshot(sql, both)
            row = actions.merge_clients(pair, reason="one", chosen=chosen)
        with open_merge(cast.pia, row.public_id) as pair:
            actions.unmerge(pair, merge=queries.merge_of(pair, row.public_id), words="two")
            after = snapshot(sql, both)
        assert after == before
    ledger.seal()
    assert ledger.verify() == []


def ids_of(people: list[dict[str, Any]]) -> list[tuple[int, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("set local role entwine_desk")
        cursor.execute("select client_id, public_id from record_directory where public_id = any(%s)", [[p["public_id"] for p in people]])  # fmt: skip
        rows = cursor.fetchall()
        cursor.execute("set local role none")
    return rows


def snapshot_sql() -> str:
    """Every row of two clients in every table of the chart, except the merge's own and the trail that history keeps."""
    parts = []
    for model in chart_models():
        table = model._meta.db_table
        if table in OURS or getattr(model, "history_of", None):
            continue
        column = "id" if model is Client else "client_id"
        parts.append(
            f"select '{table}', t.{column}, to_jsonb(t)::text from {table} t where t.{column} = any(%(both)s)"
        )
    return " union all ".join(parts) + " order by 1, 2, 3"


def snapshot(sql: str, both: list[int]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"both": both})
        return cursor.fetchall()
