"""One whole day of one client, from the front desk to the sealed ledger, with every process running."""

import datetime as dt
import io
import re
import time
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page
from pypdf import PdfReader

from clinic.consent import rules
from tests.journeys.clinic import Clinic, Person
from tests.running.houses import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.browser]

GIVEN, FAMILY = "Junia", "Ashgrove"
EMAIL = "junia@people.example"
SUD, MH, BOTH = "Harbor Recovery", "Maple Counseling", "Bridge Program"
ZONE = ZoneInfo("America/New_York")
NIGHTS = "Nightmares most nights"
HOW = "Two glasses to fall asleep, awake and shaking at three"
GOALS = ("I want to sleep without drinking first.", "I want nights that are quiet.")
WHY = "Blood work, and somebody to look after her sleep"
RIVERBEND, RECORDS = "Riverbend Family Medicine", "records@riverbend.example"
ASK = "Please call her before the visit tomorrow."
# What is pressed for each questionnaire: the printed score, Y or N, and Enter for the next one.
KEYS = {
    "phq-9": "222122111" + "2",
    "gad-7": "2212121" + "1",
    "pcl-5": "22222122222212222223",
    "audit": "4232131244"[:8] + "24",
    "dast-10": "YYNYYNYNNN",
}


def test_a_day_from_the_front_desk_to_the_sealed_ledger(clinic, person):
    ines, dana, sol = (person(name).sign_in() for name in ("ines", "dana", "sol"))
    client = register(ines, known=first_on_the_list(sol))
    answer_five_by_keyboard(dana, client, sol)
    file_the_safety_step(dana)
    read_the_changes(dana, client)
    sign_a_unified_plan(dana, client)
    sign_a_consent(dana, client)
    send_what_it_covers(dana, client, clinic)
    stop_what_still_waits(dana, client, clinic)
    see_what_celery_sent(dana, clinic)
    review_the_caseload(sol, dana, client)
    meet_closed_doors(ines, dana, client, person)
    find_it_all_on_the_ledger(person("pia").sign_in(), clinic)


def first_on_the_list(sol: Person) -> str:
    assert sol.page.url.endswith("/caseload/")
    return sol.page.locator("table.caseload tbody th a").first.inner_text()


# 1: the front desk ------------------------------------------------------------------------------------------


def register(ines: Person, known: str) -> str:
    """A new client, found to be nobody here, registered in less than a minute; the path of their chart."""
    page = ines.page
    page.goto("/desk/")
    with page.expect_response(is_search) as shown:
        page.locator("#q").press_sequentially(known.split(",")[0])
    page.locator(".match").first.wait_for()
    ines.shot("1-matches")
    alike = page.locator(".match").first.inner_text()
    assert re.search(r"\d+ years\s+ID ending \w{4}", alike), alike
    assert not re.search(f"{SUD}|{MH}|{BOTH}|Part 2|program", shown.value.text(), re.I)

    page.fill("#q", "")
    began = time.monotonic()
    page.locator("#q").press_sequentially(f"{GIVEN} {FAMILY} 3/14/1991")
    ines.press(f"Register “{GIVEN} {FAMILY}” as new")
    assert page.input_value("[name=birth]") == "1991-03-14"
    ines.pick(program=SUD)
    page.get_by_role("option", name="Dana Whitfield").wait_for(state="attached")
    ines.pick(clinician="Dana Whitfield, LCSW, LCADC", **tomorrow())
    ines.fill(email=EMAIL)
    ines.tick("may_email")
    ines.shot("1-register", narrow=True)
    ines.press("Register")
    ines.page.wait_for_url("**/contact/")
    seconds = time.monotonic() - began
    assert seconds < 60
    assert ines.actions <= 8
    ines.sees("Registered.", EMAIL, "Dana Whitfield")
    ines.shot("1-registered")
    return re.search(r"/client/[^/]+/", page.url)[0]  # type: ignore[index]


def is_search(answer) -> bool:
    return answer.url.endswith("/desk/") and answer.request.method == "POST"


def tomorrow() -> dict[str, str]:
    """A first appointment within the day that the clinic reminds ahead."""
    starts = dt.datetime.now(ZONE) + dt.timedelta(hours=23)
    return {"visit_on": f"{starts:%Y-%m-%d}", "visit_at": f"{starts:%H:%M}"}


# 2: five questionnaires -------------------------------------------------------------------------------------


