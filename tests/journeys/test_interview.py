"""An interview told on two screens: a tablet at 320 px in the client's hands, and the clinician's own."""

import re
from collections.abc import Callable

import pytest

from tests.house.browser import AXE, TAGS
from tests.journeys.clinic import Clinic, Person

pytestmark = [pytest.mark.slow, pytest.mark.browser]
SMALL = {"width": 320, "height": 640}
# What is pressed on a client's page, but for links that stand within a sentence.
PRESSED = "main :is(a, button, summary, textarea, input:not([type=hidden], [type=checkbox]), label.client-answer):not(p:not(.client-part) a)"


def test_an_interview_on_a_small_tablet_and_at_the_desk(
    clinic: Clinic, person: Callable[[str], Person]
) -> None:
    desk, tablet = (person("dana").sign_in() for _screen in range(2))
    desk.page.goto("/my-clients/")
    client = first_without_an_interview(desk)
    desk.press("Begin")
    desk.page.wait_for_url(re.compile(r"/interview/[0-9a-f-]{36}/$"))
    here = desk.page.url
    tablet.page.add_init_script(path=AXE)
    tablet.page.goto(here)
    tablet.press("Hand over the tablet")
    tablet.page.set_viewport_size(SMALL)
    tell_two_parts(tablet)
    go_on_at_the_desk(desk, here)
    lead_to_ciwa(desk, client)
    read_it_together(tablet, desk, here)


def first_without_an_interview(desk: Person) -> str:
    rows = desk.page.locator("table.caseload tbody th a")
    for client in [rows.nth(n).get_attribute("href") or "" for n in range(rows.count())]:
        desk.page.goto(f"{client}interview/")
        if desk.page.get_by_role("button", name="Begin").count():
            return client
    raise AssertionError("every client has an interview")


def check(tablet: Person, name: str = "") -> None:
    """Nothing sticks out, every target is 56 px high, and axe finds nothing."""
    page = tablet.page
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"], page.url
    low = [
        (one.inner_text()[:40], box["height"])
        for one in page.locator(PRESSED).all()
        if one.is_visible() and (box := one.bounding_box()) and box["height"] < 56
    ]
    assert not low, f"{page.url}: {low}"
    found = page.evaluate(
        "tags => axe.run({runOnly: tags}).then(r => r.violations.map(v => v.id + ': ' + v.help))", TAGS
    )
    assert not found, f"{page.url}: {found}"
    if name:
        page.screenshot(path=tablet.clinic.pictures / f"interview-{name}-320.png", full_page=True)


def tell_two_parts(tablet: Person) -> None:
    """The first by touch, the second by keyboard alone; one answer is declined, one is put off."""
    check(tablet, "start")
    tablet.press("What brings you here", exact=False)
    tablet.sees("Why we ask", "Who will see it", "You can skip any of them.")
    check(tablet, "part")
    tablet.press("Start this part")
    check(tablet, "words")
    tablet.page.fill("textarea", "My sister asked me to.")
    tablet.press("Continue")
    tablet.sees("What do you hope will be different?")
    tablet.press("I would rather not say")
    tablet.sees("What would help most this week?")
    tablet.press("Not today")
    tablet.sees("Have you been to a place like this before?")
    check(tablet, "choice")
    tablet.press("No")
    tablet.sees("Is there a thing you worry we will say or do?")
    tablet.press("Stop for now")
    tablet.sees("It is fine to stop here", "All you told us is kept.")
    check(tablet, "pause")
    tablet.press("Go to all parts")
    tablet.sees("1 question left")
    by_keyboard(
        tablet,
        "How your body feels when you stop",
        "Start this part",
        "Today",
        "I do not use it",
        "I do not use it",
    )
    by_keyboard(tablet, "Yes", "Not today")
    tablet.sees("Do you feel any of these right now?")
    check(tablet, "several")
    by_keyboard(tablet, "My hands shake", "Continue")
    tablet.sees("Thank you. That part is done.")


