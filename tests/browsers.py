"""Opening the browser that `script/test` found, or leaving the test out where none can be had."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]


def chromium() -> str:
    """Where the browser is. Without one the tests are left out, but never with CI=true."""
    found = (
        os.environ.get("ENTWINE_CHROMIUM") or shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
    )
    if not Path(found).exists() and os.environ.get("CI") != "true":
        pytest.skip("no Chromium here")
    return found


@contextmanager
def open_browser() -> Iterator[Browser]:
    """One browser, for as long as the block lasts."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
