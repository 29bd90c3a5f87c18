"""Someone walks in: registered and in safe hands in eight actions; the rest asked once, in any order, by keyboard too."""

import re
import time

import pytest

from tests.journeys.clinic import Person
from tests.running.houses import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.browser]

WALK_IN, WHOLE_REGISTRATION = 8, 55


@pytest.fixture
def ines(person):
    return person("ines").sign_in()


def test_a_walk_in_takes_eight_actions_at_most_and_less_than_a_minute(ines: Person):
    began = time.monotonic()
    walk_in(ines, "Keahi Ruiz", "34")
    ines.sees("First: the safety check", "Still to do", "Temporary ID T-")
    ines.actions += 1  # whoever is first on the list is asked
    ines.page.get_by_role("button", name="Start safety check").click()
    ines.sees("has it")
    assert ines.actions <= WALK_IN
    assert time.monotonic() - began < 60
    ines.shot("walk-in-registered", narrow=True)


def walk_in(ines: Person, name: str, age: str) -> None:
    ines.page.goto("/desk/")
    ines.press("Walk-in")
    assert ines.page.locator("[name=name]").evaluate("e => e === document.activeElement")
    ines.fill(name=name, about_age=age)
    ines.shot("walk-in", narrow=True)
    ines.press("Register and start")
    ines.page.wait_for_url("**/registration/")


def test_a_walk_in_by_keyboard_alone(ines: Person):
    ines.page.goto("/desk/walk-in/")
    ines.page.keyboard.type("Noa")
    ines.key("Tab", "Tab")  # over "Name not known"
    ines.page.keyboard.type("50")
    ines.key("Enter")
    ines.page.wait_for_url("**/registration/")
    assert ines.keys <= WALK_IN
    assert ines.page.locator("h1").inner_text() == "Registration"


def test_the_whole_registration_stays_within_its_budget(ines: Person):
    walk_in(ines, "Lani Ortega", "29")
    ines.actions, here = 0, ines.page.url

    ines.press("Names and birth date")
    ines.fill(birth="2/29/1996")
    save(ines)
    answer(ines, here, "Pronouns, sex and gender", sex="declined", gender="nonbinary", pronouns="they/them")
    answer(ines, here, "Languages and interpreter", language_spoken="en", interpreter="no", reading_help="no")
    answer(ines, here, "Background", race="pacific", ethnicity="none", marital_status="never_married",
           education="some_college", veteran="no")  # fmt: skip
    answer(ines, here, "Home and work", living_arrangement="independent", living_with_children="declined",
           employment="part_time", income="wages")  # fmt: skip
    answer(ines, here, "How they came here", referral_source="self", first_contact_on="unknown",
           prior_episodes="unknown", self_help="none")  # fmt: skip
    answer(ines, here, "The law and the courts", legal_status="none", arrests_30_days="declined")
    answer(ines, here, "Pregnancy", pregnant="not_possible")

    go(ines, here, "Where they live")
    ines.fill(street="12 Pier Road", suburb="Ashby")
    save(ines)
    go(ines, here, "People in their life")
    ines.fill(name="Ada Ortega")
    ines.tick("standing", "emergency")
    save(ines)
    go(ines, here, "Who pays")
    ines.tick("kind", "medicaid")
    save(ines)
    ines.page.goto(here.replace("registration/", "contact/new/"))
    ines.fill(value="614 555 0142")
    ines.tick("may_call")
    save(ines)

    ines.page.goto(here)
    ines.sees("12 of 12 completed")
    assert ines.actions <= WHOLE_REGISTRATION, ines.actions
    ines.shot("registration-done", narrow=True)


def save(ines: Person) -> None:
    ines.press("Save")
    ines.page.get_by_text("Saved.", exact=True).wait_for()


def go(ines: Person, here: str, part: str) -> None:
    ines.page.goto(here)
    ines.press(part)


def answer(ines: Person, here: str, part: str, **answers: str) -> None:
    go(ines, here, part)
    for topic, code in answers.items():
        option = ines.page.locator(f"[name={topic}][value='{code}']")
        if option.count():
            ines.actions += 1
            option.check()
        else:
            ines.fill(**{f"{topic}_text": code})
    ines.press("Save")
    ines.page.wait_for_url("**/registration/")


def test_what_is_typed_is_kept_within_two_seconds_and_is_there_after_the_browser_died(ines: Person, person):
    walk_in(ines, "Manu Silva", "61")
    path = ines.page.url + "home_and_work/"
    ines.page.goto(path)
    ines.page.check("[name=employment][value=unemployed]")
    status = ines.page.locator("[data-save-status]")
    assert wait_until(lambda: re.match(r"Saved \d\d:\d\d", status.inner_text()), 10)
    ines.page.context.close()
    again = person("ines").sign_in()
    again.page.goto(path)
    assert again.page.is_checked("[name=employment][value=unemployed]")
