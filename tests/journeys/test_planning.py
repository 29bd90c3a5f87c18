"""A plan is being written when the session ends: the page is gone from the document, and comes back as it was."""

import pytest

from tests.journeys.clinic import PASSWORD, Person
from tests.running.houses import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture
def dana(person):
    return person("dana").sign_in()


def a_client_without_a_plan(dana: Person) -> str:
    dana.page.goto("/my-clients/")
    for link in dana.page.locator("table.caseload tbody th a").all():
        path = link.get_attribute("href") or ""
        if "No plan yet" in dana.get(f"{path}plan/").text():
            return path
    raise AssertionError("everyone has a plan")


def test_the_lock_takes_the_page_out_of_the_document_and_gives_text_and_cursor_back(dana):
    client = a_client_without_a_plan(dana)
    page = dana.page
    page.goto(f"{client}plan/")
    dana.press("Start the plan")
    page.wait_for_url("**/edit/")
    name = page.locator(".banner").inner_text().split("\n")[0]
    field = page.locator("#strengths-strengths")
    field.fill("Sings in the choir")
    page.locator("[data-save-status]", has_text="Saved").first.wait_for()
    page.context.clear_cookies(name="sessionid")
    field.focus()
    page.keyboard.press("End")
    page.keyboard.type(" and dances")
    page.keyboard.press("ArrowLeft")
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    left = page.evaluate("document.body.innerText + document.documentElement.innerHTML")
    assert name not in left and "Sings in the choir" not in left and page.locator("main").count() == 0
    page.screenshot(path=dana.clinic.pictures / "p-locked.png")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in and go on").click()
    dialog.wait_for(state="hidden")
    assert field.input_value() == "Sings in the choir and dances"
    assert page.evaluate("[document.activeElement.id, document.activeElement.selectionStart]") == [
        "strengths-strengths",
        28,
    ]
    assert wait_until(lambda: "dances" in dana.get(page.url.split(dana.clinic.address)[1]).text(), 10)
