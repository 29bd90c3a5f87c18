"""A plan is signed whole, and then never changes: not by the app, not by the owner of the database."""

import threading
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils.html import strip_tags

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.record.models import Signature, StaleEdit
from tests.conftest import as_owner
from tests.house.pages import sign_in
from tests.treatment_plans.plans import fill_words, in_days, whole_draft
from tests.waiting import until_it_waits
from treatment_plans import actions, queries
from treatment_plans.models import Goal, Intervention, Link, Objective, Plan, PlanProblem, Shown

PARTS = (PlanProblem, Link, Goal, Objective, Intervention)


def sign(cast, june, **given):
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        return actions.sign_plan(chart, plan=whole_draft(chart), **given), chart


def test_signing_freezes_every_part_at_one_moment_and_writes_the_texts_hash(cast):
    june = cast.register()
    plan, _chart = sign(cast, june)
    with open_chart(cast.dana, june, to=Do.SEE_PLAN) as chart:
        moments = {row.frozen_at for model in (*PARTS, Plan) for row in model.objects.all()}
        assert moments == {plan.frozen_at}
        signature = Signature.objects.get(object_id=plan.public_id)
        assert signature.text_hash == queries.tree(chart, plan).text_hash
        assert (signature.role, signature.staff_id) == ("author", cast.dana.pk)
    row = LedgerRow.objects.get(act="treatment_plans.sign_plan")
    assert row.detail["text_hash"] == signature.text_hash
    assert row.object_id == str(plan.public_id)


