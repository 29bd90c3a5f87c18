"""What is shown of two records that may be one person, of the merges there are, and of what was added meanwhile."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from clinic.access.chart import Chart, Desk, Open
from clinic.access.door import saw
from clinic.access.persons import stand_ins
from clinic.access.rare import Pair
from clinic.access.secure import chart_models
from clinic.kit import clock
from clinic.record.models import (
    Address,
    Client,
    ClientIdentifier,
    ClientRow,
    Contact,
    Directory,
    LegalHold,
    Merge,
    MergeStanding,
    SetAside,
)
from clinic.record.rules import DirectoryKeys
from intake.queries.desk import WHY
from intake.queries.duplicates import find_matches

# Columns of Client that are one fact, and those that are no fact about the person.
TOGETHER = {"birth_date": ("birth_estimated",), "language": ("interpreter",)}
NO_FACT = {"id", "public_id", "version", "created_at", "number", "site"}
KINDS: dict[str, Any] = {"contact": Contact, "address": Address, "identifier": ClientIdentifier}
PROBED = 12  # newest records a page; each is compared with everybody
KEYS = tuple(DirectoryKeys.__annotations__)


@dataclass(frozen=True)
class Choice:
    """One field of two records: what each says. `columns`: what of Client it stands for; `same`: nothing to choose."""

    name: str
    label: Any
    columns: tuple[str, ...]
    mine: str
    theirs: str

    @property
    def same(self) -> bool:
        return self.mine == self.theirs

    @property
    def preferred(self) -> str:
        """What the survivor would show if nobody chose: its own, or the other's where it has none."""
        return "merged" if not self.mine and self.theirs else "survivor"


@dataclass(frozen=True)
class Kept:
    """A contact, an address or a number of one of the two."""

    kind: str
    public_id: Any
    label: Any
    text: str
    ended: bool


@dataclass(frozen=True)
class Side:
    """One of the two records, as the page that compares them shows it."""

    client: Client
    rows: list[Kept]
    held: bool


def sides(pair: Pair) -> tuple[Side, Side]:
    """Both records with what can be chosen row by row."""
    clients = Client.objects.in_bulk(pair.clients)
    held = set(
        LegalHold.objects.filter(client__in=pair.clients, lifted_at__isnull=True).values_list(
            "client_id", flat=True
        )
    )
    rows = {
        kind: list(model.objects.filter(client__in=pair.clients).order_by("pk"))
        for kind, model in KINDS.items()
    }
    return tuple(  # type: ignore[return-value]
        Side(
            clients[ids[0]],
            [_kept(kind, row) for kind, found in rows.items() for row in found if row.client_id in ids],
            bool(held & set(ids)),
        )
        for ids in (pair.first, pair.second)
    )


def choices_of(survivor: Client, merged: Client) -> list[Choice]:
    """Every fact of Client, as both records have it, in the order of the columns."""
    joined = {name for names in TOGETHER.values() for name in names}
    found = []
    for column in Client._meta.concrete_fields:
        if column.name in NO_FACT | joined:
            continue
        columns = (column.name, *TOGETHER.get(column.name, ()))
        label = str(column.verbose_name)
        found.append(
            Choice(
                column.name,
                label[:1].upper() + label[1:],
                columns,
                _said(survivor, columns),
                _said(merged, columns),
            )
        )
    return found


def plain(value: Any) -> Any:
    """A column's value as JSON keeps it."""
    return value.isoformat() if isinstance(value, dt.date) else value


