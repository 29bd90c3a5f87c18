from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browsers import chromium, open_browser
from tests.journeys import clinic as real
from tests.journeys.clinic import Clinic, Person


@pytest.fixture(scope="package")
def clinic(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """One running demo clinic for every journey."""
    chromium()
    with real.running_clinic(demo_folder, tmp_path_factory.mktemp("pictures")) as found:
        yield found


@pytest.fixture
def person(clinic: Clinic) -> Iterator[Callable[[str], Person]]:
    with open_browser() as browser:
        yield real.people_of(clinic, browser)
