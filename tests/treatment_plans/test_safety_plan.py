"""The safety plan and the relapse and overdose plan: one page each, the client's words, one click away, given, kept."""

import datetime as dt
import io

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse
from pypdf import PdfReader

from caseload import queries as caseload
from clinic.access.chart import Refused
from clinic.access.door import open_caseload, open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.kit import clock
from clinic.kit.due import Urgency
from clinic.people.models import Kind, Program, Role
from clinic.record.models import StaleEdit
from intake.actions import admit
from screening import rules
from screening.actions import correct_screen, file_safety_step, record_screen
from tests.cast import make_person
from tests.house.clinic import put_on_team
from tests.house.pages import sign_in
from tests.screening.answers import phq9
from treatment_plans import actions, queries
from treatment_plans.models import PageGiven, RelapsePlan, SafetyPlan, SafetyPutOff

WORDS = {
    "signs": "I stop eating\nI sit in the car after work",
    "coping": "- Walk to the river",
    "places": "The library",
    "helpers": "My sister Ada, 617 555 0101",
    "services": "The counselor, weekdays until 5",
    "making_safe": "Ada keeps the pills since Monday",
}
HARD = {
    "triggers": "Payday", "early_signs": "I skip group", "helps": "Call Ray first", "naloxone": "has",
    "naloxone_place": "Kitchen shelf", "naloxone_others": "Ray\nThe neighbor, who has the key", "not_alone": "Ray on the phone",
}  # fmt: skip


def at(june, name="page_home", which="safety", *more):
    return reverse(f"treatment_plans:{name}", args=[june, which, *more])


def written(chart, **words):
    row = actions.start_safety_plan(chart)
    return actions.finish_page(
        chart, page=actions.change_page(chart, page=row, version=row.version, **{**WORDS, **words})
    )


def hard_days(chart, place=None, **words):
    row = actions.start_relapse_plan(chart, place=place or chart.episodes[0])
    return actions.finish_page(
        chart, page=actions.change_page(chart, page=row, version=row.version, **{**HARD, **words})
    )


def at_work(cast, june):
    return open_chart(cast.dana, june, to=Do.KEEP_SAFETY)


def text_of(pdf):
    pages = PdfReader(io.BytesIO(pdf)).pages
    return len(pages), " ".join(" ".join(page.extract_text() for page in pages).split())


def is_tagged(pdf):
    root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    return b"pdfuaid" in root["/Metadata"].get_object().get_data() and root["/MarkInfo"]["/Marked"]


def test_it_is_written_together_kept_while_typed_finished_and_given_and_one_click_away(cast):
    june, dana = cast.register(), sign_in(cast.dana)
    put_on_team(cast, june, cast.pat)
    begun = dana.post(at(june, "page_start"))
    with open_chart(cast.dana, june, to=Do.SEE_SAFETY):
        draft = SafetyPlan.objects.get()
    edit = at(june, "page_edit", "safety", draft.public_id)
    assert begun.url == edit and dana.post(at(june, "page_start")).url == edit  # one draft at a time
    typed = {**WORDS, "making_safe": "", "version": 1}
    kept = dana.post(edit, typed, headers={"X-Entwine-Fetch": "1"})
    assert (kept.status_code, kept["X-Entwine-Version"]) == (204, "2")
    assert "I sit in the car after work" in dana.get(edit).content.decode()
    stale = dana.post(edit, {**typed, "signs": "I call nobody"})
    both = stale.content.decode()
    assert stale.status_code == 409 and "I call nobody" in both and "I stop eating" in both
    once = {**WORDS, "version": 2, "finish": "1", "_once": "0b5dbd4c-6d5c-4b39-93b1-9b1f7b3e2d10"}
    give = at(june, "page_give", "safety", draft.public_id)
    assert dana.post(edit, once).url == dana.post(edit, once).url == give
    assert dana.post(give, {"how": "", "language": "en"}).status_code == 422
    assert dana.post(give, {"how": "paper", "language": "es"}).status_code == 302
    chart = dana.get(reverse("caseload:chart", args=[june])).content.decode()
    assert f'href="{at(june)}"' in chart and "Safety plan" in chart
    page = dana.get(at(june)).content.decode()
    for told in (
        "Walk to the river",
        "given to the client on",
        "On paper",
        "Spanish",
        "Call or text 988",
        "Stanley",
    ):
        assert told in page
    assert "I stop eating" in sign_in(cast.pat).get(at(june)).content.decode()
    acts = ["start_safety_plan", "change_page", "finish_page", "give_page"]
    for act in acts:
        row = LedgerRow.objects.filter(act=f"treatment_plans.{act}", outcome="done").latest("pk")
        assert "river" not in str(row.detail)


