"""What goes wrong in a day: a session ends, a server dies, two people write at once. Nothing typed is lost."""

import datetime as dt
import http.client
import os
import re
import signal
import threading

import pytest

from tests.journeys.clinic import PASSWORD, Clinic, Person
from tests.running.houses import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.browser]

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def dana(person):
    return person("dana").sign_in()


@pytest.fixture
def ines(person):
    return person("ines").sign_in()


def first_client(dana: Person) -> str:
    dana.page.goto("/my-clients/")
    link = dana.page.locator("table.caseload tbody th a").first
    return link.get_attribute("href") or ""


def begin(dana: Person, instrument: str) -> str:
    path = f"{first_client(dana)}screens/{instrument}/"
    dana.page.goto(path)
    dana.page.locator("[data-item] input:focus").wait_for()
    return path


def answer(dana: Person, key: str, status: int = 200) -> None:
    with dana.page.expect_response(lambda r: r.url.endswith("/answers/") and r.status == status):
        dana.key(key)


def test_a_session_that_ends_in_the_middle_of_a_form_loses_no_answer(dana):
    path, page = begin(dana, "gad-7"), dana.page
    answer(dana, "2")
    page.context.clear_cookies(name="sessionid")
    answer(dana, "3", status=401)
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    page.screenshot(path=dana.clinic.pictures / "8-session-ended.png")
    dialog.get_by_label("Password").fill(PASSWORD)
    with page.expect_response(lambda r: r.url.endswith("/gad-7/answers/") and r.status == 200):
        dialog.get_by_role("button", name="Sign in and go on").click()
    dialog.wait_for(state="hidden")
    page.goto(path)
    assert page.locator("#gad7_1-2").is_checked()
    assert page.locator("#gad7_2-3").is_checked()


def test_with_the_broker_dead_everything_is_saved_and_the_mail_goes_out_later(ines, dana, clinic):
    begin(dana, "dast-10")
    for key in "YYNNNNNNNN":
        answer(dana, key)
    fill_registration(ines, "Perpetua", "Outage", "perpetua@people.example")
    os.kill(clinic.process("valkey-server"), signal.SIGKILL)
    ines.press("Register")
    dana.key("Enter")
    ines.page.wait_for_url("**/contact/")
    dana.sees("3 / 10")
    letter = clinic.one_mail("perpetua@people.example")
    assert "Maple Street Office" in letter.get_body(("plain",)).get_content()


def fill_registration(ines: Person, given: str, family: str, email: str) -> None:
    starts = dt.datetime.now(dt.UTC) + dt.timedelta(hours=15)
    ines.page.goto("/desk/register/")
    ines.fill(given_name=given, family_name=family, birth="5/6/1980", email=email)
    ines.pick(program="Harbor Recovery")
    ines.page.get_by_role("option", name="Dana Whitfield").wait_for(state="attached")
    ines.pick(
        clinician="Dana Whitfield, LCSW, LCADC", visit_on=f"{starts:%Y-%m-%d}", visit_at=f"{starts:%H:%M}"
    )
    ines.tick("may_email")


def test_postgres_restarted_under_load_is_noticed_by_no_later_request(dana, clinic):
    path, over, seen = first_client(dana), threading.Event(), []
    cookies = "; ".join(f"{c['name']}={c['value']}" for c in dana.page.context.cookies())

    def read() -> None:
        while not over.is_set():
            seen.append(status(clinic, path, cookies))

    load = [threading.Thread(target=read) for _ in range(3)]
    for thread in load:
        thread.start()
    try:
        assert wait_until(lambda: len(seen) > 5)
        old = postmaster(clinic)
        assert old
        os.kill(old, signal.SIGINT)
        assert wait_until(lambda: postmaster(clinic) not in (0, old), 60)
        assert wait_until(lambda: status(clinic, "/readyz") == 200, 60)
        later = len(seen)
        assert wait_until(lambda: len(seen) > later + 12, 60)
    finally:
        over.set()
        for thread in load:
            thread.join()
    assert set(seen[later + 3 :]) == {200}
    assert set(seen) <= {200, 500, 503}


def postmaster(clinic: Clinic) -> int:
    """The process that is PostgreSQL now; 0 while there is none."""
    try:
        return int((clinic.data / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])
    except (OSError, IndexError):
        return 0


def status(clinic: Clinic, path: str, cookies: str = "") -> int:
    line = http.client.HTTPConnection("127.0.0.1", int(clinic.address.rpartition(":")[2]), timeout=30)
    try:
        line.request("GET", path, headers={"Cookie": cookies})
        return line.getresponse().status
    except OSError:
        return 0
    finally:
        line.close()


def test_a_form_posted_twice_is_done_once(ines):
    page = ines.page
    page.goto("/desk/register/")
    form = page.locator("form.register-form")
    fields = {
        name: form.locator(f"[name={name}]").first.input_value()
        for name in ("csrfmiddlewaretoken", "_once", "language")
    }
    program = form.locator("[name=program] option", has_text="Harbor").get_attribute("value")
    fields |= {"given_name": "Twila", "family_name": "Twofold", "program": program or ""}
    url, heads = f"{ines.clinic.address}/desk/register/", {"Referer": page.url}
    answers = [
        page.context.request.post(url, form=fields, headers=heads, max_redirects=0) for _time in range(2)
    ]
    assert [one.status for one in answers] == [302, 302]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    page.goto("/desk/")
    page.fill("#q", "Twila Twofold")
    page.locator(".match", has_text="TWOFOLD, Twila").first.wait_for()
    assert page.locator(".match", has_text="TWOFOLD, Twila").count() == 1


def test_a_stale_edit_shows_both_texts(ines, person):
    fill_registration(ines, "Odile", "Edited", "odile@people.example")
    ines.press("Register")
    ines.page.wait_for_url("**/contact/")
    (client,) = re.findall(r"/client/[^/]+/", ines.page.url)
    fay = person("fay").sign_in()
    for someone in (ines, fay):
        someone.page.goto(f"{client}contact/")
        someone.press("Change", exact=False)
    ines.fill(ask_for="Her sister Maud")
    ines.press("Save")
    ines.page.wait_for_url("**/contact/")
    fay.fill(ask_for="Only herself")
    fay.press("Save")
    fay.sees("Her sister Maud", "Only herself")
    fay.shot("8-stale")


def test_a_strange_request_gets_its_own_answer(dana):
    client = first_client(dana)
    assert dana.get("/nowhere/").status == 404
    assert dana.get(f"{client}screens/start/").status == 405
    for path in (f"/client/{NOBODY}/", f"{client}plan/{NOBODY}/", f"{client}screens/{NOBODY}/", "/client/1/"):
        assert dana.get(path).status == 404, path