def answer_five_by_keyboard(dana: Person, client: str, sol: Person) -> None:
    """All five, no mouse; the supervisor hears of item 9 before the form is finished."""
    page = dana.page
    page.goto(client)
    dana.sees("Not screened yet")
    tab_to(dana, "Screen")
    dana.key("Enter")
    page.wait_for_url("**/screens/")
    tab_to(dana, "Start the set")
    dana.key("Enter")
    dana.keys = 0
    for name, answers in KEYS.items():
        page.wait_for_url(f"**/screens/{name}/**")
        page.locator("[data-item] input:focus").wait_for()
        if name == "phq-9":
            dana.key(*answers[:8])
            with page.expect_response(re.compile("/phq-9/answers/$")):
                dana.key(answers[8])
            see_the_flag_at_once(dana, client, sol)
            dana.shot("2-item-9", narrow=True)
            dana.key(answers[9])
        else:
            dana.key(*answers)
        dana.key("Enter")
    page.wait_for_url("**/screens/set/**")
    assert dana.keys == 63  # 56 questions, two of function, five times Enter
    dana.shot("2-results", narrow=True)


def see_the_flag_at_once(dana: Person, client: str, sol: Person) -> None:
    dana.page.get_by_role("status").get_by_text("Safety step now").wait_for()
    sol.page.goto("/caseload/")
    row = row_of(sol, client)
    assert "row-now" in (row.get_attribute("class") or "")
    assert "self-harm" in row.locator(".due-0").inner_text()


def row_of(someone: Person, client: str) -> Locator:
    return someone.page.locator(f"tr:has(th a[href='{client}'])")


def tab_to(someone: Person, words: str) -> None:
    for _step in range(60):
        someone.key("Tab")
        if someone.page.evaluate("document.activeElement.innerText.trim()") == words:
            return
    raise AssertionError(f"{words} is not reached by Tab")


def file_the_safety_step(dana: Person) -> None:
    """Score, band, what to do next; then the critical answer is seen to."""
    dana.sees("14 / 27 Moderate", "39 / 80 At or above the cut-off of 33", "no published bands", "Zone IV", "6 / 10")
    dana.page.get_by_role("main").get_by_text("Safety step now").click()
    dana.fill(
        told="Sol Abernathy, by phone at 14:20",
        asked="Thoughts on several days, no plan, no means, no intent today",
        done="Safety plan written together; her sister stays tonight",
    )
    dana.shot("2-safety-step")
    dana.press("File the safety step")
    dana.sees("The safety step is on file, and the flag is answered.", "The safety step is on file.")
    dana.sees("Closed")


def read_the_changes(dana: Person, client: str) -> None:
    """Two paper forms she brought along: then the change, by the published rule, or that there is none."""
    page = dana.page
    for name, answers in (("phq-9", "3333222202"), ("audit", "4433332224")):
        page.goto(f"{client}screens/{name}/")
        page.get_by_text("Date and how it was asked").click()
        dana.pick(taken_on=in_days(-21), mode="paper")
        page.locator("[data-item] input").first.focus()
        dana.key(*answers, "Enter")
        page.wait_for_url(re.compile(r"/screens/[0-9a-f-]{36}/$"))
    for name, words in (("PHQ-9", "6 points lower"), ("AUDIT", "no published rule for change")):
        page.goto(f"{client}screens/")
        page.get_by_role("main").get_by_role("link", name=name).first.click()
        dana.sees("What to do next", words)
        dana.shot(f"2-change-{name}")
    page.goto(client)
    dana.sees("Five measures on one time axis", "Harbor Recovery", "is not answered in the plan")
    dana.shot("2-chart", narrow=True)
    drawn = page.locator(".trend-wide svg")
    assert all(name in (drawn.text_content() or "") for name in ("PHQ-9", "GAD-7", "PCL-5", "AUDIT", "DAST-10"))
    page.get_by_text("The same as a table").click()
    assert page.locator(".trend details tbody tr").count() == 7


# 3: the unified plan ----------------------------------------------------------------------------------------


