"""Public ids: what URLs and forms carry. Random, so that they can be neither guessed nor counted."""

import secrets
import uuid

from django.urls import register_converter
from django.urls.converters import UUIDConverter


def new_public_id() -> uuid.UUID:
    return uuid.uuid4()


def new_client_number() -> str:
    """Our own number for a person: ten random digits, so that nothing about enrolment can be read from it."""
    return f"{secrets.randbelow(9 * 10**9) + 10**9}"


class PublicIdConverter(UUIDConverter):
    """`<id:client>` in a route: a public id as text."""

    def to_python(self, value: str) -> str:  # type: ignore[override]
        return str(super().to_python(value))


register_converter(PublicIdConverter, "id")
