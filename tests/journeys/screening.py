"""Step 2 of the day: five questionnaires by keyboard, the critical answer, the change since the last ones."""

import re

from tests.journeys import story
from tests.journeys.clinic import Person, row_of


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
    for name, answers in story.KEYS.items():
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
        if name == "phq-9":
            ask_for_safety(dana)
    page.wait_for_url("**/screens/set/**")
    assert dana.keys == 63  # 56 questions, two of function, five times Enter
    dana.shot("2-results", narrow=True)


def ask_for_safety(dana: Person) -> None:
    """The critical answer brings the safety screen under one key, and the set goes on after it by itself."""
    page, five = dana.page, dana.keys
    page.wait_for_url("**/screens/set/**")
    dana.shot("2-safety-first")
    dana.key("Enter")
    page.wait_for_url("**/screens/c-ssrs-screener/**")
    page.locator("[data-item] input:focus").wait_for()
    dana.key("n", "n", "n", "Enter")
    dana.keys = five


def see_the_flag_at_once(dana: Person, client: str, sol: Person) -> None:
    dana.page.get_by_role("status").get_by_text("Safety step now").wait_for()
    sol.page.goto("/caseload/")
    row = row_of(sol, client)
    assert "row-now" in (row.get_attribute("class") or "")
    assert "self-harm" in row.locator(".due-0").filter(has_text="several days").inner_text()


def tab_to(someone: Person, words: str) -> None:
    for _step in range(60):
        someone.key("Tab")
        if someone.page.evaluate("document.activeElement.innerText.trim()") == words:
            return
    raise AssertionError(f"{words} is not reached by Tab")


def file_the_safety_step(dana: Person) -> None:
    """Score, band, what to do next; then the critical answer is seen to."""
    dana.sees(
        "14 / 27 Moderate", "39 / 80 At or above the cut-off of 33", "no published bands", "Zone IV", "6 / 10"
    )
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
        dana.pick(taken_on=story.in_days(-21), mode="paper")
        page.locator("[data-item] input").first.focus()
        dana.key(*answers, "Enter")
        page.wait_for_url(re.compile(r"/screens/[0-9a-f-]{36}/$"))
    for name, words in (("PHQ-9", "6 points lower"), ("AUDIT", "no published rule for change")):
        page.goto(f"{client}screens/")
        page.get_by_role("main").get_by_role("link", name=name).first.click()
        dana.sees("What to do next", words)
        dana.shot(f"2-change-{name}")
    page.goto(client)
    dana.sees("Five measures on one time axis", "Harbor Recovery", "is not answered yet")
    dana.shot("2-chart", narrow=True)
    drawn = page.locator(".trend-wide svg")
    assert all(
        name in (drawn.text_content() or "") for name in ("PHQ-9", "GAD-7", "PCL-5", "AUDIT", "DAST-10")
    )
    page.get_by_text("The same as a table").click()
    assert page.locator(".trend details tbody tr").count() == 7
