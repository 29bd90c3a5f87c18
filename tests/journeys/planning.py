"""Step 3 of the day: one plan for both sides, signed, frozen, printed."""

import io

from playwright.sync_api import Locator
from pypdf import PdfReader

from tests.journeys import story
from tests.journeys.clinic import Person
from tests.journeys.papers import is_accessible, words_of


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
    open_and_fill(dana, "Add a problem", "new-problem", text=story.NIGHTS, domain="mental_health")
    dana.sees(story.NIGHTS)
    open_and_fill(
        dana,
        "Link two problems",
        "new-link",
        from_problem=alcohol,
        verb="is used to ease",
        to_problem=story.NIGHTS,
        how=story.HOW,
    )
    dana.sees(story.HOW)
    add_work(dana, alcohol, story.GOALS[0], "audit", "7")
    add_work(dana, story.NIGHTS, story.GOALS[1], "pcl-5", "28")
    saves: list[str] = []
    page.on(
        "request", lambda asked: saves.append(asked.url) if asked.url.endswith("/words/strengths/") else None
    )
    dana.fill(strengths="Walks to work; her sister knows everything")
    # An intervention has a field of this name as well.
    page.locator("#frame [name=step_down]").fill("Both targets met for two months")
    dana.fill(
        words="To be rested", review_on=story.in_days(90), participation_words="Chose both goals herself"
    )
    page.check("main [name=participation] >> nth=0")
    for section in ("strengths", "frame"):
        page.locator(f"#{section} [data-save-status]:not(:empty)").wait_for()
    dana.shot("3-draft", narrow=True)
    # Left twice, saved twice: a save that is sent twice meets itself as somebody else's.
    assert len(saves) == 2, saves
    assert page.locator("[data-save-failed]:not(:empty)").count() == 0
    page.locator("#frame button").click()
    page.wait_for_url("**/edit/#frame")
    page.get_by_role("link", name="Review and sign").first.click()
    page.wait_for_url("**/sign/")
    missing = page.locator(".plan-missing li").all_inner_texts()
    assert not missing, missing
    dana.fill(client_name=f"{story.GIVEN} {story.FAMILY}")
    dana.shot("3-sign")
    page.get_by_role("button", name="Sign the plan of").click()
    page.wait_for_url(lambda url: not url.endswith("/sign/"))
    dana.sees("Active", story.HOW)
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
        instrument=instrument, target=target, target_on=story.in_days(120),
    )  # fmt: skip
    fill_part(
        card.locator("form[id*=add-intervention]"), kind="cbt", frequency="once a week", duration="12 weeks"
    )
    card.get_by_text("12 weeks").wait_for()
    assert goal in card.inner_text()


def read_the_plan_as_pdf(dana: Person, path: str) -> None:
    printed = dana.get(path)
    assert printed.headers["content-type"] == "application/pdf"
    plan = PdfReader(io.BytesIO(printed.body()))
    text = words_of(plan)
    for words in (story.NIGHTS, story.HOW, *story.GOALS, f"{story.FAMILY}, {story.GIVEN}"):
        assert words.lower() in text.lower()
    assert is_accessible(plan)
    # The chart is drawn, not pasted: its words can be read.
    assert "How it has been going" in text
    assert all(f"{name} 0 to" in text for name in ("PHQ-9", "AUDIT"))
