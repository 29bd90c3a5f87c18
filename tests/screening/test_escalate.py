"""A flag is always somebody's, and the next person is asked until someone has it."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.urls import reverse

from clinic.access.chart import ChartNotFound
from clinic.access.door import Job, open_chart, open_for_job, open_office
from clinic.access.handed import actor, hand_over
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.consent.models import Outbound
from clinic.kit import clock
from clinic.office.actions import change_setting
from clinic.people.models import OnCall, Staff
from clinic.people.queries import ladder
from clinic.record.models import CareTeam, Flag, StaleEdit
from clinic.record.queries import banner
from screening import rules
from screening.actions import acknowledge_flag, escalate_flag, record_screen, start_sitting
from screening.actions.flags import _watch
from screening.tasks import escalate_due
from tests.screening.answers import phq9

NOON = dt.datetime(2026, 11, 24, 17, 0, tzinfo=dt.UTC)  # a Tuesday, noon in New York
NIGHT = dt.datetime(2026, 11, 25, 4, 0, tzinfo=dt.UTC)  # the same Tuesday, 23:00 there


@pytest.fixture
def june(cast):
    return cast.register(starts_on=dt.date(2026, 11, 1))


def at(moment, minutes=0):
    return clock.backdated(moment + dt.timedelta(minutes=minutes))


def raised(cast, june, moment=NOON):
    with at(moment), open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        record_screen(chart, instrument="phq-9", answers=phq9(1), taken_on=clock.today("America/New_York"))
        return Flag.objects.get()


def from_home(cast, june, moment, way="link"):
    """What a client answers alone: on a link, or on our tablet."""
    with at(moment):
        with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
            place = chart.episodes[0]
            sitting = start_sitting(chart, instruments=["phq-9"])
            handover, _token = hand_over(
                chart, place=place, kind="screening", thing=sitting.public_id, way=way
            )
        with open_chart(actor(handover), june, to=Do.ANSWER) as chart:
            _watch(chart, chart.episodes[0], rules.load("phq-9"), sitting.public_id, {}, {"phq9_9": 2})
            return Flag.objects.get()


def now(cast, june):
    with open_chart(cast.sol, june, to=Do.OPEN_CHART):
        return Flag.objects.get()


def on_call(cast, who, program=None):
    OnCall.objects.create(program=program or cast.sud, staff=who, starts_at=NOON - dt.timedelta(days=1))


def mails(cast, june):
    with open_chart(cast.sol, june, to=Do.OPEN_CHART):
        return list(Outbound.objects.order_by("pk").values_list("staff_to__given_name", "due_key"))


def test_in_the_clinic_it_is_the_clinicians_who_asks_and_the_next_is_asked_after_five_minutes(cast, june):
    on_call(cast, cast.nell)
    flag = raised(cast, june)
    assert (flag.owner_id, flag.remote, flag.acknowledged_at) == (cast.dana.pk, False, None)
    with at(NOON, 4):
        assert escalate_due() == 0
    with at(NOON, 5):
        assert escalate_due() == 1
        assert escalate_due() == 0  # nothing twice
    flag = now(cast, june)
    assert (flag.owner_id, flag.asked) == (cast.nell.pk, 2)
    assert mails(cast, june) == [("Nell", f"flag:{flag.public_id}:2")]
    row = LedgerRow.objects.get(act="screening.escalate_flag")
    assert (row.actor_name, row.detail["asked"]) == ("escalate", cast.nell.pk)


def test_it_goes_on_to_the_supervisor_and_round_again_more_slowly_until_someone_has_it(cast, june):
    on_call(cast, cast.nell)
    raised(cast, june)
    owners = []
    for minutes in (5, 10, 15, 20, 25, 30, 35):
        with at(NOON, minutes):
            escalate_due()
        owners.append(now(cast, june).owner_id)
    assert owners[:4] == [cast.nell.pk, cast.sol.pk, cast.sol.pk, cast.nell.pk]
    assert len(mails(cast, june)) < 5  # the second round waits twice as long
    with at(NOON, 40), open_chart(cast.sol, june, to=Do.ANSWER_FLAG) as chart:
        acknowledge_flag(chart, flag=Flag.objects.get())
        (shown,) = banner(chart).flags
        assert shown["whose"] == "Acknowledged 12:40 by Sol Tester"
    sent = len(mails(cast, june))
    with at(NOON, 300):
        assert escalate_due() == 0
    assert len(mails(cast, june)) == sent and now(cast, june).owner_id == cast.sol.pk


def test_a_dead_broker_loses_nothing_and_asks_once_for_all_that_was_missed(cast, june):
    raised(cast, june)
    with at(NOON, 600):  # ten hours without a tick
        assert escalate_due() == 1 and escalate_due() == 0
    assert len(mails(cast, june)) == 1


def test_of_two_ticks_at_once_the_second_asks_nobody(cast, june):
    flag = raised(cast, june)
    with at(NOON, 6), open_for_job(Job("escalate"), [flag.client_id], to=Do.ESCALATE) as opened:
        seen_by_both = Flag.objects.get()
        escalate_flag(opened, flag=seen_by_both)
        escalate_flag(opened, flag=seen_by_both)
    assert len(mails(cast, june)) == 1 and now(cast, june).asked == 2


def test_who_says_i_have_this_has_it_and_the_second_is_told(cast, client, june):
    flag = raised(cast, june)
    client.force_login(cast.dana)
    chart_page = reverse("screening:home", args=[june])
    assert "I have this" in client.get(chart_page).content.decode()
    have = reverse("screening:acknowledge", args=[june, flag.public_id])
    fragment = client.post(have, headers={"HX-Request": "true"}).content.decode()
    assert "Acknowledged" in fragment and "Dana Tester" in fragment and "I have this" not in fragment
    client.force_login(cast.sol)
    assert "Someone has it already" in client.post(have, follow=True).content.decode()
    after = now(cast, june)
    assert (after.owner_id, after.acknowledged_by_id, after.ask_next_at) == (cast.dana.pk, cast.dana.pk, None)
    with (
        open_chart(cast.sol, june, to=Do.ANSWER_FLAG) as chart,
        pytest.raises(StaleEdit),
        transaction.atomic(),
    ):
        acknowledge_flag(chart, flag=after)
    assert LedgerRow.objects.filter(act="screening.acknowledge_flag").count() == 1


@pytest.mark.parametrize(
    ("moment", "signed_in", "owner"),
    [(NOON, NOON, "dana"), (NOON, NOON - dt.timedelta(days=2), "nell"), (NIGHT, NOON, "nell")],
)
def test_from_home_it_is_the_leads_who_is_on_duty_else_the_on_call_persons_who_is_told_at_once(
    cast, june, moment, signed_in, owner
):
    on_call(cast, cast.nell)
    Staff.objects.filter(pk=cast.dana.pk).update(last_login=signed_in)
    with open_chart(cast.sol, june, to=Do.OPEN_CHART):
        CareTeam.objects.filter(staff=cast.dana).update(lead=True)
    flag = from_home(cast, june, moment)
    expected = getattr(cast, owner)
    assert (flag.owner_id, flag.remote) == (expected.pk, True)
    with at(moment):
        assert escalate_due() == 1
    assert mails(cast, june)[-1] == (expected.given_name, f"flag:{flag.public_id}:1")
    with at(moment), open_chart(expected, june, to=Do.ANSWER_FLAG):
        pass  # they can open the chart
    with at(moment, 14):
        assert escalate_due() == 0
    with at(moment, 15):
        assert escalate_due() == 1


def test_on_the_tablet_it_is_the_colleagues_who_handed_it_over(cast, june):
    flag = from_home(cast, june, NOON, way="tablet")
    assert (flag.owner_id, flag.remote) == (cast.dana.pk, False)


def test_who_is_asked_from_outside_the_team_is_let_in_for_three_days(cast, june):
    on_call(cast, cast.omar)
    raised(cast, june)
    with pytest.raises(ChartNotFound), open_chart(cast.omar, june, to=Do.OPEN_CHART):
        pass
    with at(NOON, 6):
        escalate_due()
        with open_chart(cast.omar, june, to=Do.ANSWER_FLAG) as chart:
            acknowledge_flag(chart, flag=Flag.objects.get())
    with at(NOON, 3 * 24 * 60), pytest.raises(ChartNotFound), open_chart(cast.omar, june, to=Do.OPEN_CHART):
        pass


def test_the_minutes_are_the_clinics(cast, june):
    with at(NOON, -60), open_office(cast.abe, to=Do.MANAGE_STAFF) as office:
        change_setting(office, name="flag_minutes_clinic", value=2)
    raised(cast, june)
    with at(NOON, 2):
        assert escalate_due() == 1


def test_nobody_on_call_and_no_supervisor_leaves_it_with_someone_all_the_same(cast, june):
    assert ladder(cast.sud.pk) == [cast.sol.pk]
    Staff.objects.filter(pk=cast.sol.pk).update(is_active=False)
    assert set(ladder(cast.sud.pk)) == {cast.dana.pk, cast.omar.pk, cast.nell.pk}
    Staff.objects.exclude(pk=cast.abe.pk).update(is_active=False)
    assert ladder(cast.sud.pk) == [cast.abe.pk]


def test_the_database_keeps_no_flag_that_is_nobodys(cast, june):
    flag = raised(cast, june)
    with open_chart(cast.dana, june, to=Do.SCREEN):
        with pytest.raises(Exception, match="flag_is_somebodys"), transaction.atomic():
            Flag.objects.filter(pk=flag.pk).update(owner=None)
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from record_flag where owner_id is null and not historical")
            assert cursor.fetchone()[0] == 0


def test_rules_of_the_ladder():
    assert [rules.next_person([7, 8, 9], one) for one in (None, 7, 9, 4)] == [7, 8, 7, 7]
    assert [rules.wait_minutes(n, 2, 5) for n in (1, 2, 3, 4, 5, 9, 30)] == [5, 5, 10, 10, 20, 60, 60]
    assert rules.wait_minutes(1, 1, 90) == 90
