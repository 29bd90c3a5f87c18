"""What the door hands out: an open chart, with what its opener may do in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from clinic.access.policy import Do, fact, lines, may_without_client
from clinic.record.models import Client

T = TypeVar("T")


class ChartNotFound(Exception):
    """No such chart for this person: the answer is 404, whether it exists or not."""


class Refused(Exception):
    """The chart is open, and this act in it is not theirs to do. Nothing was changed."""

    def __init__(self, do: Do) -> None:
        super().__init__(f"not allowed: {do}")
        self.do = do


@dataclass(frozen=True)
class OpenEpisode:
    """One episode that is open here: what is needed of it everywhere, read by the door's one query."""

    id: int
    public_id: UUID
    client_id: int
    program_id: int
    program: str
    kind: str
    part2: bool
    site_id: int
    zone: str
    starts_on: Any
    ends_on: Any
    facts: frozenset[str] = frozenset()
    waiting: bool = False
    person_id: int = 0  # the client, or the survivor of its merge


@dataclass
class Open:
    """The charts that are open, to whom and for what. One client: a Chart. Many: a caseload or a job's slice."""

    who: Any
    to: Do
    episodes: list[OpenEpisode]
    clients: list[int]
    look: int | None = None
    route: str = ""
    refusals: list[dict[str, Any]] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def episode_ids(self) -> list[int]:
        return [episode.id for episode in self.episodes]

    def permits(self, do: Do, episode_id: int | None = None) -> bool:
        """Whether the policy allows `do` here; with an episode, there. Decided from the door's facts, no query."""
        allowed = self.remember(f"permits {do}", lambda: self._allowed(do))
        return bool(allowed) if episode_id is None else episode_id in allowed

    def _allowed(self, do: Do) -> set[int]:
        """The episodes in which it is theirs to do; asked for each line of a list, so found out once."""
        wanted = {fact(role, relation) for role, relation in lines(self.who, do)}
        return {episode.id for episode in self.episodes if wanted & episode.facts}

    def remember(self, key: str, make: Callable[[], T]) -> T:
        """What `make` answers, asked once while this is open: several rooms read the same facts for one page."""
        if key not in self.answers:
            self.answers[key] = make()
        return self.answers[key]

    def note(self, **detail: Any) -> None:
        """Add plain facts (ids, counts, hashes; no names, no clinical values) to the running verb's ledger row."""
        self.notes.update(detail)

    def episode(self, key: Any) -> OpenEpisode:
        """The open episode of that id or public id; ChartNotFound for any other."""
        try:
            return self._by_key[key]
        except (KeyError, TypeError):
            raise ChartNotFound from None

    @cached_property
    def _by_key(self) -> dict[Any, OpenEpisode]:
        return {key: one for one in self.episodes for key in (one.id, one.public_id, str(one.public_id))}

    def stamp(self, episode: OpenEpisode, *, part2: bool = False) -> dict[str, Any]:
        """The columns every ChartRow carries. It is Part 2 if its program is, or any of its sources (`part2`)."""
        return {"client_id": episode.client_id, "episode_id": episode.id, "part2": episode.part2 or part2}

    def person(self, client_id: int) -> int:
        """The record that stands for this client: their own, or the survivor's where it was merged."""
        return self._people.get(client_id, client_id)

    @cached_property
    def _people(self) -> dict[int, int]:
        return {one.client_id: one.person_id for one in self.episodes}


@dataclass
class Chart(Open):
    """One person's open chart: `client_id` is their record, `clients` that and whatever was merged into it."""

    already_in: bool = False  # of an admission: this person is in that program, by one of their records

    @property
    def client_id(self) -> int:
        return self.clients[0]

    @cached_property
    def client(self) -> Client:
        return Client.objects.select_related("site").get(pk=self.client_id)

    def home(self, do: Do) -> OpenEpisode:
        """The episode a new row of this act belongs to: the newest running one where the act is allowed."""
        allowed = [e for e in self.episodes if self.permits(do, e.id)]
        running = [e for e in allowed if e.ends_on is None] or allowed
        if not running:
            raise Refused(do)
        return max(running, key=lambda e: (e.starts_on, e.id))


class Caseload(Open):
    """Every client that one person may open for one purpose, open at once."""


@dataclass
class Desk:
    """The front door: what may be done before a client is known. The directory is all that can be read."""

    who: Any
    to: Do
    route: str = ""


@dataclass
class Office(Open):
    """The staff's own pages: no chart is open here, only what a role may do without one."""

    def permits(self, do: Do, episode_id: int | None = None) -> bool:
        return episode_id is None and may_without_client(self.who, do)
