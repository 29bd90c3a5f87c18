"""What is in a client's hands: the things that can be handed over, the client as an actor, a handover's life.

A handover is our tablet passed across the desk, or a link. It opens one thing of one episode, for one purpose, for a
while; nothing else of the house answers to it. docs/decisions/0004-client-at-the-screen.md says why it is so.
"""

import datetime as dt
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.auth import login
from django.contrib.auth.hashers import check_password
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from clinic.access.acts import act, record
from clinic.access.chart import Chart, ChartNotFound, OpenEpisode, Refused
from clinic.access.door import refuse
from clinic.access.models import Ending, Handover, Way
from clinic.access.policy import Do
from clinic.audit.models import Outcome
from clinic.people.models import Staff
from clinic.people.queries import person, setting

TABLET_HOURS = 12  # a working day: a tablet is in someone's hands for minutes
LINK_HOURS = 72
SESSION = ("handover", "handover_seen", "handover_idle", "handover_exit")
BACKEND = "clinic.people.backends.StaffBackend"


@dataclass(frozen=True)
class Handed:
    """A kind of thing that a client can be handed.

    `to`: what they open the chart for. `by`: what a colleague may do who hands it over. `start`: its first page, whose
    address needs no id. `model`: the chart row that is handed. `back`: the staff's page of it, and its id's name there.
    """

    to: Do
    by: Do
    start: str
    model: str
    back: tuple[str, str]


HANDED: dict[str, Handed] = {
    "screening": Handed(
        to=Do.ANSWER,
        by=Do.SCREEN,
        start="screening:client_start",
        model="screening.Sitting",
        back=("screening:sitting", "sitting"),
    ),
    "interview": Handed(
        to=Do.TELL,
        by=Do.INTERVIEW,
        start="intake:client_start",
        model="intake.Interview",
        back=("intake:interview", "interview"),
    ),
    "consent": Handed(
        to=Do.SIGN_AS_CLIENT,
        by=Do.CONSENT,
        start="consent:client_start",
        model="consent.Offer",
        back=("consent:offer", "offer"),
    ),
    "plan": Handed(
        to=Do.SIGN_AS_CLIENT,
        by=Do.SIGN_PLAN,
        start="treatment_plans:client_start",
        model="treatment_plans.Plan",
        back=("treatment_plans:show", "plan"),
    ),
    "safety": Handed(
        to=Do.READ_SAFETY,
        by=Do.KEEP_SAFETY,
        start="treatment_plans:client_safety",
        model="treatment_plans.PageGiven",
        back=("treatment_plans:given", "given"),
    ),
}


@dataclass(frozen=True)
class ClientActor:
    """The client at the screen: an actor of its own, named by what is in their hands. No person of the staff."""

    actor_name: str
    handover_id: int
    told: dict[str, Any] = field(default_factory=dict)
    actor_kind: str = "client"
    actor_id: None = None

    def programs_as(self, role: str) -> list[int]:
        return []


def actor(handover: Handover) -> ClientActor:
    """Who acts while this is in the client's hands; every ledger row of theirs names the handover."""
    return ClientActor(handover.kind, handover.pk, {"handover": str(handover.public_id)})


def place_of(chart: Chart, kind: str, thing: Any) -> OpenEpisode:
    """The open episode that this thing belongs to; ChartNotFound for a kind or an id that is none here."""
    if kind not in HANDED:
        raise ChartNotFound
    try:
        model: Any = apps.get_model(HANDED[kind].model)
    except LookupError:
        raise ChartNotFound from None
    row = model.objects.filter(public_id=thing, episode__in=chart.episode_ids).values("episode_id").first()
    if row is None:
        raise ChartNotFound
    return chart.episode(row["episode_id"])


@act(Do.HAND_OVER)
def hand_over(
    chart: Chart, *, place: OpenEpisode, kind: str, thing: Any, way: str = Way.TABLET, language: str = ""
) -> tuple[Handover, str]:
    """This thing is in the client's hands, and the token that opens it is returned; it is stored nowhere but hashed.

    An earlier handover of the same thing by the same way ends. Who may: `Do.HAND_OVER` and the kind's `by` in the
    thing's episode. Recorded: one row with the handover's id, kind and way. Raises Refused.
    """
    if not (chart.permits(HANDED[kind].by, place.id) and chart.permits(Do.HAND_OVER, place.id)):
        raise Refused(Do.HAND_OVER)
    end_all(thing, way)
    token, now = secrets.token_hex(24), timezone.now()
    hours = LINK_HOURS if way == Way.LINK else TABLET_HOURS
    handover = Handover.objects.create(
        token_hash=hashed(token),
        client=chart.client.public_id,
        episode_id=place.id,
        kind=kind,
        thing=thing,
        way=way,
        language=language or chart.client.language,
        made_by_id=chart.who.actor_id,
        made_at=now,
        expires_at=now + dt.timedelta(hours=hours),
        opened_at=now if way == Way.TABLET else None,
    )
    chart.note(handover=str(handover.public_id), kind=kind, way=str(way))
    return handover, token


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def of_link(token: str) -> Handover | None:
    """The link of this token, alive or over; None for a token that is none. Looking at it uses nothing up."""
    rows = Handover.objects.select_related("made_by__site").filter(way=Way.LINK)
    return rows.filter(token_hash=hashed(token)).first()


def is_elsewhere(handover: Handover, browser: str) -> bool:
    """Whether the link was opened before, in another browser than the one that shows this cookie."""
    return handover.opened_at is not None and handover.browser_hash != hashed(browser)


