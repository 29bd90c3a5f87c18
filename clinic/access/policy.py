"""The policy, one table: (role, Do) -> relations. No line means no.

A relation is written once, as a Q over episodes. "May she open this one" is that Q as a fact about the
client's episodes; "which may she open" is that Q alone: the two cannot disagree.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, Protocol

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from clinic.access.models import BrokenGlass, Handover
from clinic.access.persons import has_of_person
from clinic.kit import clock
from clinic.people.models import ClinicSetting, Role
from clinic.people.queries import current_period
from clinic.record.models import CareTeam, Sharing


class Do(StrEnum):
    """What a chart, a caseload or the desk may be opened to do."""

    SEARCH = "search"
    REGISTER = "register"
    SEE_CONTACT = "see_contact"
    SET_CONTACT = "set_contact"
    PICK_UP = "pick_up"
    TAKE_DETAILS = "take_details"
    TAKE_HISTORY = "take_history"
    BOOK = "book"
    OPEN_CHART = "open_chart"
    SCREEN = "screen"
    ANSWER_FLAG = "answer_flag"
    RESPOND = "respond"
    ESCALATE = "escalate"
    SET_ON_CALL = "set_on_call"
    PASS_ON = "pass_on"
    SEE_PLAN = "see_plan"
    PLAN = "plan"
    SIGN_PLAN = "sign_plan"
    SEE_SAFETY = "see_safety"
    KEEP_SAFETY = "keep_safety"
    READ_SAFETY = "read_safety"
    SEE_INTERVIEW = "see_interview"
    INTERVIEW = "interview"
    HAND_OVER = "hand_over"
    ANSWER = "answer"
    TELL = "tell"
    COSIGN_PLAN = "cosign_plan"
    SIGN_AS_CLIENT = "sign_as_client"
    CONSENT = "consent"
    REFER = "refer"
    RELEASE = "release"
    SEE_OWN_CASELOAD = "see_own_caseload"
    REVIEW_CASELOAD = "review_caseload"
    ASSIGN_CARE = "assign_care"
    MOVE_EPISODE = "move_episode"
    SEE_WAITING = "see_waiting"
    KEEP_WAITING = "keep_waiting"
    MERGE = "merge"
    HOLD = "hold"
    BREAK_GLASS = "break_glass"
    REVIEW_GLASS = "review_glass"
    SEE_ACCESS = "see_access"
    READ_MESSAGES = "read_messages"
    SEE_WORKLIST = "see_worklist"
    MANAGE_STAFF = "manage_staff"
    IMPORT = "import"
    SEND = "send"
    NUDGE = "nudge"
    SEE_COMPLAINTS = "see_complaints"


class Actor(Protocol):
    """Someone or something that acts: a person of the staff, a client at the screen, a named job, a command."""

    actor_kind: str
    actor_name: str

    @property
    def actor_id(self) -> int | None: ...

    def programs_as(self, role: str) -> list[int]: ...


Relation = Callable[[Any, list[int]], Q]


def in_program(who: Any, programs: list[int]) -> Q:
    """The episode is in a program where they hold the role today (42 CFR 2.12(c)(3): within the program)."""
    return Q(program_id__in=programs)


def on_team(who: Any, programs: list[int]) -> Q:
    """They are on the episode's care team today; access ends with the row."""
    team = CareTeam.objects.filter(current_period(clock.today()), staff=who.actor_id, episode=OuterRef("pk"))
    return Q(Exists(team))


def in_house_need(who: Any, programs: list[int]) -> Q:
    """On the team of another episode of the same person, where the clinic allows it (42 CFR 2.12(c)(3))."""
    team = CareTeam.objects.filter(current_period(clock.today()), staff=who.actor_id)
    newest = ClinicSetting.objects.filter(name="in_house_need", holds_from__lte=clock.now()).order_by(
        "-holds_from"
    )
    allowed = ClinicSetting.objects.filter(pk__in=newest.values("pk")[:1], value=True)
    return has_of_person(team) & Q(Exists(allowed))


