"""Law 1: no code reads or writes a chart except through an open chart."""

import datetime as dt

import pytest
from django.db import ProgrammingError, connection

from clinic.access.acts import act
from clinic.access.chart import ChartNotFound, Refused
from clinic.access.door import open_caseload, open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.kit.scope import NoChartOpen
from clinic.record.models import CareTeam, Client, Episode, Flag


def test_a_clinician_on_the_team_opens_the_chart_and_the_look_is_on_the_ledger(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.OPEN_CHART) as chart:
        assert chart.client.given_name == "June"
    look = LedgerRow.objects.get(act="open_chart")
    assert (look.outcome, look.clients, look.actor_id) == ("granted", [chart.client_id], cast.dana.pk)


def test_a_clinician_who_is_not_on_the_team_finds_no_chart_and_the_refusal_is_on_the_ledger(cast):
    june = cast.register()
    with pytest.raises(ChartNotFound), open_chart(cast.omar, june, to=Do.OPEN_CHART):
        pass
    refusal = LedgerRow.objects.get(act="open_chart")
    assert (refusal.outcome, refusal.actor_id, len(refusal.clients)) == ("refused", cast.omar.pk, 1)


def test_the_administrator_opens_no_chart(cast):
    june = cast.register()
    for do in (Do.OPEN_CHART, Do.SEE_CONTACT, Do.SEE_PLAN):
        with pytest.raises(ChartNotFound), open_chart(cast.abe, june, to=do):
            pass


def test_access_ends_with_the_care_team_row(cast):
    june = cast.register(starts_on=dt.date(2026, 1, 5))
    with open_chart(cast.dana, june, to=Do.OPEN_CHART):
        CareTeam.objects.update(ends_on=dt.date(2026, 2, 1))
    with pytest.raises(ChartNotFound), open_chart(cast.dana, june, to=Do.OPEN_CHART):
        pass


def test_with_nothing_open_the_orm_and_raw_sql_both_answer_with_an_error(cast):
    cast.register()
    with pytest.raises(NoChartOpen):
        list(Client.objects.all())
    with pytest.raises(ProgrammingError, match="no chart is open"), connection.cursor() as cursor:
        cursor.execute("select given_name from record_client")


def test_a_lazy_queryset_fails_when_it_is_read_after_the_chart_was_closed(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.OPEN_CHART):
        flags = Flag.objects.all()
    with pytest.raises(NoChartOpen):
        list(flags)


def test_only_the_episodes_of_ones_own_program_are_open(cast):
    june = cast.register(cast.sud)
    with open_chart(cast.ines, june, to=Do.SEE_CONTACT) as chart:
        first = chart.client_id
    with connection.cursor() as cursor:
        cursor.execute("select nextval('record_episode_id_seq')")
        second = cursor.fetchone()[0]
        cursor.execute("select set_config('entwine.clients', %s, true), set_config('entwine.episodes', %s, true)",
                       [f"{{{first}}}", f"{{{second}}}"])  # fmt: skip
        cursor.execute(
            "insert into record_episode (id, client_id, public_id, version, created_at, program_id, part2, starts_on,"
            " reason_ended) values (%s, %s, gen_random_uuid(), 1, now(), %s, false, '2026-01-01', '')",
            [second, first, cast.mh.pk],
        )
        cursor.execute(
            "insert into record_careteam (client_id, episode_id, public_id, version, created_at, part2, staff_id, role,"
            " lead, starts_on) values (%s, %s, gen_random_uuid(), 1, now(), false, %s, 'clinician', true, '2026-01-01')",
            [first, second, cast.mia.pk],
        )
        cursor.execute(
            "select set_config('entwine.clients', '', true), set_config('entwine.episodes', '', true)"
        )
    with open_chart(cast.mia, june, to=Do.OPEN_CHART):
        assert Episode.objects.count() == 1
        assert list(Episode.objects.values_list("program", flat=True)) == [cast.mh.pk]
        assert CareTeam.objects.count() == 1


@act(Do.SIGN_PLAN)
def _sign(chart):
    Client.objects.filter(pk=chart.client_id).update(given_name="changed")


def test_an_act_that_the_policy_does_not_allow_changes_nothing_and_is_recorded(cast):
    june = cast.register()
    with pytest.raises(Refused), open_chart(cast.sol, june, to=Do.OPEN_CHART) as chart:
        _sign(chart)
    with open_chart(cast.dana, june, to=Do.OPEN_CHART) as chart:
        assert chart.client.given_name == "June"
    assert (
        LedgerRow.objects.filter(outcome="refused", act__endswith="_sign", actor_id=cast.sol.pk).count() == 1
    )


def test_a_caseload_is_one_look_with_every_client_in_it(cast):
    for name in ("June", "Ada", "Bo"):
        cast.register(given_name=name)
    with open_caseload(cast.sol, to=Do.REVIEW_CASELOAD):
        assert Client.objects.count() == 3
    look = LedgerRow.objects.get(act="open_caseload")
    assert len(look.clients) == 3


def test_the_doors_own_role_cannot_read_a_name(cast):
    cast.register()
    with connection.cursor() as cursor:
        cursor.execute("set local role entwine_door")
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("select given_name from record_client")
