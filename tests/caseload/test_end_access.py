"""When someone's access ends, all that they held is somebody else's at once: nothing is owned by nobody."""

import datetime as dt

from django.urls import reverse

from caseload.actions import ask_colleague
from caseload.models import Ask
from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.kit import clock
from clinic.people.models import OnCall, Staff, Supervision
from clinic.people.queries import on_call
from clinic.record.models import Appointment, CareTeam, Flag
from follow_up.actions import book_appointment, start_referral
from follow_up.models import Referral
from screening.actions import acknowledge_flag, file_safety_step, record_screen
from tests.cast import LONG_AGO
from tests.consent.story import recipient
from tests.screening.answers import phq9
from tests.treatment_plans.plans import whole_draft
from treatment_plans.models import Intervention, Plan


def danas_work(cast):
    """One of everything that dana can hold, for one client; a second client with a promised contact."""
    june, ray = cast.register(), cast.register(given_name="Ray")
    today, to = clock.today("America/New_York"), recipient()
    Supervision.objects.create(supervisor=cast.sol, staff=cast.dana, starts_on=LONG_AGO)
    OnCall.objects.create(program=cast.sud, staff=cast.dana, starts_at=clock.now() - dt.timedelta(days=1))
    with open_chart(cast.sol, june, to=Do.ASSIGN_CARE) as chart:
        CareTeam.objects.filter(staff=cast.dana).update(lead=True)
        ask_colleague(chart, place=chart.episodes[0], to=cast.dana, words="Call her", due_on=today)
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        record_screen(chart, instrument="phq-9", answers=phq9(1), taken_on=today)
        acknowledge_flag(chart, flag=Flag.objects.get())
        start_referral(
            chart,
            recipient=to,
            reason="Primary care",
            purpose="treatment",
            urgency="routine",
            owner=cast.dana,
        )
        book_appointment(
            chart,
            place=chart.episodes[0],
            starts_at=clock.now() + dt.timedelta(days=2),
            staff=cast.dana,
            service="Visit",
        )
        whole_draft(chart)
    with open_chart(cast.dana, ray, to=Do.PLAN) as chart:
        record_screen(chart, instrument="phq-9", answers=phq9(2), taken_on=today)
        file_safety_step(
            chart, flag=Flag.objects.get(client=chart.client_id), told="Sol", asked="Plan: none", done="Plan read",
            next_contact_on=today, owner=cast.dana,
        )  # fmt: skip
    return june, ray


def owners(cast, june, ray):
    found = {}
    with open_chart(cast.sol, june, to=Do.OPEN_CHART):
        flag = Flag.objects.get()
        found |= {
            "flag": flag.owner_id,
            "taken": flag.acknowledged_by_id,
            "asks next": flag.ask_next_at is not None,
        }
        found |= {"referral": Referral.objects.get().owner_id, "visit": Appointment.objects.get().staff_id}
        found |= {"draft": Plan.objects.get().author_id, "ask": Ask.objects.get().to_id}
        found |= {"steps": set(Intervention.objects.values_list("staff", flat=True)) - {None}}
        running = CareTeam.objects.filter(ends_on__isnull=True, lead=True)
        found |= {"leads": list(running.values_list("staff", flat=True))}
    with open_chart(cast.sol, ray, to=Do.OPEN_CHART):
        found["contact"] = Flag.objects.get().owner_id
    return found


def test_the_page_lists_what_is_handed_over_and_to_whom_and_it_is_theirs_at_once(cast, client):
    june, ray = danas_work(cast)
    client.force_login(cast.abe)
    path = reverse("caseload:end_access", args=[cast.dana.public_id])
    page = client.get(path).content.decode()
    for words in ("Open flags", "Contacts after a safety step", "Open referrals", "Booked visits", "Plan drafts",
                  "Asks of colleagues", "Care teams", "Recovery Program", "Sol Tester"):  # fmt: skip
        assert words in page, words
    for name in ("Okafor", "OKAFOR", "Ray", "PHQ"):
        assert name not in page  # counts alone: the administrator opens no chart
    sol, dana = cast.sol.pk, cast.dana.pk
    chosen = {f"to_{program.pk}": str(cast.sol.public_id) for program in (cast.sud, cast.mh, cast.both)}
    assert client.post(path, {**chosen, f"to_{cast.sud.pk}": ""}).status_code == 422
    assert Staff.objects.get(pk=dana).is_active
    assert client.post(path, chosen).status_code == 302
    after = owners(cast, june, ray)
    assert after == {
        "flag": sol, "taken": None, "asks next": True, "referral": sol, "visit": sol, "draft": sol, "ask": sol,
        "steps": after["steps"] - {dana}, "leads": [sol], "contact": sol,
    }  # fmt: skip
    assert not Staff.objects.get(pk=dana).is_active and on_call([cast.sud.pk]) == {cast.sud.pk: sol}
    acts = set(LedgerRow.objects.filter(actor_name="pass_on", outcome="done").values_list("act", flat=True))
    assert {"screening.pass_on_flags", "follow_up.pass_on_loops", "treatment_plans.pass_on_plans",
            "caseload.pass_on_asks", "caseload.pass_on_team"} <= acts  # fmt: skip
    again = client.get(path).content.decode()
    assert "Open flags" not in again and "Open referrals" not in again


def test_only_the_administrator_ends_access_and_never_their_own(cast, client):
    june, ray = danas_work(cast)
    before = owners(cast, june, ray)
    path = reverse("caseload:end_access", args=[cast.dana.public_id])
    client.force_login(cast.sol)
    assert client.post(path, {}).status_code == 403
    client.force_login(cast.abe)
    own = client.post(reverse("caseload:end_access", args=[cast.abe.public_id]), {}, follow=True)
    assert "cannot end your own access" in own.content.decode()
    assert owners(cast, june, ray) == before
    assert set(
        Staff.objects.filter(pk__in=[cast.dana.pk, cast.abe.pk]).values_list("is_active", flat=True)
    ) == {True}