def broke_glass(who: Any, programs: list[int]) -> Q:
    """They opened this person's chart in an emergency, and that has neither run out nor been closed (law.md R8)."""
    now = clock.now()
    theirs = BrokenGlass.objects.filter(
        staff=who.actor_id, opened_at__lte=now, until__gt=now, closed_at__isnull=True
    )
    return has_of_person(theirs)


def consented(who: Any, programs: list[int]) -> Q:
    """The client agreed in writing that this person's program may read the episode, and they are on the client's team
    there (42 CFR 2.31, 2.33). Asked anew at each opening: taken back or ended, the door is shut at once."""
    today = clock.today()
    team = CareTeam.objects.filter(
        current_period(today), staff=who.actor_id, episode__program=OuterRef("program_id")
    )
    shared = Sharing.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today), has_of_person(team), episode=OuterRef("pk"), program__in=programs,
        starts_on__lte=today, ended_at__isnull=True,
    )  # fmt: skip
    going_on = Q(ends_on__isnull=True) | Q(ends_on__gt=today)
    return Q(Exists(shared.filter(with_treatment=False))) | (
        going_on & Q(Exists(shared.filter(with_treatment=True)))
    )


def every(who: Any, programs: list[int]) -> Q:
    """Every episode: for named jobs and commands, and the privacy officer's account of access."""
    return Q(pk__isnull=False)


def no_client(who: Any, programs: list[int]) -> Q:
    """The act needs no client: the desk, the staff list."""
    return Q(pk__in=[])


def handed_episode(who: Any, programs: list[int]) -> Q:
    """The episode of what is in this client's hands now, while the handover lives; nothing else of theirs."""
    live = Handover.objects.filter(
        pk=who.handover_id,
        episode_id=OuterRef("pk"),
        ended_at__isnull=True,
        expires_at__gt=timezone.now(),
    )
    return Q(Exists(live))


CARE = (
    Do.HAND_OVER,
    Do.SCREEN,
    Do.ANSWER_FLAG,
    Do.RESPOND,
    Do.SEE_PLAN,
    Do.PLAN,
    Do.SIGN_PLAN,
    Do.KEEP_SAFETY,
    Do.SEE_INTERVIEW,
    Do.INTERVIEW,
    Do.TELL,
    Do.CONSENT,
    Do.REFER,
    Do.RELEASE,
    Do.BOOK,
)

# Who may open a chart that is shut to them, in an emergency; it opens to be read, for a while.
BREAKERS = (Role.CLINICIAN, Role.PRESCRIBER, Role.SUPERVISOR)
DESK = (Role.FRONT_DESK, Role.INTAKE, Role.SUPERVISOR)

