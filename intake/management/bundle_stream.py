"""Reading a FHIR bundle an entry at a time: of a file of any size, one entry is in memory."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intake.management.screen_csv import Unreadable

CHUNK = 1 << 18
LONGEST = 64 << 20  # characters of one value; beyond that it is damage, not data
SPACE = re.compile(r"[ \t\r\n]*")
DECODER = json.JSONDecoder()


@dataclass(frozen=True)
class Entry:
    """One entry of a bundle. `path` is where it stands in the file, as FHIRPath writes it."""

    path: str
    full_url: str
    resource: dict[str, Any]


@dataclass(frozen=True)
class Damaged:
    """Something that is no entry; `ends`: nothing after it can be read."""

    path: str
    reason: str
    ends: bool = False


class _Text:
    """The file as text that grows as it is needed and is let go of as it is read."""

    def __init__(self, path: Path) -> None:
        try:
            self.file = path.open(encoding="utf-8-sig")
        except OSError as error:
            raise Unreadable(f"The file cannot be opened: {error.strerror}.") from None
        self.buffer, self.at, self.over = "", 0, False

    def more(self, size: int = CHUNK) -> bool:
        if self.over:
            return False
        try:
            text = self.file.read(size)
        except UnicodeDecodeError as error:
            raise Unreadable(
                f"The file is not UTF-8: it has the byte {error.object[error.start]:#04x}."
            ) from None
        self.over = not text
        self.buffer, self.at = self.buffer[self.at :] + text, 0
        return bool(text)

    def peek(self) -> str:
        """The next character that is no space; "" at the end."""
        while True:
            self.at = SPACE.match(self.buffer, self.at).end()  # type: ignore[union-attr]
            if self.at < len(self.buffer):
                return self.buffer[self.at]
            if not self.more():
                return ""

    def take(self, character: str) -> None:
        if self.peek() != character:
            raise ValueError(f"there is {self.peek()!r} where {character!r} belongs")
        self.at += 1

    def value(self) -> Any:
        """The next JSON value. Raises ValueError where there is none."""
        self.peek()
        size = CHUNK
        while True:
            try:
                found, end = DECODER.raw_decode(self.buffer, self.at)
            except ValueError:
                if len(self.buffer) - self.at > LONGEST or not self.more(size):
                    raise
            else:
                # A number may go on beyond what was read so far.
                if end < len(self.buffer) or not self.more(size):
                    self.at += end - self.at
                    return found
            size *= 2


def entries(path: Path) -> Iterator[Entry | Damaged]:
    """Every entry of the bundle in its order. Raises Unreadable where the file is no bundle at all."""
    text = _Text(path)
    kind: Any = None
    seen = False
    with text.file:
        try:
            text.take("{")
            while text.peek() not in ("}", ""):
                name = text.value()
                text.take(":")
                if name == "entry" and text.peek() == "[":
                    if kind not in (None, "Bundle"):
                        raise Unreadable(f"The file holds a {kind}, not a Bundle.")
                    seen = True
                    yield from _array(text)
                else:
                    found = text.value()
                    kind = found if name == "resourceType" else kind
                if text.peek() == ",":
                    text.take(",")
            text.take("}")
        except ValueError as error:
            if not seen:
                raise Unreadable(f"The file is not JSON: {error}.") from None
            yield Damaged("entry", f"The file breaks off or is damaged here: {error}.", ends=True)
            return
    if kind != "Bundle":
        raise Unreadable(f"The file holds a {kind or 'JSON text'}, not a Bundle.")


def _array(text: _Text) -> Iterator[Entry | Damaged]:
    text.take("[")
    number = 0
    while text.peek() != "]":
        path = f"Bundle.entry[{number}]"
        try:
            yield _entry(path, text.value())
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None
        number += 1
        if text.peek() != ",":
            break
        text.take(",")
    text.take("]")


def _entry(path: str, found: Any) -> Entry | Damaged:
    if not isinstance(found, dict):
        return Damaged(path, "It is no entry.")
    resource = found.get("resource")
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        return Damaged(path, "It holds no resource.")
    request = found.get("request")
    if isinstance(request, dict) and request.get("method") == "DELETE":
        return Damaged(path, "It asks to delete; an import deletes nothing.")
    url = found.get("fullUrl")
    return Entry(f"{path}.resource", url if isinstance(url, str) else "", resource)
