"""Celery: rows in Postgres are the truth, the broker carries hints only. No ETA, no countdown, beat runs apart."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

app = Celery("entwine")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
