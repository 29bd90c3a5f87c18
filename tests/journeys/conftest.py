from collections.abc import Callable, Iterator

import pytest

from tests.journeys import clinic as real
from tests.journeys.clinic import Clinic, Person


@pytest.fixture(scope="package")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """One running demo clinic for every journey."""
    with real.running_clinic(tmp_path_factory.mktemp("clinic"), tmp_path_factory.mktemp("pictures")) as found:
        yield found


@pytest.fixture
def person(clinic: Clinic) -> Iterator[Callable[[str], Person]]:
    with real.chromium() as browser:
        yield real.people_of(clinic, browser)
