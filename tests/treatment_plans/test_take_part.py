"""The client's part: they read the draft in plain words, say what they think, sign what they were shown or say no."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse

from clinic.access.chart import Refused
from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.record.models import Signature
from tests.conftest import as_owner
from tests.house.pages import sign_in
from tests.treatment_plans.plans import fill_words, in_days, whole_draft
from treatment_plans import actions, queries
from treatment_plans.models import Answer, ClientWord, Count, Goal, Objective, PlanNote, Shown

HERE = "/here/plan/"


def draft_of(cast, june):
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        return whole_draft(chart)


def signed_by_dana(cast, june, **given):
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        return actions.sign_plan(chart, plan=whole_draft(chart), **given)


def handed(cast, june, plan, language="en"):
    """A tablet in June's hands with her plan on it; nobody is signed in there."""
    tablet = Browser()
    tablet.force_login(cast.dana)
    asked = tablet.post(reverse("office:hand_over", args=[june, "plan", plan.public_id]))
    assert asked.status_code == 302, asked.status_code
    if language == "es":
        tablet.post(reverse("office:speak"), {"language": "es", "back": HERE})
    return tablet


def test_the_client_reads_the_draft_in_plain_words_and_disagrees_word_for_word(cast):
    june = cast.register()
    plan = draft_of(cast, june)
    tablet = handed(cast, june, plan)
    page = tablet.get(HERE).content.decode()
    assert "It is not done" in page and "I always show up for my kids." in page and "My goal:" in page
    for never in ("F10", "Panic (", "SHA-256", 'href="/client/'):
        assert never not in page
    about = re.search(r"say/\?about=([^\"]+)", page.split("I want less of it: Panic")[1])[1].replace(
        "%3A", ":"
    )
    words = "  I never said that. I want to sleep, not “less panic”.  "
    assert (
        tablet.post(f"{HERE}say/", {"section": about, "kind": "disagree", "words": words}).status_code == 302
    )
    assert tablet.post(f"{HERE}say/", {"section": about, "kind": "disagree", "words": " "}).status_code == 422
    assert (
        tablet.post(f"{HERE}sign/", {"name": "June", "body_hash": "x"}).status_code == 422
    )  # not before it is frozen
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        said = ClientWord.objects.get()
        assert (said.words, said.kind, said.heading, said.taken_by) == (
            words.strip(),
            "disagree",
            "Panic",
            None,
        )
        assert not Signature.objects.exists()
        with pytest.raises(ValidationError, match="their words stay"):
            actions.discard_draft(chart, plan=plan)
    assert words.strip() in sign_in(cast.dana).get(
        reverse("treatment_plans:home", args=[june])
    ).content.decode().replace("&quot;", '"')
    row = LedgerRow.objects.get(act="treatment_plans.say_about_plan")
    assert row.actor_kind == "client" and "sleep" not in str(row.detail)


def test_what_was_shown_is_what_is_kept_with_its_language_and_version(cast):
    june = cast.register()
    plan = signed_by_dana(cast, june)
    tablet = handed(cast, june, plan, "es")
    page = tablet.get(f"{HERE}sign/").content.decode()
    assert "Firmar mi plan" in page and "Mi meta:" in tablet.get(HERE).content.decode()
    digest = re.search(r'name="body_hash" value="(\w+)"', page)[1]
    assert tablet.post(f"{HERE}sign/", {"name": "June Okafor", "body_hash": digest}).status_code == 302
    with open_chart(cast.dana, june, to=Do.SEE_PLAN) as chart:
        shown = Shown.objects.select_related("signature").get(signature__role="client")
        tree = queries.tree(chart, plan)
        assert (shown.language, shown.body_hash, shown.wording) == ("es", digest, "2026-11")
        assert "Mi meta: I want less of it: Panic" in shown.body
        assert shown.signature.text_hash == tree.text_hash == tree.client_signature.text_hash
    detail = LedgerRow.objects.get(act="treatment_plans.sign_shown_plan").detail
    assert (detail["shown_hash"], detail["text_hash"]) == (digest, shown.signature.text_hash)
    read = sign_in(cast.sol).get(
        reverse("treatment_plans:shown", args=[june, plan.public_id, shown.public_id])
    )
    assert "unchanged since" in read.content.decode() and "Mi plan de cuidado" in read.content.decode()


