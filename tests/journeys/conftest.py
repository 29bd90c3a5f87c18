import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browsers import chromium, open_browser
from tests.journeys import clinic as real
from tests.journeys.clinic import Clinic, Person


@pytest.fixture(scope="package")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """One running demo clinic for every journey. Its folder is open to the account that runs PostgreSQL for root."""
    chromium()
    with tempfile.TemporaryDirectory(prefix="entwine-journey-") as parent:
        Path(parent).chmod(0o711)
        with real.running_clinic(Path(parent) / "data", tmp_path_factory.mktemp("pictures")) as found:
            yield found


@pytest.fixture
def person(clinic: Clinic) -> Iterator[Callable[[str], Person]]:
    with open_browser() as browser:
        yield real.people_of(clinic, browser)
