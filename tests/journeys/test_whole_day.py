"""One whole day of one client, from the front desk to the sealed ledger, with every process running."""

import re
from collections.abc import Callable

import pytest

from tests.journeys import story
from tests.journeys.clinic import Clinic, Person, choose, row_of
from tests.journeys.planning import sign_a_unified_plan
from tests.journeys.registering import register
from tests.journeys.screening import answer_five_by_keyboard, file_the_safety_step, read_the_changes
from tests.journeys.sending import (
    see_what_celery_sent,
    send_what_it_covers,
    sign_a_consent,
    stop_what_still_waits,
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_a_day_from_the_front_desk_to_the_sealed_ledger(clinic, person):
    ines, dana, sol = (person(name).sign_in() for name in ("ines", "dana", "sol"))
    client = register(ines, known=one_of_the_list(sol))
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


def one_of_the_list(sol: Person) -> str:
    """Somebody of the demo who is known by name: whoever walked in today without one stands first."""
    assert sol.page.url.endswith("/caseload/")
    names = sol.page.locator("table.caseload tbody th a").all_inner_texts()
    return next(name for name in reversed(names) if "," in name)


def review_the_caseload(sol: Person, dana: Person, client: str) -> None:
    """Reasons in words; she asks a colleague from the row, who answers; she sees who opened the record."""
    sol.page.goto("/caseload/")
    row = row_of(sol, client)
    assert "is not answered yet" in row.inner_text()
    row.scroll_into_view_if_needed()
    sol.shot("6-caseload", narrow=True)
    row.get_by_text("Ask a colleague").click()
    choose(sol.page, "to", "Dana Whitfield")
    sol.fill(words=story.ASK, due_on=story.in_days(2))
    sol.shot("6-ask")
    sol.press("Ask")
    sol.sees("Asked Dana Whitfield")
    dana.page.goto("/my-clients/")
    mine = row_of(dana, client)
    assert f"Sol Abernathy asked Dana Whitfield: {story.ASK}" in mine.inner_text()
    dana.shot("6-my-clients")
    mine.get_by_role("link", name="Answer").click()
    dana.fill(answer="Called, she is well and comes story.tomorrow.")
    dana.press("Answer")
    dana.sees("Answered. It has left the list.")
    row_of(sol, client).get_by_text("Who opened it").click()
    sol.sees("Dana Whitfield", "Ines Moreau", "opened the chart", "on the care team")
    sol.shot("6-access")


def meet_closed_doors(ines: Person, dana: Person, client: str, person: Callable[[str], Person]) -> None:
    """Not on the team: 404, as for nobody at all. On the team of her other program: nothing of this one, anywhere."""
    omar = person("omar").sign_in()
    nobody = "/client/00000000-0000-4000-8000-000000000000/"
    refused = omar.get(client)
    assert (refused.status, omar.get(f"{client}screens/").status, omar.get(nobody).status) == (404, 404, 404)
    assert story.FAMILY not in refused.text()
    omar.page.goto(client)
    omar.shot("7-not-found")

    ines.page.goto(f"{client}contact/")
    ines.press("Begin in another program")
    ines.pick(program=story.MH)
    ines.page.get_by_role("option", name="Omar Haddad").wait_for(state="attached")
    ines.pick(clinician="Omar Haddad, LPC")
    ines.press("Begin here")
    ines.sees("Begun in your program.")

    secret = (
        story.SUD,
        story.BOTH,
        story.NIGHTS,
        story.HOW,
        story.WHY,
        *story.GOALS,
        story.ASK,
        "Safety plan written together",
        "self-harm reported",
    )
    omar.listen()
    for path in (
        "",
        "screens/",
        "plan/",
        "consents/",
        "referrals/",
        "contact/",
        "appointments/book/",
        "screens/phq-9/",
    ):
        omar.page.goto(f"{client}{path}")
        assert story.FAMILY.lower() in omar.page.content().lower()
    omar.page.goto(client)
    omar.sees("Not screened yet", "No signed plan yet.", story.MH)
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
    pia.sees("Omar Haddad", "refused, nothing was shown")
    pia.shot("7-refusals")
    verified = clinic.manage("verify_ledger", "--seal-first")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "verifies" in verified.stdout
