"""The rest of the registration: names, addresses, people, payers; and what is typed and not yet saved."""

import datetime as dt
from typing import Any

from clinic.access.acts import act
from clinic.access.chart import Chart, OpenEpisode
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.models import Staff
from clinic.record.models import Address, Client, Coverage, Draft, NameUse, PersonName, SelfPay, Support
from intake.actions.contact import _refresh_directory
from intake.queries.details import DRAFT, other_names

NAMES = ("given_name", "family_name", "chosen_name", "birth_date", "birth_estimated")


def _today(chart: Chart) -> dt.date:
    return clock.today(chart.episodes[0].zone)


@act(Do.TAKE_DETAILS)
def change_names(chart: Chart, *, version: int, **told: Any) -> Client:
    """The client is called and was born as told; a name given up stays as a previous name until today.

    `told`: given_name, family_name, chosen_name, birth_date, birth_estimated. Who may: whoever takes details.
    Recorded: one row. Raises StaleEdit where someone saved first; nothing is written then.
    """
    client = Client.objects.get(pk=chart.client_id)
    before = (client.given_name, client.family_name)
    for name in NAMES:
        setattr(client, name, told[name])
    client.save_over(version, *NAMES)
    if any(before) and before != (client.given_name, client.family_name) and told.get("keep_previous", True):
        PersonName.objects.create(
            client_id=chart.client_id, use=NameUse.PREVIOUS, given_name=before[0], family_name=before[1],
            ends_on=_today(chart),
        )  # fmt: skip
    _follow(chart)
    return client


@act(Do.TAKE_DETAILS)
def add_name(chart: Chart, **told: Any) -> PersonName:
    """One more name the person goes or went by; the directory finds them under it. Recorded: one row."""
    row = PersonName.objects.create(client_id=chart.client_id, **told)
    _follow(chart)
    return row


@act(Do.TAKE_DETAILS)
def remove_name(chart: Chart, *, name: PersonName, version: int) -> PersonName:
    """The name was entered in error: it is not shown or searched any more, and stays in the history."""
    name.removed = True
    name.save_over(version, "removed")
    _follow(chart)
    return name


def _follow(chart: Chart) -> None:
    """Client and the directory hold every other name, so that the desk finds the person under each."""
    chart.__dict__.pop("client", None)
    words = [f"{row.given_name} {row.family_name}".strip() for row in other_names(chart)]
    client = chart.client
    client.other_names = ", ".join(dict.fromkeys(words))[:240]
    client.save(update_fields=["other_names"])
    _refresh_directory(chart)


@act(Do.TAKE_DETAILS)
def move_to(chart: Chart, *, since: dt.date | None = None, **told: Any) -> Address:
    """The client lives there now; where they lived before ended that day and stays. Recorded: one row."""
    since = since or _today(chart)
    Address.objects.filter(client__in=chart.clients, ends_on__isnull=True).update(ends_on=since)
    row = Address.objects.create(client_id=chart.client_id, starts_on=since, **told)
    _refresh_directory(chart)
    return row


@act(Do.TAKE_DETAILS)
def leave_address(chart: Chart, *, address: Address, version: int) -> Address:
    """The client does not live there any more. Recorded: one row. Raises StaleEdit where someone saved first."""
    address.ends_on = _today(chart)
    address.save_over(version, "ends_on")
    _refresh_directory(chart)
    return address


@act(Do.TAKE_DETAILS)
def add_support(chart: Chart, **told: Any) -> Support:
    """Someone in the client's life, with what they may be told; "never" is told nothing. Recorded: one row."""
    return Support.objects.create(client_id=chart.client_id, **told)


@act(Do.TAKE_DETAILS)
def end_support(chart: Chart, *, support: Support, version: int) -> Support:
    """That person is not named any more; the row stays. Raises StaleEdit where someone saved first."""
    support.ends_on = _today(chart)
    support.save_over(version, "ends_on")
    return support


@act(Do.TAKE_DETAILS)
def add_coverage(chart: Chart, **told: Any) -> Coverage:
    """One payer, or that there is none to name; whatever was "not known yet" has ended. Recorded: one row."""
    Coverage.objects.filter(
        client__in=chart.clients, ends_on__isnull=True, kind__in=["unknown", "declined"]
    ).update(ends_on=_today(chart))
    return Coverage.objects.create(client_id=chart.client_id, **{"starts_on": _today(chart)} | told)


@act(Do.TAKE_DETAILS)
def end_coverage(chart: Chart, *, coverage: Coverage, version: int) -> Coverage:
    """It pays no more from today. Raises StaleEdit where someone saved first."""
    coverage.ends_on = _today(chart)
    coverage.save_over(version, "ends_on")
    return coverage


@act(Do.TAKE_DETAILS)
def pay_in_full(chart: Chart, *, place: OpenEpisode, service: str = "", since: dt.date) -> SelfPay:
    """The client pays this in full and asked that the health plan is not told: it must be accepted (42 CFR 2.26(a)(6)).

    `service` "": everything in that episode. Who may: whoever takes details. Recorded: one row.
    """
    return SelfPay.objects.create(
        **chart.stamp(place), service=service, starts_on=since, asked_on=_today(chart),
        recorded_by=chart.who if isinstance(chart.who, Staff) else None,
    )  # fmt: skip


@act(Do.TAKE_DETAILS)
def end_pay_in_full(chart: Chart, *, self_pay: SelfPay, version: int) -> SelfPay:
    """From today the plan may be told again; what was done before stays kept from it. Raises StaleEdit."""
    self_pay.ends_on = max(_today(chart), self_pay.starts_on)
    self_pay.save_over(version, "ends_on")
    return self_pay


@act(Do.TAKE_DETAILS)
def keep_details(chart: Chart, *, key: str, body: dict[str, Any]) -> Draft:
    """What is typed of one section is kept for this person and this client, and restored to them alone."""
    draft, _made = Draft.objects.update_or_create(
        client_id=chart.client_id, staff=chart.who, kind=DRAFT, key=key, defaults={"body": body}
    )
    return draft


@act(Do.TAKE_DETAILS)
def drop_details(chart: Chart, *, key: str) -> None:
    """It was saved: nothing typed is left over."""
    Draft.objects.filter(client__in=chart.clients, staff=chart.who, kind=DRAFT, key=key).delete()