def sign_a_unified_plan(dana: Person, client: str) -> None:
    """Both sides, what feeds what, goals in her words, measured steps; signed, frozen, printed."""
    page = dana.page
    page.goto(f"{client}plan/")
    dana.press("Start the plan")
    page.wait_for_url("**/edit/")
    suggested = page.locator(".plan-suggestions li", has_text="AUDIT")
    alcohol = suggested.locator("b").inner_text()
    suggested.get_by_role("button").click()
    page.locator(".plan-card").first.wait_for()
    open_and_fill(dana, "Add a problem", "new-problem", text=NIGHTS, domain="mental_health")
    dana.sees(NIGHTS)
    open_and_fill(
        dana, "Link two problems", "new-link", from_problem=alcohol, verb="is used to ease", to_problem=NIGHTS, how=HOW
    )
    dana.sees(HOW)
    add_work(dana, alcohol, GOALS[0], "audit", "7")
    add_work(dana, NIGHTS, GOALS[1], "pcl-5", "28")
    dana.fill(strengths="Walks to work; her sister knows everything", step_down="Both targets met for two months")
    dana.fill(words="To be rested", review_on=in_days(90), participation_words="Chose both goals herself")
    page.check("main [name=participation] >> nth=0")
    dana.shot("3-draft", narrow=True)
    page.locator("#frame button").click()
    page.wait_for_url("**/edit/#frame")
    page.get_by_role("link", name="Review and sign").first.click()
    page.wait_for_url("**/sign/")
    dana.fill(client_name=f"{GIVEN} {FAMILY}")
    dana.shot("3-sign")
    page.get_by_role("button", name="Sign the plan of").click()
    page.wait_for_url(lambda url: not url.endswith("/sign/"))
    dana.sees("Active", HOW)
    dana.shot("3-signed")
    read_the_plan_as_pdf(dana, dana.page.get_by_role("link", name="Print").get_attribute("href") or "")


def open_and_fill(dana: Person, opener: str, place: str, **fields: str) -> None:
    """One part of the plan, on its own form."""
    form = dana.page.locator(f"#form-{place}")
    if not form.is_visible():
        dana.press(opener)
    with dana.page.expect_navigation():
        fill_part(form, **fields)


def fill_part(form: Locator, **fields: str) -> None:
    for name, value in fields.items():
        field = form.locator(f"[name={name}]")
        if field.evaluate("e => e.tagName") != "SELECT":
            field.fill(value)
        elif field.locator(f"option[value='{value}']").count():
            field.select_option(value)
        else:
            field.select_option(label=value)
    form.get_by_role("button", name="Save").click()


def add_work(dana: Person, problem: str, goal: str, instrument: str, target: str) -> None:
    """A goal, then what is asked for right after it: an objective, an intervention."""
    card = dana.page.get_by_role("region", name=problem, exact=True)
    card.get_by_text("goal", exact=False).locator("visible=true").last.click()
    fill_part(card.locator("form[id*=add-goal]"), words=goal)
    fill_part(
        card.locator("form[id*=add-objective]"), text=f"{instrument.upper()} of {target} or less",
        instrument=instrument, target=target, target_on=in_days(120),
    )  # fmt: skip
    fill_part(
        card.locator("form[id*=add-intervention]"), kind="cbt", frequency="once a week", duration="12 weeks"
    )
    card.get_by_text("12 weeks").wait_for()
    assert goal in card.inner_text()


def in_days(days: int) -> str:
    return f"{dt.datetime.now(ZONE).date() + dt.timedelta(days=days):%Y-%m-%d}"


def read_the_plan_as_pdf(dana: Person, path: str) -> None:
    printed = dana.get(path)
    assert printed.headers["content-type"] == "application/pdf"
    plan = PdfReader(io.BytesIO(printed.body()))
    text = words_of(plan)
    for words in (NIGHTS, HOW, *GOALS, f"{FAMILY}, {GIVEN}"):
        assert words.lower() in text.lower()
    assert is_accessible(plan)
    # The chart is drawn, not pasted: its words can be read.
    assert "How it has been going" in text
    assert all(f"{name} 0 to" in text for name in ("PHQ-9", "AUDIT"))


def is_accessible(document: PdfReader) -> bool:
    """It says that it is PDF/UA-1, and it is tagged."""
    root: Any = document.trailer["/Root"]
    says = re.search(rb"pdfuaid:part(>|=.)1", root["/Metadata"].get_data())
    return bool(says and root["/MarkInfo"]["/Marked"] and root["/StructTreeRoot"])


def words_of(document: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in document.pages).split())


# 4: consent, referral, packet -------------------------------------------------------------------------------


