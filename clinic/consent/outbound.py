"""The only mail and text client of the house. It sends one letter once and says what became of it; it never tries again."""

import json
import re
import smtplib
import ssl
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import formataddr, formatdate
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import unquote, urlsplit

from django.conf import settings

from clinic.consent.actions import Letter
from clinic.consent.models import Way

TIMEOUT = 10.0  # seconds, for each answer of the mail server
FILE_NAME = "document.pdf"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}

SENT, REFUSED, FAILED, UNKNOWN = "sent", "refused", "failed", "unknown"


@dataclass(frozen=True)
class Result:
    """sent; refused (nothing left, worth another try); failed (it never will); unknown. `code` names no person."""

    outcome: str
    code: str = ""


def compose(letter: Letter) -> EmailMessage:
    """The message: neutral headers only, none of our own, the same Message-ID at every attempt."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = formataddr((letter.from_name, settings.MAIL_FROM))
    message["To"] = letter.address
    message["Subject"] = letter.subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    if letter.attachment is not None:
        message.add_attachment(letter.attachment, maintype="application", subtype="pdf", filename=FILE_NAME)
    return message


def send(letter: Letter) -> Result:
    """One attempt. Up to the server's go-ahead for the text nothing has left; after the text, silence is unknown."""
    return _text(letter) if letter.way == Way.SMS else _mail(letter)


def _mail(letter: Letter) -> Result:
    if not settings.SMTP_URL:
        return Result(REFUSED, "no mail server is set")
    try:
        wire = _wire(compose(letter))
    except ValueError:
        return Result(FAILED, "cannot be written as mail")
    try:
        server = _connect()
    except (OSError, smtplib.SMTPException) as error:
        return Result(REFUSED, _named(error))
    try:
        return _hand_over(server, letter.address, wire)
    finally:
        server.close()


def _connect() -> smtplib.SMTP:
    url = urlsplit(settings.SMTP_URL)
    host, own_name = url.hostname or "", settings.MAIL_FROM.rpartition("@")[2] or "localhost"
    if url.scheme == "smtps":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, url.port or 465, own_name, timeout=TIMEOUT, context=context
        )
    else:
        server = smtplib.SMTP(host, url.port or 25, own_name, timeout=TIMEOUT)
        # 45 CFR 164.312(e): never in clear beyond this machine.
        if host not in LOOPBACK:
            server.starttls(context=ssl.create_default_context())
    if url.username:
        server.login(unquote(url.username), unquote(url.password or ""))
    return server


def _hand_over(server: smtplib.SMTP, address: str, wire: bytes) -> Result:
    try:
        server.ehlo_or_helo_if_needed()
        for step in (lambda: server.mail(settings.MAIL_FROM), lambda: server.rcpt(address)):
            code, _text = step()
            if code // 100 != 2:
                return _answered(code)
        code, _text = server.docmd("DATA")
        if code != 354:
            return _answered(code)
    except (OSError, smtplib.SMTPException) as error:
        return Result(REFUSED, _named(error))
    try:
        server.send(wire)
        code, _text = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Result(UNKNOWN, _named(error))
    return Result(SENT) if code // 100 == 2 else _answered(code)


def _text(letter: Letter) -> Result:
    """One text by the gateway: POST JSON {to, text, from, id}. Until it is connected nothing has left.

    The gateway gets the same `id` at every attempt. 429 and 503 say that it took nothing; any other 5xx, and silence,
    leave it unknown whether the text went.
    """
    if not settings.SMS_URL:
        return Result(REFUSED, "no text gateway is set")
    url = urlsplit(settings.SMS_URL)
    told = {
        "to": "+" + re.sub(r"\D", "", letter.address), "text": letter.body, "from": letter.from_name,
        "id": letter.message_id.strip("<>"),
    }  # fmt: skip
    headers = {"Content-Type": "application/json"}
    if settings.SMS_TOKEN:
        headers["Authorization"] = f"Bearer {settings.SMS_TOKEN}"
    gateway = _gateway(url.hostname or "", url.port, secure=url.scheme == "https")
    try:
        gateway.connect()
    except (OSError, HTTPException) as error:
        return Result(REFUSED, _named(error))
    try:
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        gateway.request("POST", path, json.dumps(told).encode(), headers)
        code = gateway.getresponse().status
    except (OSError, HTTPException) as error:
        return Result(UNKNOWN, _named(error))
    finally:
        gateway.close()
    if code // 100 == 2:
        return Result(SENT)
    outcome = {4: FAILED, 5: UNKNOWN}.get(code // 100, FAILED)
    return Result(REFUSED if code in (429, 503) else outcome, f"gateway answered {code}")


def _gateway(host: str, port: int | None, *, secure: bool) -> HTTPConnection:
    # 45 CFR 164.312(e): never in clear beyond this machine.
    if secure or host not in LOOPBACK:
        return HTTPSConnection(host, port or 443, timeout=TIMEOUT, context=ssl.create_default_context())
    return HTTPConnection(host, port or 80, timeout=TIMEOUT)


def _answered(code: int) -> Result:
    return Result(FAILED if code // 100 == 5 else REFUSED, f"server answered {code}")


def _wire(message: EmailMessage) -> bytes:
    """RFC 5321 4.5.2: a line that begins with a dot gets another; a dot alone ends the text."""
    text = message.as_bytes()
    text = re.sub(rb"(?m)^\.", b"..", text)
    return text + (b"" if text.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _named(error: Exception) -> str:
    return re.sub(r"(?<!^)(?=[A-Z][a-z])", " ", type(error).__name__).lower()
