"""The registration is a task list in any order: nothing asked twice, nothing lost, nothing needed."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.access.door import open_chart, open_desk
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.record.models import Address, ClientFact, Coverage, Directory, PersonName, Support
from clinic.record.queries import current_facts, paid_in_full, self_pays
from intake import queries
from intake.actions import end_pay_in_full, pay_in_full
from tests.house.test_queries import FRAME


@pytest.fixture
def june(cast):
    return cast.register()


@pytest.fixture
def fay(client, cast):
    client.force_login(cast.fay)
    return client


def url(route, june, *more):
    return reverse(f"intake:{route}", args=[june, *more])


def text(answer):
    return answer.content.decode()


def post(visitor, route, june, *more, **told):
    return visitor.post(url(route, june, *more), {"_once": str(uuid.uuid4()), **told})


def chart_of(cast, june, who="fay"):
    return open_chart(getattr(cast, who), june, to=Do.TAKE_DETAILS)


def states(cast, june, who="fay"):
    with chart_of(cast, june, who) as chart:
        return {task.key: task.state for task in queries.registration_tasks(chart)}


def seen(cast, june, topic):
    with chart_of(cast, june) as chart:
        return current_facts(chart)[topic, ""].seen


def test_the_task_list_says_how_each_part_stands_and_for_whom_it_is(fay, cast, june):
    assert set(states(cast, june, "ines").values()) == {"done", "todo"}  # the name and birth date are there
    desk = states(cast, june)
    assert {desk[key] for key in ("referral", "law", "pregnancy")} == {"blocked"}
    page = text(fay.get(url("registration", june)))
    for words in ("Cannot start yet", "Not yet started", "Completed", "1 of 12 completed"):
        assert words in page
    assert url("details", june, "law") not in page
    assert fay.get(url("details", june, "law")).status_code == 403
    assert fay.get(url("told_before", june, "pregnant")).status_code == 403


def test_what_was_told_is_shown_with_its_date_and_is_confirmed_or_changed(fay, cast, june):
    assert post(fay, "details", june, "home_and_work", employment="full_time").url == url(
        "registration", june
    )
    assert states(cast, june)["home_and_work"] == "doing"
    page = text(fay.get(url("details", june, "home_and_work")))
    assert "Already told us" in page
    assert "asked by Fay Tester, LCSW" in page
    first = seen(cast, june, "employment")
    with clock.backdated(clock.now() + dt.timedelta(days=181)):
        assert states(cast, june)["home_and_work"] == "problem"
        again = {"employment": "full_time", "employment_seen": first, "confirm": "employment"}
        post(fay, "details", june, "home_and_work", **again)
        assert states(cast, june)["home_and_work"] == "doing"
    post(
        fay,
        "details",
        june,
        "home_and_work",
        employment="declined",
        employment_seen=seen(cast, june, "employment"),
    )
    history = text(fay.get(url("told_before", june, "employment")))
    assert history.count("Full time") == 2
    assert "Prefer not to say" in history


def test_saving_again_without_a_change_writes_nothing(fay, cast, june):
    post(fay, "details", june, "background", veteran="no", race=["white", "asian"])
    for _ in range(2):
        told = {f"{topic}_seen": seen(cast, june, topic) for topic in ("veteran", "race")}
        post(fay, "details", june, "background", veteran="no", race=["white", "asian"], **told)
    with chart_of(cast, june):
        assert ClientFact.objects.count() == 2


def test_every_question_of_a_part_can_be_declined_and_that_completes_it(fay, cast, june):
    for section in ("identity", "language", "background"):
        with chart_of(cast, june) as chart:
            from intake.rules import catalogue

            asked = [one.question.topic for one in queries.asked_in(chart, catalogue().section(section))]
        post(fay, "details", june, section, **dict.fromkeys(asked, "declined"))
        assert states(cast, june)[section] == "done"


def test_an_answer_that_leads_on_asks_the_next_question(fay, cast, june):
    answer = post(fay, "details", june, "home_and_work", employment="not_in_labor_force")
    assert answer.url == url("details", june, "home_and_work")
    assert "keeps the client from looking for work" in text(fay.get(answer.url))


def test_a_wrong_answer_is_named_the_right_ones_stay_typed_and_nothing_is_saved(fay, cast, june):
    answer = post(
        fay, "details", june, "home_and_work", living_with_children_text="many", employment="part_time"
    )
    page = text(answer)
    assert answer.status_code == 422
    assert "Children at home: Write a number." in page
    assert 'value="many"' in page
    assert 'value="part_time" checked' in page
    with chart_of(cast, june):
        assert not ClientFact.objects.exists()


def test_two_who_answer_at_once_see_both_answers_and_nobody_is_overwritten(fay, client, cast, june):
    post(fay, "details", june, "background", education="some_college")
    answer = post(fay, "details", june, "background", education="grade_12_or_ged")
    page = text(answer)
    assert answer.status_code == 409
    for words in ("Some college", "Grade 12", "Someone else saved this"):
        assert words in page
    with chart_of(cast, june) as chart:
        assert current_facts(chart)["education", ""].codes == ("some_college",)
    now = seen(cast, june, "education")
    assert now in page  # sent again, it is saved over what was read
    post(fay, "details", june, "background", education="grade_12_or_ged", education_seen=now)
    with chart_of(cast, june) as chart:
        assert current_facts(chart)["education", ""].codes == ("grade_12_or_ged",)


def test_what_is_typed_comes_back_to_the_same_person_alone_until_it_is_saved(fay, client, cast, june):
    assert post(fay, "details_keep", june, "home_and_work", employment="unemployed").status_code == 204
    page = text(fay.get(url("details", june, "home_and_work")))
    assert 'value="unemployed" checked' in page
    assert "Saved " in page
    client.force_login(cast.ines)
    assert 'value="unemployed" checked' not in text(client.get(url("details", june, "home_and_work")))
    client.force_login(cast.fay)
    post(client, "details", june, "home_and_work", employment="unemployed")
    with chart_of(cast, june) as chart:
        assert queries.kept_details(chart, cast.fay.pk, "home_and_work") is None


def test_what_is_typed_of_a_name_a_person_or_a_payer_is_kept_and_restored_too(fay, cast, june):
    typed = {
        "names": {"chosen_name": "Junie", "version": "1"}, "supports": {"name": "Ada", "standing": "family"},
        "addresses": {"suburb": "Ashby"}, "payers": {"kind": "medicaid", "payer": "Plan A"},
    }  # fmt: skip
    for page, told in typed.items():
        assert post(fay, "details_keep", june, page, **told).status_code == 204
        shown = text(fay.get(url(page, june)))
        assert "Saved " in shown and all(f'value="{value}"' in shown for value in told.values())
    with chart_of(cast, june):
        assert not Support.objects.exists()
    post(fay, "supports", june, **typed["supports"])
    assert 'value="Ada"' not in text(fay.get(url("supports", june)))


def test_a_name_that_is_given_up_stays_and_the_desk_finds_the_person_under_it(fay, cast, june):
    told = {"given_name": "June", "family_name": "Brandvold", "birth": "4/2/1988", "version": "1"}
    assert post(fay, "names", june, **told).status_code == 302
    post(fay, "name_add", june, use="alias", given_name="Junebug")
    with chart_of(cast, june) as chart:
        assert (chart.client.family_name, chart.client.other_names) == ("Brandvold", "Junebug, June Okafor")
        before = PersonName.objects.get(use="previous")
        assert (before.family_name, before.ends_on) == ("Okafor", clock.today(chart.episodes[0].zone))
    with open_desk(cast.fay, to=Do.SEARCH) as desk:
        assert "okafor" in Directory.objects.get().name_words
        assert len(queries.search(desk, "Junebug")) == len(queries.search(desk, "June Okafor")) == 1


def test_a_stale_name_shows_both_and_an_impossible_birth_date_is_named(fay, cast, june):
    told = {"given_name": "Juno", "family_name": "Okafor", "birth": "4/2/1988", "version": "1"}
    post(fay, "names", june, **told)
    answer = post(fay, "names", june, **{**told, "given_name": "Junia"})
    assert answer.status_code == 409
    assert {"Juno", "Junia"} <= set(
        text(answer).replace("<", " ").replace(">", " ").replace('"', " ").split()
    )
    for birth, words in (
        ("2/29/2023", "no such day"),
        ("4/2/2999", "in the future"),
        ("soon", "Write the birth date"),
    ):
        wrong = post(fay, "names", june, **{**told, "birth": birth, "version": "2"})
        assert wrong.status_code == 422
        assert words in text(wrong)
    assert post(fay, "name_add", june, use="alias").status_code == 422
    with chart_of(cast, june) as chart:
        assert chart.client.given_name == "Juno"


def test_a_new_address_ends_the_one_before_and_none_is_an_answer_too(fay, cast, june):
    post(fay, "details_none", june, "address_told", answer="none")
    assert states(cast, june)["addresses"] == "done"
    for street in ("12 Pier Road", "9 Elm Street"):
        post(fay, "addresses", june, street=street, suburb="Boston")
    assert post(fay, "addresses", june).status_code == 422
    with chart_of(cast, june):
        assert list(Address.objects.order_by("pk").values_list("street", "ends_on")) == [
            ("12 Pier Road", clock.today("America/New_York")), ("9 Elm Street", None),
        ]  # fmt: skip
    with open_desk(cast.fay, to=Do.SEARCH):
        assert Directory.objects.get().street == "9 Elm Street"


def test_who_must_never_be_told_stands_before_every_way_to_reach_the_client(fay, cast, june):
    told = {"name": "Ray Okafor", "relation": "husband", "standing": "never", "phone": "614 555 0199"}
    wrong = post(fay, "supports", june, **told, may_tell=["here"])
    assert wrong.status_code == 422
    assert "can be told nothing" in text(wrong)
    post(fay, "supports", june, **told)
    post(fay, "supports", june, name="Ada Okafor", standing="emergency", may_tell=["emergency", "visits"])
    page = text(fay.get(url("contact", june)))
    assert "Must never be told, do not contact:" in page
    assert "Ray Okafor (husband) +1 614-555-0199" in page
    assert "One person must never be told" in page  # the banner says it on every page
    assert "When the visits are" in text(fay.get(url("supports", june)))
    with chart_of(cast, june):
        assert Support.objects.count() == 2


def test_care_never_waits_for_a_payer_and_what_is_paid_in_full_is_kept_from_the_plan(fay, cast, june):
    """42 CFR 2.26(a)(6): law.md P14 asks this of every disclosure to a health plan."""
    post(fay, "payers", june, kind="unknown")
    assert states(cast, june)["payers"] == "doing"
    post(fay, "payers", june, kind="medicaid", member_id="M-1")
    today = clock.today("America/New_York")
    with chart_of(cast, june) as chart:
        assert [row.kind for row in Coverage.objects.filter(ends_on__isnull=True)] == ["medicaid"]
        place = chart.episodes[0]
        asked = pay_in_full(chart, place=place, service="Counseling", since=today)
        assert paid_in_full(chart, place.id, today, "counseling")
        assert not paid_in_full(chart, place.id, today, "Dosing")
        assert paid_in_full(chart, place.id, today)
        assert not paid_in_full(chart, place.id, today - dt.timedelta(days=1), "Counseling")
        with clock.backdated(clock.now() + dt.timedelta(days=2)):
            end_pay_in_full(chart, self_pay=asked, version=1)
            assert not self_pays(chart).exists()
        assert paid_in_full(chart, place.id, today + dt.timedelta(days=1), "Counseling")
    assert post(fay, "self_pay", june, episode=str(place.public_id), since=str(today)).status_code == 422
    assert (
        post(fay, "self_pay", june, episode=str(place.public_id), since=str(today), asked="on").status_code
        == 302
    )


def test_the_task_list_asks_no_more_than_twelve_times(fay, june):
    fay.get(url("registration", june))
    with CaptureQueriesContext(connection) as told:
        fay.get(url("registration", june))
    spent = [query["sql"] for query in told if not FRAME.match(query["sql"])]
    assert len(spent) <= 12, "\n".join(spent)


def test_whoever_leads_opens_the_chart_at_once_where_the_sites_day_has_begun_before_the_clinics(
    cast, settings
):
    settings.TIME_ZONE = "Etc/GMT+12"
    cast.sud.site.zone = "Pacific/Kiritimati"  # always a day ahead
    cast.sud.site.save()
    june = cast.register(starts_on=clock.today("Pacific/Kiritimati"))
    with open_chart(cast.dana, june, to=Do.OPEN_CHART) as chart:
        assert [place.starts_on for place in chart.episodes] == [clock.today("Pacific/Kiritimati")]