def test_the_client_may_say_no_and_why_is_not_asked_again_and_may_change_their_mind(cast):
    june = cast.register()
    plan = signed_by_dana(cast, june)
    tablet = handed(cast, june, plan)
    digest = re.search(r'name="body_hash" value="(\w+)"', tablet.get(f"{HERE}sign/?no=1").content.decode())[1]
    told = {
        "name": "June Okafor",
        "body_hash": digest,
        "no": "1",
        "declined_reason": "I want my sister to read it.",
    }
    assert tablet.post(f"{HERE}sign/", told).status_code == 302
    page = tablet.get(HERE).content.decode()
    assert "If you change your mind" in page and "I do not want to sign" not in page
    with open_chart(cast.dana, june, to=Do.SEE_PLAN) as chart:
        assert queries.current_plan(chart).client_signature.declined_reason == "I want my sister to read it."
        assert "plan_client_signature" not in {one.code for one in queries.due(chart, in_days(0))}


def test_a_page_that_is_not_what_is_kept_now_is_not_signed(cast):
    june = cast.register()
    tablet = handed(cast, june, signed_by_dana(cast, june))
    answer = tablet.post(f"{HERE}sign/", {"name": "June", "body_hash": "0" * 64})
    assert answer.status_code == 409 and "changed while you read it" in answer.content.decode()
    with open_chart(cast.dana, june, to=Do.SEE_PLAN):
        assert Shown.objects.get().signature == Signature.objects.get()  # dana's own


def test_a_client_who_takes_back_their_agreement_leaves_the_plan_in_force_and_their_words_beside_it(cast):
    june = cast.register()
    plan = signed_by_dana(cast, june, client_name="June Okafor")
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        actions.take_client_word(chart, plan=plan, kind="withdraw", words="I signed because I was tired.")
        assert queries.current_plan(chart).said[0].taken_by == "Dana Tester, LCSW"
        assert "plan_withdrawn" in {one.code for one in queries.due(chart, in_days(0))}


def test_r3_a_cosignature_is_asked_of_a_named_supervisor_and_neither_edits_nor_locks(cast):
    june = cast.register()
    plan = signed_by_dana(cast, june)
    dana, sol = sign_in(cast.dana), sign_in(cast.sol)
    ask, sign = (
        reverse(f"treatment_plans:{name}", args=[june, plan.public_id]) for name in ("ask_cosign", "cosign")
    )
    assert dana.post(ask, {"supervisor": str(cast.sol.public_id), "due_on": ""}).status_code == 302
    with open_chart(cast.sol, june, to=Do.SEE_PLAN) as chart:
        due = {one.code: one for one in queries.due(chart, in_days(0))}
        assert due["plan_cosign"].owner == cast.sol.pk and due["plan_cosign"].since == in_days(7)
        before = queries.tree(chart, plan).text_hash
    assert sol.post(sign, {"return": "1", "words": "Name the sponsor, please"}).status_code == 302
    assert (
        "Name the sponsor, please" in dana.get(reverse("treatment_plans:home", args=[june])).content.decode()
    )
    dana.post(ask, {"supervisor": str(cast.sol.public_id), "due_on": str(in_days(2))})
    assert sol.post(sign, {"words": ""}).status_code == 302
    assert sol.post(sign, {"words": ""}).status_code == 422  # once
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        tree = queries.current_plan(chart)
        assert [s.role for s in tree.signatures] == ["author", "cosigner"]
        assert {s.text_hash for s in tree.signatures} == {before}
        actions.new_version(chart, plan=plan)  # nothing is locked by it


