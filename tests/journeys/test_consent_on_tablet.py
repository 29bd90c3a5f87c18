"""A consent from the form to the client's finger, with the network gone in the middle, and back again when they change
their mind: signed once, shown as signed, and nothing leaves once it is taken back."""

from collections.abc import Callable

import pytest

from tests.journeys import story
from tests.journeys.clinic import Clinic, Person, choose

pytestmark = pytest.mark.browser


def prepare(dana: Person, client: str) -> None:
    page = dana.page
    page.goto(f"{client}consents/record/")
    choose(page, "recipient", story.RIVERBEND)
    dana.tick("categories", "reason", "problems")
    dana.tick("purposes", "treatment")
    dana.fill(description="Why I am sent, and my problems")
    dana.tick("revocation_told")
    dana.tick("expires", "event")
    dana.fill(expires_event="My first visit there")
    dana.press("Prepare it, and read it with the client")
    dana.sees("Nobody has signed this yet", "My first visit there")
    dana.shot("consent-prepared", narrow=True)
    dana.press("See what they would get")
    dana.sees("would see", "Nothing has left, and nobody has signed")
    dana.shot("consent-preview", narrow=True)
    dana.press("Back to the consent")


def sign_on_the_tablet(dana: Person, client: str, other: Person) -> None:
    page = dana.page
    dana.press("Hand over the tablet")
    dana.sees("Not today", "I say no", "Your care here goes on just the same")
    dana.shot("consent-client", narrow=True)
    dana.press("Show me what they would see")
    dana.sees("Nothing has left, and nothing is signed")
    dana.shot("consent-client-preview", narrow=True)
    dana.press("Back to the form")
    dana.press("I want to sign")
    name = page.input_value("[name=signer_name]")
    dana.fill(signature=name)
    dana.shot("consent-client-sign", narrow=True)
    page.context.set_offline(True)
    dana.press("Sign now")
    dana.sees("Nothing is signed yet, and what you wrote is still here")
    assert page.input_value("[name=signature]") == name
    other.page.goto(f"{client}consents/")
    other.sees("Prepared, for the client to read")
    page.context.set_offline(False)
    dana.press("Sign now")
    dana.sees("You signed this form")
    dana.shot("consent-client-signed", narrow=True)
    page.go_back()
    dana.sees("You signed this form")
    page.goto("/here/form/sign/")
    dana.sees("You signed this form")
    assert dana.get(client).url.endswith("/here/back/"), "the tablet opens the chart"


def test_a_consent_is_read_signed_and_taken_back(clinic: Clinic, person: Callable[[str], Person]) -> None:
    dana, other = person("dana").sign_in(), person("dana").sign_in()
    dana.page.goto("/my-clients/")
    client = dana.page.locator("main th a[href*='/client/']").first.get_attribute("href") or ""
    prepare(dana, client)
    sign_on_the_tablet(dana, client, other)
    page, before = other.page, len(clinic.mail(story.RECORDS))
    page.goto(f"{client}consents/")
    other.sees("Holds")
    with clinic.nothing_is_sent():
        page.goto(f"{client}referrals/new/")
        choose(page, "recipient", story.RIVERBEND)
        other.fill(reason=story.WHY)
        other.press("Continue")
        page.wait_for_url("**/contents/")
        other.press("Continue")
        page.wait_for_url("**/send/")
        other.press("Release it by e-mail")
        other.sees("Released.")
        page.goto(f"{client}consents/")
        page.get_by_role("main").locator("tbody").get_by_role("link", name=story.RIVERBEND).first.click()
        other.press("The client takes it back")
        other.sees("These have not left yet", "Referrals that rest on it")
        other.fill(text="Please send nothing more.", scan="Folder 3")
        other.shot("consent-revoke", narrow=True)
        other.press("Take the consent back now")
        other.sees("Taken back", "Stopped before it left.")
    assert len(clinic.mail(story.RECORDS)) == before