POLICY: dict[tuple[str, Do], tuple[Relation, ...]] = {
    **{(role, Do.SEARCH): (no_client,) for role in Role.values if role != Role.ADMINISTRATOR},
    **{(role, Do.SEE_CONTACT): (in_program,) for role in (Role.FRONT_DESK, Role.INTAKE, Role.SUPERVISOR)},
    **{(role, Do.SET_CONTACT): (in_program,) for role in (Role.FRONT_DESK, Role.INTAKE, Role.SUPERVISOR)},
    **{(role, Do.SET_CONTACT): (on_team,) for role in (Role.CLINICIAN, Role.PRESCRIBER, Role.PEER)},
    **{(role, Do.TAKE_DETAILS): (in_program,) for role in (Role.FRONT_DESK, Role.INTAKE, Role.SUPERVISOR)},
    **{(role, Do.TAKE_DETAILS): (on_team,) for role in (Role.CLINICIAN, Role.PRESCRIBER, Role.PEER)},
    **{(role, Do.TAKE_HISTORY): (in_program,) for role in (Role.INTAKE, Role.SUPERVISOR)},
    **{(role, Do.TAKE_HISTORY): (on_team,) for role in (Role.CLINICIAN, Role.PRESCRIBER)},
    **{(role, Do.BOOK): (in_program,) for role in (Role.FRONT_DESK, Role.INTAKE, Role.SUPERVISOR)},
    **{(role, Do.REGISTER): (in_program,) for role in (Role.FRONT_DESK, Role.INTAKE, Role.SUPERVISOR)},
    # Someone walked in: what is to do for them, and no more of them, is there for whoever works in the program.
    **{
        (role, Do.PICK_UP): (in_program,)
        for role in Role.values
        if role not in (Role.PRIVACY, Role.ADMINISTRATOR)
    },
    # Neutral words to the client, by a way they called safe: whoever may book a visit may say so.
    **{
        (role, Do.NUDGE): (in_program, broke_glass)
        for role in (Role.FRONT_DESK, Role.INTAKE, Role.SUPERVISOR)
    },
    **{(role, Do.NUDGE): (on_team, broke_glass) for role in (Role.CLINICIAN, Role.PRESCRIBER, Role.PEER)},
    (Role.INTAKE, Do.CONSENT): (in_program,),
    (Role.INTAKE, Do.HAND_OVER): (in_program,),
    **{(Role.INTAKE, do): (in_program,) for do in (Do.SEE_INTERVIEW, Do.INTERVIEW, Do.TELL)},
    (Role.SUPERVISOR, Do.SEE_INTERVIEW): (in_program,),
    **{(role, do): (on_team,) for role in (Role.CLINICIAN, Role.PRESCRIBER) for do in CARE},
    **{(role, Do.SEE_CONTACT): (on_team,) for role in (Role.CLINICIAN, Role.PRESCRIBER, Role.PEER)},
    **{
        (role, Do.OPEN_CHART): (on_team, in_house_need, consented, broke_glass)
        for role in (Role.CLINICIAN, Role.PRESCRIBER)
    },
    **{(role, Do.SEE_PLAN): (on_team, broke_glass) for role in (Role.CLINICIAN, Role.PRESCRIBER)},
    # A safety plan is the client's: whoever may open any chart of theirs finds it.
    **{
        (role, Do.SEE_SAFETY): (on_team, in_house_need, consented, broke_glass)
        for role in (Role.CLINICIAN, Role.PRESCRIBER)
    },
    (Role.PEER, Do.SEE_SAFETY): (on_team,),
    (Role.SUPERVISOR, Do.SEE_SAFETY): (in_program, broke_glass),
    (Role.SUPERVISOR, Do.KEEP_SAFETY): (in_program,),
    **{(role, Do.SIGN_AS_CLIENT): (on_team,) for role in (Role.CLINICIAN, Role.PRESCRIBER)},
    (Role.INTAKE, Do.SIGN_AS_CLIENT): (in_program,),
    **{(role, Do.SEE_OWN_CASELOAD): (on_team,) for role in (Role.CLINICIAN, Role.PRESCRIBER, Role.PEER)},
    (Role.PEER, Do.SEE_PLAN): (on_team,),
    (Role.PEER, Do.BOOK): (on_team,),
    (Role.SUPERVISOR, Do.OPEN_CHART): (in_program, broke_glass),
    (Role.SUPERVISOR, Do.ANSWER_FLAG): (in_program,),
    (Role.SUPERVISOR, Do.SEE_PLAN): (in_program, broke_glass),
    (Role.SUPERVISOR, Do.RESPOND): (in_program,),
    (Role.SUPERVISOR, Do.COSIGN_PLAN): (in_program,),
    (Role.SUPERVISOR, Do.SET_ON_CALL): (no_client,),
    (Role.SUPERVISOR, Do.REFER): (in_program,),
    (Role.SUPERVISOR, Do.REVIEW_CASELOAD): (in_program,),
    (Role.SUPERVISOR, Do.ASSIGN_CARE): (in_program,),
    **{(role, Do.BREAK_GLASS): (no_client, broke_glass) for role in BREAKERS},
    (Role.PRIVACY, Do.REVIEW_GLASS): (every,),
    (Role.PRIVACY, Do.HOLD): (every,),
    (Role.PRIVACY, Do.MERGE): (every,),
    **{(role, Do.MERGE): (in_program,) for role in (Role.INTAKE, Role.SUPERVISOR)},
    **{(role, Do.MOVE_EPISODE): (in_program,) for role in (Role.INTAKE, Role.SUPERVISOR)},
    **{(role, Do.MOVE_EPISODE): (on_team,) for role in (Role.CLINICIAN, Role.PRESCRIBER)},
    **{(role, Do.SEE_WAITING): (in_program,) for role in (*DESK, Role.CLINICIAN, Role.PRESCRIBER)},
    **{(role, Do.KEEP_WAITING): (in_program,) for role in DESK},
    (Role.SUPERVISOR, Do.SEE_ACCESS): (in_program,),
    (Role.PRIVACY, Do.SEE_ACCESS): (every,),
    (Role.PRIVACY, Do.SEE_WORKLIST): (every,),
    (Role.PRIVACY, Do.SEE_COMPLAINTS): (every,),
    (Role.SUPERVISOR, Do.SEE_WORKLIST): (in_program,),
    **{(role, Do.READ_MESSAGES): (no_client,) for role in Role.values},
    (Role.ADMINISTRATOR, Do.MANAGE_STAFF): (no_client,),
    ("client:screening", Do.ANSWER): (handed_episode,),
    ("client:interview", Do.TELL): (handed_episode,),
    ("client:consent", Do.SIGN_AS_CLIENT): (handed_episode,),
    ("client:plan", Do.SIGN_AS_CLIENT): (handed_episode,),
    ("client:safety", Do.READ_SAFETY): (handed_episode,),
    ("job:deliver", Do.SEND): (every,),
    ("job:remind", Do.NUDGE): (every,),
    ("job:escalate", Do.ESCALATE): (every,),
    ("job:escalate", Do.NUDGE): (every,),
    ("job:pass_on", Do.PASS_ON): (every,),
    ("command:import", Do.IMPORT): (every,),
    ("command:import", Do.SEARCH): (no_client,),
    ("command:import", Do.REGISTER): (every,),
    ("command:import", Do.SCREEN): (every,),
}