def test_a_finished_version_never_changes_and_a_new_one_takes_its_place_with_the_old_readable(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.KEEP_SAFETY) as chart:
        first = written(chart)
    put_on_team(cast, june, cast.pat)
    for verb, more in (
        (actions.change_page, {"version": first.version, "signs": "x"}),
        (actions.finish_page, {}),
        (actions.discard_page, {}),
    ):
        with pytest.raises(ValidationError, match="does not change"), at_work(cast, june) as chart:
            verb(chart, page=first, **more)
    with at_work(cast, june) as chart:
        assert SafetyPlan.objects.get().signs == WORDS["signs"]
        draft = actions.start_safety_plan(chart)
        assert (draft.version_no, draft.signs) == (2, WORDS["signs"])
    with pytest.raises(ValidationError, match="still a draft"), at_work(cast, june) as chart:
        actions.give_page(chart, page=draft, how="paper")
    with pytest.raises(StaleEdit), at_work(cast, june) as chart:
        actions.change_page(chart, page=draft, version=7, signs="x")
    with at_work(cast, june) as chart:
        shown = queries.page_versions(chart, "safety")
        assert [(v.row.version_no, v.holds) for v in shown] == [(2, False), (1, True)]
        actions.finish_page(chart, page=actions.change_page(chart, page=draft, version=1, signs="I go quiet"))
    page = sign_in(cast.dana).get(at(june)).content.decode()
    assert "I go quiet" in page and "I stop eating" not in page
    old = sign_in(cast.pat).get(at(june, "page", "safety", first.public_id)).content.decode()
    assert "I stop eating" in old and "earlier version" in old
    for write in (lambda rows: rows.update(signs="x"), lambda rows: rows.delete()):
        with at_work(cast, june), pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            write(SafetyPlan.objects.filter(pk=first.pk))
    with at_work(cast, june):
        assert SafetyPlan.objects.get(pk=first.pk).signs == WORDS["signs"]


def test_nothing_is_finished_empty_and_whoever_may_not_writes_nothing(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.KEEP_SAFETY) as chart:
        begun = actions.start_safety_plan(chart)
    with pytest.raises(ValidationError, match="Nothing is written yet"), at_work(cast, june) as chart:
        actions.finish_page(chart, page=begun)
    put_on_team(cast, june, cast.pat)
    with open_chart(cast.dana, june, to=Do.SEE_SAFETY):
        draft = SafetyPlan.objects.get()
        assert not draft.is_finished
    for name in ("fay", "ines", "omar", "mia", "pia", "abe"):
        assert sign_in(getattr(cast, name)).get(at(june)).status_code == 404
    pat = sign_in(cast.pat)
    sol = sign_in(cast.sol)
    cast.register(cast.mh, given_name="Only")  # elsewhere
    assert pat.get(at(june)).status_code == 200
    edit = at(june, "page_edit", "safety", draft.public_id)
    assert pat.post(edit, {**WORDS, "version": 1, "finish": "1"}).status_code == 404
    with pytest.raises(Refused), open_chart(cast.pat, june, to=Do.SEE_SAFETY) as chart:
        actions.change_page(chart, page=draft, version=1, signs="x")
    assert sol.get(edit).status_code == 200 and sol.get(at(june, "page_home", "else")).status_code == 404
    assert sol.post(at(june, "page_start", "else")).status_code == 404
    with open_chart(cast.dana, june, to=Do.SEE_SAFETY):
        assert SafetyPlan.objects.get().signs == ""


def test_the_safety_plan_is_found_in_every_program_and_the_relapse_plan_stays_in_its_own(cast):
    rosa = cast.register(cast.sud, given_name="Rosa")
    admit(cast.ines, client=rosa, program=cast.mh, clinician=cast.mia)
    with open_chart(cast.dana, rosa, to=Do.KEEP_SAFETY) as chart:
        sud = next(e for e in chart.episodes if e.program_id == cast.sud.pk)
        safety, hard = written(chart), hard_days(chart, sud, helps="Dosing with Quentin")
        given = actions.give_page(chart, page=safety, how="paper")
        assert hard.part2 and given.part2 and safety.program_id == cast.sud.pk
    mia = sign_in(cast.mia)
    seen = [mia.get(reverse("caseload:chart", args=[rosa])), mia.get(at(rosa)),
            mia.get(at(rosa, "page", "safety", safety.public_id)), mia.get(at(rosa, "page_home", "relapse"))]  # fmt: skip
    told = " ".join(answer.content.decode() for answer in seen)
    assert "I stop eating" in told and "a colleague here" in told
    for never in ("Quentin", "Kitchen shelf", "Payday", "Recovery Program", "Dana", at(rosa, "page", "relapse", hard.public_id)):  # fmt: skip
        assert never not in told
    for name in ("page", "page_print"):
        assert mia.get(at(rosa, name, "relapse", hard.public_id)).status_code == 404
    assert mia.get(reverse("treatment_plans:given", args=[rosa, given.public_id])).status_code == 404
    with open_chart(cast.mia, rosa, to=Do.SEE_SAFETY):
        assert not RelapsePlan.objects.exists() and not PageGiven.objects.exists()
    # What mia writes next is the next version of the same page, and nothing of the protected page comes along.
    mia.post(at(rosa, "page_start"))
    mia.post(at(rosa, "page_start", "relapse"))
    with open_chart(cast.mia, rosa, to=Do.SEE_SAFETY):
        assert SafetyPlan.objects.latest("pk").version_no == 2
        assert (RelapsePlan.objects.get().helps, RelapsePlan.objects.get().part2) == ("", False)