def test_the_page_shows_every_word_that_is_signed_and_those_words_are_kept(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        plan = whole_draft(chart)
        plan.refresh_from_db()
        actions.change_plan(
            chart, plan=plan, version=plan.version, agreed_on=in_days(-1), words="To sleep <well>"
        )
        copy = queries.whole_copy(queries.tree(chart, plan))
    dana, address = sign_in(cast.dana), reverse("treatment_plans:sign", args=[june, plan.public_id])
    page = " ".join(unescape(strip_tags(dana.get(address).content.decode())).split())
    said = [part.heading for part in copy.sections] + [
        words for part in copy.sections for _l, words in part.lines
    ]
    assert len(said) > 20 and not [words for words in said if words not in page]
    digest = dana.get(address).context["tree"].text_hash
    told = {"text_hash": digest, "client_role": "client", "supervisor": str(cast.omar.public_id)}
    refused = dana.post(address, told)
    assert (
        refused.status_code == 422
        and "Choose a supervisor who works in this program" in refused.content.decode()
    )
    assert dana.post(address, {**told, "supervisor": str(cast.sol.public_id)}).status_code == 302
    with open_chart(cast.dana, june, to=Do.SEE_PLAN) as chart:
        kept = Shown.objects.select_related("signature").get()
        assert kept.body == copy.body and kept.is_whole and kept.signature.role == "author"
        assert queries.current_plan(chart).asked_cosigner.staff == cast.sol.pk
    read = dana.get(
        reverse("treatment_plans:shown", args=[june, plan.public_id, kept.public_id])
    ).content.decode()
    assert "unchanged since" in read and "To sleep &lt;well&gt;" in read and kept.body_hash in read


def test_signing_with_missing_parts_names_each_and_changes_nothing(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = actions.start_plan(chart)
        problem = actions.add_problem(chart, plan=plan, text="Alcohol use", domain="substance_use")
        goal = actions.add_goal(chart, problem=problem, words="Sleep without a drink")
        actions.add_objective(chart, goal=goal, text="Sleep")
    with pytest.raises(ValidationError) as refused, open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        actions.sign_plan(chart, plan=plan)
    told = " ".join(refused.value.messages)
    for word in (
        "strengths",
        "less care",
        "took part",
        "how it is measured",
        "no target",
        "no date",
        "Nothing is planned",
    ):
        assert word in told
    with open_chart(cast.dana, june, to=Do.SEE_PLAN):
        assert not Plan.objects.filter(frozen_at__isnull=False).exists()
        assert not Goal.objects.filter(frozen_at__isnull=False).exists()
        assert not Signature.objects.exists()
    assert not LedgerRow.objects.filter(act="treatment_plans.sign_plan").exists()


def test_the_clients_signature_is_recorded_and_a_refusal_keeps_its_reason(cast):
    june, ada = cast.register(), cast.register(given_name="Ada")
    sign(cast, june, client_name="June Okafor", drawn="M0 0L5 5")
    sign(cast, ada, client_name="Ada Okafor", declined_reason="Wants to read it at home first")
    with open_chart(cast.dana, june, to=Do.SEE_PLAN) as chart:
        assert queries.current_plan(chart).client_signature.name == "June Okafor"
    with open_chart(cast.dana, ada, to=Do.SEE_PLAN) as chart:
        theirs = queries.current_plan(chart).client_signature
        assert theirs.declined_reason == "Wants to read it at home first"


def test_a_missing_client_signature_does_not_block_and_can_come_later(cast):
    june = cast.register()
    plan, _chart = sign(cast, june)
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        before = queries.tree(chart, plan)
        assert before.client_signature is None
        actions.sign_as_client(chart, plan=plan, client_name="June Okafor")
        after = queries.tree(chart, plan)
    assert after.client_signature.text_hash == before.text_hash == after.text_hash


def test_a_text_that_changed_since_it_was_read_is_not_signed(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = whole_draft(chart)
        read = queries.tree(chart, plan).text_hash
        goal = Goal.objects.first()
        actions.change_goal(chart, goal=goal, version=goal.version, words="Something else")
    with pytest.raises(StaleEdit), open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        actions.sign_plan(chart, plan=plan, text_hash=read)
    with open_chart(cast.dana, june, to=Do.SEE_PLAN):
        assert not Plan.objects.get(pk=plan.pk).is_signed


@pytest.mark.parametrize("model", [Plan, *PARTS])
def test_postgres_refuses_the_app_every_change_of_a_frozen_plan(cast, model):
    june = cast.register()
    sign(cast, june)
    with open_chart(cast.dana, june, to=Do.PLAN):
        row = model.objects.first()
        for change in (
            lambda: model.objects.filter(pk=row.pk).update(version=9),
            lambda: model.objects.filter(pk=row.pk).update(frozen_at=None),
            lambda: model.objects.filter(pk=row.pk)._raw_delete("default"),
        ):
            with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
                change()


def test_postgres_refuses_a_new_part_of_a_frozen_plan_and_a_part_moved_out_of_one(cast):
    june = cast.register()
    plan, _chart = sign(cast, june)
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        stamp = {**chart.stamp(chart.episode(plan.episode_id)), "plan": plan}
        problem, goal, objective = (
            PlanProblem.objects.first(),
            Goal.objects.first(),
            Objective.objects.first(),
        )
        other = PlanProblem.objects.last()
        for add in (
            lambda: PlanProblem.objects.create(**stamp, problem=problem.problem, text="x", domain="medical"),
            lambda: Link.objects.create(
                **stamp, from_problem=problem, to_problem=other, verb="feeds", how="x"
            ),
            lambda: Goal.objects.create(**stamp, problem=problem, words="x"),
            lambda: Objective.objects.create(**stamp, goal=goal, text="x"),
            lambda: Intervention.objects.create(**stamp, objective=objective, kind="group"),
        ):
            with pytest.raises(DatabaseError, match="part of something frozen"), transaction.atomic():
                add()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [Plan, *PARTS])
def test_postgres_refuses_the_owner_too(lasting_cast, model):
    june = lasting_cast.register()
    plan, _chart = sign(lasting_cast, june)
    table = model._meta.db_table
    columns = ", ".join(f.column for f in model._meta.concrete_fields if f.column not in ("id", "public_id"))
    refused = [
        f"update {table} set version = 9",
        f"update {table} set frozen_at = null",
        f"delete from {table}",
    ]
    if model is not Plan:
        fresh = columns.replace("frozen_at", "null::timestamptz as frozen_at")
        refused.append(
            f"insert into {table} (public_id, {columns}) select gen_random_uuid(), {fresh} from {table} limit 1"
        )
    with as_owner() as owner, owner.cursor() as cursor:
        for statement in refused:
            cursor.execute("begin")
            cursor.execute(
                "select set_config('entwine.clients', %s, true), set_config('entwine.episodes', %s, true)",
                [f"{{{plan.client_id}}}", f"{{{plan.episode_id}}}"],
            )
            with pytest.raises(DatabaseError, match="frozen"):
                cursor.execute(statement)
            cursor.execute("rollback")
    with open_chart(lasting_cast.dana, june, to=Do.SEE_PLAN) as chart:
        assert queries.current_plan(chart).plan.version == Plan.objects.get(pk=plan.pk).version != 9
    connection.close()


def test_a_new_version_copies_every_part_with_where_it_came_from_and_supersedes_when_signed(cast):
    june = cast.register()
    plan, _chart = sign(cast, june)
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        draft = actions.new_version(chart, plan=plan)
        assert queries.current_plan(chart).plan == plan
        for model in PARTS:
            old = list(model.objects.filter(plan=plan).order_by("pk").values_list("pk", flat=True))
            new = list(model.objects.filter(plan=draft).order_by("pk").values_list("came_from", flat=True))
            assert new == old != []
        assert [t.text for t in queries.tree(chart, draft).troubles] == ["Alcohol use", "Panic"]
        assert queries.tree(chart, draft).ties[0].sentence == "Alcohol use sets off Panic"
        fill_words(chart, draft)
        actions.sign_plan(chart, plan=draft)
        assert queries.current_plan(chart).plan == draft
        assert queries.tree(chart, plan).status == "Superseded"
        with pytest.raises(ValidationError, match="newer version"):
            actions.new_version(chart, plan=plan)


def test_a_draft_can_be_discarded_and_the_signed_version_stays(cast):
    june = cast.register()
    plan, _chart = sign(cast, june)
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        draft = actions.new_version(chart, plan=plan)
        actions.discard_draft(chart, plan=draft)
        assert queries.current_plan(chart).plan == plan
        assert Plan.objects.count() == 1


def test_a_step_of_a_colleague_who_left_since_is_named_and_stops_the_signing(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = whole_draft(chart)
        step = Intervention.objects.first()
        actions.change_intervention(
            chart, intervention=step, version=step.version, kind="group", frequency="weekly", duration="a month", staff=cast.nell
        )  # fmt: skip
    nell = cast.nell
    nell.is_active = False
    nell.save()
    with (
        pytest.raises(ValidationError, match="no longer works here"),
        open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart,
    ):
        actions.sign_plan(chart, plan=plan)


def test_a_date_that_passed_while_the_draft_waited_is_named(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = whole_draft(chart)
        Objective.objects.update(target_on=in_days(-1))
        found = [gap.text for gap in queries.missing(queries.tree(chart, plan), in_days(0))]
    assert len([text for text in found if "has passed" in text]) == 2


def test_words_saved_at_the_moment_of_signing_wait_and_come_back_to_their_writer(lasting_cast):
    june = lasting_cast.register()
    with open_chart(lasting_cast.dana, june, to=Do.PLAN) as chart:
        plan = whole_draft(chart)
        goal = Goal.objects.filter(plan=plan).first()
    url = reverse("treatment_plans:change", args=[june, plan.public_id, "goal", goal.public_id])
    window = Browser(raise_request_exception=False)
    window.force_login(lasting_cast.dana)
    came = []

    def save() -> None:
        came.append(window.post(url, {"words": "Typed while it was signed", "version": goal.version}))
        connection.close()

    late = threading.Thread(target=save)
    with open_chart(lasting_cast.dana, june, to=Do.SIGN_PLAN) as chart:
        actions.sign_plan(chart, plan=plan)
        late.start()
        until_it_waits()  # for the plan that is being signed
    late.join()
    page = came[0].content.decode()
    assert came[0].status_code == 422 and "Typed while it was signed" in page and "is signed" in page


@pytest.mark.django_db(transaction=True)
def test_postgres_takes_each_signature_once_in_the_words_that_were_signed_and_shown(lasting_cast):
    june = lasting_cast.register()
    plan, _chart = sign(lasting_cast, june, client_name="June Okafor", declined_reason="Not today")
    with open_chart(lasting_cast.dana, june, to=Do.SIGN_PLAN) as chart:
        actions.sign_as_client(
            chart, plan=plan, client_name="June Okafor", language="es"
        )  # she may still sign
    for again in ("June Okafor", "J. O."):
        with (
            pytest.raises(ValidationError, match="signed already"),
            open_chart(lasting_cast.dana, june, to=Do.SIGN_PLAN) as chart,
        ):
            actions.sign_as_client(chart, plan=plan, client_name=again)
    with open_chart(lasting_cast.dana, june, to=Do.SIGN_PLAN) as chart:
        draft = actions.new_version(chart, plan=plan)
        first = Shown.objects.order_by("pk").first()
        assert Signature.objects.count() == Shown.objects.count() == 3
    columns = ", ".join(
        f.column for f in Signature._meta.concrete_fields if f.column not in ("id", "public_id")
    )
    copied = "insert into record_signature (public_id, {columns}) select gen_random_uuid(), {values} from record_signature"
    shown = "insert into treatment_plans_shown ({into}) select {out} from treatment_plans_shown where id = {first}"
    names = [f.column for f in Shown._meta.concrete_fields if f.column not in ("id", "public_id")]

    def signature(of: str, **other: str) -> str:
        values = ", ".join(
            f"{other[name]} as {name}" if name in other else name for name in columns.split(", ")
        )
        return f"{copied.format(columns=columns, values=values)} where role = '{of}' and declined_reason = ''"

    def text(**other: str) -> str:
        out = ", ".join(other.get(name, name) for name in names)
        return shown.format(
            into=f"public_id, {', '.join(names)}", out=f"gen_random_uuid(), {out}", first=first.pk
        )

    told = "'x'"
    refused = {
        signature("author"): "signed already",
        signature("client", name=told): "signed already",
        signature("client", declined_reason=told): "signed already",
        signature("client", role="'representative'", text_hash="repeat('0', 64)"): "in other words",
        signature("client", role="'cosigner'", text_hash="repeat('0', 64)"): "in other words",
        signature("author", object_id=f"'{draft.public_id}'::uuid"): "before it is frozen",
        text(): "once_a_signature",
        text(body=told): "not the text of its hash",
        text(plan_id=str(draft.pk)): "with another signature",
    }
    opened = "select set_config('entwine.clients', %s, true), set_config('entwine.episodes', %s, true)"
    places = [f"{{{plan.client_id}}}", f"{{{plan.episode_id}}}"]
    with as_owner() as owner, owner.cursor() as cursor:
        for statement, why in refused.items():
            cursor.execute("begin")
            cursor.execute(opened, places)
            with pytest.raises(DatabaseError, match=why):
                cursor.execute(statement)
            cursor.execute("rollback")
    with open_chart(lasting_cast.dana, june, to=Do.SIGN_PLAN):
        for statement, why in refused.items():
            with (
                pytest.raises(DatabaseError, match=why),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
        assert Signature.objects.count() == Shown.objects.count() == 3
    connection.close()
