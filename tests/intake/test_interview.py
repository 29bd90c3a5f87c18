"""The intake interview: told in any order, declined in two ways, read together, disagreed with, frozen by both."""

import datetime as dt
import re
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client as Visitor
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from caseload.queries import everything_due
from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.consent.models import Outbound
from clinic.kit import clock
from clinic.record.models import StaleEdit
from clinic.record.queries import current_facts
from intake import actions, queries, rules
from intake.actions import Told, add_contact
from intake.models import Interview, InterviewAnswer, InterviewNotice, State, Way
from screening.models import Screen
from tests.house.pages import sign_in
from tests.house.test_queries import FRAME, MOST
from tests.intake.interviews import confirmed_interview, tell, text_hash, told_interview


@pytest.fixture
def june(cast):
    return cast.register()


@pytest.fixture
def chart(cast, june):
    with open_chart(cast.dana, june, to=Do.INTERVIEW) as opened:
        yield opened


def values(chart, row):
    return queries.held(chart, row).values


def part(chart, row, name):
    whole = queries.held(chart, row)
    return next(one for one in queries.parts(whole, "en") if one.part.id == name)


def test_blank_no_not_today_and_rather_not_say_are_four_different_things(chart):
    row = actions.start_interview(chart)
    tell(chart, row, {"hopes.before": "no"}, hopes__reason="not_today", hopes__hope="rather_not")
    kept = {one.question: (one.state, one.value) for one in InterviewAnswer.objects.filter(interview=row)}
    assert kept == {
        "hopes.before": ("told", "no"), "hopes.reason": ("not_today", None), "hopes.hope": ("rather_not", None),
    }  # fmt: skip
    assert part(chart, row, "hopes").left == 2  # only what was never answered


def test_not_today_comes_back_on_another_day_and_rather_not_say_does_not(chart):
    yesterday = clock.now() - dt.timedelta(days=1)
    with clock.backdated(yesterday):
        row = actions.start_interview(chart)
        every = {
            f"hopes.{ask.id}": "Words" for ask in rules.interview().part("hopes").asks if ask.kind == "words"
        }
        del every["hopes.reason"], every["hopes.hope"], every["hopes.before_how"]
        tell(chart, row, {**every, "hopes.before": "no"}, hopes__reason="not_today", hopes__hope="rather_not")
        whole = queries.held(chart, row)
        assert queries.next_open(whole, whole.form.part("hopes")) is None
        assert part(chart, row, "hopes").state == "done"
    whole = queries.held(chart, row)
    assert queries.next_open(whole, whole.form.part("hopes")).key == "hopes.reason"


def test_each_substance_is_asked_for_by_itself_and_codes_are_those_of_teds(chart):
    row = actions.start_interview(chart)
    tell(chart, row, {"substances.used": ["alcohol", "fentanyl"], "substances.days@alcohol": "daily"})
    whole = queries.held(chart, row)
    keys = [one.key for one in queries.asked(whole, whole.form.part("substances"), "en")]
    assert keys[:9] == [
        "substances.used", "substances.first_age@alcohol", "substances.route@alcohol", "substances.days@alcohol",
        "substances.last@alcohol", "substances.first_age@fentanyl", "substances.route@fentanyl",
        "substances.days@fentanyl", "substances.last@fentanyl",
    ]  # fmt: skip
    assert "substances.overdose_when" not in keys
    codes = {ask.id: {one.id: one.teds for one in ask.options} for ask in whole.form.part("substances").asks}
    assert codes["days"] == {"none": "1", "few": "2", "weekly": "2", "often": "2", "daily": "3"}
    assert codes["route"] == {"oral": "1", "smoke": "2", "inhale": "3", "inject": "4", "other": "5"}
    assert (
        codes["used"]["heroin"] == "5" and codes["used"]["alcohol"] == "2" and codes["used"]["meth"] == "10"
    )


