import sys
from typing import Any

from django.core.management.base import BaseCommand

from clinic.audit import ledger


class Command(BaseCommand):
    help = "Say whether the sealed ledger is as it was written; name the row or the seal where it is not."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--seal-first", action="store_true", help="seal what is not yet sealed, then verify"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["seal_first"]:
            ledger.seal()
        found = ledger.verify()
        for finding in found[:200]:
            self.stderr.write(f"{finding.what}: {finding.message}")
        if found:
            self.stderr.write(f"The ledger does not verify: {len(found)} findings.")
            sys.exit(1)
        seals, rows, young = ledger.counts()
        self.stdout.write(
            f"The ledger verifies: {rows} rows in {seals} seals. {young} rows are younger than the last seal "
            "and are protected by the database's grants alone."
        )
