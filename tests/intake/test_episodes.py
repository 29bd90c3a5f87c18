"""Where somebody is treated: waiting, admitted, on a level of care, moved on, ended, back again."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from caseload.actions import NotSoDated as TooLate
from caseload.actions import join_team, leave_team
from clinic.access.chart import ChartNotFound, Refused
from clinic.access.door import open_admission, open_caseload, open_chart
from clinic.access.policy import Do
from clinic.access.rare import open_transfer
from clinic.kit import clock
from clinic.people.models import ClinicSetting
from clinic.record.models import CareTeam, Ending, Episode, LevelOfCare
from intake import actions, queries
from intake.actions import AlreadyHere, EndedAlready, NoSuchLevel, NotSoDated, NotWaiting, TooEarly, admit
from intake.rules.levels import day_wait
from tests.house.pages import sign_in


def days(n):
    return clock.today() + dt.timedelta(days=n)


def moving(cast, client, who="sol"):
    return open_chart(getattr(cast, who), client, to=Do.MOVE_EPISODE)


def test_an_episode_ends_with_a_teds_reason_its_level_and_team_with_it_and_can_begin_again(cast):
    june = cast.register(starts_on=days(-30))

    def do(verb, **told):
        with moving(cast, june, "dana") as chart:
            verb(chart, place=chart.episodes[0], **told)
            return chart.episodes[0]

    with pytest.raises(NoSuchLevel):
        do(actions.set_level, edition="ASAM 4th", level="OTP", on=days(-20))
    do(actions.set_level, edition="ASAM 3rd", level="2.1", on=days(-20))
    do(actions.set_level, edition="ASAM 4th", level="1.5", recommended="2.1", reason="Childcare", on=days(-5))
    for wrong in (days(-31), days(1)):
        with pytest.raises(NotSoDated):
            do(actions.discharge, on=wrong, reason="completed")
    place = do(actions.discharge, on=days(-1), reason="completed", words="Done, and glad")
    with pytest.raises(EndedAlready):
        do(actions.discharge, on=days(0), reason="left")
    with moving(cast, june) as chart:
        levels = LevelOfCare.objects.order_by("starts_on").values_list(
            "level", "starts_on", "ends_on", "recommended"
        )
        assert list(levels) == [("2.1", days(-20), days(-5), ""), ("1.5", days(-5), days(-1), "2.1")]
    with open_chart(cast.dana, june, to=Do.OPEN_CHART) as chart:  # until tomorrow, to finish writing
        assert CareTeam.objects.get().ends_on == days(1)
    with clock.backdated(clock.now() + dt.timedelta(days=2)), pytest.raises(ChartNotFound), open_chart(cast.dana, june, to=Do.OPEN_CHART):  # fmt: skip
        pass
    again = admit(cast.ines, client=june, program=cast.sud, clinician=cast.omar)
    with moving(cast, june) as chart:
        assert {e.id for e in chart.episodes} == {place.id, again.pk}  # one chart, two episodes
        assert [v.row.get_reason_ended_display() for v in queries.episode_views(chart)][
            1
        ] == "Treatment completed"
    assert [e.teds for e in Ending] == [1, 2, 3, 4, 5, 6, 7, None]


def test_overlapping_episodes_teams_and_levels_are_impossible_in_the_database(cast):
    june = cast.register(starts_on=days(-10))
    common = "client_id, public_id, version, created_at, part2, starts_on"
    given = "%s, gen_random_uuid(), 1, now(), true, %s"
    member = f"insert into record_careteam ({common}, episode_id, staff_id, role, lead) values ({given}, %s, %s, 'clinician', false)"
    level = f"insert into record_levelofcare ({common}, episode_id, edition, level, reason) values ({given}, %s, 'clinic', 'day', '')"
    with moving(cast, june) as chart, connection.cursor() as cursor:
        place = chart.episodes[0]
        cursor.execute(level, [place.client_id, days(-3), place.id])
        for sql, more in ((member, [place.id, cast.dana.pk]), (level, [place.id])):
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(sql, [place.client_id, days(-2), *more])
    episode = (
        f"insert into record_episode (id, {common}, program_id, reason_ended) values (%s, {given}, %s, '')"
    )
    with open_admission(cast.ines, june, cast.sud) as chart, connection.cursor() as cursor:
        new = chart.episodes[0]
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(episode, [new.id, new.client_id, days(-2), cast.sud.pk])


def test_a_transfer_is_one_act_on_the_same_chart_and_names_no_program_that_is_not_the_readers(cast):
    june = cast.register(starts_on=days(-10))
    with moving(cast, june) as chart:
        place = chart.episodes[0]
    for who in ("mia", "fay"):  # a clinician elsewhere, and a desk that moves nobody
        with pytest.raises((Refused, ChartNotFound)), open_transfer(getattr(cast, who), june, cast.mh):
            pass
    with open_transfer(cast.sol, june, cast.mh) as (chart, to):
        after = actions.transfer(chart, place=place, to=to, on=days(0), words="Step down")
        assert Episode.objects.get(pk=place.id).reason_ended == Ending.TRANSFERRED
        assert (after.follows_id, after.part2) == (place.id, False)
    ray = cast.register(given_name="Ray", family_name="Lindqvist")
    admit(cast.ines, client=ray, program=cast.mh)
    with pytest.raises(IntegrityError), open_transfer(cast.sol, ray, cast.mh) as (chart, to):
        here = next(e for e in chart.episodes if e.program_id == cast.sud.pk)
        actions.transfer(chart, place=here, to=to, on=days(0))
    with moving(cast, ray) as chart:
        assert not Episode.objects.filter(client_id=chart.client_id, ends_on__isnull=False).exists()
    with open_chart(cast.sol, june, to=Do.ASSIGN_CARE) as chart:
        join_team(chart, place=chart.episode(after.pk), staff=cast.mia)
    assert "Recovery" not in sign_in(cast.mia).get(reverse("caseload:episodes", args=[june])).content.decode()


def test_the_discharge_page_shows_what_hangs_open_and_keeps_what_was_typed(cast):
    june = cast.register(appointment_at=clock.now() + dt.timedelta(days=3))
    with moving(cast, june, "dana") as chart:
        place = chart.episodes[0]
    page = reverse("caseload:discharge", args=[june, place.public_id])
    visitor = sign_in(cast.dana)
    assert "A visit is booked" in visitor.get(page).content.decode()
    wrong = visitor.post(page, {"on": days(2).isoformat(), "reason": "left", "words": "Moved to Ohio"})
    assert wrong.status_code == 422 and "Moved to Ohio" in wrong.content.decode()
    assert visitor.post(page, {"on": days(0).isoformat(), "reason": "left", "words": ""}).status_code == 302
    assert "Ended" in sign_in(cast.sol).get(reverse("caseload:episodes", args=[june])).content.decode()
    level = reverse("caseload:level", args=[june, place.public_id])
    differs = {"level": "ASAM 3rd|1", "recommended": "ASAM 3rd|2.1", "reason": "", "on": days(0).isoformat()}
    assert "Say in a few words why" in visitor.post(level, differs).content.decode()


def test_a_colleague_may_join_on_a_day_to_come_and_leave_on_another_and_it_all_stays_on_record(cast):
    june = cast.register()
    with pytest.raises(TooLate), open_chart(cast.sol, june, to=Do.ASSIGN_CARE) as chart:
        join_team(chart, place=chart.episodes[0], staff=cast.omar, starts_on=days(-1))
    with open_chart(cast.sol, june, to=Do.ASSIGN_CARE) as chart:
        place = chart.episodes[0]
        member = join_team(chart, place=place, staff=cast.omar, starts_on=days(5), ends_on=days(9))
    for day, may in ((0, False), (5, True), (9, False)):
        with clock.backdated(clock.now() + dt.timedelta(days=day)):
            if may:
                with open_chart(cast.omar, june, to=Do.OPEN_CHART):
                    pass
            else:
                with pytest.raises(ChartNotFound), open_chart(cast.omar, june, to=Do.OPEN_CHART):
                    pass
    with open_chart(cast.sol, june, to=Do.ASSIGN_CARE) as chart:
        assert leave_team(chart, member=member, on=days(7)).ends_on == days(7)
    page = sign_in(cast.sol).get(reverse("caseload:team", args=[june])).content.decode()
    assert "Omar Tester" in page and f"{days(7):%d-%b-%Y}" in page


def asked(cast, client, day=0, program=None, **told):
    with open_admission(cast.fay, client, program or cast.mh, to=Do.KEEP_WAITING) as chart:
        return actions.ask_for_place(chart, place=chart.episodes[0], asked_on=days(day), **told)


def on_list(cast, who="fay"):
    with open_caseload(getattr(cast, who), to=Do.SEE_WAITING, only=queries.is_waiting()) as caseload:
        return queries.waiting_lines(caseload)


def test_the_list_puts_first_whom_the_clinic_says_then_who_waited_longest_and_counts_the_days(cast):
    people = {name: cast.register(given_name=name, family_name="Waits") for name in ("Long", "Short", "Soon")}
    asked(cast, people["Long"], -20)
    asked(cast, people["Short"], -2)
    row = asked(cast, people["Soon"], -3, priority="pregnant")
    lines = on_list(cast)
    assert [line.name.split()[1].strip(",") for line in lines] == ["Soon", "Long", "Short"]
    assert [(line.days, line.late) for line in lines] == [(3, True), (20, True), (2, False)]
    with open_chart(cast.fay, people["Soon"], to=Do.KEEP_WAITING) as chart:
        actions.note_contact(chart, waiting=row, on=days(0), how="phone", words="Called: a ride is arranged")
    with pytest.raises(TooEarly), open_chart(cast.fay, people["Soon"], to=Do.KEEP_WAITING) as chart:
        actions.note_contact(chart, waiting=row, on=days(-9), how="phone", words="Before")
    assert [line.late for line in on_list(cast)] == [False, True, False]
    ClinicSetting.objects.create(name="waiting_first", value=[], holds_from=clock.now())
    assert [line.days for line in on_list(cast)] == [20, 3, 2]
    assert on_list(cast, "dana") and sign_in(cast.dana).get(reverse("intake:wait_for", args=[people["Long"]])).status_code != 200  # fmt: skip
    assert [day_wait(n) for n in (0, 1, 7, 8, 14, 15, 30, 31, 400)] == [0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_a_place_is_offered_not_taken_offered_again_and_the_days_waited_are_kept(cast):
    june = cast.register()
    row = asked(cast, june, -12, words="Works nights")
    with pytest.raises(AlreadyHere):
        admit(cast.ines, client=june, program=cast.mh)
    with pytest.raises(AlreadyHere):
        asked(cast, june)
    with open_caseload(cast.sol, to=Do.REVIEW_CASELOAD) as caseload:  # an applicant is on no caseload yet
        assert cast.mh.pk not in {e.program_id for e in caseload.episodes}
    visitor = sign_in(cast.fay)
    page = reverse("intake:waiting_place", args=[june, row.public_id])
    assert "Works nights" in visitor.get(page).content.decode()

    def post(what, version, **told):
        return visitor.post(page, {"what": what, "version": str(version), **told})

    assert post("offer", 1, **{"offer-offered_for": days(1).isoformat()}).status_code == 302
    assert post("keep", 2, **{"keep-words": "Not before Friday"}).status_code == 302
    assert (
        post("offer", 1, **{"offer-offered_for": days(1).isoformat()}).status_code == 409
    )  # somebody was first
    assert post("admit", 3, **{"admit-on": days(3).isoformat()}).status_code == 422
    assert post("admit", 3, **{"admit-on": days(0).isoformat()}).status_code == 302
    assert on_list(cast) == []
    with moving(cast, june) as chart:
        view = next(v for v in queries.episode_views(chart) if v.place.program_id == cast.mh.pk)
        assert (view.waited, view.teds_wait, view.row.waiting, view.row.starts_on) == (12, 2, False, days(0))
    with open_chart(cast.fay, june, to=Do.KEEP_WAITING) as chart, pytest.raises(NotWaiting):
        actions.leave_list(chart, waiting=queries.waiting_place(chart, str(row.public_id)), standing="lost", words="", version=4)  # fmt: skip


def test_the_day_asked_is_judged_where_the_program_is(cast, settings):
    settings.TIME_ZONE = "Pacific/Kiritimati"  # always a day ahead of the site
    cast.both.site.zone = "Etc/GMT+12"
    cast.both.site.save()
    visitor, found = sign_in(cast.fay), reverse("intake:wait_for", args=[cast.register()])
    form = {"program": str(cast.both.public_id), "on": clock.today().isoformat(), "priority": "standard"}
    answer = visitor.post(found, form)
    assert answer.status_code == 422 and "Choose today or an earlier day." in answer.content.decode()
    assert on_list(cast) == []
    assert visitor.post(found, form | {"on": clock.today("Etc/GMT+12").isoformat()}).status_code == 302


def test_whoever_leaves_the_list_was_never_admitted_and_may_ask_again(cast):
    june = cast.register()
    row = asked(cast, june, -4)
    with open_chart(cast.fay, june, to=Do.KEEP_WAITING) as chart:
        actions.leave_list(chart, waiting=row, standing="withdrawn", words="Found one nearer", version=1)
        ended = Episode.objects.get(pk=row.episode_id)
        assert (ended.reason_ended, Ending(ended.reason_ended).teds, ended.ends_on) == (
            "not_admitted",
            None,
            days(0),
        )
    asked(cast, june)
    visitor = sign_in(cast.fay)
    found = reverse("intake:wait_for", args=[june])
    form = {
        "program": str(cast.both.public_id),
        "on": clock.today(cast.both.site.zone).isoformat(),
        "priority": "standard",
        "words": "",
    }
    assert visitor.post(found, form).status_code == 302
    assert visitor.post(found, form).status_code == 422
    with moving(cast, june) as chart:
        place = next(e for e in chart.episodes if e.program_id == cast.sud.pk)
    registered = reverse("caseload:not_admitted", args=[june, place.public_id])
    assert visitor.post(registered).status_code == 302
    assert len(on_list(cast)) == 3
