"""What of planning is due, for every client that is open: its own query, whatever their number."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from clinic.access.chart import Open
from clinic.kit import clock
from clinic.kit.dates import date_format
from clinic.kit.due import Due, Urgency
from clinic.kit.words import gettext as _
from clinic.kit.written import Shared, kept
from clinic.people.models import ClinicSetting
from clinic.people.queries import DEFAULTS, current_period
from clinic.record.models import Client, Episode, LevelOfCare, Medication, Signature, SignerRole
from screening.queries import Latest, latest_by_client
from treatment_plans import rules
from treatment_plans.models import (
    Answer,
    ClientWord,
    Cosigning,
    Intervention,
    Link,
    Objective,
    Plan,
    PlanProblem,
    PlanReview,
    RelapsePlan,
    Voice,
)
from treatment_plans.queries.integration import SEEN_TO, screen_facts, words_of
from treatment_plans.queries.positives import unanswered
from treatment_plans.queries.reading import standing, wrong
from treatment_plans.queries.safety import asking_columns, safety_due
from treatment_plans.queries.tree import SIGNED_KIND
from treatment_plans.rules import integration

DRAFT_WAITS = 7  # days, after which an unsigned draft is overdue


def due(opened: Open, today: dt.date) -> list[Due]:
    """Per client: no signed plan in time, review due, an unsigned draft, the client's signature, a safety plan. One query
    beside screening's two (the newest screens, what waits for an answer), which are shared.

    `today`: the date at the clinic. Plan days after admission: by level of care and rule, else setting `plan_due_days`; a review warns at 80 % of its
    time (law.md, section 5). A positive screen that waits for its answer is screening's to say.
    """
    screens, waiting = latest_by_client(opened), _waiting(opened)
    return [
        one
        for row in _standing(opened)
        for one in (
            *_for_client(row, today),
            *_questions(row, screens.get(row.pk, []), waiting[row.pk]),
        )
    ] + list(safety_due(opened, _standing(opened), today))


def _waiting(opened: Open) -> dict[int, set[str]]:
    """Of each client, the instruments whose positive screen nobody has answered."""
    found: dict[int, set[str]] = defaultdict(set)
    for one in unanswered(opened):
        found[one.client_id].add(one.instrument)
    return found


def plan_marks(opened: Open) -> list[tuple[dt.date, str]]:
    """(date, words) of each plan that was signed: marks on the trend charts' time axis. Shares the query of `due`."""
    return [
        (timezone.localdate(at), _("Plan signed"))
        for row in _standing(opened)
        for at in sorted(row.signed_at)
    ]


def _standing(opened: Open) -> list[Any]:
    """Each open client with admission, plans and their days: asked once while this is open."""
    return opened.remember("treatment_plans.standing", lambda: _rows(opened))


