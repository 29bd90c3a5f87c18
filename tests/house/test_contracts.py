"""Each import contract rejects its committed broken sample: one line, added to a copy of the house."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.laws import HOUSE, ROOT

BROKEN = [
    ("floors", "screening/queries.py", "from caseload import models as upstairs"),
    ("floors", "intake/queries/__init__.py", "from treatment_plans import models as next_door"),
    ("same rooms", "intake/models/__init__.py", "from intake import views as room_above"),
    ("one door", "screening/queries.py", "from clinic.kit.scope import opened"),
    ("one ledger", "follow_up/queries/loops.py", "from clinic.audit.ledger import append"),
    ("one way out", "follow_up/actions.py", "from clinic.consent.outbound import deliver"),
    ("pure rules", "treatment_plans/rules.py", "from django.db import connection"),
    ("DRF only in fhir", "caseload/views.py", "import rest_framework"),
    ("mail and HTTP clients only in clinic.consent.outbound", "follow_up/tasks.py", "import smtplib"),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("house")
    for package in HOUSE:
        shutil.copytree(
            ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__", "*.toml")
        )
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def _contracts(folder: Path) -> str:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_every_contract_is_kept(house: Path) -> None:
    answer = _contracts(house)
    assert "BROKEN" not in answer, answer
    assert " KEPT" in answer, answer


@pytest.mark.parametrize(("contract", "file", "line"), BROKEN)
def test_a_contract_rejects_its_broken_sample(house: Path, contract: str, file: str, line: str) -> None:
    path = house / file
    before = path.read_text() if path.exists() else None
    path.write_text(f"{before or ''}\n{line}\n")
    try:
        assert f"{contract} BROKEN" in _contracts(house)
    finally:
        path.write_text(before) if before is not None else path.unlink()
