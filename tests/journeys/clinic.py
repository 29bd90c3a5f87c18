"""A real clinic for a journey: `script/server` in a folder of its own, its demo people in real browsers."""

import email
import email.policy
import os
import re
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Response

from tests.running.houses import ROOT, plain_environment, processes_of, wait_until

PASSWORD = "entwine demo day"


@dataclass
class Clinic:
    """A running Entwine: where it answers, where its data lie, where pictures of it go."""

    address: str
    data: Path
    pictures: Path

    def mail(self, to: str) -> list[EmailMessage]:
        """What the mail server took for this address, oldest first."""
        raw = [path.read_bytes() for path in sorted((self.data / "mail").glob("*.eml"))]
        letters = [email.message_from_bytes(text, policy=email.policy.default) for text in raw]
        return [letter for letter in letters if letter["To"] == to]  # type: ignore[misc]

    def one_mail(self, to: str) -> EmailMessage:
        """The one message to this address, once it has come."""
        assert wait_until(lambda: self.mail(to), 60), f"nothing came for {to}"
        (letter,) = self.mail(to)
        return letter

    def process(self, words: str) -> int:
        """The first process of this clinic whose command line holds these words."""
        return min(pid for pid, command in processes_of(self.data).items() if words in command)

    @contextmanager
    def nothing_is_sent(self) -> Iterator[None]:
        """No tick comes while the block lasts; afterwards two rounds of sending are awaited."""
        beat = self.process("clinic.celery beat")
        os.kill(beat, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(beat, signal.SIGCONT)
        rounds = self.rounds()
        assert wait_until(lambda: self.rounds() >= rounds + 2, 60), "the worker sends no more"

    def rounds(self) -> int:
        log = (self.data / "log" / "worker.log").read_text(errors="replace")
        return len(re.findall(r"deliver_due\[[^]]+\] succeeded", log))

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [ROOT / "script" / "manage", "--data", self.data, *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, env=plain_environment())


@contextmanager
def running_clinic(data: Path, pictures: Path) -> Iterator[Clinic]:
    """script/server until the end of the block, its clock ticking fast."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port = line.getsockname()[1]
    words = [ROOT / "script" / "server", "--port", str(port), "--data", data]
    quick = plain_environment() | {"ENTWINE_TICK_SECONDS": "2"}
    server = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=quick)
    try:
        said = []
        for line_ in server.stdout or ():
            said.append(line_)
            if line_.startswith("Ctrl-C"):
                break
        else:
            raise AssertionError("".join(said))
        yield Clinic(f"http://127.0.0.1:{port}", data, pictures)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


@dataclass
class Person:
    """Somebody at a browser. `actions` counts clicks, choices and ticks; what is typed freely is not counted."""

    name: str
    clinic: Clinic
    page: Page
    actions: int = 0
    keys: int = 0
    bodies: list[str] = field(default_factory=list)

    def sign_in(self) -> "Person":
        self.page.goto("/accounts/login/")
        self.page.fill("#id_login", f"{self.name}@entwine.example")
        self.page.fill("#id_password", PASSWORD)
        self.page.click("[data-sign-in]")
        self.page.wait_for_url(lambda url: "/accounts/" not in url)
        return self

    def press(self, words: str, *, exact: bool = True) -> None:
        """Clicks the one link or button of that name."""
        self.actions += 1
        self.page.get_by_role("main").locator("a, button, summary").get_by_text(words, exact=exact).click()

    def fill(self, **fields: str) -> None:
        for name, text in fields.items():
            self.page.fill(f"main [name={name}]", text)

    def pick(self, **fields: str) -> None:
        """A date, a time or a choice from a list, counted."""
        for name, value in fields.items():
            self.actions += 1
            place = self.page.locator(f"main [name={name}]")
            if place.evaluate("e => e.tagName") == "SELECT":
                option = place.locator("option", has_text=value)
                place.select_option(option.get_attribute("value") if option.count() else value)
            else:
                place.fill(value)

    def tick(self, name: str, *values: str) -> None:
        for value in values or ("",):
            self.actions += 1
            self.page.check(f"main [name={name}]" + (f"[value='{value}']" if value else ""))

    def key(self, *keys: str) -> None:
        for key in keys:
            self.keys += 1
            self.page.keyboard.press(key)

    def text(self) -> str:
        return " ".join(self.page.locator("main").inner_text().split())

    def sees(self, *words: str) -> None:
        """All of these stand on the page, at the latest in ten seconds."""
        for one in words:
            found = wait_until(lambda words=one: words in self.text(), 10)  # type: ignore[misc]
            assert found, f"{one!r} is not on {self.page.url}:\n{self.text()[:3000]}"

    def shot(self, name: str, *, narrow: bool = False) -> None:
        """A picture for a person to look at; `narrow` adds one as on a telephone."""
        self.page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
        self.page.screenshot(path=self.clinic.pictures / f"{name}.png", full_page=True)
        if narrow:
            self.page.set_viewport_size({"width": 390, "height": 844})
            assert self.page.evaluate("document.documentElement.scrollWidth") <= 390, f"{name} overflows"
            self.page.screenshot(path=self.clinic.pictures / f"{name}-390.png", full_page=True)
            self.page.set_viewport_size({"width": 1280, "height": 800})

    def listen(self) -> None:
        """Keeps the body of every answer from now on."""

        def keep(answer: Response) -> None:
            if (
                answer.request.resource_type in ("document", "xhr", "fetch")
                and not 300 <= answer.status < 400
            ):
                self.bodies.append(answer.text())

        self.page.on("response", keep)

    def get(self, path: str) -> Any:
        return self.page.context.request.get(f"{self.clinic.address}{path}")


def people_of(clinic: Clinic, browser: Browser) -> Callable[[str], Person]:
    """Makes a person, each with a browser of their own."""

    def person(name: str) -> Person:
        context = browser.new_context(base_url=clinic.address, viewport={"width": 1280, "height": 800})
        context.set_default_timeout(15_000)
        return Person(name, clinic, context.new_page())

    return person


def row_of(someone: Person, client: str) -> Locator:
    return someone.page.locator(f"tr:has(th a[href='{client}'])")


def choose(page: Page, name: str, words: str) -> None:
    """The option of a list that holds these words."""
    page.select_option(
        f"main [name={name}]", page.locator(f"[name={name}] option", has_text=words).get_attribute("value")
    )