def test_withdrawal_risk_leads_to_ciwa_at_once_and_a_screen_taken_since_answers_it(cast, june, chart):
    row = actions.start_interview(chart)
    tell(chart, row, {"withdrawal.last_alcohol": "today"})
    assert queries.notices_of(chart) == []
    tell(chart, row, {"withdrawal.seizure": "yes"})
    (notice,) = queries.notices_of(chart)
    assert (notice.title, notice.instrument, notice.row.now) == ("CIWA-Ar now", "ciwa-ar", True)
    due = [one for one in everything_due(chart, clock.today()) if one.code == "interview_notice"]
    assert [one.urgency for one in due] == [0]
    tell(chart, row, {"withdrawal.last_opioid": "days_3", "withdrawal.now": ["aches", "runny"]})
    assert [one.instrument for one in queries.notices_of(chart)] == ["ciwa-ar", "cows"]
    actions.close_notice(chart, notice=notice.row, words="Nell gave CIWA-Ar on paper: 4")
    assert [one.instrument for one in queries.notices_of(chart)] == ["cows"]
    with pytest.raises(StaleEdit):
        actions.close_notice(chart, notice=notice.row, words="Again")


@pytest.mark.parametrize(
    ("told", "led"),
    [
        ({"withdrawal.last_alcohol": "longer", "withdrawal.seizure": "yes", "withdrawal.now": ["shaking"]}, set()),
        ({"withdrawal.last_opioid": "today", "withdrawal.now": ["none"]}, set()),
        ({"withdrawal.last_benzo": "week", "withdrawal.confused": "yes"}, {"withdrawal.benzo"}),
        ({"substances.used": ["fentanyl"], "substances.naloxone": "what"}, {"substances.naloxone"}),
        ({"substances.used": ["alcohol"], "substances.naloxone": "no"}, set()),
        ({"safety.death": "before"}, {"safety.death"}),
        ({"safety.home_safe": "no", "safety.kids": "yes"}, {"safety.not_safe", "safety.kids"}),
        ({"past.still": "yes"}, {"past.still"}),
    ],
)  # fmt: skip
def test_what_answers_lead_to(told, led):
    leads = [lead for one in rules.interview().parts for lead in one.leads]
    assert {lead.key for lead in leads if lead.rests_on(told)} == led


def test_declining_afterwards_does_not_take_a_notice_back_and_another_answer_does(chart):
    row = actions.start_interview(chart)
    tell(chart, row, {"safety.home_safe": "no"})
    tell(chart, row, safety__home_safe="rather_not")
    assert len(queries.notices_of(chart)) == 1
    tell(chart, row, {"safety.home_safe": "no"})
    tell(chart, row, {"safety.home_safe": "yes"})
    assert queries.notices_of(chart) == []
    assert InterviewNotice.objects.get().close_words == "The answer was changed"


def test_the_content_note_is_asked_once_a_part_and_talk_is_told_to_staff(chart):
    row = actions.start_interview(chart)
    assert part(chart, row, "past").needs_note and not part(chart, row, "hopes").needs_note
    actions.choose_note(chart, interview=row, part="past", choice="talk", way=Way.TABLET)
    assert not part(chart, row, "past").needs_note
    assert [one.title for one in queries.notices_of(chart)] == ["Talk to them now"]
    actions.choose_note(chart, interview=row, part="past", choice="skip", way=Way.TABLET)
    assert part(chart, row, "past").state == "skipped"
    assert len(queries.notices_of(chart)) == 1


def test_a_topic_is_left_alone_until_its_day_in_a_later_version_too(chart):
    row = actions.start_interview(chart)
    day = clock.today(chart.episodes[0].zone) + dt.timedelta(days=30)
    with pytest.raises(ValidationError), transaction.atomic():
        actions.set_quiet(chart, interview=row, topic="past", until=day - dt.timedelta(days=30))
    actions.set_quiet(chart, interview=row, topic="past", until=day, words="After the trial")
    assert part(chart, row, "past").state == "quiet"
    quiet = actions.set_quiet(chart, interview=row, topic="past", until=day + dt.timedelta(days=1))
    assert part(chart, row, "past").quiet.until == day + dt.timedelta(days=1)
    actions.lift_quiet(chart, quiet=quiet)
    assert part(chart, row, "past").state == "todo"


