"""Read as text by the house tests, never imported."""

import logging

from clinic.record.models import Client, ClientRow
from screening.views import start

log = logging.getLogger("entwine")


def sign_anything(chart, plan):
    return plan


class Note(ClientRow):
    def __str__(self) -> str:
        return self.text


def view(request, client):
    log.info(f"opened {client.given_name}")
    Client.objects.filter(pk=1).update(given_name="x")
    Client.objects.create(given_name="y")
    return start
