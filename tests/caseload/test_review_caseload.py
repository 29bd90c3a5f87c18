"""The supervisor's morning: every client, why they are listed in words, and an act on the row."""

import datetime as dt

import pytest
from django.urls import reverse

from caseload import queries
from caseload.actions import answer_ask, ask_colleague, join_team, leave_team
from caseload.models import Ask
from clinic.access.chart import ChartNotFound, Refused
from clinic.access.door import open_caseload, open_chart, open_office
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.kit import clock
from clinic.kit.due import Urgency
from clinic.office.actions import change_setting
from clinic.record.models import CareTeam
from intake.actions import admit
from screening import rules
from screening.actions import record_screen

TODAY = dt.date(2026, 11, 23)


def _phq(**points):
    form = rules.load("phq-9")
    return {item.id: points.get(item.id, 0) for item in form.items}


def _screened(cast, client, **points):
    with open_chart(cast.dana, client, to=Do.SCREEN) as chart:
        return record_screen(chart, instrument="phq-9", answers=_phq(**points), taken_on=clock.today())


def _rows(cast, who="sol"):
    with open_caseload(getattr(cast, who), to=Do.REVIEW_CASELOAD) as opened:
        return {row.called: row for row in queries.rows(opened, clock.today())}


def test_an_unanswered_critical_answer_comes_first_and_says_so_in_words(cast):
    _screened(cast, cast.register(given_name="Ada"), phq9_9=0)
    _screened(cast, cast.register(given_name="Bo"), phq9_9=1)
    rows = _rows(cast)
    assert next(iter(rows)) == "Bo"
    first = rows["Bo"].reasons[0]
    assert first.urgency == Urgency.NOW
    assert "several days" in str(first.text)
    assert rows["Ada"].urgency != Urgency.NOW


def test_a_positive_screen_that_nobody_has_answered_is_a_reason(cast):
    _screened(cast, cast.register(given_name="Ada"), phq9_1=3, phq9_2=3, phq9_3=3, phq9_4=3)
    texts = [str(due.text) for due in _rows(cast)["Ada"].reasons]
    assert any("PHQ-9" in text and "not answered yet" in text for text in texts), texts


def test_someone_nobody_has_seen_for_28_days_is_listed(cast):
    long_ago = clock.today() - dt.timedelta(days=40)
    cast.register(given_name="Ada", starts_on=long_ago)
    cast.register(given_name="Bo")
    rows = _rows(cast)
    assert any(due.code == "not_seen" for due in rows["Ada"].reasons), [d.code for d in rows["Ada"].reasons]
    assert not any(due.code == "not_seen" for due in rows["Bo"].reasons)


def test_the_page_shows_each_row_with_its_reason(cast, client):
    _screened(cast, cast.register(given_name="Ada", family_name="Brandt"), phq9_9=2)
    client.force_login(cast.sol)
    page = client.get(reverse("caseload:review"))
    assert page.status_code == 200
    assert "BRANDT, Ada" in page.content.decode()
    assert "more than half the days" in page.content.decode()


def test_a_clinician_sees_only_her_own_clients(cast, client):
    cast.register(given_name="Ada", family_name="Mine", team="dana")
    cast.register(given_name="Bo", family_name="Hers", team="omar")
    client.force_login(cast.dana)
    page = client.get(reverse("caseload:mine")).content.decode()
    assert "MINE, Ada" in page
    assert "HERS" not in page


@pytest.mark.parametrize("who", ["dana", "fay", "ines", "pat", "pia", "abe"])
def test_only_supervisors_review_caseloads(cast, who):
    with pytest.raises(ChartNotFound), open_caseload(getattr(cast, who), to=Do.REVIEW_CASELOAD):
        pass
    assert LedgerRow.objects.filter(outcome="refused", actor_id=getattr(cast, who).pk).count() == 1


def test_a_colleague_is_asked_and_the_answer_takes_it_off_the_list(cast):
    ada = cast.register(given_name="Ada")
    with open_chart(cast.sol, ada, to=Do.ASSIGN_CARE) as chart:
        ask_colleague(
            chart, place=chart.episodes[0], to=cast.dana, words="Call before noon", due_on=clock.today()
        )
    assert any("Call before noon" in str(due.text) for due in _rows(cast)["Ada"].reasons)
    assert "Call before noon" not in str(list(LedgerRow.objects.values_list("detail", flat=True)))
    with open_chart(cast.dana, ada, to=Do.OPEN_CHART) as chart:
        answer_ask(chart, ask=Ask.objects.get(), answer="Called, will come on Friday")
    assert not any(due.code == "asked" for due in _rows(cast)["Ada"].reasons)


def test_a_clinician_cannot_put_herself_on_a_team(cast):
    ada = cast.register(team="omar")
    with pytest.raises(ChartNotFound), open_chart(cast.dana, ada, to=Do.ASSIGN_CARE):
        pass
    mine = cast.register(team="dana")
    with pytest.raises(Refused), open_chart(cast.dana, mine, to=Do.OPEN_CHART) as chart:
        join_team(chart, place=chart.episodes[0], staff=cast.omar)
    with open_chart(cast.dana, mine, to=Do.OPEN_CHART):
        assert CareTeam.objects.count() == 1


def test_joining_opens_the_chart_and_leaving_closes_it(cast):
    ada = cast.register(team="dana")
    with open_chart(cast.sol, ada, to=Do.ASSIGN_CARE) as chart:
        join_team(chart, place=chart.episodes[0], staff=cast.omar, lead=True)
        leads = CareTeam.objects.filter(lead=True)
        assert [member.staff_id for member in leads] == [cast.omar.pk]
    with open_chart(cast.omar, ada, to=Do.OPEN_CHART):
        pass
    with open_chart(cast.sol, ada, to=Do.ASSIGN_CARE) as chart:
        leave_team(chart, member=CareTeam.objects.get(staff=cast.omar))
    with pytest.raises(ChartNotFound), open_chart(cast.omar, ada, to=Do.OPEN_CHART):
        pass


def test_leaving_the_team_a_second_time_does_not_move_the_day_on_which_it_ended(cast):
    ada = cast.register(team="omar")
    with open_chart(cast.sol, ada, to=Do.ASSIGN_CARE) as chart:
        member = CareTeam.objects.get(staff=cast.omar)
        left = leave_team(chart, member=member).ends_on
        with clock.backdated(clock.now() + dt.timedelta(days=30)):
            leave_team(chart, member=CareTeam.objects.get(staff=cast.omar))
        assert CareTeam.objects.get(staff=cast.omar).ends_on == left


def test_reading_by_in_house_need_does_not_answer_what_the_other_programs_team_was_asked(cast, client):
    ada = cast.register(cast.sud, team="dana")
    admit(cast.ines, client=ada, program=cast.mh, clinician=cast.mia)
    with open_chart(cast.sol, ada, to=Do.ASSIGN_CARE) as chart:
        place = next(e for e in chart.episodes if e.program_id == cast.sud.pk)
        asked = ask_colleague(chart, place=place, to=cast.dana, words="Call today", due_on=TODAY)
    with open_office(cast.abe, to=Do.MANAGE_STAFF) as office:
        change_setting(office, name="in_house_need", value=True)
    client.force_login(cast.mia)
    url = reverse("caseload:ask_answer", args=[ada, asked.public_id])
    assert client.get(url).status_code == 200
    assert client.post(url, {"answer": "Done"}).status_code == 403
    with open_chart(cast.dana, ada, to=Do.OPEN_CHART):
        assert Ask.objects.get().answered_on is None