def test_once_its_day_has_come_the_caseload_says_that_a_topic_may_be_asked_about_until_it_was(chart):
    def again():
        chart.answers.clear()
        due = everything_due(chart, clock.today())
        return [(one.text, one.args) for one in due if one.code == "interview_again"]

    row, today = actions.start_interview(chart), clock.today(chart.episodes[0].zone)
    with clock.backdated(clock.now() - dt.timedelta(days=40)):
        quiet = actions.set_quiet(chart, interview=row, topic="past", until=today - dt.timedelta(days=10))
    ((words, args),) = again()
    assert "They may be asked again, if they want" in words and args[1:] == (str(row.public_id), "past")
    tell(chart, row, {"past.lived_through": "yes"})
    assert again() == []
    actions.lift_quiet(chart, quiet=quiet)
    actions.set_quiet(chart, interview=row, topic="mind", until=today + dt.timedelta(days=1))
    assert again() == []  # its day is still to come


def test_two_who_answer_one_question_at_once_overwrite_nothing(chart):
    row = actions.start_interview(chart)
    tell(chart, row, {"hopes.reason": "From the tablet"})
    mine = Told("hopes.reason", State.TOLD, "From the desk", seen="")
    with pytest.raises(StaleEdit) as stale, transaction.atomic():
        actions.tell(chart, interview=row, told=[mine], way=Way.STAFF, tab="another page")
    assert stale.value.theirs.value == "From the tablet"
    # A page that was only looked at changes nothing; one that stands on the newest text does.
    seen = rules.mark("told", "From the tablet")
    same = Told("hopes.reason", State.TOLD, "From the tablet", seen=seen)
    assert actions.tell(chart, interview=row, told=[same], way=Way.STAFF, tab="p") == []
    newer = Told("hopes.reason", State.TOLD, "From the desk", seen=seen)
    assert actions.tell(chart, interview=row, told=[newer], way=Way.STAFF, tab="p") == ["hopes.reason"]


def test_the_clients_disagreement_stands_verbatim_beside_the_line_and_both_confirm(chart):
    row = told_interview(chart)
    words = "It was my mother,\nnot my sister. “Asked” is a big word."
    actions.disagree(chart, interview=row, question="hopes.reason", words=words, way=Way.TABLET)
    line = queries.summary(queries.held(chart, row)).line("hopes.reason")
    assert line.said["en"] == "My sister asked me to come"
    (one,) = line.objections
    assert one.words == words and one.statement == "Why now: My sister asked me to come"
    read = text_hash(chart, row)
    actions.confirm(chart, interview=row, text_hash=read)
    row.refresh_from_db()
    assert not row.is_confirmed
    done = actions.confirm_as_client(chart, interview=row, text_hash=read, name="June Okafor")
    assert done.is_confirmed and done.text[0]["lines"][0]["objections"][0][0] == words
    ace = Screen.objects.get(instrument="ace-10")  # the total alone: no answer of the form was asked for
    assert (ace.answers, ace.score["total"]) == ({"ace_total": 6}, 6)


def test_the_interview_goes_on_by_a_link_where_there_is_a_safe_way_and_a_withdrawn_one_opens_nothing(
    cast, june
):
    with open_chart(cast.dana, june, to=Do.INTERVIEW) as chart:
        row = told_interview(chart)
    staff, url = sign_in(cast.dana), reverse("intake:interview_link", args=[june, row.public_id])
    assert "No link was sent" in staff.post(url, follow=True).content.decode()
    ways = staff.get(url).content.decode()
    assert "no e-mail address that is safe" in ways and "Send by" not in ways and "Show the link once" in ways
    with open_chart(cast.fay, june, to=Do.SET_CONTACT) as chart:
        assert not Outbound.objects.exists()
        add_contact(chart, channel="email", value="june@mail.example", may_email=True)
    ways = staff.get(url).content.decode()
    assert "Send by e-mail" in ways and "june@mail.example" in ways and "Send by text" not in ways
    assert "No link was sent" in staff.post(url, {"way": "sms"}, follow=True).content.decode()
    page = staff.post(url, {"way": "email"}, follow=True).content.decode()
    assert "A link is on its way" in page and "not opened yet" in page
    with open_chart(cast.dana, june, to=Do.INTERVIEW):
        mail = Outbound.objects.get()
    assert not re.search(
        r"interview|clinic|Recovery|June|Dana", f"{mail.subject} {mail.body} {mail.from_name}", re.I
    )
    link, phone = re.search(r"/v/\w+/", mail.body)[0], Visitor()
    opened = phone.post(link, {"month": "4", "day": "2", "year": "1988"})
    assert opened.url == reverse("intake:client_start") and phone.get(opened.url).status_code == 200
    assert "The client opened the link" in staff.get(url.replace("/link/", "/")).content.decode()
    shown = re.search(r"/v/\w+/", staff.post(url, {"way": "shown"}).content.decode())[0]
    with open_chart(cast.dana, june, to=Do.INTERVIEW):
        assert Outbound.objects.count() == 1  # nothing was sent, and the first link is over
    assert phone.get(opened.url).status_code != 200 and Visitor().get(link).status_code == 410
    staff.post(url, {"withdraw": "1"})
    assert Visitor().get(shown).status_code == 410


