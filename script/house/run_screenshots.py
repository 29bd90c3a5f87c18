"""`script/screenshots [FOLDER]`: the pictures of README and docs, taken from a demo clinic that is thrown away.

Its day is fixed, so that a picture changes only when a page does. Default folder: docs/images.
"""

import argparse
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from house import browser, clinic
from house.places import REPOSITORY, Trouble

TODAY = "2026-03-16"
PASSWORD = "entwine demo day"
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
SCREEN, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
LARGEST = 250_000


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/screenshots", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=REPOSITORY / "docs" / "images")
    folder = parser.parse_args(arguments).folder
    folder.mkdir(parents=True, exist_ok=True)
    chromium = browser.find_or_provide()
    if chromium is None:
        raise Trouble("Pictures need Chromium, and none can be had here.")
    with served_clinic() as address:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            Camera(opened, address, folder).take_all()
            opened.close()
    return 0


@contextmanager
def served_clinic() -> Iterator[str]:
    """The address of a demo clinic on its fixed day, until the end of the block."""
    port = clinic.free_port()
    mine = ("DATABASE_URL", "REDIS_URL", "CACHE_URL")
    variables = {name: value for name, value in os.environ.items() if name not in mine}
    with tempfile.TemporaryDirectory(prefix="entwine-pictures-") as data:
        command = [REPOSITORY / "script" / "server", "--port", str(port), "--data", data]
        server = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**variables, "ENTWINE_TODAY": TODAY}
        )
        try:
            if not any(line.startswith("Ctrl-C") for line in server.stdout or ()):
                raise Trouble("The clinic of the pictures did not start.")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)


class Camera:
    """Signs people in and takes their pages, each as a small PNG."""

    def __init__(self, opened: Any, address: str, folder: Path):
        self.opened, self.address, self.folder = opened, address, folder

    def take_all(self) -> None:
        sol = self.person("sol")
        sol.goto("/caseload/?show=listed")
        self.take(sol, "caseload")
        ines = self.person("ines")
        ines.goto("/desk/")
        ines.locator("#q").press_sequentially("Calloway")
        ines.locator(".match").first.wait_for()
        self.take(ines, "register")
        dana = self.person("dana")
        chart = longest_course(dana)
        dana.goto(chart)
        self.take(dana, "chart")
        dana.goto(f"{chart}plan/")
        self.take(dana, "plan")
        dana.goto(f"{chart}screens/phq-9/")
        dana.locator("[data-item] input:focus").wait_for()
        for key in "12121":
            dana.keyboard.press(key)
        dana.locator("[data-save-status]", has_text="Saved").wait_for()
        self.take(dana, "screen", top=False)
        dana.set_viewport_size(PHONE)
        dana.goto(chart)
        self.take(dana, "phone")

    def person(self, name: str) -> Any:
        """Somebody's page, signed in."""
        page = self.opened.new_context(base_url=self.address, viewport=SCREEN, locale="en-US").new_page()
        page.goto("/accounts/login/")
        page.fill("#id_login", f"{name}@entwine.example")
        page.fill("#id_password", PASSWORD)
        page.click("[data-sign-in]")
        page.wait_for_url(lambda url: "/accounts/" not in url)
        return page

    def take(self, page: Any, name: str, *, top: bool = True) -> None:
        """What a person sees without scrolling; 256 colours are enough for a page."""
        from PIL import Image

        path = self.folder / f"{name}.png"
        if top:
            page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
        page.evaluate("document.fonts.ready")
        page.screenshot(path=path, animations="disabled", caret="hide")
        with Image.open(path) as taken:
            taken.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
        size = path.stat().st_size
        if size > LARGEST:
            raise Trouble(f"{path} has {size} bytes, more than {LARGEST}.")
        print(f"{path} {size // 1000} kB")


def longest_course(dana: Any) -> str:
    """The chart with the most scores of one measure and a signed plan, as her list draws them."""
    dana.goto("/my-clients/")
    rows = dana.locator("table.caseload tbody tr")
    lengths = rows.evaluate_all(
        "rows => rows.map(r => [...r.querySelectorAll('svg path, svg polyline')]"
        ".reduce((n, p) => n + (p.getAttribute('points') || p.getAttribute('d') || '').length, 0))"
    )
    return rows.nth(lengths.index(max(lengths))).locator("th a").get_attribute("href")
