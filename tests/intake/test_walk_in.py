"""Someone walks in: a name or none and about how old is enough, and the rest is a list that colleagues take up."""

import uuid

import pytest
from django.urls import reverse

from clinic.access.chart import ChartNotFound
from clinic.access.door import open_chart, open_desk
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.consent.actions import give_notice
from clinic.kit import clock
from clinic.record.models import CareTeam, Client
from intake import queries
from intake.actions import add_contact, register
from intake.models import Arrival, Pickup
from screening.actions import record_screen
from tests.screening.answers import phq9


@pytest.fixture
def ines(client, cast):
    client.force_login(cast.ines)
    return client


def walk_in(visitor, cast, **told):
    sent = {
        "program": str(cast.sud.public_id), "temporary_id": "T-123456", "_once": str(uuid.uuid4()), "about_age": "40",
    }  # fmt: skip
    return visitor.post(reverse("intake:walk_in"), {**sent, **told})


def walked_in(visitor, cast, **told):
    """The public id of who walked in."""
    answer = walk_in(visitor, cast, **told)
    assert answer.status_code == 302, answer.content.decode()
    return answer.url.split("/")[2]


def text_of(visitor, route, *args):
    return visitor.get(reverse(route, args=args)).content.decode()


def chart_of(cast, client, who="fay", to=Do.TAKE_DETAILS):
    return open_chart(getattr(cast, who), client, to=to)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("June Okafor", ("June", "Okafor", "")),
        ("Shorty", ("", "", "Shorty")),
        ("J", ("", "", "J")),
        ("Kaʻiulani Nguyễn", ("Kaʻiulani", "Nguyễn", "")),
        ("مريم حداد", ("مريم", "حداد", "")),
        ("\N{GRINNING FACE}", ("", "", "\N{GRINNING FACE}")),
        ("O\u2019Neil, Seán", ("Seán", "O\u2019Neil", "")),
        ("1234", ("", "", "1234")),
    ],
)
def test_a_name_of_any_kind_and_an_age_are_enough(ines, cast, typed, names):
    with chart_of(cast, walked_in(ines, cast, name=typed)) as chart:
        client = chart.client
        assert (client.given_name, client.family_name, client.chosen_name) == names
        assert (client.age(), client.birth_estimated) == (40, True)
        arrival = queries.arrival(chart)
        assert (arrival.temporary_id, arrival.registered_by_id) == ("T-123456", cast.ines.pk)
    assert LedgerRow.objects.filter(act="intake.register_walk_in").count() == 1


@pytest.mark.parametrize("age", ["0", "120"])
def test_without_a_name_the_age_alone_is_enough_at_either_end(ines, cast, age):
    with chart_of(cast, walked_in(ines, cast, name_unknown="on", about_age=age)) as chart:
        assert (chart.client.listed_name, chart.client.age()) == ("Name not known", int(age))