def test_a_critical_answer_asks_for_a_safety_plan_the_same_day_until_it_is_done_or_there_is_a_reason(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.KEEP_SAFETY) as chart:
        zone = chart.episodes[0].zone
        taken = record_screen(chart, instrument="phq-9", answers=phq9(2), taken_on=clock.today(zone))
        assert taken.instrument == "phq-9"
    today = clock.today(zone)

    def reasons(day=today):
        with open_caseload(cast.sol, to=Do.REVIEW_CASELOAD) as opened:
            return [due for due in caseload.everything_due(opened, day) if due.code == "safety_plan"]

    (due,) = reasons()
    assert (due.urgency, due.action) == (Urgency.NOW, "Safety plan") and "no safety plan yet" in due.text
    assert reasons(today + dt.timedelta(days=1))[0].urgency == Urgency.NOW
    asked = reverse("treatment_plans:asked", args=[june])
    assert due.href == asked
    dana = sign_in(cast.dana)
    with open_chart(cast.dana, june, to=Do.ANSWER_FLAG) as chart:
        flag = queries.asking_flag(chart, queries.safety_ask(chart))
    step = dana.get(reverse("screening:safety", args=[june, flag.public_id])).content.decode()
    assert asked in step
    assert dana.post(asked, {"why": "", "again_on": ""}).status_code == 422
    late = {"why": "She had to catch her bus", "again_on": today.isoformat()}
    assert dana.post(asked, late).status_code == 422 and reasons()
    assert (
        dana.post(asked, {**late, "again_on": (today + dt.timedelta(days=1)).isoformat()}).status_code == 302
    )
    assert not reasons() and len(reasons(today + dt.timedelta(days=1))) == 1
    with open_chart(cast.dana, june, to=Do.SEE_SAFETY) as chart:
        assert SafetyPutOff.objects.get().why == "She had to catch her bus"
    with open_chart(cast.dana, june, to=Do.KEEP_SAFETY) as chart:
        actions.put_off_safety_plan(chart, flag=flag, why="Hospital has made one", again_on=None)
    assert not reasons(today + dt.timedelta(days=40))
    # A new answer asks again; a finished page, or going over the one there is, answers it.
    with open_chart(cast.dana, june, to=Do.KEEP_SAFETY) as chart:
        file_safety_step(
            chart, flag=flag, told="a", asked="b", done="c", next_contact_on=today, owner=cast.dana
        )
        record_screen(chart, instrument="phq-9", answers=phq9(1), taken_on=today)
    assert reasons()
    with open_chart(cast.dana, june, to=Do.KEEP_SAFETY) as chart:
        page = written(chart)
    assert not reasons()
    with open_chart(cast.dana, june, to=Do.KEEP_SAFETY) as chart:
        record_screen(chart, instrument="phq-9", answers=phq9(3), taken_on=today)
    assert [("go over" in due.text) for due in reasons()] == [True]
    assert at(june) in dana.get(asked).content.decode()
    with open_chart(cast.dana, june, to=Do.KEEP_SAFETY) as chart:
        actions.give_page(chart, page=page, how="aloud")
    assert not reasons() and dana.get(asked).status_code == 302
    assert "safety plan" not in sign_in(cast.pat).get(reverse("home"), follow=True).content.decode()


