"""Pages of the house in a real browser: the very bytes and headers that Django answered, at their own addresses.

A small server hands each answer out, so that any state of a page, an error too, can be looked at and taken back again.
"""

import mimetypes
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from django.contrib.staticfiles.finders import find
from playwright.sync_api import Page

from tests.browsers import chromium, open_browser

AXE = Path(__file__).parents[1] / "data" / "vendor" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The press alone, without letting go: it is the press that moves the focus, and there are thousands.
TAB = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


class Eyes:
    """One browser in a thread of its own, so that its loop does not come between Django and its connection."""

    def __init__(self, thread: ThreadPoolExecutor) -> None:
        self.thread = thread
        self.viewer: Viewer

    def look(self, answer: Any, url: str, *, keys: bool) -> "Future[list[str]]":
        """What is wrong with the answer, later: the next one may be asked for meanwhile."""
        told = {name: value for name, value in answer.items() if name != "Set-Cookie"}
        return self.thread.submit(lambda: self.viewer.look(Answer(answer.content, told), url, keys=keys))

    def run(self, browsing: Generator["Viewer", None, None]) -> Any:
        return self.thread.submit(lambda: next(browsing, None)).result()


def _browse() -> Generator["Viewer", None, None]:
    with open_browser() as browser, Desk(("127.0.0.1", 0), Hand) as desk:
        Thread(target=desk.serve_forever, daemon=True).start()
        yield Viewer(browser.new_page(viewport=WIDE, reduced_motion="reduce"), desk)
        desk.shutdown()


@contextmanager
def open_eyes() -> Iterator[Eyes]:
    """One browser with one page, for as many answers as there are to look at."""
    chromium()
    with ThreadPoolExecutor(max_workers=1) as thread:
        eyes, browsing = Eyes(thread), _browse()
        eyes.viewer = eyes.run(browsing)
        yield eyes
        eyes.run(browsing)


@dataclass(frozen=True)
class Answer:
    """What the house answered: its bytes and its headers."""

    body: bytes
    headers: dict[str, str]


class Viewer:
    """Shows answers of the house and looks at them as a person would: with tools, by keyboard, on a telephone."""

    def __init__(self, page: Page, desk: "Desk") -> None:
        self.page, self.desk = page, desk
        self.keys = page.context.new_cdp_session(page)
        self.faults: list[str] = []
        page.add_init_script(path=AXE)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on(
            "console",
            lambda said: self.faults.append(f"console: {said.text}") if said.type == "error" else None,
        )

    def look(self, answer: Answer, url: str, *, keys: bool) -> list[str]:
        """Everything that is wrong with this answer, in words."""
        self.desk.answer, self.faults = answer, []
        # As the page before was left: it takes time to make it narrow or wide.
        narrow = self.page.viewport_size == NARROW
        self.page.goto(f"http://localhost:{self.desk.server_port}{url}", wait_until="load")
        found = self.too_wide() if narrow else []
        if narrow:
            self.page.set_viewport_size(WIDE)
        found += [*self.axe(), *(self.keyboard() if keys else [])]
        if not narrow:
            self.page.set_viewport_size(NARROW)
            found += self.too_wide()
        return [*self.faults, *found]

    def axe(self) -> list[str]:
        """What axe-core finds that is serious or critical, with where it is."""
        # What the sticky banner half covers is smaller than it is: a page that begins with its focus further down is scrolled.
        self.page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
        return [
            f"{rule['id']} ({rule['impact']}): {', '.join(str(node['target']) for node in rule['nodes'][:3])}"
            for rule in self.page.evaluate(SERIOUS, TAGS)
            if rule["impact"] in ("serious", "critical")
        ]

    def too_wide(self) -> list[str]:
        """What sticks out on a telephone."""
        wide = self.page.evaluate(TOO_WIDE)
        return [f"sticks out at 390 px: {', '.join(wide)}"] if wide else []

    def keyboard(self) -> list[str]:
        """What cannot be reached by Tab (a trap hides all that follows it), or is reached unseen; a false skip link."""
        page = self.page
        stops = page.evaluate(STOPS)
        inner = page.locator(
            "input[type=date], input[type=time]"
        ).count()  # day, month, year and picker are stops too
        for _press in range(len(stops) + inner * 4 + 1):
            self.keys.send("Input.dispatchKeyEvent", TAB)
        reached = {at["stop"]: at for at in page.evaluate("() => window.reached")}
        found = [f"not reached by Tab: {what}" for number, what in enumerate(stops) if number not in reached]
        found += [f"no visible focus on {at['what']}" for at in reached.values() if not at["seen"]]
        return found + page.evaluate(ORDER) + page.evaluate(NOWHERE) + self._skip()

    def _skip(self) -> list[str]:
        link = self.page.locator("a.skip")
        if link.count() == 0:
            return ["no skip link"] if self.page.locator("nav").count() else []
        link.focus()
        self.page.keyboard.press("Enter")
        on_main = self.page.evaluate("() => document.activeElement?.id === 'main'")
        return [] if on_main else ["the skip link does not lead to the page"]


