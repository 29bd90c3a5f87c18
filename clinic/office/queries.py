"""Readers of the office's pages: who opened what, the demo's mail, who works here."""

import datetime as dt
import email
import email.policy
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import EmailMessage
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.access.chart import Chart
from clinic.audit.models import LedgerRow, Outcome
from clinic.people.models import OnCall, Program, Role, Staff
from clinic.people.queries import set_on_call_by, staff_with_duties
from clinic.record.models import Directory

WORDS = {
    "open_chart": _("opened the chart"),
    "open_caseload": _("saw the client on a list"),
    "open_slice": _("was read by a background job"),
    "open_admission": _("looked the client up to admit them"),
    "open_shut_chart": _("opened the chart in an emergency"),
    "open_pair": _("compared the record with another"),
    "open_transfer": _("opened the chart to move the client to another program"),
    "search": _("saw the name in a search"),
    "break_glass": _("opened the chart in an emergency, with a reason"),
    "close_glass": _("closed the emergency access"),
    "review_glass": _("reviewed an emergency access"),
    "merge_clients": _("merged the record with another, or proposed it"),
    "confirm_merge": _("confirmed a merge"),
    "refuse_merge": _("refused a merge"),
    "unmerge": _("took a merge apart"),
    "review_unmerge": _("went through what was added to merged records"),
    "place_hold": _("placed a legal hold"),
    "lift_hold": _("lifted a legal hold"),
    "discharge": _("ended an episode"),
    "set_level": _("set the level of care"),
    "transfer": _("moved the client to another program"),
    "ask_for_place": _("put the client on a waiting list"),
    "offer_place": _("offered a place"),
    "keep_waiting": _("noted that the client keeps waiting"),
    "set_priority": _("changed the priority on a waiting list"),
    "admit_from_list": _("admitted the client from a waiting list"),
    "leave_list": _("took the client off a waiting list"),
    "note_contact": _("noted a contact while the client waits"),
    "add_outside_records": _("added what another system had recorded"),
    "register_client": _("registered the client"),
    "admit_client": _("admitted the client to a program"),
    "add_contact": _("added a way to reach the client"),
    "change_contact": _("changed how the client may be reached"),
    "end_contact": _("ended a way to reach the client"),
    "start_sitting": _("began questionnaires"),
    "keep_answers": _("kept answers"),
    "complete_screen": _("finished a questionnaire"),
    "record_screen": _("recorded a questionnaire"),
    "correct_screen": _("corrected a questionnaire"),
    "mark_in_error": _("marked a questionnaire as entered in error"),
    "file_safety_step": _("filed a safety step"),
    "add_to_sitting": _("added a questionnaire to a set"),
    "decline_step": _("noted why a questionnaire is not asked"),
    "note_not_today": _("noted that the client said “not today”"),
    "say_not_today": _("said “not today” at the screen"),
    "agree_most": _("noted how many questionnaires the client agreed to"),
    "acknowledge_flag": _("took a flag"),
    "escalate_flag": _("asked the next person about a flag"),
    "defer_response": _("put off the answer to a questionnaire"),
    "leave_unconfirmed": _("said that a questionnaire is not confirmed"),
    "take_up_response": _("answered a questionnaire by the plan"),
    "refer_response": _("answered a questionnaire by a referral"),
    "reopen_response": _("asked again for the answer to a questionnaire"),
    "answer_screen": _("took a questionnaire up in the plan"),
    "close_sitting": _("closed the questionnaires"),
    "start_plan": _("began a plan"),
    "change_plan": _("changed the plan"),
    "add_problem": _("added a problem to the plan"),
    "begin_formulation": _("began a formulation"),
    "change_formulation": _("changed the words of the formulation"),
    "put_problem": _("put a problem on the map of the formulation"),
    "add_node": _("added to the map of the formulation"),
    "change_node": _("changed the map of the formulation"),
    "move_node": _("moved something on the map of the formulation"),
    "tidy_map": _("tidied up the map of the formulation"),
    "draw_link": _("drew a link in the formulation"),
    "redraw_link": _("changed a link of the formulation"),
    "add_evidence": _("noted what a link of the formulation rests on"),
    "add_insight": _("noted what the client knows about themselves"),
    "change_insight": _("changed what the client knows about themselves"),
    "remove_piece": _("took something off the map of the formulation"),
    "put_back": _("put something back on the map of the formulation"),
    "print_formulation": _("printed the formulation"),
    "list_problem": _("put a problem on the list"),
    "revise_problem": _("changed a problem on the list"),
    "take_link": _("took a link of the formulation into the plan"),
    "link_problems": _("linked two problems in the plan"),
    "add_goal": _("added a goal to the plan"),
    "add_objective": _("added an objective to the plan"),
    "add_intervention": _("added what will be done to the plan"),
    "sign_plan": _("signed the plan"),
    "sign_as_client": _("took the client's signature on the plan"),
    "new_version": _("began a new version of the plan"),
    "discard_draft": _("discarded a draft"),
    "print_plan": _("printed the plan"),
    "save_draft": _("kept a draft"),
    "sign_consent": _("recorded a consent"),
    "revoke_consent": _("recorded that a consent was taken back"),
    "end_consent": _("recorded that a consent has ended"),
    "prepare_consent": _("prepared a consent for the client to read"),
    "sign_offer": _("took the signature on a consent"),
    "answer_offer": _("recorded what the client said to a consent"),
    "withdraw_offer": _("took a prepared consent away"),
    "end_recipient": _("marked an outside recipient as no longer there"),
    "give_notice": _("gave the privacy notice"),
    "restrict": _("recorded what the client asked not to share"),
    "end_restriction": _("ended a restriction"),
    "tell_without_consent": _("told something without a consent, as the law allows"),
    "record_complaint": _("recorded a complaint about privacy"),
    "answer_complaint": _("answered a complaint about privacy"),
    "add_recipient": _("added an outside recipient"),
    "verify_recipient": _("checked an outside recipient"),
    "disclose": _("put a packet together for an outside recipient"),
    "print_packet": _("printed a packet"),
    "begin_send": _("began to send"),
    "conclude_send": _("noted what became of a message"),
    "claim_due": _("took messages that were due"),
    "settle_delivery": _("settled a delivery"),
    "start_referral": _("began a referral"),
    "choose_contents": _("chose what a referral holds"),
    "refer": _("sent a referral"),
    "record_step": _("recorded a step of a referral"),
    "remind_of_visit": _("queued a reminder of a visit"),
    "nudge_owner": _("queued a nudge to the referral's owner"),
    "message_client": _("queued a message to the client"),
    "message_staff": _("queued a message to a colleague"),
    "book_appointment": _("booked an appointment"),
    "mark_arrived": _("noted that the client arrived"),
    "keep_appointment": _("noted a kept visit"),
    "mark_no_show": _("noted that the client did not come"),
    "cancel_appointment": _("cancelled an appointment"),
    "hand_over": _("put something in the client's hands"),
    "send_link": _("sent the client a link"),
    "withdraw_link": _("withdrew a link"),
    "answer_item": _("answered a question"),
    "ask_colleague": _("asked a colleague to act"),
    "answer_ask": _("answered what was asked"),
    "join_team": _("put someone on the care team"),
    "leave_team": _("took someone off the care team"),
}
WHY = {
    "on_team": _("on the care team"),
    "in_program": _("works in the program"),
    "broke_glass": _("emergency access, with a reason"),
    "BTG": _("emergency access, with a reason"),
    "in_house_need": _("treats the client in another program here"),
    "consented": _("the client agreed that this program may read it"),
    "every": _("named task of the clinic"),
    "client:": _("what was put in their hands"),
}
NOTABLE = 500


