"""What the screening room has due, from the facts."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat, JSONObject

from clinic.access.chart import Open
from clinic.kit.dates import date_format
from clinic.kit.due import Due, Urgency
from clinic.kit.words import gettext as _
from clinic.kit.written import kept
from clinic.record.models import Encounter, Flag
from clinic.record.queries import whose
from screening import rules
from screening.models import Answering, SafetyStep, Screen
from screening.queries.cadence import due_sets
from screening.queries.flows import late_flows
from screening.queries.responses import unsettled


def due(opened: Open, today: dt.date) -> list[Due]:
    """Critical answers without a safety step, contacts promised by one, withdrawal scales to be rated again, positive screens
    without an answer, and screens whose interval is over.

    Three queries, whatever the number of clients. The words are clinical: they are for pages, never for messages.
    """
    flags = _flags(opened, today)
    unanswered = [_flag_due(opened, flag) for flag in flags if flag.closed_at is None]
    contacts = [_contact_due(flag, step, today) for flag in flags for step in flag.steps_due]
    screens = _screens(opened, today)
    return [*unanswered, *contacts, *_withdrawal(opened), *_responses(opened, today), *screens]


def _answers(model: Any, key: str) -> QuerySet[Any]:
    return model.objects.filter(**{key: OuterRef("source_id")}).order_by("-pk")


@kept
def _flags(opened: Open, today: dt.date) -> QuerySet[Any]:
    """Flags that nobody has answered, and those whose safety step promised a contact that has not taken place."""
    later = SafetyStep.objects.filter(client=OuterRef("client"), at__gt=OuterRef("at"))
    seen = Encounter.objects.filter(client=OuterRef("client"), on__gt=OuterRef("at__date"))
    steps = SafetyStep.objects.filter(
        ~Exists(later), ~Exists(seen), flag=OuterRef("pk"), next_contact_on__lte=today
    )
    finished, begun = _answers(Screen, "thread"), _answers(Answering, "screen_id")
    return (
        Flag.objects.filter(
            Q(closed_at__isnull=True) | Exists(steps), episode__in=opened.episode_ids, source_kind="Screen"
        )
        .annotate(
            steps_due=ArraySubquery(steps.values(json=JSONObject(
                on=F("next_contact_on"), owner=F("flag__owner_id"),
                name=Concat("flag__owner__given_name", Value(" "), "flag__owner__family_name"),
            ))),
            client_key=F("client__public_id"),
            instrument=Subquery(finished.values("instrument")[:1]),
            answers=Subquery(finished.values("answers")[:1]),
            taken_on=Subquery(finished.values("taken_on")[:1]),
            begun_instrument=Subquery(begun.values("instrument")[:1]),
            begun_answers=Subquery(begun.values("answers")[:1]),
            asked_who=Concat("owner__given_name", Value(" "), "owner__family_name"),
            taken_by=Concat("acknowledged_by__given_name", Value(" "), "acknowledged_by__family_name"),
        )
        .order_by("raised_at")
    )  # fmt: skip


def _flag_due(opened: Open, flag: Any) -> Due:
    zone = opened.episode(flag.episode_id).zone
    since = flag.taken_on or _local(flag.raised_at, zone)
    said = said_in_words(flag.instrument or flag.begun_instrument, flag.answers or flag.begun_answers or {})
    text = _("Answered “%(said)s” to thoughts of death or self-harm on %(day)s; no safety step yet")
    if not said:
        text = _("Thoughts of death or self-harm reported on %(day)s; no safety step yet")
    told = text % {"said": said, "day": date_format(since, "j M Y")}
    return Due(
        client_id=flag.client_id,
        episode_id=flag.episode_id,
        code="critical_answer",
        text=f"{told}. {whose(flag.asked_who, flag.taken_by, flag.acknowledged_at, zone)}",
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


def _contact_due(flag: Any, step: dict[str, Any], today: dt.date) -> Due:
    on = dt.date.fromisoformat(step["on"])
    return Due(
        client_id=flag.client_id,
        episode_id=flag.episode_id,
        code="safety_contact",
        text=_("Next contact after the safety step is due (%(owner)s, %(day)s)")
        % {"owner": step["name"], "day": date_format(on, "j M Y")},
        since=on,
        urgency=Urgency.OVERDUE if on < today else Urgency.SOON,
        route="screening:safety",
        args=(str(flag.client_key), str(flag.public_id)),
        action=_("See the safety step"),
        owner=step["owner"],
    )


def _responses(opened: Open, today: dt.date) -> list[Due]:
    """Positive screens that nobody has answered, and those put off until a day that has come."""
    return [
        Due(
            client_id=one.client_id,
            episode_id=one.episode_id,
            code="screen_response",
            text=one.sentence,
            since=one.until or one.since,
            urgency=Urgency.OVERDUE if one.is_late(today) else Urgency.SOON,
            route="screening:response",
            args=(str(one.client), str(one.public_id)),
            action=_("Answer it"),
            owner=one.asked_by,
            detail={"instrument": one.instrument},
        )
        for one in unsettled(opened)
        if one.waits(today)
    ]


def _withdrawal(opened: Open) -> list[Due]:
    """Withdrawal scales that should have been rated again by now. Asked after the newest screens, which tell of them."""
    found = []
    for row in late_flows(opened):
        title = rules.load(row["instrument"]).short_title
        local = row["due"].astimezone(ZoneInfo(opened.episode(row["episode"]).zone))
        told = {"title": title, "time": date_format(local, "H:i"), "day": date_format(local, "j M")}
        found.append(
            Due(
                client_id=row["client"],
                episode_id=row["episode"],
                code="withdrawal_due",
                text=_("%(title)s is due to be rated again since %(time)s on %(day)s") % told,
                since=local.date(),
                urgency=Urgency.OVERDUE,
                route="screening:flow",
                args=(row["client_key"], row["instrument"]),
                action=_("Rate it now"),
            )
        )
    return found


def _screens(opened: Open, today: dt.date) -> list[Due]:
    """One line for each client: what is due at the next visit."""
    return [
        Due(
            client_id=one.client_id,
            episode_id=one.episode_id,
            code="screen_due",
            text=one.sentence,
            since=one.since,
            urgency=Urgency.OPEN,
            route="screening:home",
            args=(str(one.client),),
            action=_("Ask now"),
            detail={"instruments": [due.form.id for due in one.now]},
        )
        for one in due_sets(opened, today).values()
    ]