def by_keyboard(tablet: Person, *names: str) -> None:
    """Each is reached by Tab and pressed by Enter, a box by Space."""
    for name in names:
        tablet.page.evaluate("document.getElementById('main').focus()")
        for _step in range(40):
            tablet.key("Tab")
            on = tablet.page.evaluate(
                "(e => [(e.closest('label') ?? e).innerText.split('\\n')[0].trim(), e.type])(document.activeElement)"
            )
            if on[0] == name:
                break
        else:
            raise AssertionError(f"{name} is not reached by Tab on {tablet.page.url}")
        before = tablet.page.url
        tablet.key("Space" if on[1] == "checkbox" else "Enter")
        if on[1] != "checkbox":
            tablet.page.wait_for_url(lambda url, before=before: url != before)


def go_on_at_the_desk(desk: Person, here: str) -> None:
    """What the tablet took is here, and the part goes on where it was left."""
    desk.page.goto(here)
    desk.sees("CIWA-Ar now", "In progress, 1 left")
    desk.shot("interview-desk", narrow=True)
    desk.press("What brings you here")
    said = desk.page.locator("textarea[name='a-hopes.reason']")
    assert said.input_value() == "My sister asked me to."
    assert desk.page.locator("select[name='s-hopes.hope']").input_value() == "rather_not"
    assert desk.page.locator("select[name='s-hopes.first']").input_value() == "not_today"
    with desk.page.expect_response(re.compile("/keep/$")) as kept:
        desk.page.fill("textarea[name='a-hopes.worry']", "That you call my job.")
        desk.key("Tab")
    assert kept.value.status == 204
    desk.shot("interview-part", narrow=True)
    nothing_covers_the_focus(desk)
    desk.page.goto(f"{here}part/substances/")
    desk.shot("interview-grid", narrow=True)


COVERED = """() => {
    const [on, acts] = [document.activeElement, document.querySelector(".sheet-acts")];
    const before = on.compareDocumentPosition(acts) === Node.DOCUMENT_POSITION_FOLLOWING;
    return before && on.getBoundingClientRect().bottom > acts.getBoundingClientRect().top + 1 ? on.outerHTML : "";
}"""


def nothing_covers_the_focus(desk: Person) -> None:
    """Tab by Tab through the part: the row of buttons that stays in sight never lies over what has the focus."""
    desk.page.set_viewport_size({"width": 1280, "height": 500})
    desk.page.evaluate("document.getElementById('main').focus()")
    met = 0
    for _step in range(24):
        desk.key("Tab")
        met += desk.page.evaluate("document.activeElement.matches('main textarea, main select')")
        assert desk.page.evaluate(COVERED) == ""
    assert met > 5
    desk.page.set_viewport_size({"width": 1280, "height": 800})


def lead_to_ciwa(desk: Person, client: str) -> None:
    desk.page.goto(client)
    desk.page.get_by_role("main").get_by_text("CIWA-Ar now", exact=False).first.wait_for()
    desk.shot("interview-chart")
    desk.press("See to it")
    desk.sees("Drank in the last week")
    desk.page.get_by_role("main").get_by_role("link", name="CIWA-Ar now").click()
    desk.page.wait_for_url("**/screens/ciwa-ar/**")


def read_it_together(tablet: Person, desk: Person, here: str) -> None:
    """The client disagrees with a line, word for word, and confirms; so does the clinician, and it is frozen."""
    words = "It was my mother who asked."
    tablet.press("Read what you told us")
    tablet.sees("My sister asked me to.", "That you call my job.", "Would rather not say")
    check(tablet, "summary")
    tablet.page.locator("main a[href$='summary/hopes.reason/']").click()
    check(tablet, "disagree")
    tablet.page.fill("textarea", words)
    tablet.press("Keep my words")
    tablet.sees("“I disagree”", words)
    tablet.page.fill("#id_name", "June")
    tablet.press("Yes, I read it and it is right")
    tablet.sees("Thank you. You said that this is right.")
    desk.page.goto(f"{here}summary/")
    desk.sees(words, "June (Client)")
    desk.page.get_by_role("main").get_by_role("button", name=re.compile("^Confirm the summary")).click()
    desk.sees("Confirmed by both", words)
    desk.shot("interview-summary", narrow=True)
    tablet.page.reload()
    tablet.sees("You and your care team both said this is right.")
    tablet.press("Go to all parts")
    tablet.sees("This is done. Thank you.")
