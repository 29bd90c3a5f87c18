"""Step 1 of the day: intake finds that she is nobody here, and registers her."""

import re
import time

from tests.journeys import story
from tests.journeys.clinic import Person


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
    assert not re.search(f"{story.SUD}|{story.MH}|{story.BOTH}|Part 2|program", shown.value.text(), re.I)

    page.fill("#q", "")
    began = time.monotonic()
    page.locator("#q").press_sequentially(f"{story.GIVEN} {story.FAMILY} 3/14/1991")
    ines.press(f"Register “{story.GIVEN} {story.FAMILY}” as new")
    assert page.input_value("[name=birth]") == "1991-03-14"
    ines.pick(program=story.SUD)
    page.get_by_role("option", name="Dana Whitfield").wait_for(state="attached")
    ines.pick(clinician="Dana Whitfield, LCSW, LCADC", **story.tomorrow())
    ines.fill(email=story.EMAIL)
    ines.tick("may_email")
    ines.shot("1-register", narrow=True)
    ines.press("Register")
    ines.page.wait_for_url("**/contact/")
    seconds = time.monotonic() - began
    assert seconds < 60
    assert ines.actions <= 8
    ines.sees("Registered.", story.EMAIL, "Dana Whitfield")
    ines.shot("1-registered")
    return re.search(r"/client/[^/]+/", page.url)[0]  # type: ignore[index]


def is_search(answer) -> bool:
    return answer.url.endswith("/desk/") and answer.request.method == "POST"