@dataclass(frozen=True)
class AccessDay:
    """What one person did with one client's record on one day."""

    on: dt.date
    who: str
    roles: str
    refused: bool
    entries: list["AccessEntry"]


@dataclass(frozen=True)
class AccessEntry:
    at: dt.datetime
    what: Any
    why: Any
    refused: bool
    where: str


@dataclass(frozen=True)
class SinkMessage:
    """One message that the demo's loopback sink received."""

    to: str
    subject: str
    date: str
    text: str
    attachments: list[str] = field(default_factory=list)


def access_report(chart: Chart) -> list[AccessDay]:
    """Who did what with this client's record, newest day first, one entry a person and day.

    A row that concerns only episodes which are not open here is left out: it would reveal them.
    """
    rows = LedgerRow.objects.filter(clients__overlap=chart.clients).order_by("-at")
    if not chart.who.holds(Role.PRIVACY):
        rows = rows.filter(Q(episodes__overlap=chart.episode_ids) | Q(episodes=[]))
    return _days(rows[:NOTABLE])


def recent_refusals() -> list[AccessDay]:
    """Refusals of the last thirty days, for the privacy officer."""
    since = dt.datetime.now(dt.UTC) - dt.timedelta(days=30)
    return _days(LedgerRow.objects.filter(outcome=Outcome.REFUSED, at__gte=since).order_by("-at")[:NOTABLE])