class Desk(ThreadingHTTPServer):
    """Hands out the answer that is looked at, and the files of static/, which the browser may keep."""

    answer: Answer
    daemon_threads = True


class Hand(BaseHTTPRequestHandler):
    """One request of the browser."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/static/"):
            self._file(path.removeprefix("/static/"))
        elif self.headers["Sec-Fetch-Mode"] == "navigate":
            self._send(200, self.server.answer.headers, self.server.answer.body)  # type: ignore[attr-defined]
        else:
            self._send(204, {}, b"")  # what a script asks for: nothing is there

    def do_POST(self) -> None:
        self._send(204, {}, b"")

    def _file(self, name: str) -> None:
        found = find(name)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        kept = {"Content-Type": kind, "Cache-Control": "max-age=3600"}
        self._send(200 if found else 404, kept, Path(str(found)).read_bytes() if found else b"")

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the tests say what they find."""


# The rules whose breach is never more than moderate need not run.
SERIOUS = """(tags) => {
  const mild = axe._audit.rules.filter((rule) => !['serious', 'critical'].includes(rule.impact));
  const rules = Object.fromEntries(mild.map((rule) => [rule.id, {enabled: false}]));
  return axe.run(document, {runOnly: tags, rules, resultTypes: ['violations']}).then((found) => found.violations);
}"""

# How something looks, with what lies about it: a focus may be drawn on its label, its neighbour or its frame.
LOOK = """const look = (e) => [e, e.labels?.[0], e.nextElementSibling, e.parentElement].filter(Boolean).map((x) => {
    const s = getComputedStyle(x);
    return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.borderColor, s.backgroundColor, s.textDecorationLine].join();
  }).join('|');"""

# Every stop that Tab should make, by number: one for a group of radios. From now on the page writes down each stop that
# the focus makes, and whether one can see it there; Tab begins at the top.
STOPS = (
    """() => {
  %s
  const seen = (e) => e.checkVisibility({visibilityProperty: true}) && !e.closest('[inert]');
  const tag = (e) => (e.outerHTML.match(/^<[^>]*>/)?.[0] ?? e.tagName).slice(0, 140);
  const all = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')];
  const stops = [], groups = new Map(), known = new Map();
  document.activeElement?.blur();
  for (const e of all.filter((e) => seen(e) && !e.disabled && e.tabIndex >= 0)) {
    const group = e.type === 'radio' && e.name ? [...document.forms].indexOf(e.form) + e.name : '';
    known.set(e, {stop: groups.get(group) ?? stops.length, look: look(e)});
    if (groups.has(group)) continue;
    if (group) groups.set(group, stops.length);
    stops.push(tag(e));
  }
  window.reached = [];
  document.addEventListener('focusin', ({target}) => {
    document.getAnimations().forEach((a) => a.finish());
    const at = known.get(target);
    if (at) window.reached.push({stop: at.stop, seen: look(target) !== at.look, what: tag(target)});
  });
  const top = document.createElement('span');
  top.tabIndex = -1;
  document.body.prepend(top);
  top.focus();
  return stops;
}"""
    % LOOK
)

ORDER = """() => [...document.querySelectorAll('[tabindex]')].filter((e) => e.tabIndex > 0)
  .map((e) => 'an order of its own: ' + e.outerHTML.slice(0, 100))"""

NOWHERE = """() => [...document.querySelectorAll('a[href^="#"]')]
  .filter((a) => !document.getElementById(a.getAttribute('href').slice(1))?.checkVisibility())
  .map((a) => 'leads nowhere: ' + a.outerHTML.slice(0, 100))"""

TOO_WIDE = """() => {
  const page = document.scrollingElement;
  if (page.scrollWidth <= innerWidth + 1) return [];
  const held = (e) => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(p).overflowX)) return true; return false; };
  return [...document.body.querySelectorAll('*')].filter((e) => e.checkVisibility()
    && e.getBoundingClientRect().right > innerWidth + 1 && !held(e)).slice(0, 4)
    .map((e) => e.outerHTML.slice(0, 90)).concat(`page ${page.scrollWidth} px`);
}"""
