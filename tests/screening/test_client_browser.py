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
from tests.house.browser import AXE, TAGS
from tests.screening.test_client_answers import begin
from tests.screening.test_send_link import SAFE, send

pytestmark = pytest.mark.browser
SERIOUS = """(tags) => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(found =>
    found.violations.filter(one => ['serious', 'critical'].includes(one.impact)).map(one => one.id))"""


def looks_right(page: Page) -> None:
    """At 320 px, twice as large, in forced colours and with less motion: nothing sticks out, and every answer is 56 px
    high and 12 px from the next."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    boxes = [box.bounding_box() for box in page.locator(".client-answer").all()]
    assert all(box["height"] >= 56 for box in boxes)
    assert all(low["y"] - high["y"] - high["height"] >= 11.9 for high, low in pairwise(boxes))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.add_script_tag(path=AXE) if not page.evaluate("!!window.axe") else None
    assert page.evaluate(SERIOUS, TAGS) == []


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
    press(page, "Ningún día")
    assert page.url.endswith("/phq9_2/")
    page.goto("/here/back/")
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
    for name, value in {"month": "4", "day": "2", "year": "1988"}.items():
        page.fill(f"[name={name}]", value)
    press(page, "Continue")
    press(page, "Start")
    press(page, "Several days")
    for _press in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("https://www.weather.gov/**")
    page.go_back()
    page.wait_for_load_state()
    assert "Several days" not in page.content()
