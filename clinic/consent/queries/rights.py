"""Readers: the notice, restrictions and complaints; who still has to be given the notice."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import JSONObject

from clinic.access.chart import Open, OpenEpisode
from clinic.consent import rules
from clinic.consent.models import (
    Answer,
    Complaint,
    ConsentKind,
    NoticeAnswer,
    NoticeGiven,
    Offer,
    Restriction,
    RestrictionAnswer,
)
from clinic.kit import clock
from clinic.kit.due import Due, Urgency
from clinic.kit.words import gettext as _
from clinic.people.models import Site
from clinic.people.queries import settings_now
from clinic.record.models import Episode


@dataclass(frozen=True)
class NoticeState:
    """One Part 2 episode and where it stands with the notice: `answer` is that of its newest row, or ""."""

    episode: OpenEpisode
    client: Any
    answer: str

    @property
    def is_given(self) -> bool:
        return self.answer not in ("", NoticeAnswer.NOT_ABLE)


def notice_states(opened: Open) -> list[NoticeState]:
    """Every running Part 2 episode that is open here, with its newest notice. One query, once."""
    return opened.remember("notices", lambda: _notice_states(opened))


def _notice_states(opened: Open) -> list[NoticeState]:
    places = {place.id: place for place in opened.episodes if place.part2 and place.ends_on is None}
    rows = Episode.objects.filter(pk__in=places).annotate(answer=newest_notice())
    return [
        NoticeState(places[pk], client, answer or "")
        for pk, client, answer in rows.order_by("starts_on", "pk").values_list(
            "pk", "client__public_id", "answer"
        )
    ]


@dataclass(frozen=True)
class Glance:
    """What stands around a client's consents: where the notice is, what was restricted, what is prepared."""

    notices: list[NoticeState]
    restrictions: list[str]
    offers: list[dict[str, Any]]


def at_a_glance(opened: Open) -> Glance:
    """The open episodes with their notice, the restrictions that hold in words, the prepared consents. One query."""
    held = Restriction.objects.filter(episode=OuterRef("pk"), ended_on__isnull=True)
    held = held.exclude(answer=RestrictionAnswer.REFUSED).order_by("pk")
    ready = Offer.objects.filter(episode=OuterRef("pk"), answer__in=[Answer.WAITING, Answer.LATER]).order_by(
        "-pk"
    )
    rows = Episode.objects.filter(pk__in=opened.episode_ids).annotate(
        answer=newest_notice(),
        held=ArraySubquery(held.values("words")),
        ready=ArraySubquery(
            ready.values(
                json=JSONObject(
                    id=F("public_id"), kind=F("kind"), answer=F("answer"), on=F("prepared_at"), by=F("prepared_by__given_name"),
                    to=F("recipient__name"), at=F("recipient__organisation"), program=F("to_program__name"),
                )
            )
        ),
    )  # fmt: skip
    found = list(rows.order_by("starts_on", "pk"))
    states = [NoticeState(opened.episode(row.pk), None, row.answer or "") for row in found]
    running = [one for one in states if one.episode.part2 and one.episode.ends_on is None]
    offers = [_offer_line(line) for row in found for line in row.ready]
    return Glance(running, [words for row in found for words in row.held], offers)


def _offer_line(line: dict[str, Any]) -> dict[str, Any]:
    kind = ConsentKind(line["kind"]).label
    to = ", ".join(part for part in (line["to"], line["at"]) if part) or line["program"] or kind
    return {
        **line,
        "to": to,
        "kind": kind,
        "on": dt.datetime.fromisoformat(line["on"]),
        "later": line["answer"] == Answer.LATER,
    }


def newest_notice() -> Subquery:
    """An episode's answer to the notice: that it was given, if ever it was; for rooms that read the episodes anyway."""
    put_off = Case(When(answer=NoticeAnswer.NOT_ABLE, then=1), default=0)
    rows = NoticeGiven.objects.filter(episode=OuterRef("pk")).order_by(put_off, "-pk")
    return Subquery(rows.values("answer")[:1])