@kept
def _rows(opened: Open) -> QuerySet[Client]:
    """Each open client with the day of admission, the plans that hold or wait, and the clinic's plan days."""
    ever = Plan.objects.filter(
        ~Exists(wrong()), client=OuterRef("pk"), episode__in=opened.episode_ids, frozen_at__isnull=False
    )
    theirs = Q(role__in=(SignerRole.CLIENT, SignerRole.REPRESENTATIVE))
    signed = Signature.objects.filter(theirs, object_kind=SIGNED_KIND, object_id=OuterRef("public_id"))
    problems = PlanProblem.objects.filter(plan=OuterRef("pk")).values(
        json=JSONObject(
            id=F("pk"), instrument=F("instrument"), text=F("text"), code=F("code"), domain=F("domain"), put_off=F("put_off")
        )
    )  # fmt: skip
    aims = Objective.objects.filter(plan=OuterRef("pk")).values(
        json=JSONObject(instrument=F("instrument"), text=F("text"))
    )
    done = Intervention.objects.filter(plan=OuterRef("pk")).values(
        json=JSONObject(
            kind=F("kind"),
            text=F("text"),
            link=F("link_id"),
            given=F("staff__given_name"),
            family=F("staff__family_name"),
            active=F("staff__is_active"),
        )
    )
    ties = Link.objects.filter(plan=OuterRef("pk")).values(
        json=JSONObject(id=F("pk"), a=F("from_problem_id"), b=F("to_problem_id"))
    )
    cosign = Cosigning.objects.filter(plan=OuterRef("pk"), answered_at__isnull=True).values(
        json=JSONObject(
            staff=F("supervisor_id"), family=F("supervisor__family_name"), due=F("due_on"), active=F("supervisor__is_active")
        )
    )  # fmt: skip
    withdrawn = ClientWord.objects.filter(plan=OuterRef("pk"), kind=Voice.WITHDRAW)
    reviews = (
        PlanReview.objects.filter(plan=OuterRef("pk"), next_on__isnull=False)
        .order_by("pk")
        .values(json=JSONObject(at=F("reviewed_at"), next_on=F("next_on")))
    )
    level = LevelOfCare.objects.filter(current_period(), episode=OuterRef("episode")).values(
        json=JSONObject(level=F("level"), since=F("starts_on"))
    )
    rule = ClinicSetting.objects.filter(name="plan_rule").order_by("-holds_from")
    own_days = ClinicSetting.objects.filter(name="plan_level_days").order_by("-holds_from")
    own_due = ClinicSetting.objects.filter(name="plan_level_due").order_by("-holds_from")
    given = LevelOfCare.objects.filter(current_period(), episode=OuterRef("pk"))
    answers = Answer.objects.filter(plan=OuterRef("pk")).values(
        json=JSONObject(rule=F("rule"), about=F("about"))
    )
    taken = Medication.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today()),
        client=OuterRef("pk"),
        episode__in=opened.episode_ids,
    )
    hard_days = RelapsePlan.objects.filter(
        client=OuterRef("pk"), episode__in=opened.episode_ids, frozen_at__isnull=False
    )
    plans = (
        Plan.objects.filter(standing(), ~Exists(wrong()), client=OuterRef("pk"), episode__in=opened.episode_ids)
        .order_by("-pk")
        .values(
            json=JSONObject(
                public_id=F("public_id"), episode=F("episode_id"), frozen_at=F("frozen_at"), made_at=F("begun_at"),
                review_on=F("review_on"), author=F("author_id"), client_signed=Exists(signed),
                problems=ArraySubquery(problems), done=ArraySubquery(done), ties=ArraySubquery(ties),
                aims=ArraySubquery(aims), step_down=F("step_down"), answers=ArraySubquery(answers), cosign=ArraySubquery(cosign), withdrawn=Exists(withdrawn),
                reviews=ArraySubquery(reviews), level=ArraySubquery(level),
            )
        )
    )  # fmt: skip
    running = Episode.objects.filter(client=OuterRef("pk"), pk__in=opened.episode_ids, ends_on__isnull=True)
    days = ClinicSetting.objects.filter(name="plan_due_days").order_by("-holds_from")
    return (
        Client.objects.filter(pk__in=opened.clients)
        .annotate(
            plan_rows=ArraySubquery(plans),
            signed_at=ArraySubquery(ever.values("frozen_at")),
            admitted=ArraySubquery(running.order_by("starts_on", "pk").values(json=JSONObject(id=F("pk"), on=F("starts_on"), level=Subquery(given.values("level")[:1])))),
            taken=ArraySubquery(taken.order_by("pk").values("name")),
            naloxone=Subquery(hard_days.order_by("-frozen_at", "-pk").values("naloxone")[:1]),
            plan_rule=Subquery(rule.values("value")[:1], output_field=Shared()),
            level_due=Subquery(own_due.values("value")[:1], output_field=Shared()),
            level_days=Subquery(own_days.values("value")[:1], output_field=Shared()),
            plan_days=Subquery(days.values("value")[:1], output_field=Shared()),
            **asking_columns(opened),
        )
        .only("pk", "public_id")
        .order_by("pk")
    )  # fmt: skip


def _for_client(row: Any, today: dt.date) -> Iterator[Due]:
    plans = [_dated(plan) for plan in row.plan_rows]
    held = next((plan for plan in plans if plan["frozen_at"]), None)
    draft = next((plan for plan in plans if not plan["frozen_at"]), None)
    if held is None and row.admitted:
        yield from _plan_due(row, draft, today)
    if held is not None and held["review_on"]:
        yield from _review_due(row, held, today)
    if draft is not None:
        yield _draft_due(row, draft, today)
    if held is not None:
        yield from _hands_due(row, held, today)


