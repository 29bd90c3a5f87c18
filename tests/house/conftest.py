"""One full clinic for a whole module: built once, every test's changes taken back, all of it rolled back at the end."""

from collections.abc import Iterator
from typing import Any

import pytest
import weasyprint
from django.core.cache import cache
from django.db import connection

from tests.cast import make_cast
from tests.house.clinic import FullClinic, full_clinic
from tests.house.pages import taken_back


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[FullClinic]:
    with django_db_blocker.unblock(), taken_back():
        cache.clear()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(weasyprint, "HTML", Unprinted)
            found = full_clinic(make_cast())
        yield found
    connection.close()


class Unprinted:
    """Stands for weasyprint.HTML: that a paper opens is asked of every person, and how it is drawn elsewhere."""

    def __init__(self, **_page: Any) -> None:
        pass

    def write_pdf(self, **_how: Any) -> bytes:
        return b"%PDF-"


@pytest.fixture
def unprinted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weasyprint, "HTML", Unprinted)
