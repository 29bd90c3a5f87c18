"""What this clinic has chosen among the published ways to use an instrument, and what a score needs to know of a person."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, Subquery, TextField
from django.db.models.functions import Cast, JSONObject

from clinic.access.chart import Chart, ChartNotFound, Open
from clinic.kit import clock
from clinic.kit.written import Shared
from clinic.people.models import ClinicSetting
from clinic.people.queries import setting
from clinic.record.models import Client
from screening import rules
from screening.models import Flowsheet

CHOICES = "screening"  # the name of the clinic's setting


@dataclass(frozen=True)
class Choices:
    """`off`: instruments that are not offered here. `bands`: the chosen reading of a total. `reliable`: the threshold."""

    off: frozenset[str] = frozenset()
    bands: dict[str, str] = field(default_factory=dict)
    reliable: dict[str, int] = field(default_factory=dict)
    protocols: dict[str, Any] = field(default_factory=dict)


def clinic_choices(opened: Open) -> Choices:
    """What holds now. One query, asked once while this is open."""
    return opened.remember("screening.choices", stored_choices)


def stored_choices() -> Choices:
    """The same for the clinic's own pages, where no chart is open."""
    return _read(setting(CHOICES))


def _read(told: dict[str, Any]) -> Choices:
    return Choices(
        frozenset(told.get("off", [])),
        told.get("bands", {}),
        told.get("reliable", {}),
        told.get("protocols", {}),
    )


def prime(opened: Open, told: Any, flows: str) -> None:
    """The stored choices, and the flowsheets that are running, came along with something else that was read."""
    opened.remember("screening.choices", lambda: _read(told or {}))
    opened.remember("screening.running", lambda: json.loads(flows))


def chosen() -> Subquery:
    """The stored choices as a column, so that a page that reads screens need not ask for them by themselves."""
    rows = ClinicSetting.objects.filter(name=CHOICES, holds_from__lte=clock.now()).order_by("-holds_from")
    return Subquery(rows.values("value")[:1], output_field=Shared())


def told_on_the_way(opened: Open, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows as they are; what the first says of the clinic's choices and of flowsheets is remembered."""
    if rows:
        prime(opened, rows[0]["chosen"], rows[0]["running"])
    return rows


def offered(opened: Open) -> list[rules.Instrument]:
    """The instruments that pages offer here, in the clinic's order: what is switched off leaves no trace in it."""
    off = clinic_choices(opened).off
    return [form for form in rules.offered() if form.id not in off]


def asked_here(opened: Open, name: str) -> rules.Instrument:
    """The instrument in its newest version, where this clinic offers it; ChartNotFound for any other."""
    form = next((form for form in offered(opened) if form.id == name), None)
    if form is None:
        raise ChartNotFound
    return form


def protocol(opened: Open, instrument: str) -> rules.Protocol:
    """How often this withdrawal scale is rated here."""
    return rules.protocol(instrument, clinic_choices(opened).protocols.get(instrument))


def running(opened: Open) -> Any:
    """The open flowsheets of what is open, as a column of screens: a page that reads screens asks no more for them. As text,
    so that only one row's is read (`prime`)."""
    rows = Flowsheet.objects.filter(ended_at__isnull=True, episode__in=opened.episode_ids)
    told = JSONObject(
        id=F("public_id"), client=F("client_id"), client_key=F("client__public_id"), episode=F("episode_id"),
        instrument=F("instrument"), due=F("next_due_at"),
    )  # fmt: skip
    return Cast(Func(ArraySubquery(rows.values(json=told)), function="to_jsonb"), TextField())


def measuring() -> list[rules.Instrument]:
    """The instruments whose total can tell, asked again and again, whether someone comes nearer to a goal."""
    return [form for form in rules.offered() if form.has_total and form.use == "measure"]


def context(opened: Open, form: rules.Instrument, client_id: int) -> dict[str, Any]:
    """What the score of this form needs beside the answers. No query where the form needs nothing."""
    told: dict[str, Any] = {}
    if form.readings and (chosen := clinic_choices(opened).bands.get(form.id)):
        told["bands"] = chosen
    if form.by_sex:
        told["sex"] = _sexes(opened)[opened.person(client_id)]  # the survivor's, after a merge
    return told


def _sexes(opened: Open) -> dict[int, str]:
    if isinstance(opened, Chart):
        return {opened.client_id: opened.client.sex}
    rows = Client.objects.filter(pk__in=opened.clients).values_list("pk", "sex")
    return opened.remember("screening.sexes", lambda: dict(rows))