@pytest.mark.parametrize(("yes", "flagged"), [("cssrs_1", False), ("cssrs_3", True)])
def test_a_positive_columbia_screener_asks_for_a_safety_plan_the_same_day(cast, yes, flagged):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.KEEP_SAFETY) as chart:
        form, today = rules.load("c-ssrs-screener"), clock.today(chart.episodes[0].zone)
        answers = {**{item.id: 0 for item in form.items if item.options}, "cssrs_2": int(flagged), yes: 1}
        record_screen(chart, instrument=form.id, answers=answers, taken_on=today)
        assert (queries.safety_ask(chart) is not None) is flagged
        due = {one.code: one for one in caseload.everything_due(chart, today)}
        assert ("safety_plan" in due) is flagged
    dana = sign_in(cast.dana)
    page = dana.get(due["screen_response"].href).content.decode()
    assert "There is no safety plan yet. It is asked for the same day." in page and at(june) in page
    with open_chart(cast.dana, june, to=Do.KEEP_SAFETY) as chart:
        written(chart)
    assert "Read it with the client today" in dana.get(due["screen_response"].href).content.decode()


def test_an_answer_that_was_corrected_asks_for_nothing(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.KEEP_SAFETY) as chart:
        today = clock.today(chart.episodes[0].zone)
        row = record_screen(chart, instrument="phq-9", answers=phq9(1), taken_on=today)
        assert queries.safety_ask(chart) is not None
        correct_screen(chart, screen=row, answers=phq9(), reason="Misread the line")
        assert queries.safety_ask(chart) is None


def test_each_is_one_printed_page_in_both_languages_with_name_birth_date_and_id(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.KEEP_SAFETY) as chart:
        full = {name: "\n".join(f"{text} number {n}" for n in range(3)) for name, text in WORDS.items()}
        safety = written(chart, **full)
        hard = hard_days(chart, overdose="I take a heart pill")
        draft = actions.start_safety_plan(chart)
        number = chart.client.number
    dana = sign_in(cast.dana)
    said = {}
    for which, row, language in (
        ("safety", safety, "en"), ("safety", safety, "es"), ("relapse", hard, "en"), ("relapse", hard, "es"),
    ):  # fmt: skip
        answer = dana.get(f"{at(june, 'page_print', which, row.public_id)}?language={language}")
        assert answer["Content-Type"] == "application/pdf", answer.content[:300]
        pages, said[which, language] = text_of(answer.content)
        assert pages == 1 and number in said[which, language] and "1988" in said[which, language]
        assert is_tagged(answer.content) and "DRAFT" not in said[which, language]
    assert "My safety plan" in said["safety", "en"] and "Mi plan de seguridad" in said["safety", "es"]
    assert "Walk to the river number 2" in said["safety", "es"] and "988" in said["safety", "es"]
    for told in ("Kitchen shelf", "The neighbor, who has the key", "Call 911", "heart pill"):
        assert told in said["relapse", "en"]
    assert "Llame al 911" in said["relapse", "es"] and "relapse" not in said["relapse", "en"].lower().replace(
        "relapse and", ""
    )
    assert "DRAFT" in text_of(dana.get(at(june, "page_print", "safety", draft.public_id)).content)[1]
    assert LedgerRow.objects.filter(act="treatment_plans.print_page").count() == 5


def test_the_client_reads_it_on_the_tablet_and_nothing_else(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.KEEP_SAFETY) as chart:
        hard, safety = hard_days(chart), written(chart)
    tablet = Browser()
    tablet.force_login(cast.dana)
    to = tablet.post(at(june, "page_give", "safety", safety.public_id), {"how": "tablet", "language": "en"})
    shown = tablet.get(to.url).content.decode()
    hand = reverse("office:hand_over", args=[june, "safety", to.url.rstrip("/").rpartition("/")[2]])
    assert hand in shown
    assert tablet.post(hand).url == "/here/safety/"
    page = tablet.get("/here/safety/").content.decode()
    assert "I stop eating" in page and "988" in page and "Payday" not in page and 'href="/client/' not in page
    tablet.post(reverse("office:speak"), {"language": "es", "back": "/here/safety/"})
    assert "Mi plan de seguridad" in tablet.get("/here/safety/").content.decode()
    assert tablet.get("/here/plan/").status_code == 404
    assert tablet.get(at(june, "page", "relapse", hard.public_id)).status_code == 302
    assert Browser().get("/here/safety/").status_code == 404


def test_supervisors_of_another_program_write_nothing_here(cast):
    june = cast.register()
    other = Program.objects.create(name="Elsewhere", kind=Kind.SUD, part2=True, site=cast.main)
    cast.people["sue"] = make_person("sue", cast.main, (other, Role.SUPERVISOR))
    assert sign_in(cast.sue).post(at(june, "page_start")).status_code == 404
    with open_chart(cast.dana, june, to=Do.SEE_SAFETY):
        assert not SafetyPlan.objects.exists()