def test_r3_nobody_cosigns_for_another_nor_their_own_and_the_attempt_is_on_the_ledger(cast):
    june = cast.register()
    plan = signed_by_dana(cast, june)
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        actions.ask_cosign(chart, plan=plan, supervisor=cast.sol)
    with pytest.raises(Refused), open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        actions.cosign(chart, plan=plan)
    with pytest.raises(ValidationError), open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        actions.ask_cosign(chart, plan=plan, supervisor=cast.omar)
    assert LedgerRow.objects.filter(act="treatment_plans.cosign", outcome="refused").count() == 1
    sol = cast.sol
    sol.is_active = False
    sol.save()
    with open_chart(cast.dana, june, to=Do.SEE_PLAN) as chart:
        due = next(one for one in queries.due(chart, in_days(0)) if one.code == "plan_cosign")
        assert "no longer works here" in due.text and due.owner == cast.dana.pk
        assert Signature.objects.count() == 1


def test_r2_an_addendum_a_correction_and_a_late_entry_stand_labelled_beside_the_unchanged_text(cast):
    june = cast.register()
    plan = signed_by_dana(cast, june)
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        before = queries.tree(chart, plan).text_hash
        actions.add_note(chart, plan=plan, kind="addendum", words="Her sister joins on Tuesdays.")
        actions.add_note(
            chart, plan=plan, kind="correction", words="12 weeks, not 10.", happened_on=in_days(-9)
        )
        tree = queries.tree(chart, plan)
        assert [note.label for note in tree.notes] == ["Addendum", "Late entry: correction"]
        assert tree.text_hash == before and tree.notes[1].signed_as == "Dana Tester, LCSW"
    for wrong in ({"kind": "rewrite"}, {"words": " "}, {"happened_on": in_days(1)}):
        with pytest.raises(ValidationError), open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
            actions.add_note(chart, plan=plan, **{"kind": "addendum", "words": "x", **wrong})
    ada = cast.register(given_name="Ada")
    draft = draft_of(cast, ada)
    with pytest.raises(ValidationError, match="draft"), open_chart(cast.dana, ada, to=Do.SIGN_PLAN) as chart:
        actions.add_note(chart, plan=draft, kind="addendum", words="x")


def test_r2_a_plan_signed_long_after_the_talk_says_both_days(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        plan = whole_draft(chart)
        plan.refresh_from_db()
        actions.change_plan(chart, plan=plan, version=plan.version, agreed_on=in_days(-8))
        actions.sign_plan(chart, plan=plan)
        assert queries.tree(chart, plan).is_late_entry


def test_r4_a_plan_entered_in_error_leaves_the_care_view_and_the_one_before_holds_again(cast):
    june = cast.register()
    first = signed_by_dana(cast, june)
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        wrong = actions.new_version(chart, plan=first)
        fill_words(chart, wrong)
        wrong = actions.sign_plan(chart, plan=wrong)
        assert queries.current_plan(chart).plan == wrong
        actions.add_note(chart, plan=wrong, kind="in_error", words="This was Ada's plan.")
        assert queries.current_plan(chart).plan == first
        assert [v.status for v in queries.versions(chart)] == ["Entered in error", "Active"]
    address = reverse("treatment_plans:show", args=[june, wrong.public_id])
    hidden = sign_in(cast.dana).get(address)
    assert hidden.status_code == 410 and "I always show up" not in hidden.content.decode()
    assert (
        "I always show up" in sign_in(cast.sol).get(address).content.decode()
    )  # kept, for who answers for the record
    with (
        pytest.raises(ValidationError, match="entered in error"),
        open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart,
    ):
        actions.sign_as_client(chart, plan=wrong, client_name="June Okafor")
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        third = actions.new_version(chart, plan=first)
        assert third.version_no == 3
        actions.discard_draft(chart, plan=third)
        actions.add_note(chart, plan=first, kind="in_error", words="So was this.")
        assert queries.current_plan(chart) is None
        assert actions.start_plan(chart).version_no == 3


def test_a_signature_after_someone_else_changed_a_goal_is_told_what_changed(lasting_cast):
    june = lasting_cast.register()
    plan = draft_of(lasting_cast, june)
    address = reverse("treatment_plans:sign", args=[june, plan.public_id])
    dana = sign_in(lasting_cast.dana)
    page = dana.get(address).content.decode()
    read = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("text_hash", "read_at")}
    with open_chart(lasting_cast.dana, june, to=Do.PLAN) as chart:
        goal = Goal.objects.first()
        actions.change_goal(chart, goal=goal, version=goal.version, words="Walk to work every day")
    answer = dana.post(address, {**read, "client_role": "client"})
    told = answer.content.decode()
    assert answer.status_code == 409 and "<del>I want less of it: Alcohol use</del>" in told
    assert "<ins>Walk to work every day</ins>" in told and "Dana Tester" in told
    with open_chart(lasting_cast.dana, june, to=Do.SEE_PLAN):
        assert not Signature.objects.exists()


