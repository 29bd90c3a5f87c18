"""A client answers alone: by a link in a real message, on the tablet, on paper; and a critical answer finds somebody.

What each page does by itself is tried in tests/screening; here the processes are real, and one of them is killed.
"""

import io
import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pypdf import PdfReader

from tests.journeys.clinic import Clinic, Person, row_of
from tests.journeys.papers import is_accessible, words_of
from tests.running.houses import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PIN, EMAIL = "402917", "larka@people.example"
REGISTER = f"""
import datetime as dt
from clinic.office.actions import set_pin
from clinic.people.models import Program
from clinic.people.queries import staff_with_duties
from intake.actions import register
who = {{one.given_name: one for one in staff_with_duties()}}
set_pin(who["Dana"], pin="{PIN}")
made = register(who["Ines"], program=Program.objects.get(name="Harbor Recovery"), clinician=who["Dana"],
    given_name="Larka", family_name="Overfield", birth_date=dt.date(1991, 3, 14),
    contacts=[{{"channel": "email", "value": "{EMAIL}", "may_email": True}}])
print(f"/client/{{made.public_id}}/")
"""
# The minutes until the next person is asked have passed. Says which messages left about the flag before.
TIME_PASSES = """
from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.consent.models import Outbound
from clinic.kit import clock
from clinic.people.queries import staff_with_duties
from clinic.record.models import Flag
with open_chart(staff_with_duties().get(given_name="Sol"), "{client}", to=Do.OPEN_CHART):
    flag = Flag.objects.get(closed_at=None)
    print("TOLD", *Outbound.objects.filter(due_key__startswith=f"flag:{{flag.public_id}}").values_list("message_id", flat=True))
    Flag.objects.filter(pk=flag.pk).update(ask_next_at=clock.now())
"""


def test_a_link_a_tablet_and_paper_go_on_with_each_other_and_a_critical_answer_finds_somebody(
    clinic: Clinic, person
) -> None:
    done = clinic.manage("shell", "-c", REGISTER)
    assert done.returncode == 0, done.stderr
    client = done.stdout.strip().splitlines()[-1]
    dana, sol, larka = person("dana").sign_in(), person("sol").sign_in(), person("larka")
    pause_on_the_link_and_finish_on_the_tablet(dana, larka, client)
    answer_on_paper(dana, client)
    tell_of_self_harm_with_the_broker_dead(dana, sol, larka, client)
    acknowledge(dana, sol, person, client)


def begin_a_set(dana: Person, client: str, name: str) -> str:
    """A set of this one questionnaire; the address of its page."""
    page = dana.page
    page.goto(f"{client}screens/")
    for box in page.locator("[id^=ask-][type=checkbox]").all():
        box.set_checked(box.get_attribute("value") == name)
    dana.press("Start the set")
    page.wait_for_url("**/screens/*/?set=*")
    found = re.search(r"set=([\w-]+)", page.url)
    assert found
    page.goto(f"{client}screens/set/{found[1]}/")
    return page.url


def send_it(dana: Person, clinic: Clinic, many: int) -> str:
    """The link as the client's mailbox got it, in a message that says nothing of this place or of what is asked."""
    dana.press("Send a link")
    dana.sees("How it reaches them", EMAIL, "Due today")
    dana.press("Send by e-mail")
    dana.sees("A link is on its way", "Not opened yet")
    assert wait_until(lambda: len(clinic.mail(EMAIL)) == many, 60), "the link did not come"
    letter = clinic.mail(EMAIL)[-1]
    words = letter.get_content()
    assert not re.search("Harbor|question|Larka|clinic|screen", f"{letter['Subject']} {words}", re.I)
    found = re.search(r"http\S+/v/\w+/", words)
    assert found, words
    return found[0]


def open_it(larka: Person, link: str) -> None:
    larka.page.set_viewport_size({"width": 390, "height": 844})
    larka.page.goto(link)
    larka.sees("You can leave at once", "history")
    larka.fill(month="3", day="14", year="1991")
    larka.press("Continue")
    larka.sees("Hello, Larka", "Who will see this?")


def answer(someone: Person, *words: str) -> None:
    """One question a screen: each answer is a button, and one press goes on."""
    for one in words:
        before = someone.page.url
        someone.page.get_by_role("button", name=one, exact=True).click()
        someone.page.wait_for_url(lambda url, was=before: url != was)