def test_a_text_that_changed_since_it_was_read_is_not_confirmed(chart):
    row = told_interview(chart)
    read = text_hash(chart, row)
    actions.confirm_as_client(chart, interview=row, text_hash=read, name="June")
    tell(chart, row, {"hopes.before": "yes"})
    with pytest.raises(StaleEdit), transaction.atomic():
        actions.confirm(chart, interview=row, text_hash=read)
    actions.confirm(chart, interview=row, text_hash=text_hash(chart, row))
    row.refresh_from_db()
    assert not row.is_confirmed  # the client confirmed another text


def test_a_confirmed_interview_is_frozen_and_a_later_one_asks_nothing_twice(chart):
    row = confirmed_interview(chart)
    for change in (
        lambda: tell(chart, row, {"hopes.reason": "Other"}),
        lambda: actions.disagree(chart, interview=row, question="hopes.reason", words="No", way=Way.STAFF),
    ):
        with pytest.raises(ValidationError), transaction.atomic():
            change()
    for rows in (InterviewAnswer.objects.filter(interview=row), Interview.objects.filter(pk=row.pk)):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(version=99)
    later = actions.start_interview(chart)
    whole = queries.held(chart, later)
    assert later.version_no == 2 and later.supersedes_id == row.pk
    reason = queries.one_asked(whole, rules.every_step(whole.form.part("hopes"))["hopes.reason"], "en")
    assert (reason.state, reason.said_before, reason.told_before.by) == (
        "",
        "My sister asked me to come",
        "Dana Tester",
    )
    assert whole.answers["hopes.first"].state == "rather_not"  # not asked again
    assert "hopes.worry" not in whole.answers  # "not today": comes back
    assert queries.summary(whole).line("hopes.reason") is None  # until it is confirmed


def test_the_pages_take_told_before_declined_and_wrong_answers(cast, june):
    with open_chart(cast.dana, june, to=Do.INTERVIEW) as chart:
        confirmed_interview(chart)
        row = actions.start_interview(chart)
    visitor = sign_in(cast.dana)
    at = f"/client/{june}/interview/{row.public_id}/"
    page = visitor.get(f"{at}part/hopes/").content.decode()
    assert "Already told us" in page and "My sister asked me to come" in page
    posted = {"m-hopes.reason": "", "s-hopes.reason": "still_true", "m-hopes.hope": "", "a-hopes.hope": "To rest",
              "m-hopes.before": "", "a-hopes.before": "not_today", "tab": "p1"}  # fmt: skip
    assert visitor.post(f"{at}part/hopes/keep/", posted).status_code == 204
    assert (
        visitor.post(f"{at}part/hopes/keep/", posted).status_code == 204
    )  # the same page again: no conflict
    assert (
        visitor.post(f"{at}part/hopes/keep/", {**posted, "a-hopes.hope": "Sleep", "tab": "p2"}).status_code
        == 409
    )
    answer = visitor.post(f"{at}part/hopes/", {**posted, "a-hopes.hope": "Sleep", "tab": "p2"})
    assert answer.status_code == 409
    assert "To rest" in answer.content.decode() and "Sleep" in answer.content.decode()
    wrong = visitor.post(
        f"{at}part/past/",
        {"m-past.ace_total": "", "a-past.ace_total": "11", "m-past.avoid": "", "a-past.avoid": "Loud men"},
    )
    assert wrong.status_code == 422
    assert "Write a number from 0 to 10." in wrong.content.decode() and "Loud men" in wrong.content.decode()
    with open_chart(cast.dana, june, to=Do.INTERVIEW) as chart:
        whole = queries.held(chart, row)
        assert whole.answers["hopes.reason"].value == "My sister asked me to come"
        assert whole.answers["hopes.before"].state == "not_today"
        assert "past.avoid" not in whole.answers