def open_link(chart: Chart, *, handover: Handover, born: dt.date, browser: str) -> bool:
    """Whether this is the client's birth date; then the link is this browser's from now on, and no other's.

    Each wrong date is counted and a refusal on the ledger; after five the link is over. Counted before it is compared:
    many at once are no more tries. `chart` is open to the client of this very handover.
    """
    counted = Handover.objects.filter(pk=handover.pk, tries__lt=Handover.MOST_TRIES, ended_at__isnull=True)
    if not counted.update(tries=F("tries") + 1):
        return False
    if chart.client.birth_date != born:
        handover.refresh_from_db(fields=["tries"])
        chart.refusals.append(
            {
                "actor": chart.who, "act": "access.open_link", "outcome": Outcome.REFUSED, "clients": chart.clients,
                "episodes": chart.episode_ids, "route": chart.route, "look": chart.look, "detail": {"tries": handover.tries},
            }
        )  # fmt: skip
        if not handover.tries_left:
            end(handover, Ending.TRIES)
        return False
    now = timezone.now()
    free = Q(opened_at__isnull=True) | Q(browser_hash=hashed(browser))
    mine = Handover.objects.filter(free, pk=handover.pk).update(
        opened_at=Coalesce("opened_at", now), browser_hash=hashed(browser), tries=0
    )
    return bool(mine)


def handovers(thing: Any) -> list[Handover]:
    """Every handover of this thing, newest first."""
    return list(Handover.objects.filter(thing=thing).select_related("made_by").order_by("-made_at"))


def end_all(thing: Any, way: str) -> None:
    """Whatever is still out of this thing by this way ends. What the client said is kept."""
    now = timezone.now()
    Handover.objects.filter(thing=thing, way=way, ended_at__isnull=True).update(
        ended_at=now, ending=Ending.WITHDRAWN
    )


def end(handover: Handover, ending: str) -> None:
    """Nothing opens by this handover any more. What the client said is kept; a second ending changes nothing."""
    now = timezone.now()
    Handover.objects.filter(pk=handover.pk, ended_at__isnull=True).update(ended_at=now, ending=ending)
    handover.ended_at, handover.ending = handover.ended_at or now, handover.ending or ending


def finish(handover: Handover) -> None:
    """The client is done with it: the door behind them closes when this page is over."""
    end(handover, Ending.DONE)


def decline(handover: Handover) -> None:
    """The client said "not today": what was in their hands is so no more, and what they said before is kept."""
    end(handover, Ending.NOT_TODAY)


def speak(handover: Handover, language: str) -> None:
    """The client's pages are in this language from now on."""
    handover.language = language
    Handover.objects.filter(pk=handover.pk).update(language=language)


# The session of a client at the screen: a new one with nothing in it but which handover it is.


def begin(request: Any, handover: Handover) -> None:
    """Whoever was signed in here no longer is; this browser's new session opens the handover and nothing else."""
    request.session.flush()
    minutes = setting("link_idle_minutes" if handover.by_link else "handover_idle_minutes")
    values = (str(handover.public_id), int(time.time()), 60 * int(minutes), str(setting("quick_exit_url")))
    request.session.update(dict(zip(SESSION, values, strict=True)))


def of_session(request: Any) -> Handover | None:
    """The handover of this browser's session, alive or over; None where there is none, or someone is signed in.

    A tablet that nobody has touched for the clinic's minutes ends; a link only asks for the birth date again.
    """
    known = request.session.get("handover")
    if not known or request.user.is_authenticated:
        return None
    found = Handover.objects.select_related("made_by__site").filter(public_id=known).first()
    if found is None:
        return None
    request.handover = found
    now = int(time.time())
    away = now - request.session.get("handover_seen", 0)
    if away > request.session.get("handover_idle", 0) and found.by_link:
        leave(request)
        return None
    elif away > request.session.get("handover_idle", 0):
        end(found, Ending.IDLE)
    elif away > 20:
        request.session["handover_seen"] = now
    return found


def leave(request: Any) -> None:
    """This browser forgets the handover; the link may still be opened again by whoever holds it."""
    request.session.flush()


def come_back(request: Any, handover: Handover, pin: str) -> Staff | None:
    """The colleague who handed the tablet over is signed in again by their PIN, in a new session; the handover ends.

    None, recorded as a refusal and counted: a wrong PIN, one that was never set, too many tries, a colleague who works
    here no more, or a handover older than a day. The full sign-in is always possible.
    """
    counted = Handover.objects.filter(pk=handover.pk, tries__lt=Handover.MOST_TRIES, way=Way.TABLET)
    may = counted.update(tries=F("tries") + 1) and handover.expires_at > timezone.now()
    who = person(handover.made_by_id) if may and handover.made_by.is_active else None
    if who is None or not who.pin or not check_password(pin, who.pin):
        refuse(actor(handover), Do.HAND_OVER, act="access.come_back")
        handover.refresh_from_db(fields=["tries"])
        return None
    end(handover, Ending.GIVEN_BACK)
    request.session.flush()
    login(request, who, backend=BACKEND)
    record(who, "access.come_back", handover=str(handover.public_id))
    return who


def signed_in_over(request: Any) -> None:
    """Someone of the staff signs in fully on this screen: what was in the client's hands here is theirs no more."""
    held = of_session(request)
    if held is not None:
        end(held, Ending.GIVEN_BACK)
    for name in SESSION:
        request.session.pop(name, None)
