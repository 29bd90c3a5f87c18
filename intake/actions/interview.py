"""The intake interview is begun, told, read together, disagreed with, confirmed; what it led to is seen to."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Chart, OpenEpisode, Refused
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.record.models import FactSource, Language, Signature, SignerRole, StaleEdit
from clinic.record.queries import current_facts
from intake import rules
from intake.actions.facts import _write_answer
from intake.models import (
    Disagreement,
    Interview,
    InterviewAnswer,
    InterviewNotice,
    InterviewPart,
    NoteChoice,
    QuietUntil,
    State,
    Way,
)
from intake.queries.interviews import SIGNED_KIND, held
from intake.queries.notices import is_offered
from intake.queries.summary import confirmations, summary
from screening.actions import record_screen
from screening.models import Screen

ACE, ACE_TOTAL = "ace-10", "past.ace_total"


@dataclass(frozen=True)
class Told:
    """One answer as a page sends it. `seen`: the mark of what the page showed before; `tab`: which page it is."""

    question: str
    state: str
    value: Any = None
    seen: str = ""


@act(Do.INTERVIEW)
def start_interview(
    chart: Chart, *, language: str = Language.ENGLISH, episode: OpenEpisode | None = None
) -> Interview:
    """An interview is begun in `episode`; a later one follows the confirmed one and keeps what was rather not said.

    Who may: `Do.INTERVIEW`. Recorded: one row. Raises ValidationError where one is open already (go on with that).
    """
    place = episode or chart.home(Do.INTERVIEW)
    if not chart.permits(Do.INTERVIEW, place.id):
        raise Refused(Do.INTERVIEW)
    before = Interview.objects.filter(episode=place.id).order_by("-version_no").first()
    if before is not None and not before.is_confirmed:
        raise ValidationError(_("There is an open interview already. Go on with that one."))
    new = Interview.objects.create(
        **chart.stamp(place), edition=rules.editions()[-1], language=language, begun_by_id=chart.who.actor_id,
        version_no=before.version_no + 1 if before else 1, supersedes=before,
    )  # fmt: skip
    kept = InterviewAnswer.objects.filter(interview=before, state=State.RATHER_NOT) if before else []
    InterviewAnswer.objects.bulk_create(
        [
            InterviewAnswer(
                **chart.stamp(place, part2=row.part2), interview=new, question=row.question, state=row.state,
                way=row.way, staff_id=row.staff_id, at=row.at, came_from=row,
            )
            for row in kept
        ]
    )  # fmt: skip
    chart.note(version_no=new.version_no, edition=new.edition)
    return new


@act(Do.TELL)
def tell(chart: Chart, *, interview: Interview, told: list[Told], way: str, tab: str = "") -> list[str]:
    """These answers are kept, each at once; what they lead to has its notice. The keys that changed are returned.

    A question that is not in `told` stays as it is. Who may: who takes the interview, and the client in whose hands it
    is. Recorded: one row with the keys, no value. Raises StaleEdit with the other's answer where someone answered the
    same question meanwhile (the others of `told` are not kept either), ValidationError once it is confirmed.
    """
    row = _open(interview)
    rows = {one.question: one for one in InterviewAnswer.objects.filter(interview=row)}
    before = _values(rows)
    changed = [
        one.question for one in told if _keep(chart, row, one, rows.get(one.question), way=way, tab=tab)
    ]
    if changed:
        after = _values({one.question: one for one in InterviewAnswer.objects.filter(interview=row)})
        said = {one.question for one in told if one.state == State.TOLD}
        _watch(chart, row, before, after, said)
        _tell_registration(chart, row, {key: after[key] for key in changed if key in after}, way)
    chart.note(interview=str(row.public_id), questions=changed[:50], way=way)
    return changed


def _open(interview: Interview) -> Interview:
    row = Interview.objects.select_for_update().get(pk=interview.pk)
    if row.is_confirmed:
        raise ValidationError(_("This interview is confirmed and does not change any more. Start a new one."))
    return row


def _values(rows: Mapping[str, InterviewAnswer]) -> dict[str, Any]:
    return {key: row.value for key, row in rows.items() if row.state == State.TOLD}


def _keep(
    chart: Chart, interview: Interview, told: Told, row: InterviewAnswer | None, *, way: str, tab: str
) -> bool:
    """Whether anything was written. What a page shows unchanged is not written again; what another page wrote stands."""
    state, value = (told.state, told.value) if told.state == State.TOLD else (told.state, None)
    now = rules.mark(row.state, row.value) if row else ""
    if now == rules.mark(state, value) or (told.seen == rules.mark(state, value) and row is not None):
        return False
    if row is not None and now != told.seen and not (tab and row.tab == tab):
        raise StaleEdit(row)
    if not state:
        return _blank(row)
    said = {
        "state": state,
        "value": value,
        "way": way,
        "staff_id": chart.who.actor_id,
        "at": clock.now(),
        "tab": tab,
    }
    if row is None:
        place = chart.episode(interview.episode_id)
        InterviewAnswer.objects.create(
            **chart.stamp(place, part2=interview.part2), interview=interview, question=told.question, **said
        )
        return True
    for name, one in said.items():
        setattr(row, name, one)
    row.save_over(row.version, *said)
    return True


def _blank(row: InterviewAnswer | None) -> bool:
    if row is None:
        return False
    row.delete()
    return True


def _watch(
    chart: Chart, interview: Interview, before: dict[str, Any], after: dict[str, Any], said: set[str]
) -> None:
    """Notices say what the answers say now. Only another answer takes one back: declining afterwards does not."""
    waiting = {
        one.lead: one for one in InterviewNotice.objects.filter(interview=interview, closed_at__isnull=True)
    }
    for part in rules.interview(interview.edition).parts:
        for lead in part.leads:
            was, now = lead.rests_on(before), lead.rests_on(after)
            if now and not was and lead.key not in waiting:
                _raise(chart, interview, lead.key, instrument=lead.instrument, now=lead.now)
            elif was and not now and lead.key in waiting and said & set(was):
                _close(chart, waiting[lead.key], _("The answer was changed"))


def _tell_registration(chart: Chart, interview: Interview, told: dict[str, Any], way: str) -> None:
    """What the registration asks too is told there as well, so that neither asks again; it keeps its own history."""
    place, form = chart.episode(interview.episode_id), rules.interview(interview.edition)
    asked = {f"{part.id}.{ask.id}": ask for part in form.parts for ask in part.asks if ask.fact}
    for key in asked.keys() & told.keys():
        topic, codes = asked[key].fact, rules.codes_of(asked[key], told[key])
        before = current_facts(chart).get((topic, ""))
        if codes and (before is None or before.codes != codes):
            source = FactSource.CLIENT if way == Way.STAFF else FactSource.CLIENT_HERSELF
            said = rules.Said("answered", codes)
            _write_answer(
                chart, topic=topic, said=said, seen=before.seen if before else "", source=source, place=place
            )


def _raise(chart: Chart, interview: Interview, lead: str, *, instrument: str = "", now: bool = True) -> None:
    place = chart.episode(interview.episode_id)
    InterviewNotice.objects.create(
        **chart.stamp(place, part2=interview.part2), interview=interview, lead=lead, instrument=instrument, now=now,
        raised_at=clock.now(),
    )  # fmt: skip


def _close(chart: Chart, notice: InterviewNotice, words: str) -> None:
    notice.closed_at, notice.closed_by_id, notice.close_words = clock.now(), chart.who.actor_id, words
    notice.save_over(notice.version, "closed_at", "closed_by", "close_words")


@act(Do.INTERVIEW)
def close_notice(chart: Chart, *, notice: InterviewNotice, words: str) -> InterviewNotice:
    """What an answer led to was seen to, in words; the notice leaves the chart.

    Who may: `Do.INTERVIEW` in its episode. Recorded: one row. Raises StaleEdit where someone closed it first.
    """
    row = InterviewNotice.objects.select_for_update().get(pk=notice.pk)
    if row.closed_at is not None:
        raise StaleEdit(row)
    _close(chart, row, words[:400])
    return row


@act(Do.TELL)
def choose_note(chart: Chart, *, interview: Interview, part: str, choice: str, way: str) -> InterviewPart:
    """What the client chose at a part's content note is kept: go on, skip it, or talk to someone, which staff see at once.

    Who may: as `tell`. Recorded: one row with part and choice.
    """
    row = _open(interview)
    said = {"choice": choice, "way": way, "staff_id": chart.who.actor_id, "at": clock.now()}
    place = chart.episode(row.episode_id)
    chosen, _new = InterviewPart.objects.update_or_create(
        interview=row,
        part=part,
        defaults=said,
        create_defaults={**chart.stamp(place, part2=row.part2), **said},
    )
    waits = InterviewNotice.objects.filter(interview=row, lead=f"talk.{part}", closed_at__isnull=True)
    if choice == NoteChoice.TALK and not waits.exists():
        _raise(chart, row, f"talk.{part}")
    chart.note(part=part, choice=choice)
    return chosen


@act(Do.TELL)
def set_quiet(
    chart: Chart, *, interview: Interview, topic: str, until: dt.date, words: str = ""
) -> QuietUntil:
    """This topic is not asked about before `until`, in any interview of the episode; it takes the place of an earlier day.

    Who may: as `tell`. Recorded: one row. Raises ValidationError for a day that is not to come.
    """
    place = chart.episode(interview.episode_id)
    if until <= clock.today(place.zone):
        raise ValidationError({"until": _("Choose a day that is still to come.")})
    QuietUntil.objects.filter(episode=place.id, topic=topic, lifted_at__isnull=True).update(
        lifted_at=clock.now()
    )
    chart.note(topic=topic)
    return QuietUntil.objects.create(
        **chart.stamp(place, part2=interview.part2), topic=topic, until=until, words=words[:300],
        set_by_id=chart.who.actor_id, set_at=clock.now(),
    )  # fmt: skip


@act(Do.TELL)
def lift_quiet(chart: Chart, *, quiet: QuietUntil) -> QuietUntil:
    """The client wants to be asked about this again. Who may: as `tell`. Recorded: one row."""
    quiet.lifted_at = quiet.lifted_at or clock.now()
    quiet.save_over(quiet.version, "lifted_at")
    return quiet


@act(Do.TELL)
def disagree(chart: Chart, *, interview: Interview, question: str, words: str, way: str) -> Disagreement:
    """The client's words stand beside the line of the summary as it reads now, with the day; neither is changed after.

    Who may: as `tell`. Recorded: one row with the question's key. Raises ValidationError for no words, for a line that
    the summary does not have, and once it is confirmed.
    """
    row = _open(interview)
    if not words.strip():
        raise ValidationError({"words": _("Write what is not right, in the client's own words.")})
    line = summary(held(chart, row)).line(question)
    if line is None:
        raise ValidationError(_("This line is not in the summary."))
    place = chart.episode(row.episode_id)
    chart.note(question=question)
    return Disagreement.objects.create(
        **chart.stamp(place, part2=row.part2), interview=row, question=question,
        statement=line.statement(row.language), words=words.strip()[:4000], way=way, staff_id=chart.who.actor_id,
        at=clock.now(),
    )  # fmt: skip


@act(Do.INTERVIEW)
def confirm(
    chart: Chart, *, interview: Interview, text_hash: str, client_name: str = "", declined_reason: str = ""
) -> Interview:
    """The colleague confirms the summary as it was read; with `client_name` the client does so too, or declines to.

    Once both have confirmed the same text it is kept and frozen, with every answer. An ACE number that was told is a
    screen of its total alone, where there is none and whoever confirms may screen. Who may: `Do.INTERVIEW`. Recorded:
    one row with the text's hash. Raises StaleEdit where the text has changed since, ValidationError once it is frozen.
    """
    row, whole = _read(chart, interview, text_hash)
    _keep_total(chart, row)
    _sign(chart, row, whole, SignerRole.AUTHOR, name=chart.who.signing_name, staff_id=chart.who.actor_id)
    if client_name.strip():
        _sign(chart, row, whole, SignerRole.CLIENT, name=client_name.strip()[:160],
              declined_reason=declined_reason.strip()[:300])  # fmt: skip
    return _freeze_when_both(chart, row, whole)


def _keep_total(chart: Chart, row: Interview) -> None:
    """The ACE form's own way for a total alone (ACEs Aware): the screening room has the number, and no answers."""
    told = held(chart, row).answers.get(ACE_TOTAL)
    there = Screen.objects.filter(episode__in=chart.episode_ids, instrument=ACE).exists()
    if told is None or told.state != State.TOLD or there or not is_offered(ACE):
        return
    if chart.permits(Do.SCREEN, row.episode_id):
        place = chart.episode(row.episode_id)
        total = {"ace_total": int(told.value or 0)}
        record_screen(
            chart,
            instrument=ACE,
            answers=total,
            taken_on=told.at.astimezone(ZoneInfo(place.zone)).date(),
            episode=place,
        )