def sign_a_consent(dana: Person, client: str) -> None:
    """Each missing element is named; then it is signed with the finger."""
    page = dana.page
    page.goto(f"{client}consents/")
    dana.press("Consent for one recipient")
    dana.press("Sign this consent")
    missing = page.locator("[data-error-summary]")
    missing.wait_for()
    for name in ("categories", "description", "recipient", "purposes", "revocation_told", "expires", "signature"):
        assert rules.MISSING[name] in missing.inner_text(), name
    dana.shot("4-missing")
    choose(page, "recipient", RIVERBEND)
    dana.tick("categories", "reason", "problems", "mood_screens")
    dana.tick("purposes", "treatment")
    dana.fill(description="Why I am sent, my problems, and how my mood and nights are")
    dana.tick("revocation_told")
    dana.tick("expires", "date")
    dana.fill(expires_on=in_days(180), signer_name=f"{GIVEN} {FAMILY}")
    page.get_by_role("button", name="Sign this consent").scroll_into_view_if_needed()
    pad = page.locator("[data-signature-pad]").bounding_box()
    assert pad
    page.mouse.move(pad["x"] + 40, pad["y"] + 60)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(pad["x"] + 40 + 16 * step, pad["y"] + (40 if step % 2 else 80))
    page.mouse.up()
    dana.shot("4-consent", narrow=True)
    dana.press("Sign this consent")
    dana.sees("This text never changes", RIVERBEND)
    dana.shot("4-consent-signed")


def choose(page: Page, name: str, words: str) -> None:
    """The option of a list that holds these words."""
    page.select_option(f"main [name={name}]", page.locator(f"[name={name}] option", has_text=words).get_attribute("value"))


def start_referral(dana: Person, client: str) -> None:
    page = dana.page
    page.goto(f"{client}referrals/new/")
    dana.actions = 0
    choose(page, "recipient", RIVERBEND)
    dana.fill(reason=WHY)
    dana.press("Continue")
    page.wait_for_url("**/contents/")


def send_what_it_covers(dana: Person, client: str, clinic: Clinic) -> None:
    """What the consent does not cover is greyed, with the reason; the rest goes out with notice and scope inside."""
    page, before = dana.page, len(clinic.mail(RECORDS))
    start_referral(dana, client)
    held = page.locator("label.held")
    for name in ("AUDIT", "DAST-10", "reatment plan"):
        row = held.filter(has_text=name).first
        assert row.locator("input").is_disabled()
        assert "The consent does not include this" in row.inner_text()
    dana.shot("4-contents")
    dana.press("Continue")
    page.wait_for_url("**/send/")
    dana.shot("4-send")
    dana.press("Release it by e-mail")
    dana.sees("Released.", "Call to confirm that it arrived")
    assert dana.actions <= 12
    dana.shot("4-referral")
    assert wait_until(lambda: len(clinic.mail(RECORDS)) > before, 60)
    letter = clinic.mail(RECORDS)[before]
    assert telling(letter) == []
    (attached,) = letter.iter_attachments()
    packet = PdfReader(io.BytesIO(attached.get_content()))
    text = words_of(packet)
    assert rules.STATEMENT_1 in text
    assert WHY in text
    assert "PHQ-9" in text
    assert f"The client agreed in writing on" in text
    assert "Mood, anxiety and trauma questionnaires" in text
    for word in ("AUDIT", "DAST", GOALS[0], HOW):
        assert word not in text, word
    assert is_accessible(packet)


def telling(letter: EmailMessage) -> list[str]:
    """Words in subject, headers, body or file name that tell what kind of place this is."""
    heads = [f"{name}: {value}" for part in letter.walk() for name, value in part.items()]
    body = letter.get_body(("plain",))
    assert body is not None
    return rules.telling_words("\n".join([*heads, body.get_content()]), also=[SUD, MH, BOTH])


def stop_what_still_waits(dana: Person, client: str, clinic: Clinic) -> None:
    """A second packet waits; she takes the consent back; nothing comes."""
    page, before = dana.page, len(clinic.mail(RECORDS))
    with clinic.nothing_is_sent():
        start_referral(dana, client)
        dana.press("Continue")
        page.wait_for_url("**/send/")
        dana.press("Release it by e-mail")
        dana.sees("Released.")
        page.goto(f"{client}consents/")
        page.get_by_role("main").get_by_role("link", name=RIVERBEND).first.click()
        dana.press("The client takes it back")
        dana.sees("These have not left yet", "What it cannot call back")
        dana.fill(text="Please send nothing more to Riverbend.")
        dana.shot("4-revoke")
        dana.press("Take the consent back now")
        dana.sees("Taken back", "Stopped before it left.")
    assert len(clinic.mail(RECORDS)) == before
    start_referral(dana, client)
    dana.sees("No consent lets anything go", "The client took the consent back")


# 5: what Celery sent ----------------------------------------------------------------------------------------