def _days(rows: Iterable[LedgerRow]) -> list[AccessDay]:
    found = sorted(rows, key=_person_day)  # stable: within a person's day the newest stays first
    people = {
        p.pk: p for p in staff_with_duties().filter(pk__in={row.actor_id for row in found if row.actor_id})
    }
    days = []
    for (day, kind, actor, name), group in groupby(found, key=_person_day):
        on = dt.date.fromordinal(-day)
        entries = _merged(list(group))
        person = people.get(actor) if actor else None
        who = person.name if person else _nobody_of_the_staff(kind, name)
        days.append(
            AccessDay(
                on,
                who,
                ", ".join(person.role_names) if person else "",
                any(e.refused for e in entries),
                entries,
            )
        )
    return days


def _nobody_of_the_staff(kind: str, name: str) -> str:
    if kind == "client":
        return str(_("The client, at the screen"))
    return str(_("Entwine, background work: %(job)s") % {"job": name})


def _person_day(row: LedgerRow) -> tuple[int, str, int, str]:
    return -timezone.localtime(row.at).toordinal(), row.actor_kind, row.actor_id or 0, row.actor_name


def _merged(rows: list[LedgerRow]) -> list[AccessEntry]:
    """The same thing done again within the day is one entry, at its latest time."""
    entries: dict[tuple[str, str, bool], AccessEntry] = {}
    for row in rows:
        refused = row.outcome == Outcome.REFUSED
        key = (row.act, row.basis, refused)
        if key not in entries:
            entries[key] = AccessEntry(row.at, _what(row), _why(row, refused), refused, row.route)
    return list(entries.values())


def _what(row: LedgerRow) -> Any:
    verb = row.act.rsplit(".", 1)[-1]
    if row.outcome == Outcome.REFUSED and verb.startswith("open_"):
        return _("tried to open what is not theirs")
    return WORDS.get(verb) or verb.replace("_", " ")


def _why(row: LedgerRow, refused: bool) -> Any:
    if refused:
        return _("refused, nothing was shown")
    relations = [WHY[name] for name in WHY if name in row.basis]
    return ", ".join(map(str, relations))


def find_in_directory(words: str, limit: int = 10) -> list[Directory]:
    """Directory rows whose ID is, or whose name holds, these words; for the account of access (inside a desk)."""
    words = words.strip()
    if len(words) < 2:
        return []
    match = Q(number=words) | Q(id_ending=words)
    for word in words.replace(",", " ").split():
        match |= Q(family__istartswith=word) | Q(given__istartswith=word)
    return list(Directory.objects.filter(match).order_by("family", "given")[:limit])


def everyone() -> list[Staff]:
    """Everyone who works or worked here, with today's roles, by family name."""
    return list(staff_with_duties().order_by("-is_active", "family_name", "given_name"))


def sink_messages(limit: int = 50) -> list[SinkMessage]:
    """The demo sink's messages, newest first."""
    found = [file for kind in ("*.eml", "*.sms") for file in settings.MAIL_SINK.glob(kind)]
    files = sorted(found, key=lambda file: file.stat().st_mtime, reverse=True)
    return [_read_text(file) if file.suffix == ".sms" else _read(file.read_bytes()) for file in files[:limit]]


def _read_text(file: Path) -> SinkMessage:
    told = json.loads(file.read_bytes())
    came = dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC)
    return SinkMessage(
        to=str(told.get("to")),
        subject=str(_("Text message from %(name)s") % {"name": told.get("from")}),
        date=came.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        text=str(told.get("text")),
    )


def _read(raw: bytes) -> SinkMessage:
    message = cast(EmailMessage, email.message_from_bytes(raw, policy=email.policy.default))
    body = message.get_body(preferencelist=("plain",))
    return SinkMessage(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        date=str(message["Date"]),
        text=body.get_content() if body else "",
        attachments=[part.get_filename() or "" for part in message.iter_attachments()],
    )


@dataclass(frozen=True)
class OnCallRow:
    """A program, who is on call for it, since when, set by whom; without one the supervisors are asked."""

    program: Program
    row: OnCall | None


def on_call_rows(programs: list[int]) -> list[OnCallRow]:
    """Each of these programs with who is on call now. Two queries."""
    held = {row.program_id: row for row in set_on_call_by(programs)}
    rows = Program.objects.filter(pk__in=programs).order_by("name")
    return [OnCallRow(one, held.get(one.pk)) for one in rows]