def test_signing_in_two_tabs_signs_once(cast):
    june = cast.register()
    plan = draft_of(cast, june)
    address = reverse("treatment_plans:sign", args=[june, plan.public_id])
    dana = sign_in(cast.dana)
    digest = re.search(r'name="text_hash" value="([^"]+)"', dana.get(address).content.decode())[1]
    answers = [dana.post(address, {"text_hash": digest, "client_role": "client"}) for _tab in range(2)]
    assert [a.status_code for a in answers] == [302, 302]
    with open_chart(cast.dana, june, to=Do.SEE_PLAN):
        assert Signature.objects.count() == 1


def test_an_attempt_to_change_a_signed_plan_is_refused_and_named_on_the_ledger(cast):
    june = cast.register()
    plan = signed_by_dana(cast, june)
    with open_chart(cast.dana, june, to=Do.PLAN):
        goal = Goal.objects.first()
    address = reverse("treatment_plans:change", args=[june, plan.public_id, "goal", goal.public_id])
    assert (
        sign_in(cast.dana).post(address, {"words": "Something else", "version": goal.version}).status_code
        == 422
    )
    row = LedgerRow.objects.get(act="treatment_plans.change_signed_plan")
    assert (row.outcome, row.object_id, row.actor_id) == ("refused", str(plan.public_id), cast.dana.pk)


def _everything_said(cast, june):
    """A row of each kind that never changes, about June's plan."""
    plan = signed_by_dana(cast, june)
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        actions.count_objective(chart, objective=Objective.objects.first(), on=in_days(0), value=3)
        actions.take_client_word(chart, plan=plan, kind="comment", words="Fine")
        actions.add_note(chart, plan=plan, kind="addendum", words="More")
        actions.sign_as_client(chart, plan=plan, client_name="June Okafor", language="en")
        stamp = chart.stamp(chart.episode(plan.episode_id))
        Answer.objects.create(
            **stamp, plan=plan, rule="no_naloxone", about="opioid", asked="?", words="!", staff=cast.dana
        )
    return plan


@pytest.mark.django_db(transaction=True)
def test_r1_postgres_refuses_app_and_owner_every_change_of_what_was_said_and_signed(lasting_cast):
    june = lasting_cast.register()
    plan = _everything_said(lasting_cast, june)
    kinds = (Signature, Shown, ClientWord, PlanNote, Answer, Count)
    with open_chart(lasting_cast.dana, june, to=Do.SIGN_PLAN):
        for model in kinds:
            row = model.objects.first()
            for change in (
                lambda model=model, row=row: model.objects.filter(pk=row.pk).update(version=9),
                lambda model=model, row=row: model.objects.filter(pk=row.pk)._raw_delete("default"),
            ):
                with pytest.raises(DatabaseError), transaction.atomic():
                    change()
    with as_owner() as owner, owner.cursor() as cursor:
        for table in (model._meta.db_table for model in kinds):
            for statement in (f"update {table} set version = 9", f"delete from {table}"):
                cursor.execute("begin")
                cursor.execute(
                    "select set_config('entwine.clients', %s, true), set_config('entwine.episodes', %s, true)",
                    [f"{{{plan.client_id}}}", f"{{{plan.episode_id}}}"],
                )
                with pytest.raises(DatabaseError, match="never changes"):
                    cursor.execute(statement)
                cursor.execute("rollback")
