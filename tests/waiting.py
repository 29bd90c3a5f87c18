"""Two people at one row at one moment: knowing that the second waits for the first."""

import time

from django.db import connection


def until_it_waits() -> None:
    """Another connection of this test waits for a lock. AssertionError after 20 seconds."""
    asked = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("select pg_stat_clear_snapshot()")  # or this transaction sees the same all along
            cursor.execute(asked)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")
