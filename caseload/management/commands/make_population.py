"""A clinic of any size from a seed: made through the verbs, so that it carries history, flags, responses and ledger."""

import time
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from caseload.management.population import making


class Command(BaseCommand):
    help = "Make a made-up clinic: --clients people with courses of about twelve screens each, the same for the same --seed."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--clients", type=int, required=True)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--jobs", type=int, default=1, help="how many processes write at once")
        parser.add_argument("--fingerprint", action="store_true", help="print the content's hash at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        began, wanted = time.monotonic(), options["clients"]
        making.found()
        with tqdm(total=wanted, desc="Clients", disable=None) as bar:
            for made in making.grow(options["seed"], 0, wanted, options["jobs"]):
                bar.update(made)
        self.stdout.write(f"{wanted:,} clients made in {time.monotonic() - began:.0f} s")
        if options["fingerprint"]:
            self.stdout.write(making.fingerprint())
