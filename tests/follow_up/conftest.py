"""The mail server of the consent stories, and a count of the queries that production would make too."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.consent.conftest import post

__all__ = ["asked", "post"]

# Under the `db` fixture each transaction is a savepoint, and the door empties its settings at each one's end.
ONLY_IN_TESTS = re.compile(
    r"SAVEPOINT|RELEASE|ROLLBACK|select set_config\('role', 'none', true\), set_config\('entwine.clients', ''"
)


@pytest.fixture
def asked() -> Callable[[], Any]:
    @contextmanager
    def count() -> Iterator[Callable[[], list[str]]]:
        with CaptureQueriesContext(connection) as captured:
            yield lambda: [q["sql"] for q in captured.captured_queries if not ONLY_IN_TESTS.search(q["sql"])]

    return count