def _dated(plan: dict[str, Any]) -> dict[str, Any]:
    moments = {name: plan[name] for name in ("frozen_at", "made_at") if plan[name]}
    days = {name: timezone.localdate(dt.datetime.fromisoformat(at)) for name, at in moments.items()}
    review_on = dt.date.fromisoformat(plan["review_on"]) if plan["review_on"] else None
    return {**plan, **days, "review_on": review_on}


def _answered(plan: dict[str, Any]) -> set[tuple[str, str]]:
    return {(one["rule"], one["about"]) for one in plan["answers"]}


def _questions(row: Any, screens: list[Latest], waiting: set[str]) -> Iterator[Due]:
    """What the integration check asks of the plan that holds, and nobody answered: one line for each."""
    held = next((plan for plan in row.plan_rows if plan["frozen_at"]), None)
    if held is None:
        return
    signed = timezone.localdate(dt.datetime.fromisoformat(held["frozen_at"]))
    for one in rules.findings(_facts(held, row, screen_facts(screens, waiting))):
        asked = rules.RULES[one.rule].asks and one.rule != "screen_unanswered"  # that one has its own line
        if asked and (one.rule, one.about) not in _answered(held):
            yield _home(
                row, "plan_question", words_of(one), signed, Urgency.OPEN, episode_id=held["episode"], owner=held["author"],
                route="treatment_plans:answer", args=(str(row.public_id), held["public_id"]), action=_("Answer in the plan"),
            )  # fmt: skip


def _facts(plan: dict[str, Any], row: Any, screens: tuple[integration.ScreenFact, ...]) -> rules.Facts:
    worked_on = {step["link"] for step in plan["done"]}
    ends = [one[end] for one in plan["ties"] if one["id"] in worked_on for end in ("a", "b")]
    sides = {p["id"]: p["domain"] for p in plan["problems"]}
    measured = integration.GoalFact(
        "",
        "",
        tuple(integration.ObjectiveFact("", "", True, True, aim["instrument"]) for aim in plan["aims"]),
    )
    return rules.Facts(
        problems=tuple(
            integration.ProblemFact(
                "", p["text"], p["domain"], p["code"], p["instrument"], p["put_off"], (measured,)
            )
            for p in plan["problems"]
        ),
        screens=screens,
        medications=tuple(row.taken),
        done=tuple((step["kind"], step["text"]) for step in plan["done"]),
        words=(plan["step_down"], *(aim["text"] for aim in plan["aims"])),
        linked_sides=frozenset(sides[end] for end in ends if end in sides),
        naloxone=row.naloxone in SEEN_TO,
    )


def _home(row: Any, code: str, text: str, since: dt.date, urgency: Urgency, **more: Any) -> Due:
    return Due(
        client_id=row.pk, code=code, text=text, since=since, urgency=urgency,
        **{"route": "treatment_plans:home", "args": (str(row.public_id),), "action": _("Open the plan"), **more},
    )  # fmt: skip


def _plan_due(row: Any, draft: dict[str, Any] | None, today: dt.date) -> Iterator[Due]:
    first = row.admitted[0]
    days = rules.plan_days(row.plan_rule or DEFAULTS["plan_rule"], first["level"] or "", row.level_due)
    if days is None:
        days = int(DEFAULTS["plan_due_days"] if row.plan_days is None else row.plan_days)
    begins = dt.date.fromisoformat(first["on"])
    ends = begins + dt.timedelta(days=days)
    if today > ends:
        text = _("No signed plan %(now)s days after admission (due after %(days)s)") % {
            "now": (today - begins).days,
            "days": days,
        }
        urgency = Urgency.OVERDUE
    elif rules.is_soon(begins, ends, today):
        text = _("The plan is due on %(day)s") % {"day": date_format(ends, "j M Y")}
        urgency = Urgency.SOON
    else:
        return
    episode = draft["episode"] if draft else row.admitted[0]["id"]
    action = _("Go on with the plan") if draft else _("Start the plan")
    yield _home(row, "plan_due", text, ends, urgency, episode_id=episode, action=action)