def test_a_birth_date_behind_the_name_will_do_for_the_age(ines, cast):
    with chart_of(cast, walked_in(ines, cast, name="June Okafor 2/29/1988", about_age="")) as chart:
        assert (str(chart.client.birth_date), chart.client.birth_estimated) == ("1988-02-29", False)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({}, "Write a name or an alias"),
        ({"name": "June", "about_age": ""}, "Say about how old"),
        ({"name": "June", "about_age": "121"}, "less than or equal to 120"),
        ({"name": "June", "about_age": "-1"}, "greater than or equal to 0"),
        ({"name": "June", "program": ""}, "Program"),
    ],
)
def test_what_is_missing_is_named_what_was_typed_stays_and_nobody_is_registered(ines, cast, told, words):
    answer = walk_in(ines, cast, **told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert all(value in page for value in told.values())
    assert not LedgerRow.objects.filter(act="intake.register_client").exists()


def test_posted_twice_one_person_is_registered_and_a_temporary_id_is_never_given_twice(ines, cast):
    once = str(uuid.uuid4())
    first, again = (walk_in(ines, cast, name="June", _once=once) for _ in range(2))
    assert first.url == again.url
    with chart_of(cast, walked_in(ines, cast, name="Ada")) as chart:
        assert queries.arrival(chart).temporary_id != "T-123456"


def test_the_list_names_what_is_to_do_until_the_fact_is_there(ines, cast):
    june = walked_in(ines, cast, name="June Okafor")
    with chart_of(cast, june) as chart:
        tasks = queries.door_tasks(chart)
        assert [task.code for task in tasks] == [
            "safety_check", "contact", "names", "notice", "consents", "clinician", "payer", "details",
        ]  # fmt: skip
        assert [(task.due_on - clock.today(chart.episodes[0].zone)).days for task in tasks] == [
            0,
            0,
            1,
            1,
            1,
            1,
            7,
            7,
        ]
        add_contact_here = {"channel": "phone", "value": "+1 614-555-0142", "may_call": True}
    with chart_of(cast, june, to=Do.SET_CONTACT) as chart:
        add_contact(chart, **add_contact_here)
    with chart_of(cast, june, "ines", Do.CONSENT) as chart:
        give_notice(chart, place=chart.episodes[0], way="paper", answer="acknowledged", language="en")
    with chart_of(cast, june) as chart:
        left = [task.code for task in queries.door_tasks(chart)]
        assert "contact" not in left and "notice" not in left and "consents" in left
    page = text_of(ines, "intake:registration", june)
    assert "First: the safety check" in page
    assert "T-123456" in page


def test_a_clinician_of_the_program_takes_up_the_safety_check_and_may_start_it(ines, client, cast):
    june = walked_in(ines, cast, name="June Okafor")
    with pytest.raises(ChartNotFound), chart_of(cast, june, "omar", Do.SCREEN):
        pass
    client.force_login(cast.omar)
    assert "June" in text_of(client, "intake:arrivals").replace("OKAFOR, June", "June")
    answer = client.post(reverse("intake:pick_up", args=[june, "safety_check"]), {"go": "1"})
    assert answer.url == reverse("screening:answer", args=[june, "c-ssrs-screener"])
    with chart_of(cast, june, "omar", Do.SCREEN) as chart:
        assert CareTeam.objects.get(episode__in=chart.episode_ids).staff_id == cast.omar.pk
        assert Pickup.objects.get().staff_id == cast.omar.pk
        day = clock.today(chart.episodes[0].zone)
        record_screen(chart, instrument="phq-9", answers=phq9(0), taken_on=day)
        assert "safety_check" not in [task.code for task in queries.door_tasks(chart)]
    assert client.post(reverse("intake:pick_up", args=[june, "safety_check"])).status_code == 404


def test_whoever_may_not_start_the_safety_check_asks_a_clinician_who_finds_it_first_of_all(ines, cast):
    june = walked_in(ines, cast, name="June Okafor")
    page = text_of(ines, "intake:registration", june)
    assert "Omar Tester, LCSW" in page
    assert "Pat Tester" not in page  # a peer does not start it
    url = reverse("intake:pick_up", args=[june, "safety_check"])
    assert ines.post(url, {"to": str(cast.pat.public_id)}).status_code == 404
    assert ines.post(url, {"to": str(cast.omar.public_id)}).url == reverse("intake:registration", args=[june])
    assert "Omar Tester has it" in text_of(ines, "intake:registration", june)
    with chart_of(cast, june, "omar", Do.SCREEN) as chart:
        (due,) = [one for one in queries.due(chart, []) if one.code == "door_safety_check"]
        assert (due.owner, due.urgency) == (cast.omar.pk, 0)


def test_taking_up_a_task_shows_who_has_it_and_a_colleague_may_take_it_over(ines, client, cast):
    june = walked_in(ines, cast, name="June Okafor")
    for name in ("fay", "ines"):
        client.force_login(getattr(cast, name))
        client.post(reverse("intake:pick_up", args=[june, "payer"]))
    with chart_of(cast, june) as chart:
        assert next(t.by for t in queries.door_tasks(chart) if t.code == "payer") == "Ines Tester"
        assert Pickup.objects.filter(released_at__isnull=True).count() == 1
        assert not CareTeam.objects.filter(
            client=chart.client_id
        ).exists()  # the desk does not join a care team
    client.force_login(cast.fay)
    assert "Ines Tester has it" in text_of(client, "intake:arrivals")


def test_another_programs_people_see_nothing_of_who_walked_in(ines, client, cast):
    june = walked_in(ines, cast, name="June Okafor")
    client.force_login(cast.mia)
    assert "June" not in text_of(client, "intake:arrivals")
    assert client.post(reverse("intake:pick_up", args=[june, "payer"])).status_code == 404
    with chart_of(cast, june):
        assert not Pickup.objects.exists()
        assert Arrival.objects.count() == 1


def test_taking_up_a_task_of_someone_who_has_a_clinician_joins_no_team(client, cast):
    """The way onto a care team by the list is for newcomers alone: else it would open every chart of the program."""
    june = cast.register()
    client.force_login(cast.omar)
    assert client.post(reverse("intake:pick_up", args=[june, "safety_check"])).status_code == 404
    with pytest.raises(ChartNotFound), chart_of(cast, june, "omar", Do.OPEN_CHART):
        pass


def test_of_two_who_register_the_same_person_at_once_the_second_is_told_on_the_next_page(ines, cast):
    """Neither saw the other while typing: nothing was `shown` to them."""
    first = register(
        cast.fay, program=cast.sud, given_name="Marisol", family_name="Quintanilla", birth_date=clock.today()
    )
    born = f"{clock.today():%m/%d/%Y}"
    june = walked_in(ines, cast, name=f"Marisol Quintanilla {born}")
    page = text_of(ines, "intake:registration", june)
    assert f"with the ID ending {first.id_ending}" in page
    assert "Compare the two" not in text_of(ines, "intake:registration", june)  # said once
    with open_desk(cast.ines, to=Do.SEARCH) as desk:
        (shown,) = [one for one in queries.search(desk, "Marisol") if one.public_id != uuid.UUID(june)]
    walked_in(ines, cast, name=f"Marisol Quintanilla {born}", shown=[str(shown.public_id), june])
    assert Client._meta.model_name == "client"
