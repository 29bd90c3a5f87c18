"""What is due for whom, computed: the clinic's cadence, the last result, the client's own "not today" and how many they
agreed to at one visit."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, JSONField, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.access.chart import Open
from clinic.kit import clock
from clinic.people.models import ClinicSetting
from clinic.record.models import Episode, LevelOfCare
from screening import rules
from screening.models import MostPerVisit, NotToday
from screening.queries.choices import offered
from screening.queries.screens import Latest, latest_screens


@dataclass(frozen=True)
class DueForm:
    """One questionnaire that is due: since when, and when it was asked last."""

    form: rules.Instrument
    since: dt.date
    last: dt.date | None


@dataclass(frozen=True)
class DueSet:
    """What is due for one client: `now` is asked at this visit, `later` is more than they agreed to at one."""

    client_id: int
    client: UUID
    episode_id: int
    now: list[DueForm]
    later: list[DueForm]
    most: int | None
    not_before: dt.date | None  # the client said "not today": until then nothing of it is due

    @property
    def since(self) -> dt.date:
        return min(one.since for one in self.now)

    @property
    def titles(self) -> str:
        return ", ".join(one.form.short_title for one in self.now)

    @property
    def sentence(self) -> str:
        """Due today: PHQ-9, GAD-7 (and 2 more at another visit)."""
        if not self.later:
            return _("Due today: %(titles)s") % {"titles": self.titles}
        return _("Due today: %(titles)s; %(n)s more at another visit") % {
            "titles": self.titles,
            "n": len(self.later),
        }


def due_sets(opened: Open, today: dt.date) -> dict[int, DueSet]:
    """For each open client with a running episode, what is due on that day; who has nothing due is not in it.

    One query beside the newest screens and the clinic's choices, whatever the number of clients.
    """
    return opened.remember(f"screening.due_sets.{today}", lambda: _sets(opened, today))


def _sets(opened: Open, today: dt.date) -> dict[int, DueSet]:
    rows = list(_episodes(opened, today))
    if not rows:
        return {}
    # A merged record's screens and words are the survivor's.
    people = {episode.client_id: episode.person_id for episode in opened.episodes}
    newest = _newest(opened, people)  # first: the screens bring the clinic's choices along
    forms = offered(opened)
    found: dict[int, DueSet] = {}
    for row in rows:
        person = people[row.client_id]
        due = _due(row, forms, newest[person], today)
        if due is not None:
            found.setdefault(person, due)
    return found


def _newest(opened: Open, people: dict[int, int]) -> dict[int, dict[str, Latest]]:
    newest: dict[int, dict[str, Latest]] = defaultdict(dict)
    for row in latest_screens(opened):
        known = newest[people[row.client_id]]
        if row.instrument not in known or known[row.instrument].date < row.date:
            known[row.instrument] = row
    return newest


def _episodes(opened: Open, today: dt.date) -> Any:
    """The running episodes with level of care, what the client said, and the clinic's cadence."""
    level = LevelOfCare.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=today), episode=OuterRef("pk"), starts_on__lte=today
    )
    said = NotToday.objects.filter(episode=OuterRef("pk"), until__gt=today, said_on__lte=today)
    agreed = MostPerVisit.objects.filter(episode=OuterRef("pk")).order_by("-pk")
    paces = ClinicSetting.objects.filter(name="cadence", holds_from__lte=clock.now()).order_by("-holds_from")
    return (
        Episode.objects.filter(pk__in=opened.episode_ids, ends_on__isnull=True, starts_on__lte=today)
        .annotate(
            key=F("client__public_id"),
            level=Subquery(level.order_by("-starts_on").values("level")[:1]),
            said=ArraySubquery(said.values(json=JSONObject(names=F("instruments"), until=F("until")))),
            most=Subquery(agreed.values("most")[:1]),
            paces=Subquery(paces.values("value")[:1], output_field=JSONField()),
        )
        .only("pk", "client_id", "program_id", "starts_on")
        .order_by("-starts_on", "-pk")
    )


def _due(row: Any, forms: list[rules.Instrument], newest: dict[str, Latest], today: dt.date) -> DueSet | None:
    due, held_until = [], None
    for form in forms:
        last = newest.get(form.id)
        day = _day(row, form, last)
        if day is None or day > today:
            continue
        until = max(
            (one["until"] for one in row.said if not one["names"] or form.id in one["names"]), default=None
        )
        if until is not None:
            held_until = max(held_until or until, until)
        else:
            due.append(DueForm(form, day, last.date if last else None))
    if not due:
        return None
    most = row.most
    due.sort(key=lambda one: (one.since, one.form.order))
    now = sorted(due[:most] if most else due, key=lambda one: one.form.order)
    later = due[most:] if most else []
    before = dt.date.fromisoformat(held_until) if held_until else None
    return DueSet(row.client_id, row.key, row.pk, now, later, most, before)


def _day(row: Any, form: rules.Instrument, last: Latest | None) -> dt.date | None:
    """The day on which this form is due in this episode. One that was never asked is due only where it is wanted."""
    paces: rules.Cadence = row.paces or {}
    days = rules.days_between(paces, row.program_id, row.level or "", form.id, form.interval_days)
    own = rules.days_between(paces, row.program_id, row.level or "", form.id, -1)
    if last is None and form.id not in rules.FIRST and own <= 0:
        return None
    return rules.due_on(last.date if last else None, bool(last and last.positive), days, row.starts_on)


def held_back(opened: Open, today: dt.date) -> list[NotToday]:
    """What the client said is not for today, with the day on which to ask again."""
    rows = NotToday.objects.filter(episode__in=opened.episode_ids, until__gt=today)
    return list(rows.select_related("by").order_by("-until"))


def agreed(opened: Open) -> MostPerVisit | None:
    """How many questionnaires the client agreed to at one visit; the newest word holds."""
    rows = MostPerVisit.objects.filter(episode__in=opened.episode_ids)
    return rows.select_related("by").order_by("-pk").first()


def held_back_words(row: NotToday) -> str:
    """Not today: PHQ-9, GAD-7; ask again from 3 Dec 2026."""
    titles = ", ".join(rules.load(name).short_title for name in row.instruments) or _("any questionnaire")
    return _("Not today: %(titles)s. Ask again from %(day)s.") % {
        "titles": titles,
        "day": date_format(row.until, "j M Y"),
    }
