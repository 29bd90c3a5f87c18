"""Readers that every page around a client shares."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat, JSONObject

from clinic.kit import clock
from clinic.kit.dates import date_format
from clinic.kit.words import gettext as _
from clinic.kit.written import kept
from clinic.record.models import Allergy, Client, Flag, FlagKind
from clinic.record.queries.reach import reach_rows, reach_words


@dataclass(frozen=True)
class Banner:
    """The patient banner: who this is, in the order and words of NHS CUI, and what must not be missed.

    Whoever may not open the chart gets a plain one: identity alone. `leads_to`: chart, contact or nowhere.
    """

    public_id: Any
    listed_name: str
    called: str
    preferred: str
    born: dt.date | None
    born_estimated: bool
    age: int | None
    gender: str
    pronouns: str
    number: str
    id_ending: str
    language: str
    interpreter: bool
    allergy_label: str
    allergies: list[str]
    deceased_on: dt.date | None
    flags: list[dict[str, Any]]
    plain: bool
    leads_to: str
    may_answer: bool
    reach: list[str] | None  # safe ways in words, for whoever may see them; none: not theirs to see
    never_told: int
    safety: list["PageMark"]
    may_keep_safety: bool


@dataclass(frozen=True)
class PageMark:
    """A one-page plan that is one click away: which, since when it holds (None: a draft that nobody has finished)."""

    which: str
    label: str
    since: dt.datetime | None


def banner(chart: Any) -> Banner:
    """The open chart's banner, in one query. Flags are those of the open episodes."""
    rows = _row(chart, bool(chart.permits("see_contact")), len(chart.clients) > 1)
    client = next((row for row in rows if row.pk == chart.client_id), None)
    if client is None:
        raise Client.DoesNotExist
    chart.__dict__["client"] = client
    return _banner(client, chart)


@kept
def _row(chart: Any, with_ways: bool, merged: bool) -> QuerySet[Client]:
    """Each record of the person with what the banner shows. `with_ways`: the ways to reach them are the reader's to see."""
    flags = (
        Flag.objects.filter(client__in=chart.clients, closed_at__isnull=True, episode__in=chart.episode_ids)
        .order_by("-raised_at")
        .values(
            json=JSONObject(
                id=F("public_id"),
                kind=F("kind"),
                raised_at=F("raised_at"),
                version=F("version"),
                episode=F("episode_id"),
                owner=Concat("owner__given_name", Value(" "), "owner__family_name"),
                taken_at=F("acknowledged_at"),
                taken_by=Concat("acknowledged_by__given_name", Value(" "), "acknowledged_by__family_name"),
            )
        )
    )
    allergies = (
        Allergy.objects.filter(Q(ends_on__isnull=True), client__in=chart.clients)
        .order_by("substance")
        .values(json=JSONObject(substance=F("substance"), reaction=F("reaction")))
    )
    ways = reach_rows(chart.clients, merged=merged) if with_ways else {}
    return Client.objects.filter(pk__in=chart.clients).annotate(
        open_flags=ArraySubquery(flags), allergy_rows=ArraySubquery(allergies), **_page_columns(chart), **ways
    )


def _page_columns(chart: Any) -> dict[str, Any]:
    """Versions of the safety plan and of the relapse plan, the one that holds first. The room that keeps them stands two
    floors up; a reader on the ground floor names the tables and nothing else of it."""
    newest = {"client__in": chart.clients}
    safety = apps.get_model("treatment_plans", "SafetyPlan").objects.filter(**newest)
    relapse = apps.get_model("treatment_plans", "RelapsePlan").objects.filter(
        **newest, episode__in=chart.episode_ids
    )
    order = (F("frozen_at").desc(nulls_last=True), "-pk")
    return {
        name: ArraySubquery(rows.order_by(*order).values(json=JSONObject(since=F("frozen_at")))[:1])
        for name, rows in (("safety_rows", safety), ("relapse_rows", relapse))
    }


def _page_marks(client: Any, chart: Any) -> list[PageMark]:
    if not chart.permits("see_safety"):
        return []
    found = []
    for which, label, rows in (
        ("safety", _("Safety plan"), client.safety_rows),
        ("relapse", _("Relapse plan"), client.relapse_rows),
    ):
        for row in rows:
            since = row["since"] and dt.datetime.fromisoformat(row["since"])
            found.append(PageMark(which, label, since))
    return found


def _banner(client: Any, chart: Any) -> Banner:
    plain = not chart.permits("open_chart")
    allergies = [] if plain else [row["substance"] for row in client.allergy_rows]
    flags = [] if plain else client.open_flags
    if allergies:
        label = _("Known allergies")
    else:
        label = _("No known allergies") if client.no_known_allergies_on else _("Allergies not recorded")
    return Banner(
        public_id=client.public_id,
        listed_name=client.listed_name,
        called=client.called,
        preferred=client.chosen_name,
        born=client.birth_date,
        born_estimated=client.birth_estimated,
        age=client.age(clock.today()),
        gender=client.gender or str(client.get_sex_display()),
        pronouns=client.pronouns,
        number=client.number,
        id_ending=client.id_ending,
        language=str(client.get_language_display()),
        interpreter=client.interpreter,
        allergy_label=label,
        allergies=allergies,
        deceased_on=client.deceased_on,
        flags=[
            {**row, "text": str(FlagKind(row["kind"]).label), "whose": _whose(row, chart)} for row in flags
        ],
        plain=plain,
        leads_to="contact" if plain and chart.permits("see_contact") else "" if plain else "chart",
        may_answer=chart.permits("answer_flag"),
        safety=_page_marks(client, chart),
        may_keep_safety=chart.permits("keep_safety"),
        reach=reach_words(client),
        never_told=len(getattr(client, "never", ())),
    )


def _whose(flag: dict[str, Any], chart: Any) -> str:
    """Who has the flag, or who was asked and has not said so yet."""
    return whose(
        flag["owner"], flag["taken_by"], flag["taken_at"] and dt.datetime.fromisoformat(flag["taken_at"]),
        chart.episode(flag["episode"]).zone,
    )  # fmt: skip


def whose(owner: str, taken_by: str, taken_at: dt.datetime | None, zone: str) -> str:
    """A flag in words: acknowledged 10:42 by Dana Whitfield; or Dana Whitfield is asked and has not said so yet."""
    if not taken_at:
        return _("%(who)s is asked; nobody has taken it yet") % {"who": owner}
    at = taken_at.astimezone(ZoneInfo(zone))
    words = date_format(at, "H:i" if at.date() == clock.today(zone) else "j M, H:i")
    return _("Acknowledged %(time)s by %(who)s") % {"time": words, "who": taken_by}