def _review_due(row: Any, held: dict[str, Any], today: dt.date) -> Iterator[Due]:
    begins, ends = _review_day(row, held)
    day = date_format(ends, "j M Y")
    told = {
        "episode_id": held["episode"], "owner": held["author"], "action": _("Review the plan"),
        "route": "treatment_plans:review", "args": (str(row.public_id), held["public_id"]),
    }  # fmt: skip
    if today > ends:
        text = _("Plan review was due on %(day)s") % {"day": day}
        yield _home(row, "plan_review", text, ends, Urgency.OVERDUE, **told)
    elif rules.is_soon(begins, ends, today):
        text = _("Plan review is due on %(day)s") % {"day": day}
        yield _home(row, "plan_review", text, ends, Urgency.SOON, **told)


def _review_day(row: Any, held: dict[str, Any]) -> tuple[dt.date, dt.date]:
    """From when the time to the next review counts, and when it is: a changed level of care begins it anew."""
    begins, planned = held["frozen_at"], held["review_on"]
    for one in held["reviews"]:
        begins, planned = (
            timezone.localdate(dt.datetime.fromisoformat(one["at"])),
            dt.date.fromisoformat(one["next_on"]),
        )
    level = held["level"][0] if held["level"] else None
    if level is None:
        return begins, planned
    since = dt.date.fromisoformat(level["since"])
    days = rules.review_days(row.plan_rule or DEFAULTS["plan_rule"], level["level"], row.level_days)
    return max(begins, since), rules.review_on(begins, planned, since, days)


def _draft_due(row: Any, draft: dict[str, Any], today: dt.date) -> Due:
    text = _("Plan draft of %(day)s is not signed") % {"day": date_format(draft["made_at"], "j M Y")}
    late = (today - draft["made_at"]).days > DRAFT_WAITS
    return _home(
        row, "plan_unsigned", text, draft["made_at"], Urgency.OVERDUE if late else Urgency.OPEN,
        episode_id=draft["episode"], owner=draft["author"], route="treatment_plans:edit",
        args=(str(row.public_id), draft["public_id"]), action=_("Go on with the plan"),
    )  # fmt: skip


def _hands_due(row: Any, held: dict[str, Any], today: dt.date) -> Iterator[Due]:
    """What waits for somebody's hand: the client's, the cosigner's, someone else's in place of who has left."""
    told = {"episode_id": held["episode"], "owner": held["author"]}
    if not held["client_signed"]:
        yield _signature_due(row, held)
    if held["withdrawn"]:
        text = _("The client took back their agreement to the plan: talk it over")
        yield _home(row, "plan_withdrawn", text, held["frozen_at"], Urgency.SOON, **told)
    for asked in held["cosign"]:
        yield _cosign_due(row, held, asked, today)
    gone = {f"{step['given']} {step['family']}" for step in held["done"] if step["active"] is False}
    for name in sorted(gone):
        text = _(
            "%(who)s is responsible for something in the plan and no longer works here: name someone else"
        )
        yield _home(
            row, "plan_responsible_left", text % {"who": name}, held["frozen_at"], Urgency.SOON, **told,
            action=_("Name someone else"),
        )  # fmt: skip


def _cosign_due(row: Any, held: dict[str, Any], asked: dict[str, Any], today: dt.date) -> Due:
    by = dt.date.fromisoformat(asked["due"])
    if asked["active"]:
        text, place, owner = (
            _("The plan waits for the cosignature of %(who)s, due on %(day)s"),
            "cosign",
            asked["staff"],
        )
    else:
        text = _("%(who)s, who was asked to cosign the plan, no longer works here: ask someone else")
        place, owner = "ask_cosign", held["author"]
    return _home(
        row, "plan_cosign", text % {"who": asked["family"], "day": date_format(by, "j M Y")}, by,
        Urgency.OVERDUE if today > by else Urgency.OPEN, episode_id=held["episode"], owner=owner,
        route=f"treatment_plans:{place}", args=(str(row.public_id), held["public_id"]), action=_("Cosignature"),
    )  # fmt: skip


def _signature_due(row: Any, held: dict[str, Any]) -> Due:
    text = _("The client has not signed the plan of %(day)s") % {
        "day": date_format(held["frozen_at"], "j M Y")
    }
    return _home(
        row, "plan_client_signature", text, held["frozen_at"], Urgency.OPEN, episode_id=held["episode"],
        owner=held["author"], route="treatment_plans:show", args=(str(row.public_id), held["public_id"]),
        action=_("Ask for the signature"),
    )  # fmt: skip