@act(Do.TELL)
def confirm_as_client(chart: Chart, *, interview: Interview, text_hash: str, name: str) -> Interview:
    """The client confirms the summary on the screen in their hands. Who may, recorded, raises: as `confirm`."""
    row, whole = _read(chart, interview, text_hash)
    if not name.strip():
        raise ValidationError({"name": _("Write your name, so that we know you read it.")})
    _sign(chart, row, whole, SignerRole.CLIENT, name=name.strip()[:160])
    return _freeze_when_both(chart, row, whole)


def _read(chart: Chart, interview: Interview, text_hash: str) -> tuple[Interview, Any]:
    row = _open(interview)
    whole = summary(held(chart, row))
    if not whole.parts:
        raise ValidationError(_("There is nothing to confirm yet: no question was answered."))
    if text_hash != whole.text_hash:
        raise StaleEdit(row)
    return row, whole


def _sign(chart: Chart, interview: Interview, whole: Any, role: str, **given: Any) -> Signature:
    place = chart.episode(interview.episode_id)
    return Signature.objects.create(
        **chart.stamp(place, part2=interview.part2), object_kind=SIGNED_KIND, object_id=interview.public_id, role=role,
        text_hash=whole.text_hash, signed_at=clock.now(), **given,
    )  # fmt: skip


