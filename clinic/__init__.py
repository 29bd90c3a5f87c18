"""The house itself: the record's nouns, the door to them, the ledger of what was done, and the one way out.

Requests, jobs and commands come in; opened charts go up to the rooms above; nothing leaves but by consent.
"""

from clinic.celery import app as celery_app

__all__ = ["celery_app"]
