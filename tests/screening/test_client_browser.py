"""The tablet and the link in a real browser: nothing of the chart by Back, hidden or left at once, for every eye."""

from itertools import pairwise

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client as Visitor
from django.urls import reverse
from playwright.sync_api import Page

from clinic.access.models import Handover
from clinic.people.models import Staff
from tests.browsers import open_browser
from tests.cast import PASSWORD
from tests.house.browser import AXE, SERIOUS, TAGS
from tests.screening.test_client_answers import begin
from tests.screening.test_send_link import SAFE, send

pytestmark = pytest.mark.browser


# What is wrong with the page as it stands: it sticks out, words are cut off, something moves, or what is pressed is low or,
# without its background, looks like plain text.
FAULTS = """() => {
    const found = [], seen = (one) => one.getClientRects().length > 0;
    if (document.documentElement.scrollWidth > innerWidth) found.push("sticks out");
    for (const one of document.querySelectorAll("main :is(button, .client-btn, .client-btn-second, .client-btn-quiet), .client-tool")) {
        if (!seen(one)) continue;
        const style = getComputedStyle(one), words = one.innerText.trim();
        if (one.scrollWidth > one.clientWidth + 1) found.push(`cut off: ${words}`);
        if (one.closest("main") && one.offsetHeight < 56) found.push(`low: ${words}`);
        if (style.borderTopStyle === "none" && !style.textDecorationLine.includes("underline")) found.push(`plain: ${words}`);
    }
    for (const one of document.querySelectorAll("body, body *")) {
        const style = getComputedStyle(one);
        if (style.animationName !== "none" || parseFloat(style.transitionDuration) > 0.01) found.push(`moves: ${one.tagName}`);
    }
    return found;
}"""


def fits(page: Page) -> None:
    """At 320 px, at twice the size of letters, in forced colours and with less motion."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    assert page.evaluate(FAULTS) == [], page.url
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(FAULTS) == [], f"{page.url} twice as large"
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")
    page.set_viewport_size({"width": 1280, "height": 800})


def looks_right(page: Page) -> None:
    """A question: every answer is 56 px high and 12 px from the next, and axe finds nothing serious."""
    fits(page)
    boxes = [box.bounding_box() for box in page.locator(".client-answer").all()]
    assert all(low["y"] - high["y"] - high["height"] >= 11.9 for high, low in pairwise(boxes))
    page.add_script_tag(path=AXE) if not page.evaluate("!!window.axe") else None
    assert [one["id"] for one in page.evaluate(SERIOUS, TAGS)] == []


def main(page: Page) -> str:
    return " ".join(page.locator("main").inner_text().split())


def press(page: Page, words: str) -> None:
    before = page.url
    page.get_by_role("main").locator("a, button").get_by_text(words, exact=True).click()
    page.wait_for_url(lambda url: url != before)


def test_on_the_tablet_and_by_the_link(lasting_cast, live_server, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's loop runs in this thread
    Staff.objects.filter(pk=lasting_cast.dana.pk).update(pin=make_password("402917"))
    june = lasting_cast.register(contacts=SAFE)
    sitting = begin(lasting_cast, june, "phq-9")
    _said, link, _mail = send(lasting_cast, june, begin(lasting_cast, june, "gad-7"))
    with open_browser() as browser:
        _tablet(_page(browser, live_server), june, sitting)
        _by_link(_page(browser, live_server), link)
    assert Visitor().get(link).status_code == 410
    assert set(Handover.objects.values_list("way", "ending")) == {("tablet", "given_back"), ("link", "")}


def _page(browser, live_server) -> Page:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 1280, "height": 800}, bypass_csp=True
    )
    context.set_default_timeout(30_000)
    return context.new_page()


def _tablet(page: Page, june, sitting) -> None:
    page.goto("/accounts/login/")
    page.fill("#id_login", "dana@clinic.example")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url(lambda url: "/accounts/" not in url)
    chart = reverse("screening:sitting", args=[june, sitting.public_id])
    page.goto(chart)
    press(page, "Hand over the tablet")  # the second of two: the set, and this
    assert page.url.endswith("/here/questions/") and "Hello, June" in main(page)
    page.go_back()
    page.wait_for_url("**/here/back/")
    assert "Okafor" not in page.content() and "OKAFOR" not in page.content()
    press(page, "Go on")
    press(page, "Start")
    looks_right(page)
    page.get_by_role("button", name="Hide screen").click()
    page.get_by_text("The screen is hidden").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show it again").click()
    assert page.get_by_role("button", name="Read aloud").is_visible()
    page.get_by_role("button", name="Español").click()
    page.get_by_text("Poco interés o placer en hacer cosas").wait_for()
    page.context.set_offline(True)
    for words in ("Ningún día", "Pausa"):
        page.get_by_role("main").get_by_text(words, exact=True).click()
        page.get_by_text("Ahora no hay red").wait_for()
    page.context.set_offline(False)
    page.get_by_text("Ahora no hay red").wait_for(state="hidden")
    press(page, "Ningún día")
    assert page.url.endswith("/phq9_2/")
    for place in ("", "phq-9/phq9_9/first/", "phq-9/phq9_9/support/", "not-today/"):
        page.goto(f"/here/questions/{place}")
        fits(page)
    page.goto("/here/back/")
    fits(page)
    page.fill("#id_pin", "402917")
    page.get_by_role("button", name="Recibir la tableta").click()
    page.wait_for_url(f"**{chart}")
    assert "1 of 10 answered" in main(page) and "The tablet came back" in main(page)
    page.go_back()
    assert "Ningún día" not in page.content()


def _by_link(page: Page, link: str) -> None:
    page.route(
        "https://www.weather.gov/**", lambda asked: asked.fulfill(body="Sunny", content_type="text/html")
    )
    page.goto(link)
    fits(page)
    for name, value in {"month": "4", "day": "2", "year": "1988"}.items():
        page.fill(f"[name={name}]", value)
    press(page, "Continue")
    press(page, "Start")
    for _question in range(7):
        press(page, "Several days")
    press(page, "Not difficult at all")
    assert "Look over your answers" in main(page)
    fits(page)
    for _press in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("https://www.weather.gov/**")
    page.go_back()
    page.wait_for_load_state()
    assert "Several days" not in page.content()
