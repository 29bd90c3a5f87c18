"""Readers of the office's pages."""

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from typing import cast

from django.conf import settings


@dataclass(frozen=True)
class SinkMessage:
    """One message that the demo's loopback sink received."""

    to: str
    subject: str
    date: str
    text: str
    attachments: list[str]


def sink_messages(limit: int = 50) -> list[SinkMessage]:
    """The demo sink's messages, newest first."""
    files = sorted(settings.MAIL_SINK.glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)
    return [_read(file.read_bytes()) for file in files[:limit]]


def _read(raw: bytes) -> SinkMessage:
    message = cast(EmailMessage, email.message_from_bytes(raw, policy=email.policy.default))
    body = message.get_body(preferencelist=("plain",))
    return SinkMessage(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        date=str(message["Date"]),
        text=body.get_content() if body else "",
        attachments=[part.get_filename() or "" for part in message.iter_attachments()],
    )
