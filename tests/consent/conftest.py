"""A real mail server on loopback, in a thread; and one that misbehaves, spoken by hand."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller


class Shelf:
    """Keeps what arrives; `answers` are given first, one a message, before it accepts."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.answers: list[str] = []
        self.at_rcpt: list[str] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.at_rcpt:
            return self.at_rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answers:
            return self.answers.pop(0)
        self.letters.append(envelope.content)
        return "250 Kept"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def post(settings: Any) -> Iterator[Shelf]:
    """A mail server that keeps each letter; the house is told its address."""
    shelf = Shelf()
    controller = Controller(shelf, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.SMTP_URL = f"smtp://127.0.0.1:{controller.port}"
    settings.MAIL_FROM = "desk@office.example"
    yield shelf
    controller.stop()


class Gateway:
    """A text gateway that keeps what it is sent and answers as it is told: a status, or "silence"."""

    def __init__(self) -> None:
        self.texts: list[dict[str, Any]] = []
        self.answers: list[Any] = []


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    kept = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = kept.answers.pop(0) if kept.answers else 202
            if answer == "silence":
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if answer == 202:
                kept.texts.append(json.loads(body) | {"token": self.headers["Authorization"]})
            self.send_response(answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *told: Any) -> None:
            """Nothing to standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_URL, settings.SMS_TOKEN = f"http://127.0.0.1:{server.server_port}/texts", "a-token"
    yield kept
    server.shutdown()
    server.server_close()


@contextmanager
def rude_server(*, until: str) -> Iterator[tuple[int, list[bytes]]]:
    """Speaks SMTP up to `until`, then hangs up without an answer: "greeting" (hangs), "DATA", or "text"."""
    heard: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                caller, _address = listener.accept()
            except OSError:
                return
            with caller:
                _speak(caller, until, heard)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1], heard
    listener.close()


def _speak(caller: socket.socket, until: str, heard: list[bytes]) -> None:
    if until == "greeting":
        caller.recv(1)  # says nothing until the other side gives up
        return
    caller.sendall(b"220 here\r\n")
    lines = caller.makefile("rb")
    for line in lines:
        heard.append(line)
        if line.upper().startswith(b"DATA"):
            if until == "DATA":
                return
            caller.sendall(b"354 go on\r\n")
            for text in lines:
                heard.append(text)
                if text == b".\r\n":
                    return
        caller.sendall(b"250 ok\r\n")
