"""Two records that are one person: merged as an alias, and taken apart again. No row of either is ever moved."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.access.rare import Pair
from clinic.kit import clock
from clinic.record.models import Client, LegalHold, Merge, MergeStanding, SetAside, Signature
from intake.actions.contact import _directory_of
from intake.queries.merging import KINDS, choices_of, plain


class MayNotMerge(ValueError):
    """These two may not be merged, or not by this person; `str(error)` is why, in words. Nothing was changed."""


ON_HOLD = "on_hold"
TANGLED = "tangled"
ONE_ALREADY = "one_already"
OWN_PROPOSAL = "own_proposal"
DECIDED = "decided"


@act(Do.MERGE)
def merge_clients(
    pair: Pair,
    *,
    reason: str,
    chosen: dict[str, str] | None = None,
    set_aside: Iterable[UUID] = (),
) -> Merge:
    """The second record is the same person as the first, which survives; or that waits for somebody else to confirm it.

    `chosen`: by field of `choices_of`, "survivor" or "merged" (absent: the survivor's). `set_aside`: public ids of
    contacts, addresses and numbers that the merged record shall not show. Where both have something signed the row is
    a proposal only and nothing is merged. Who may: `Do.MERGE` in both. Recorded: one row, both clients in it, no words.
    Raises MayNotMerge: a legal hold (law.md R6), a second record that is a merge already, two that are one already.
    """
    survivor, merged = pair.first[0], pair.second[0]
    _lock(pair.clients)
    if survivor in pair.second or merged in pair.first:
        raise MayNotMerge(ONE_ALREADY)
    if len(pair.second) > 1 or _is_open(merged) or _is_merged(survivor):
        raise MayNotMerge(TANGLED)
    _demand_no_hold(pair)
    fields = {name: side for name, side in (chosen or {}).items() if side == "merged"}
    row = Merge.objects.create(
        client_id=survivor, merged=merged, standing=MergeStanding.PROPOSED, reason=reason, chosen=fields,
        needs_second=_both_signed(survivor, merged), proposed_by=pair.who, proposed_at=clock.now(),
    )  # fmt: skip
    _set_aside(row, pair, set(set_aside))
    if not row.needs_second:
        _carry_out(pair, row)
    pair.note(clients=[survivor, merged], waits=row.needs_second)
    return row


@act(Do.MERGE)
def confirm_merge(pair: Pair, *, merge: Merge) -> Merge:
    """A second person says that they are one: now they are merged.

    Who may: `Do.MERGE` in both, and not the one who proposed it. Recorded: one row. Raises MayNotMerge.
    """
    _lock(pair.clients)
    _demand_proposed(merge)
    if merge.proposed_by_id == pair.who.actor_id:
        raise MayNotMerge(OWN_PROPOSAL)
    if _is_merged(merge.client_id):
        raise MayNotMerge(TANGLED)
    _demand_no_hold(pair)
    _carry_out(pair, merge)
    pair.note(clients=[merge.client_id, merge.merged])
    return merge


@act(Do.MERGE)
def refuse_merge(pair: Pair, *, merge: Merge) -> Merge:
    """They are not the same person; the proposal is off the worklist, nothing was merged. Recorded. Raises MayNotMerge."""
    _demand_proposed(merge)
    merge.standing, merge.decided_by = MergeStanding.REFUSED, pair.who
    merge.save_over(merge.version, "standing", "decided_by")
    return merge


@act(Do.MERGE)
def unmerge(pair: Pair, *, merge: Merge, words: str) -> Merge:
    """They are two again: each has its own rows, as before; what the survivor showed of the other is put back.

    A field that somebody changed since the merge keeps what they wrote; `added_since` lists that and every row of the
    time between, for review. Who may: `Do.MERGE` in both. Recorded: one row. Raises MayNotMerge: a legal hold.
    """
    _lock(pair.clients)
    if merge.standing != MergeStanding.DONE:
        raise MayNotMerge(DECIDED)
    _demand_no_hold(pair)
    kept = _put_back(merge)
    merge.standing, merge.undone_by, merge.undone_at = MergeStanding.UNDONE, pair.who, clock.now()
    merge.undone_words = words
    merge.save_over(merge.version, "standing", "undone_by", "undone_at", "undone_words")
    for client in (merge.client_id, merge.merged):
        _directory_of(client, [client])
    pair.note(clients=[merge.client_id, merge.merged], kept=kept)
    return merge


@act(Do.MERGE)
def review_unmerge(pair: Pair, *, merge: Merge) -> Merge:
    """Somebody went through what was added while the two were one. Recorded: one row. Raises MayNotMerge."""
    if merge.standing != MergeStanding.UNDONE or merge.reviewed_at:
        raise MayNotMerge(DECIDED)
    merge.reviewed_by, merge.reviewed_at = pair.who, clock.now()
    merge.save_over(merge.version, "reviewed_by", "reviewed_at")
    return merge


@act(Do.HOLD)
def place_hold(chart: Chart, *, reason: str) -> LegalHold:
    """This record is under a legal hold: it is neither merged nor purged. It is no authority to disclose (law.md R6).

    Who may: the privacy officer. Recorded: one row, without the reason.
    """
    held = LegalHold.objects.filter(client=chart.client_id, lifted_at__isnull=True).first()
    return held or LegalHold.objects.create(
        client_id=chart.client_id, reason=reason, placed_by=chart.who, placed_at=clock.now()
    )


@act(Do.HOLD)
def lift_hold(chart: Chart, *, hold: LegalHold) -> LegalHold:
    """The hold has ended. Who may: the privacy officer. Recorded: one row. Raises StaleEdit."""
    hold.lifted_by, hold.lifted_at = chart.who, clock.now()
    hold.save_over(hold.version, "lifted_by", "lifted_at")
    return hold


def _lock(clients: list[int]) -> None:
    """Two who merge the same records at one moment: the second waits, and then sees what the first did."""
    list(Client.objects.select_for_update().filter(pk__in=clients).order_by("pk").values_list("pk"))


def _is_open(client: int) -> bool:
    held = (MergeStanding.DONE, MergeStanding.PROPOSED)
    mine = Merge.objects.filter(standing__in=held)
    return mine.filter(client=client).exists() or mine.filter(merged=client).exists()


def _is_merged(client: int) -> bool:
    return Merge.objects.filter(merged=client, standing=MergeStanding.DONE).exists()


def _demand_no_hold(pair: Chart) -> None:
    if LegalHold.objects.filter(client__in=pair.clients, lifted_at__isnull=True).exists():
        raise MayNotMerge(ON_HOLD)


def _demand_proposed(merge: Merge) -> None:
    if merge.standing != MergeStanding.PROPOSED:
        raise MayNotMerge(DECIDED)


def _both_signed(*clients: int) -> bool:
    return all(Signature.objects.filter(client=client).exists() for client in clients)


def _set_aside(merge: Merge, pair: Pair, rows: set[UUID]) -> None:
    there = [
        (kind, row) for kind, model in KINDS.items()
        for row in model.objects.filter(client__in=pair.clients, public_id__in=rows).values_list("public_id", flat=True)
    ]  # fmt: skip
    SetAside.objects.bulk_create(
        [SetAside(client_id=merge.client_id, merge=merge, kind=kind, row=row) for kind, row in there]
    )


def _carry_out(pair: Pair, merge: Merge) -> None:
    survivor = Client.objects.get(pk=merge.client_id)
    other = Client.objects.get(pk=merge.merged)
    columns = [
        name for field in choices_of(survivor, other) if field.name in merge.chosen for name in field.columns
    ]
    changes = {
        name: getattr(other, name) for name in columns if getattr(other, name) != getattr(survivor, name)
    }
    if changes:
        merge.before = {name: plain(getattr(survivor, name)) for name in changes} | {
            "version": survivor.version
        }
        merge.after = {name: plain(value) for name, value in changes.items()} | {
            "version": survivor.version + 1
        }
        Client.objects.filter(pk=survivor.pk).update(version=F("version") + 1, **changes)
    merge.standing, merge.decided_by, merge.done_at = MergeStanding.DONE, pair.who, clock.now()
    merge.save_over(merge.version, "standing", "decided_by", "done_at", "before", "after")
    _directory_of(merge.client_id, [merge.client_id, merge.merged])


def _put_back(merge: Merge) -> list[str]:
    """The survivor's columns as they were. Returns the names of those that keep what was written since."""
    if not merge.after:
        return []
    survivor = Client.objects.get(pk=merge.client_id)
    names = [name for name in merge.after if name != "version"]
    kept = [name for name in names if plain(getattr(survivor, name)) != merge.after[name]]
    changes: dict[str, Any] = {name: _typed(name, merge.before[name]) for name in names if name not in kept}
    untouched = survivor.version == merge.after["version"]
    changes["version"] = merge.before["version"] if untouched else survivor.version + 1
    Client.objects.filter(pk=survivor.pk).update(**changes)
    return kept


def _typed(name: str, value: Any) -> Any:
    field: Any = Client._meta.get_field(name)
    return value if value is None or not hasattr(field, "to_python") else field.to_python(value)