def notices(opened: Open) -> QuerySet[NoticeGiven]:
    """Every notice given or put off, newest first."""
    return (
        NoticeGiven.objects.filter(episode__in=opened.episode_ids)
        .select_related("given_by", "episode__program")
        .order_by("-pk")
    )


def notice_for(place: OpenEpisode, language: str) -> rules.Notice:
    """The notice that is given out now, in that language, with this program's name and whom to ask."""
    if language not in rules.LANGUAGES:
        language = "en"
    site = Site.objects.get(pk=place.site_id)
    chosen = settings_now(["privacy_contact", "privacy_email"])
    reach = ", ".join(part for part in (site.phone, chosen["privacy_email"]) if part)
    contact = (
        chosen["privacy_contact"] or {"en": "the privacy officer", "es": "la persona de privacidad"}[language]
    )
    return rules.notice(rules.newest(), language).filled(
        program=place.program, contact=contact, reach=reach or site.address or site.name
    )


def due(opened: Open, told: list[tuple[int, Any, str | None]]) -> list[Due]:
    """Who was admitted to a Part 2 program and not given the notice (42 CFR 2.22), urgent but never in the way of care.

    `told`: (episode, client's public id, `newest_notice`) as the caller has read them; no query of its own.
    """
    states = [NoticeState(opened.episode(pk), client, answer or "") for pk, client, answer in told]
    return [
        _notice_due(state)
        for state in states
        if state.episode.part2 and state.episode.ends_on is None and not state.is_given
    ]


def _notice_due(state: NoticeState) -> Due:
    today = clock.today(state.episode.zone)
    return Due(
        client_id=state.episode.client_id,
        episode_id=state.episode.id,
        code="notice",
        text=_("The privacy notice was put off until the client is able to take it in")
        if state.answer
        else _("The privacy notice has not been given"),
        since=state.episode.starts_on,
        urgency=Urgency.SOON if state.episode.starts_on >= today else Urgency.OVERDUE,
        route="consent:notice",
        args=(str(state.client),),
        action=_("Give the notice"),
    )


def with_no_notice() -> Q:
    """Running Part 2 episodes whose client has no notice: a Q for the door, over columns that its role may read."""
    given = NoticeGiven.objects.filter(episode=OuterRef("pk")).exclude(answer=NoticeAnswer.NOT_ABLE)
    return Q(part2=True, ends_on__isnull=True) & ~Q(Exists(given))


def without_notice(opened: Open) -> list[tuple[Episode, NoticeState]]:
    """The worklist of P13: each open episode without a notice, with its client, the longest admitted first."""
    states = {state.episode.id: state for state in notice_states(opened) if not state.is_given}
    rows = (
        Episode.objects.filter(pk__in=states).select_related("client", "program").order_by("starts_on", "pk")
    )
    return [(row, states[row.pk]) for row in rows]


def restrictions(opened: Open) -> QuerySet[Restriction]:
    """What the client asked us not to share, newest first."""
    return (
        Restriction.objects.filter(episode__in=opened.episode_ids)
        .select_related("recipient", "answered_by")
        .order_by("-asked_on", "-pk")
    )


def restriction(opened: Open, public_id: Any) -> Restriction:
    """One of them; Restriction.DoesNotExist."""
    return Restriction.objects.get(episode__in=opened.episode_ids, public_id=public_id)


def complaints(opened: Open, *, still_open: bool = False) -> QuerySet[Complaint]:
    """Complaints, the longest waiting first."""
    found = (
        Complaint.objects.filter(episode__in=opened.episode_ids)
        .select_related("received_by", "answered_by", "client", "episode__program")
        .order_by("answered_on", "received_on", "pk")
    )
    return found.filter(answered_on__isnull=True) if still_open else found


def complaint(opened: Open, public_id: Any) -> Complaint:
    """One complaint; Complaint.DoesNotExist."""
    return Complaint.objects.get(episode__in=opened.episode_ids, public_id=public_id)


def with_complaints() -> Q:
    """Episodes with a complaint that waits for an answer: a Q for the door."""
    return Q(Exists(Complaint.objects.filter(episode=OuterRef("pk"), answered_on__isnull=True)))