def test_hard_parts_are_shut_in_the_summary_and_opening_one_is_on_the_ledger(cast, june):
    with open_chart(cast.dana, june, to=Do.INTERVIEW) as chart:
        row = told_interview(chart)
    visitor = sign_in(cast.sol)
    at = f"/client/{june}/interview/{row.public_id}/summary/"
    shut = visitor.get(at).content.decode()
    assert "kept shut" in shut and "ACE number" not in shut
    opened = visitor.get(f"{at}past/").content.decode()
    assert "ACE number" in opened
    ledger = LedgerRow.objects.filter(act="intake.open_part").get()
    assert (ledger.actor_id, ledger.detail["part"]) == (cast.sol.pk, "past")
    assert Visitor().get(at).status_code == 302
    assert sign_in(cast.omar).get(at).status_code == 404


def test_the_summary_prints_as_pdf_ua_and_says_who_printed_it(cast, june):
    with open_chart(cast.dana, june, to=Do.INTERVIEW) as chart:
        row = told_interview(chart)
    answer = sign_in(cast.dana).get(f"/client/{june}/interview/{row.public_id}/print/?detail=1")
    assert answer["Content-Type"] == "application/pdf"
    printed = PdfReader(BytesIO(answer.content))
    assert "pdfuaid" in str(printed.trailer["/Root"]["/Metadata"].get_data())
    words = " ".join("".join(page.extract_text() for page in printed.pages).split())
    assert "My sister asked me to come" in words and "ACE number" in words and "OKAFOR, June" in words
    assert LedgerRow.objects.get(act="intake.print_interview").detail["detail"] is True


def test_what_the_registration_holds_is_confirmed_and_what_is_new_is_told_there(cast, june):
    with open_chart(cast.dana, june, to=Do.TAKE_DETAILS) as chart:
        actions.record_detail(chart, topic="living_arrangement", said=rules.Said("answered", ("homeless",)))
    with open_chart(cast.dana, june, to=Do.INTERVIEW) as chart:
        row = actions.start_interview(chart)
        whole = queries.held(chart, row)
        queries.with_registered(chart, whole, whole.form.part("life"))
        home = queries.one_asked(whole, rules.every_step(whole.form.part("life"))["life.home"], "en")
        assert (home.state, home.said_before, home.told_before.by) == (
            "",
            "In a shelter",
            "Dana Tester, LCSW",
        )
        tell(chart, row, {"life.work": "looking", "life.home": "own", "life.law": ["papers"]})
        facts = {topic: told.codes for (topic, _about), told in current_facts(chart).items()}
    assert facts == {"living_arrangement": ("independent",), "employment": ("unemployed",)}


def test_no_page_of_the_interview_asks_the_database_more_than_twelve_times(cast, june):
    with open_chart(cast.dana, june, to=Do.INTERVIEW) as chart:
        row = told_interview(chart)
        actions.disagree(chart, interview=row, question="hopes.reason", words="No", way=Way.STAFF)
    at, visitor = f"/client/{june}/interview/{row.public_id}/", sign_in(cast.dana)
    visitor.get("/")
    for page in (
        "",
        "part/substances/",
        "part/past/",
        "summary/",
        "summary/past/",
        "../",
        "disagree/hopes.reason/",
    ):
        with CaptureQueriesContext(connection) as asked:
            assert (
                visitor.get(at + page if page != "../" else f"/client/{june}/interview/").status_code == 200
            )
        # Under a test's own savepoint the door empties its settings twice more than in a real transaction.
        kept = [q["sql"] for q in asked.captured_queries if not FRAME.match(q["sql"])]
        assert len(kept) - 2 <= MOST, f"{page}: {len(kept)}\n" + "\n".join(sql[:150] for sql in kept)
