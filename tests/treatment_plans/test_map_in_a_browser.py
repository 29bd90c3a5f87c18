"""The same map is drawn by pointer on the drawing, and by keyboard through the forms of the list: both end equal."""

import os

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from clinic.access.door import open_chart
from clinic.access.policy import Do
from tests.browsers import open_browser
from tests.cast import PASSWORD
from tests.house.browser import AXE, TAGS, WIDE
from treatment_plans import actions, queries

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def begun(cast, name):
    """Someone with two problems and a sister on the map, and no link yet."""
    client = cast.register(given_name=name)
    with open_chart(cast.dana, client, to=Do.PLAN) as chart:
        row = actions.begin_formulation(chart)
        for kind, text in (
            ("substance_use", "Alcohol use"),
            ("mental_health", "Panic"),
            ("support", "My sister"),
        ):
            actions.add_node(chart, formulation=row, kind=kind, text=text)
    return client, row


def told(cast, client, row):
    with open_chart(cast.dana, client, to=Do.PLAN) as chart:
        found = queries.map_of(chart, row.public_id)
    links = [(one.tail.text, one.verb, one.head.text, one.how) for one in found.links]
    return sorted((one.kind, one.text) for one in found.nodes), links


def test_by_pointer_and_by_keyboard_the_same_map_is_drawn(lasting_cast, live_server, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    by_pointer, by_keys = begun(lasting_cast, "June"), begun(lasting_cast, "Ray")
    with open_browser() as browser:
        page = browser.new_context(base_url=live_server.url, viewport=WIDE, bypass_csp=False).new_page()
        page.set_default_timeout(20_000)
        faults: list[str] = []
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        _sign_in(page)
        _by_pointer(page, *by_pointer)
        _by_keyboard(page, *by_keys)
        assert faults == []
    one, other = told(lasting_cast, *by_pointer), told(lasting_cast, *by_keys)
    assert one == other and len(one[1]) == 2 and len(one[0]) == 4


def _sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.fill("#id_login", "dana@clinic.example")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url(lambda url: "/accounts/" not in url)


def _at(client, row) -> str:
    return reverse("treatment_plans:formulation_map", args=[client, row.public_id])


def _by_pointer(page: Page, client, row) -> None:
    page.goto(_at(client, row))

    def box(name):
        return page.locator(f".map-wide [data-node][aria-label$='{name}']")

    _drag(page, box("My sister"), 90)
    page.locator("#map-said", has_text="Moved").wait_for(state="attached")
    for tail, head, verb, how in (
        ("Alcohol use", "Panic", "eases", "drinks to sleep"),
        ("Panic", "Alcohol use", "sets_off", "before the bus"),
    ):
        box(tail).click()
        assert box(tail).get_attribute("aria-pressed") == "true"
        box(head).click()
        page.select_option("#new-link-verb", verb)
        page.fill("#new-link-how", how)
        page.click("#new-link button")
        page.locator(".map-link", has_text=how).wait_for()
    page.fill("#new-node-text", "The accident")
    page.select_option("#new-node-kind", "stress")
    page.click("#new-node .form:last-of-type button")
    page.locator(".map-nodes", has_text="The accident").wait_for()
    if shots := os.environ.get("ENTWINE_SHOTS"):
        page.screenshot(path=f"{shots}/map.png", full_page=True)
    page.evaluate(AXE.read_text())
    run = "(tags) => axe.run(document, {runOnly: tags}).then(f => f.violations.map(v => v.id + v.nodes.map(n => n.target)))"
    assert page.evaluate(run, TAGS) == []


def _drag(page: Page, box, by: int) -> None:
    at = box.bounding_box()
    page.mouse.move(at["x"] + 30, at["y"] + 20)
    page.mouse.down()
    page.mouse.move(at["x"] + 30 + by / 2, at["y"] + 20)
    page.mouse.move(at["x"] + 30 + by, at["y"] + 20)
    page.mouse.up()


def _press(page: Page, name: str) -> None:
    """Goes on by Tab until the thing of that name has the focus, and presses Enter: as without a mouse."""
    for _step in range(120):
        page.keyboard.press("Tab")
        if page.evaluate(
            "(name) => document.activeElement.textContent.trim().replace(/\\s+/g, ' ') === name", name
        ):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"no {name} by keyboard")


def _by_keyboard(page: Page, client, row) -> None:
    page.goto(_at(client, row))
    for tail, verb, head, how in (
        ("Alcohol use", "is used to ease", "Panic", "drinks to sleep"),
        ("Panic", "sets off", "Alcohol use", "before the bus"),
    ):
        _press(page, f"Link from here {tail}")
        page.locator("#id_verb").focus()
        for text in (verb, head):
            page.keyboard.type(text)
            page.keyboard.press("Tab")
        page.keyboard.type(how)
        page.keyboard.press("Enter")
        page.locator(".map-link", has_text=how).wait_for()
    page.locator("#new-node-text").focus()
    page.keyboard.type("The accident")
    page.keyboard.press("Enter")
    page.locator(".map-nodes", has_text="The accident").wait_for()