def _freeze_when_both(chart: Chart, interview: Interview, whole: Any) -> Interview:
    roles = {one.role for one in confirmations(interview) if one.text_hash == whole.text_hash}
    chart.note(text_hash=whole.text_hash, both=len(roles) > 1)
    if not {SignerRole.AUTHOR, SignerRole.CLIENT} <= roles:
        return interview
    now = clock.now()
    for part in (Disagreement, InterviewPart, InterviewAnswer):
        part.objects.filter(interview=interview).update(frozen_at=now)  # type: ignore[attr-defined]
    Interview.objects.filter(pk=interview.pk).update(frozen_at=now, text=whole.kept())
    interview.refresh_from_db()
    return interview


@act(Do.SEE_INTERVIEW)
def open_part(chart: Chart, *, interview: Interview, part: str) -> Interview:
    """That the collapsed detail of a part was opened, and by whom, is on the ledger. Nothing else changes.

    Who may: whoever may read the interview.
    """
    chart.note(part=part)
    return interview


@act(Do.SEE_INTERVIEW)
def print_interview(chart: Chart, *, interview: Interview, detail: bool) -> Interview:
    """That the summary was printed, by whom and whether with its collapsed parts, is on the ledger.

    Who may: whoever may read the interview. Paper inside the house, or for the client's own hands, is no disclosure.
    """
    chart.note(version_no=interview.version_no, detail=detail)
    return interview
