"""What the screening room has due, from the facts."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.access.chart import Open
from clinic.kit.due import Due, Urgency
from clinic.record.models import Encounter, Flag
from screening import rules
from screening.models import Answering, SafetyStep, Screen
from screening.queries.screens import latest_screens


def due(opened: Open, today: dt.date) -> list[Due]:
    """Critical answers without a safety step, contacts promised by one, and screens whose interval is over.

    Three queries, whatever the number of clients. The words are clinical: they are for pages, never for messages.
    """
    return [*_unanswered(opened), *_contacts(opened, today), *_screens(opened, today)]


def _answers(model: Any, key: str) -> QuerySet[Any]:
    return model.objects.filter(**{key: OuterRef("source_id")}).order_by("-pk")


def _unanswered(opened: Open) -> list[Due]:
    finished, begun = _answers(Screen, "thread"), _answers(Answering, "screen_id")
    flags = (
        Flag.objects.filter(episode__in=opened.episode_ids, closed_at__isnull=True, source_kind="Screen")
        .annotate(
            client_key=F("client__public_id"),
            instrument=Subquery(finished.values("instrument")[:1]),
            answers=Subquery(finished.values("answers")[:1]),
            taken_on=Subquery(finished.values("taken_on")[:1]),
            begun_instrument=Subquery(begun.values("instrument")[:1]),
            begun_answers=Subquery(begun.values("answers")[:1]),
        )
        .order_by("raised_at")
    )
    return [_flag_due(opened, flag) for flag in flags]


def _flag_due(opened: Open, flag: Any) -> Due:
    zone = opened.episode(flag.episode_id).zone
    since = flag.taken_on or _local(flag.raised_at, zone)
    said = said_in_words(flag.instrument or flag.begun_instrument, flag.answers or flag.begun_answers or {})
    text = _("Answered “%(said)s” to thoughts of death or self-harm on %(day)s; no safety step yet")
    if not said:
        text = _("Thoughts of death or self-harm reported on %(day)s; no safety step yet")
    return Due(
        client_id=flag.client_id,
        episode_id=flag.episode_id,
        code="critical_answer",
        text=text % {"said": said, "day": date_format(since, "j M Y")},
        since=since,
        urgency=Urgency.NOW,
        route="screening:safety",
        args=(str(flag.client_key), str(flag.public_id)),
        action=_("Safety step now"),
        owner=flag.owner_id,
    )


def said_in_words(name: str | None, answers: dict[str, Any]) -> str:
    """The critical answer as the form prints it: "several days"."""
    if name is None:
        return ""
    form = rules.load(name)
    critical = sorted(rules.critical(form, answers))
    return form.item(critical[0]).options[answers[critical[0]]].text.lower() if critical else ""


def _local(moment: dt.datetime, zone: str) -> dt.date:
    return moment.astimezone(ZoneInfo(zone)).date()


def _contacts(opened: Open, today: dt.date) -> list[Due]:
    later = SafetyStep.objects.filter(client=OuterRef("client"), at__gt=OuterRef("at"))
    seen = Encounter.objects.filter(client=OuterRef("client"), on__gt=OuterRef("at__date"))
    steps = (
        SafetyStep.objects.filter(episode__in=opened.episode_ids, next_contact_on__lte=today)
        .filter(~Exists(later), ~Exists(seen))
        .annotate(client_key=F("client__public_id"), flag_key=F("flag__public_id"))
        .select_related("owner")
    )
    return [
        Due(
            client_id=step.client_id,
            episode_id=step.episode_id,
            code="safety_contact",
            text=_("Next contact after the safety step is due (%(owner)s, %(day)s)")
            % {"owner": step.owner.name, "day": date_format(step.next_contact_on, "j M Y")},
            since=step.next_contact_on,
            urgency=Urgency.OVERDUE if step.next_contact_on < today else Urgency.SOON,
            route="screening:safety",
            args=(str(step.client_key), str(step.flag_key)),
            action=_("See the safety step"),
            owner=step.owner_id,
        )
        for step in steps
    ]


def _screens(opened: Open, today: dt.date) -> list[Due]:
    found = []
    for row in latest_screens(opened):
        form = rules.load(row.instrument)
        due_on = row.date + dt.timedelta(days=form.interval_days)
        if not form.offered or due_on > today:
            continue
        told = {"title": row.title, "day": date_format(row.date, "j M Y"), "days": form.interval_days}
        found.append(
            Due(
                client_id=row.client_id,
                episode_id=row.episode_id,
                code="screen_due",
                text=_("%(title)s is due: last on %(day)s, every %(days)s days") % told,
                since=due_on,
                urgency=Urgency.OPEN,
                route="screening:home",
                args=(str(row.client),),
                action=_("Ask it now"),
            )
        )
    return found