def _said(client: Client, columns: tuple[str, ...]) -> str:
    said = []
    for name in columns:
        value = getattr(client, name)
        if isinstance(value, bool):
            label = str(Client._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            said += [label] if value else []
        elif isinstance(value, dt.date):
            said.append(f"{value:%d-%b-%Y}")
        elif value:
            said.append(str(getattr(client, f"get_{name}_display", lambda v=value: v)()))
    return ", ".join(said)


def _kept(kind: str, row: Any) -> Kept:
    ended = bool(row.ends_on and row.ends_on <= clock.today())
    if kind == "contact":
        return Kept(kind, row.public_id, row.get_channel_display(), row.value, ended)
    if kind == "address":
        parts = (row.street, row.suburb, row.state, row.postcode)
        return Kept(kind, row.public_id, _("Address"), ", ".join(filter(None, parts)), ended)
    return Kept(kind, row.public_id, _("Number"), f"{row.system}: {row.value}", ended)


@dataclass(frozen=True)
class MergeLine:
    """One line of the worklist: who with whom, what it waits for."""

    merge: Merge
    survivor: str
    merged: str
    mine: bool


def merge_lines(opened: Open) -> list[MergeLine]:
    """The proposals, the merges that stand and those undone and not yet reviewed, of whoever is open here."""
    rows = list(
        Merge.objects.filter(client__in=opened.clients, merged__in=opened.clients, reviewed_at__isnull=True)
        .exclude(standing=MergeStanding.REFUSED)
        .select_related("proposed_by")
        .order_by("-proposed_at")[:60]
    )
    names = Client.objects.in_bulk([pk for row in rows for pk in (row.client_id, row.merged)])
    return [
        MergeLine(
            row,
            _titled(names[row.client_id]),
            _titled(names[row.merged]),
            row.proposed_by_id == opened.who.actor_id,
        )
        for row in rows
        if row.client_id in names and row.merged in names
    ]


def in_merges() -> Q:
    """Episodes of the people who are in some merge, by columns that the door may read."""
    rows = Merge.objects.exclude(standing=MergeStanding.REFUSED)
    return Q(client__in=rows.values("client_id").union(rows.values("merged")))


def _titled(client: Client) -> str:
    return f"{client.listed_name}, {client.id_ending}"


@dataclass(frozen=True)
class Likely:
    """Two directory entries that may be one person, and what agrees."""

    one: Directory
    other: Directory
    why: list[str] = field(default_factory=list)


def likely_duplicates(desk: Desk, page: int) -> tuple[list[Likely], bool]:
    """The newest records that may be somebody's who was here before, a dozen compared a page; whether there are more.

    Who may: whoever opened the desk. Recorded: the ids shown, no words.
    """
    newest = list(Directory.objects.order_by("-pk")[page * PROBED : (page + 1) * PROBED + 1])
    probes = [(row.pk, row.pk, _keys(row)) for row in newest[:PROBED]]
    with connection.cursor() as cursor:
        found = [match for match in find_matches(cursor, probes, top=3) if match.alert] if probes else []
    mine = {row.pk: row for row in newest}
    known = Directory.objects.in_bulk([*mine, *(match.client_id for match in found)])
    merged = stand_ins(list(known))
    pairs: dict[frozenset[int], Likely] = {}
    for match in found:
        one, other = merged.get(match.probe, match.probe), merged.get(match.client_id, match.client_id)
        if one != other and match.client_id in known:
            why = [str(WHY[code]) for code in match.why if code in WHY]
            pairs.setdefault(frozenset((one, other)), Likely(known[match.client_id], mine[match.probe], why))
    saw(desk, sorted({pk for pair in pairs for pk in pair}), "")
    return list(pairs.values()), len(newest) > PROBED


def _keys(row: Directory) -> DirectoryKeys:
    return DirectoryKeys(**{name: getattr(row, name) for name in KEYS})  # type: ignore[typeddict-item]


@dataclass(frozen=True)
class Added:
    """A row that was written while two records were one: what it is, when, and whose it now is."""

    what: Any
    at: dt.datetime
    survivors: bool


LEFT_OUT = {Client, Merge, SetAside, LegalHold}


def added_since(pair: Chart, merge: Merge) -> list[Added]:
    """Every row written to either record while they were one, newest first, at most two hundred: for review.

    Of episodes that are not open here, nothing. One query over every table of the chart.
    """
    if merge.done_at is None:
        return []
    tables = _tables()
    text = " union all ".join(
        f"select '{name}', client_id, created_at from {table} where client_id = any(%(clients)s) and"
        " created_at >= %(since)s and created_at <= %(until)s"
        for name, table in tables.items()
    )
    given: dict[str, Any] = {
        "clients": [merge.client_id, merge.merged],
        "since": merge.done_at,
        "until": merge.undone_at or dt.datetime.now(dt.UTC),
    }
    with connection.cursor() as cursor:
        cursor.execute(f"{text} order by 3 desc limit 200", given)
        rows = cursor.fetchall()
    labels = {model._meta.label_lower: model._meta.verbose_name for model in chart_models()}
    return [Added(labels[name], at, client == merge.client_id) for name, client, at in rows]


def _tables() -> dict[str, str]:
    """label -> table of everything that belongs to a client and says when it was written."""
    return {
        model._meta.label_lower: model._meta.db_table
        for model in chart_models()
        if issubclass(model, ClientRow) and model not in LEFT_OUT
    }


def merge_of(pair: Chart, public_id: Any) -> Any:
    """The merge of that id between the two that are open, with `held`: whether a legal hold stops it; None."""
    held = LegalHold.objects.filter(client__in=pair.clients, lifted_at__isnull=True)
    return (
        Merge.objects.filter(public_id=public_id, client__in=pair.clients)
        .select_related("proposed_by", "decided_by", "undone_by", "reviewed_by")
        .annotate(held=Exists(held))
        .first()
    )


def titles(pair: Pair) -> tuple[Client, Client]:
    """Both records' clients, for a title."""
    found = Client.objects.in_bulk([pair.first[0], pair.second[0]])
    return found[pair.first[0]], found[pair.second[0]]


def legal_hold(chart: Chart) -> LegalHold | None:
    """The hold that stands on this record now."""
    held = LegalHold.objects.filter(client__in=chart.clients, lifted_at__isnull=True)
    return held.select_related("placed_by").first()