def roles_of(who: Any) -> list[str]:
    """The roles that the policy table is asked with: a person's duties, a job's own name, what a client holds."""
    if who.actor_kind == "staff":
        return sorted({str(duty["role"]) for duty in who.duties})
    return [f"{who.actor_kind}:{who.actor_name}"]


def lines(who: Any, do: Do) -> list[tuple[str, Relation]]:
    """The policy's lines for this person and this act."""
    return [(role, relation) for role in roles_of(who) for relation in POLICY.get((role, do), ())]


def reach(who: Any, do: Do) -> Q:
    """Which episodes this person may open to do this, as one Q."""
    q = Q(pk__in=[])
    for role, relation in lines(who, do):
        q |= relation(who, who.programs_as(role))
    return q


def facts(who: Any) -> dict[str, Q]:
    """Every relation that any line of this person rests on, by a name that can annotate an episode."""
    mine = roles_of(who)
    pairs: Iterable[tuple[str, Relation]] = {
        (role, relation)
        for (role, _do), relations in POLICY.items()
        if role in mine
        for relation in relations
        if relation is not no_client
    }
    return {fact(role, relation): relation(who, who.programs_as(role)) for role, relation in pairs}


def fact(role: str, relation: Relation) -> str:
    return f"{role.replace(':', '_')}_{relation.__name__}_fact"


def may_without_client(who: Any, do: Do) -> bool:
    """Whether a role of theirs allows this act where no client is needed."""
    return any(relation is no_client for _role, relation in lines(who, do))


def may_at_all(who: Any, do: Do) -> bool:
    """Whether any line allows them this act for some client: for navigation, never for a decision."""
    return bool(lines(who, do))