def pause_on_the_link_and_finish_on_the_tablet(dana: Person, larka: Person, client: str) -> None:
    sitting = begin_a_set(dana, client, "gad-7")
    link = send_it(dana, dana.clinic, 1)
    open_it(larka, link)
    larka.press("Start")
    answer(larka, "Not at all", "Several days")
    larka.press("Pause")
    larka.sees("You can stop here", "What you answered so far is kept")
    dana.page.goto(sitting)
    dana.sees("In part answered", "2 of 8 answered")
    dana.press("Hand over the tablet")
    dana.press("Go on where you stopped")
    dana.page.wait_for_url("**/gad-7/gad7_3/")
    answer(dana, *["Nearly every day"] * 5, "Somewhat difficult")
    dana.sees("Look over your answers", "Several days", "Nearly every day")
    dana.press("I am done")
    dana.sees("Please give the tablet back")
    assert dana.get(client).url.endswith("/here/back/"), "the tablet opens the chart"
    dana.page.fill("#id_pin", PIN)
    dana.press("Take the tablet back")
    dana.page.wait_for_url(sitting)
    dana.sees("16 / 21", "Done: the client has finished")
    larka.page.goto(link)
    assert "Several days" not in larka.page.content()


def answer_on_paper(dana: Person, client: str) -> None:
    sitting = begin_a_set(dana, client, "audit-c")
    paper = dana.page.get_by_role("link", name="Print on paper").get_attribute("href")
    printed = PdfReader(io.BytesIO(dana.get(paper or "").body()))
    words = words_of(printed)
    assert is_accessible(printed) and "Larka" not in words and "Overfield" not in words
    code = re.search(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", words)
    assert code, words
    dana.page.goto(f"{client}screens/")
    dana.fill(code=code[0].lower())
    dana.press("Enter it")
    dana.page.locator("[data-item] input:focus").wait_for()
    dana.key("1", "0", "0", "Enter")
    dana.page.wait_for_url(sitting)
    dana.sees("1 / 12")
    dana.page.goto(f"{client}screens/")
    dana.page.get_by_role("main").get_by_role("link", name="AUDIT-C").first.click()
    dana.sees("Filled in on paper")


@contextmanager
def no_tick(clinic: Clinic) -> Iterator[None]:
    """Nothing is sent and nobody is asked while the block lasts, and the broker is killed at its end."""
    beat = clinic.process("clinic.celery beat")
    os.kill(beat, signal.SIGSTOP)
    try:
        yield
        os.kill(clinic.process("valkey-server"), signal.SIGKILL)
    finally:
        os.kill(beat, signal.SIGCONT)


def tell_of_self_harm_with_the_broker_dead(dana: Person, sol: Person, larka: Person, client: str) -> None:
    """The flag stands the moment the answer is given; whoever is named hears of it once the broker is back."""
    clinic = dana.clinic
    begin_a_set(dana, client, "phq-9")
    open_it(larka, send_it(dana, clinic, 2))
    larka.press("Start")
    answer(larka, *["Not at all"] * 8)
    larka.sees("Before the next part", "wanting to die")
    larka.press("Continue")
    with no_tick(clinic):
        told = {name: len(clinic.mail(f"{name}@entwine.example")) for name in ("dana", "nell", "sol")}
        answer(larka, "Several days")
        larka.sees("Thank you for telling us", "We may not see your answer right away", "Call 988")
        larka.shot("answering-support")
        sol.page.goto("/caseload/")
        assert "self-harm" in row_of(sol, client).inner_text()
        first = asked(sol, client)
    assert wait_until(lambda: len(clinic.mail(f"{first}@entwine.example")) > told[first], 60), (
        f"{first} is not told"
    )
    larka.press("Go on with the questions")
    answer(larka, "Not difficult at all")
    larka.press("Send my answers")
    larka.sees("You are done")


def asked(sol: Person, client: str) -> str:
    """Who is asked to take the flag now, as everybody reads it on the chart."""
    sol.page.goto(client)
    said = sol.page.locator("[data-flag]").inner_text()
    named = re.search(r"(\w+) \w+ is asked; nobody has taken it yet", said)
    assert named, said
    return named[1].lower()


def acknowledge(dana: Person, sol: Person, person, client: str) -> None:
    """Nobody takes it: the next person is asked and told, takes it, and their name stands with the time."""
    clinic, first = dana.clinic, asked(sol, client)
    passed = clinic.manage("shell", "-c", TIME_PASSES.format(client=client.split("/")[2]))
    assert passed.returncode == 0, passed.stderr
    ids = passed.stdout.split("TOLD")[1].split()
    letters = [letter for letter in clinic.mail(f"{first}@entwine.example") if letter["Message-ID"] in ids]
    assert len(letters) == 1, "told once, and not twice after the broker was back"
    assert not re.search(
        "Larka|Overfield|harm|PHQ", f"{letters[0]['Subject']} {letters[0].get_content()}", re.I
    )
    assert wait_until(lambda: asked(sol, client) != first, 30), "nobody else is asked"
    second = asked(sol, client)
    owner = sol if second == "sol" else person(second).sign_in()
    owner.page.goto(client)
    owner.page.get_by_role("button", name="I have this").click()
    owner.page.locator("[data-flag]").get_by_text("Acknowledged").wait_for()
    dana.page.goto(client)
    said = dana.page.locator("[data-flag]").inner_text()
    assert re.search(rf"Acknowledged \d\d:\d\d by {second}", said, re.I), said
    dana.shot("answering-acknowledged")