def see_what_celery_sent(dana: Person, clinic: Clinic) -> None:
    """Her reminder and a colleague's nudge came by SMTP, in words that tell nobody what this place is."""
    reminder = clinic.one_mail(EMAIL)
    nudges = clinic.mail("dana@entwine.example")
    assert nudges
    for letter in (reminder, *nudges):
        assert telling(letter) == []
    body = reminder.get_body(("plain",))
    assert body is not None
    assert "Maple Street Office" in body.get_content()
    dana.page.goto("/office/mail/")
    dana.sees(EMAIL, "dana@entwine.example", str(reminder["Subject"]))
    dana.page.screenshot(path=clinic.pictures / "5-mail.png")


# 6: the supervisor ------------------------------------------------------------------------------------------


def review_the_caseload(sol: Person, dana: Person, client: str) -> None:
    """Reasons in words; she asks a colleague from the row, who answers; she sees who opened the record."""
    sol.page.goto("/caseload/")
    row = row_of(sol, client)
    assert "is not answered in the plan" in row.inner_text()
    row.scroll_into_view_if_needed()
    sol.shot("6-caseload", narrow=True)
    row.get_by_text("Ask a colleague").click()
    choose(sol.page, "to", "Dana Whitfield")
    sol.fill(words=ASK, due_on=in_days(2))
    sol.shot("6-ask")
    sol.press("Ask")
    sol.sees("Asked Dana Whitfield")
    dana.page.goto("/my-clients/")
    mine = row_of(dana, client)
    assert f"Sol Abernathy asked Dana Whitfield: {ASK}" in mine.inner_text()
    dana.shot("6-my-clients")
    mine.get_by_role("link", name="Answer").click()
    dana.fill(answer="Called, she is well and comes tomorrow.")
    dana.press("Answer")
    dana.sees("Answered. It has left the list.")
    row_of(sol, client).get_by_text("Who opened it").click()
    sol.sees("Dana Whitfield", "Ines Moreau", "opened the chart", "on the care team")
    sol.shot("6-access")


# 7: closed doors --------------------------------------------------------------------------------------------


def meet_closed_doors(ines: Person, dana: Person, client: str, person: Callable[[str], Person]) -> None:
    """Not on the team: 404, as for nobody at all. On the team of her other program: nothing of this one, anywhere."""
    omar = person("omar").sign_in()
    nobody = "/client/00000000-0000-4000-8000-000000000000/"
    refused = omar.get(client)
    assert (refused.status, omar.get(f"{client}screens/").status, omar.get(nobody).status) == (404, 404, 404)
    assert FAMILY not in refused.text()
    omar.page.goto(client)
    omar.shot("7-not-found")

    ines.page.goto(f"/desk/admit/{client.split('/')[2]}/")
    ines.pick(program=MH)
    ines.page.get_by_role("option", name="Omar Haddad").wait_for(state="attached")
    ines.pick(clinician="Omar Haddad, LPC")
    ines.press("Begin here")
    ines.sees("Begun in your program.")

    secret = (SUD, BOTH, NIGHTS, HOW, WHY, *GOALS, ASK, "Safety plan written together", "self-harm reported")
    omar.listen()
    for path in ("", "screens/", "plan/", "consents/", "referrals/", "contact/", "appointments/book/", "screens/phq-9/"):
        omar.page.goto(f"{client}{path}")
        assert FAMILY.lower() in omar.page.content().lower()
    omar.page.goto(client)
    omar.sees("Not screened yet", "No signed plan yet.", MH)
    omar.shot("7-the-other-program")
    for path in ("/", "/my-clients/", "/referrals/", "/schedule/", "/desk/", client):
        omar.page.goto(path)
    omar.page.wait_for_load_state("networkidle")
    assert len(omar.bodies) >= 14
    for body in omar.bodies:
        assert not [words for words in secret if words in body]
    for path in theirs(dana, client):
        assert omar.get(path).status == 404, path


def theirs(dana: Person, client: str) -> set[str]:
    """Paths of rows of the first program, as its clinician's pages link them."""
    found: set[str] = set()
    for place in ("screens/", "plan/", "consents/", "referrals/"):
        dana.page.goto(f"{client}{place}")
        links = dana.page.locator("main a[href]").evaluate_all("all => all.map(a => a.pathname)")
        found |= {path for path in links if re.search(r"[0-9a-f-]{36}/.*[0-9a-f-]{36}/", path)}
    assert len(found) > 8
    return found


def find_it_all_on_the_ledger(pia: Person, clinic: Clinic) -> None:
    """The refused attempts are written down, and the whole ledger verifies."""
    pia.page.goto("/office/access/")
    pia.sees("Omar Haddad", "refused: no basis")
    pia.shot("7-refusals")
    verified = clinic.manage("verify_ledger", "--seal-first")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "verifies" in verified.stdout
