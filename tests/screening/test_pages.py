"""The pages: a form, each answer as it comes, what came of it, and all that can go wrong on the way."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.record.models import Flag
from screening.models import Answering, Screen, Sitting
from tests.screening.answers import ALL, AUDIT_NONE, PHQ9, page, phq9

KINDS = ("phq-9", "gad-7", "pcl-5", "audit", "dast-10")


@pytest.fixture
def june(cast):
    return cast.register()


@pytest.fixture
def dana(cast, client):
    client.force_login(cast.dana)
    return client


def at(name, june, *args, **query):
    path = reverse(f"screening:{name}", args=[june, *args])
    return path + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def rows(cast, june, model):
    with open_chart(cast.dana, june, to=Do.OPEN_CHART):
        return list(model.objects.order_by("pk"))


def marks(html):
    return {
        name: re.search(rf'name="{name}" value="([^"]*)"', html)[1] for name in ("screen_id", "tab", "seen")
    }


@pytest.mark.parametrize("kind", KINDS)
def test_each_form_shows_every_question_verbatim_with_its_keys_and_its_terms(dana, june, kind):
    html = dana.get(at("answer", june, kind)).content.decode()
    assert html.count("data-item ") == len(ALL[kind]) + (7 if kind == "audit" else 0)
    assert (
        "rather not say" in html
        and "attribution" in html
        and not re.search(r'<input type="radio"[^>]* checked', html)
    )
    if kind == "dast-10":
        assert set(re.findall(r'data-score="(.)"', html)) == {"Y", "N"}
    if kind == "audit":
        assert re.findall(r'id="audit_9-\d" name="audit_9" value="(\d)" data-score="(\d)"', html) == [
            ("0", "0"), ("1", "2"), ("2", "4")]  # fmt: skip


def test_the_form_works_without_javascript_and_leads_to_its_result(cast, dana, june):
    answer = dana.post(at("answer", june, "phq-9"), page(PHQ9))
    screen = rows(cast, june, Screen)[0]
    assert answer.url == at("screen", june, screen.public_id) and screen.taken_on.isoformat() == "2026-11-20"
    html = dana.get(answer.url).content.decode()
    assert (
        ">14<" in html
        and "Moderate" in html
        and "Somewhat difficult" in html
        and "nothing to compare" in html
    )


def test_the_change_is_in_the_words_of_the_published_rule_or_says_there_is_none(dana, june):
    dana.post(at("answer", june, "phq-9"), page(phq9(0, phq9_7=3, phq9_8=3), day="2026-10-02"))
    dana.post(at("answer", june, "phq-9"), page({**{f"phq9_{n}": 0 for n in range(1, 10)}, "phq9_1": 3}))
    html = dana.get(
        dana.post(at("answer", june, "audit"), page(AUDIT_NONE, day="2026-10-02")).url
    ).content.decode()
    later = dana.get(dana.post(at("answer", june, "audit"), page(AUDIT_NONE)).url).content.decode()
    assert (
        "nothing to compare" in html and "no published rule" in later and "8 and above, of 40 points" in later
    )
    last = dana.get(at("home", june)).content.decode()
    phq = re.search(r'href="([^"]+)">PHQ-9', last)[1]
    said = dana.get(phq).content.decode()
    assert "15 points lower than on 2 Oct 2026 (18)" in said and "remission" in said and "response" in said


def test_two_of_one_day_are_compared_in_the_order_they_were_given(dana, june):
    dana.post(at("answer", june, "phq-9"), page(PHQ9))
    later = dana.get(dana.post(at("answer", june, "phq-9"), page(phq9(0, phq9_1=0))).url).content.decode()
    assert "2 points lower than on 20 Nov 2026 (14)" in later


def test_each_answer_is_saved_as_it_comes_and_is_there_after_signing_in_again(cast, client, june):
    client.force_login(cast.dana)
    given = page({"phq9_1": 2})
    saved = client.post(at("keep", june, "phq-9"), given, headers={"HX-Request": "true"})
    assert saved.status_code == 200 and "Saved " in saved.content.decode()
    client.logout()
    lost = client.post(at("keep", june, "phq-9"), {**given, "phq9_2": "1"}, headers={"HX-Request": "true"})
    assert lost.status_code == 401 and lost.headers["X-Entwine-Signin"]
    client.force_login(cast.dana)
    html = client.get(at("answer", june, "phq-9")).content.decode()
    assert re.search(r'name="phq9_1" value="2"[^>]* checked', html) and html.count(" checked>") == 1


def test_autosaves_leave_no_look_and_pages_do(dana, june):
    before = LedgerRow.objects.filter(act="open_chart").count()
    dana.post(at("keep", june, "phq-9"), page({"phq9_1": 2}))
    assert LedgerRow.objects.filter(act="open_chart").count() == before
    dana.get(at("answer", june, "phq-9"))
    assert LedgerRow.objects.filter(act="open_chart").count() == before + 1


def test_item_9_shows_the_safety_step_in_the_very_answer_that_saves_it(cast, dana, june):
    given = page({"phq9_9": 1})
    html = dana.post(at("keep", june, "phq-9"), given).content.decode()
    flag = rows(cast, june, Flag)[0]
    assert at("safety", june, flag.public_id) in html and "Safety step now" in html
    gone = dana.post(at("keep", june, "phq-9"), {**given, "phq9_9": "0"}).content.decode()
    assert "Safety step now" not in gone


@pytest.mark.parametrize("posted", ["4", "-1", "x", "1; drop table", "٣"])
@pytest.mark.parametrize("name", ["answer", "keep"])
def test_an_answer_that_the_form_does_not_have_is_named_and_nothing_is_kept(cast, dana, june, name, posted):
    answer = dana.post(at(name, june, "phq-9"), {**page(PHQ9), "phq9_3": posted})
    assert answer.status_code == 422 and "Question 3" in answer.content.decode()
    assert rows(cast, june, Screen) == [] and rows(cast, june, Answering) == []


def test_a_day_that_has_not_come_is_refused(cast, dana, june):
    answer = dana.post(at("answer", june, "phq-9"), page(PHQ9, day="2099-01-01"))
    assert answer.status_code == 422 and "has not come yet" in answer.content.decode()
    assert rows(cast, june, Screen) == []


def test_open_questions_are_named_and_the_form_may_still_be_filed_as_incomplete(cast, dana, june):
    given = page({name: value for name, value in PHQ9.items() if name not in ("phq9_2", "phq9_5")})
    asked = dana.post(at("answer", june, "phq-9"), given)
    html = asked.content.decode()
    assert asked.status_code == 422 and "Question 2 is not answered" in html and 'href="#phq9_5-0"' in html
    assert rows(cast, june, Screen) == [] and len(rows(cast, june, Answering)) == 1
    filed = dana.get(
        dana.post(at("answer", june, "phq-9"), {**given, "incomplete": "1"}).url
    ).content.decode()
    assert "Incomplete: 2 unanswered" in filed and "Prorated" in filed and "result-total" not in filed


def test_what_the_audit_skips_is_not_asked_and_counts_nothing(cast, dana, june):
    kept = page({"audit_1": 0})
    dana.post(at("keep", june, "audit"), kept)
    html = dana.get(at("answer", june, "audit")).content.decode()
    assert html.count("item-skipped") == 7
    dana.post(at("answer", june, "audit"), {**kept, "audit_9": "0", "audit_10": "1"})
    screen = rows(cast, june, Screen)[0]
    assert (screen.total, screen.complete, screen.answers["audit_5"]) == (2, True, "skipped")


def test_the_same_form_posted_twice_is_one_screen(cast, dana, june):
    given = page(PHQ9, _once=str(uuid.uuid4()))
    first, second = (dana.post(at("answer", june, "phq-9"), given) for _ in range(2))
    third = dana.post(at("answer", june, "phq-9"), {**given, "_once": str(uuid.uuid4())})
    assert first.url == second.url == third.url and len(rows(cast, june, Screen)) == 1


def test_two_windows_meet_in_a_conflict_page_with_both_and_one_choice_finishes(cast, dana, june):
    here = marks(dana.get(at("answer", june, "phq-9")).content.decode())
    there = marks(dana.get(at("answer", june, "phq-9")).content.decode())
    dana.post(at("keep", june, "phq-9"), page({"phq9_1": 3}) | there)
    stale = dana.post(at("keep", june, "phq-9"), page({"phq9_1": 1}) | here)
    assert stale.status_code == 409 and "another window" in stale.content.decode()
    both = dana.post(at("answer", june, "phq-9"), page(PHQ9) | here)
    html = both.content.decode()
    assert both.status_code == 409 and "Nearly every day" in html and "More than half the days" in html
    assert rows(cast, june, Screen) == [] and rows(cast, june, Answering)[0].answers == {"phq9_1": 3}
    chosen = dict(
        re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html.split("form-acts")[1])
    )
    chosen.pop("csrfmiddlewaretoken", None)
    assert dana.post(at("answer", june, "phq-9"), chosen).status_code == 302
    assert rows(cast, june, Screen)[0].answers == PHQ9


def _whole_set(client, june, **answers):
    asked = client.post(at("start", june), {"instrument": KINDS})
    while "/set/" not in asked.url:
        kind = asked.url.split("?")[0].rstrip("/").split("/")[-1]
        sitting = asked.url.split("set=")[1]
        asked = client.post(asked.url, page(answers.get(kind, ALL[kind]), set=sitting))
    return asked


def test_the_set_chains_the_five_and_shows_all_results_at_its_end(cast, dana, june):
    end = _whole_set(dana, june)
    html = dana.get(end.url).content.decode()
    assert [row.instrument for row in rows(cast, june, Screen)] == list(KINDS)
    assert all(title in html for title in ("PHQ-9", "GAD-7", "PCL-5", "AUDIT", "DAST-10"))
    assert "Closed" in html and rows(cast, june, Sitting)[0].closed_at is not None


def test_earlier_scores_are_not_on_the_page_that_asks(dana, june):
    dana.post(at("answer", june, "phq-9"), page(PHQ9, day="2026-10-02"))
    html = dana.get(at("answer", june, "phq-9")).content.decode()
    assert "Moderate" not in html and not re.search(r'<input type="radio"[^>]* checked', html)


def test_the_set_cannot_be_closed_before_the_safety_step_or_a_reason(cast, dana, june):
    end = _whole_set(dana, june, **{"phq-9": phq9(2)})
    assert rows(cast, june, Sitting)[0].closed_at is None
    refused = dana.post(end.url, {"reason": ""})
    assert refused.status_code == 422 and "Say why" in refused.content.decode()
    assert dana.post(end.url, {"reason": "Left with the mobile crisis team"}).status_code == 302
    sitting, flag = rows(cast, june, Sitting)[0], rows(cast, june, Flag)[0]
    assert sitting.closed_at is not None and sitting.close_reason and flag.is_open


def test_a_correction_and_an_error_have_their_pages_and_ask_for_a_reason(cast, dana, june):
    dana.post(at("answer", june, "phq-9"), page(phq9(1)))
    first = rows(cast, june, Screen)[0]
    path = at("correct", june, first.public_id)
    assert "Correct an answer" in dana.get(path).content.decode()
    assert dana.post(path, {k: str(v) for k, v in PHQ9.items()}).status_code == 422
    done = dana.post(path, {**{k: str(v) for k, v in PHQ9.items()}, "reason": "Misheard"})
    assert (
        done.status_code == 302
        and "This corrects an earlier form: Misheard" in dana.get(done.url).content.decode()
    )
    assert dana.post(path, {**{k: str(v) for k, v in PHQ9.items()}, "reason": "Again"}).status_code == 409
    wrong = at("in_error", june, rows(cast, june, Screen)[1].public_id)
    assert dana.get(wrong).status_code == 200 and dana.post(wrong, {}).status_code == 422
    assert dana.post(wrong, {"reason": "Another client's form"}).status_code == 302
    assert "Nothing asked yet" in dana.get(at("home", june)).content.decode()


def test_who_may_not_gets_nothing(cast, client, june):
    client.force_login(cast.omar)
    assert client.get(at("home", june)).status_code == 404
    assert client.post(at("answer", june, "phq-9"), page(PHQ9)).status_code == 404
    client.force_login(cast.sol)
    assert client.get(at("home", june)).status_code == 200
    assert client.get(at("answer", june, "phq-9")).status_code == 404
    assert rows(cast, june, Screen) == [] and rows(cast, june, Answering) == []


def test_unknown_forms_forged_ids_and_wrong_methods(dana, june):
    assert dana.get(at("answer", june, "phq-10")).status_code == 404
    assert dana.get(at("screen", june, uuid.uuid4())).status_code == 404
    assert dana.get(at("sitting", june, uuid.uuid4())).status_code == 404
    assert dana.get(at("safety", june, uuid.uuid4())).status_code == 404
    assert dana.get(at("answer", june, "phq-9", set="x")).status_code == 404
    assert dana.get(at("keep", june, "phq-9")).status_code == 405
    assert dana.get(at("start", june)).status_code == 405


def test_a_page_takes_at_most_12_queries_however_many_rows(cast, dana, june):
    for n in range(1, 9):
        dana.post(at("answer", june, "phq-9"), page(phq9(n % 2), day=f"2026-10-{n:02}"))
    end = _whole_set(dana, june, **{"phq-9": phq9(1)})
    screen, flag = rows(cast, june, Screen)[0], rows(cast, june, Flag)[0]
    dana.post(at("keep", june, "phq-9"), page(phq9(1)))
    for path in (at("home", june), at("answer", june, "phq-9"), at("screen", june, screen.public_id), end.url,
                 at("safety", june, flag.public_id), at("correct", june, screen.public_id)):  # fmt: skip
        dana.get(path)
        with CaptureQueriesContext(connection) as taken:
            assert dana.get(path).status_code == 200
        # A test runs in one transaction: the door's own show as savepoints, which it must empty (a commit does that).
        extra = ("SAVEPOINT", "set_config('entwine.clients', ''")
        asked = [query["sql"] for query in taken if not any(words in query["sql"] for words in extra)]
        assert len(asked) <= 12, (path, asked)
