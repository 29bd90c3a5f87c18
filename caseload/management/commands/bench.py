"""The figures: what imports, duplicates and pages cost, printed. Never a test: machines differ."""

import csv
import datetime as dt
import io
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from caseload.management.demo.courses import FAMILY, GIVEN
from caseload.management.demo.people import PASSWORD
from clinic.access.door import Job, open_caseload, open_chart, open_slices
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.office.actions import found_clinic
from clinic.people.models import Kind, Program, Role
from clinic.people.queries import staff_with_duties
from clinic.record.models import Client
from intake.actions import register_many
from screening import rules
from screening.actions import NewScreen, record_screen, record_screens
from treatment_plans import actions as plans
from treatment_plans.models import Plan

IMPORT = Job("import", "command")
CROWD, FEW = "Bench crowd", "Bench caseload"
BATCH = 500


class Command(BaseCommand):
    help = "Print the figures: search, open a chart, save a screen, caseload, at each of --sizes clients."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "what",
            nargs="?",
            default="pages",
            choices=["pages", "plan", "imports", "duplicates", "scores", "all"],
        )
        parser.add_argument("--data", type=Path, help="the folder with phq9_weekly.csv and registrations.csv")
        parser.add_argument(
            "--clients", type=int, default=0, help="duplicates: time the search among that many"
        )
        parser.add_argument("--sizes", default="1000,20000")
        parser.add_argument("--rounds", type=int, default=60)

    def handle(self, *args: Any, **options: Any) -> None:
        wanted, data = options["what"], options["data"]
        self.random = Random(7)  # noqa: S311
        self._found()
        if wanted in ("scores", "all"):
            self._scores(data)
        if wanted in ("duplicates", "all"):
            self._duplicates(data if data.is_file() else data / "registrations.csv", options["clients"])
        if wanted in ("imports", "all"):
            self._imports(data / "phq9_weekly.csv")
        if wanted in ("pages", "all"):
            self._pages([int(size) for size in options["sizes"].split(",")], options["rounds"])
        if wanted in ("plan", "all"):
            self._plan(options["rounds"])

    def _plan(self, rounds: int) -> None:
        """A plan of ten problems with twelve months of screens: read, drawn up, as a PDF."""
        few = Program.objects.select_related("site").get(name=FEW)
        people = [{**person, "clinician": self.staff["clara"]} for person in self._people(1)]
        (client,) = register_many(IMPORT, program=few, people=people)
        for form in ("phq-9", "gad-7", "pcl-5", "audit", "dast-10"):
            self._screen([client], months=12, instrument=form)
        clara = self._browser("clara")
        with open_chart(self.staff["clara"], client.public_id, to=Do.SIGN_PLAN) as chart:
            signed = plans.sign_plan(chart, plan=self._ten_problems(chart))
            draft = plans.new_version(chart, plan=signed)
        call_command("verify_ledger", seal_first=True, verbosity=0, stdout=self.stderr)
        self.stdout.write(f"{'page':<22}{'problems':>9}{'p50 ms':>9}{'p95 ms':>9}{'queries':>9}{'cpu ms':>9}")
        for name, route, of in (
            ("open the plan", "home", ()), ("one version", "show", (signed.public_id,)),
            ("draw up the draft", "edit", (draft.public_id,)), ("plan as PDF", "print", (signed.public_id,)),
        ):  # fmt: skip
            url = reverse(f"treatment_plans:{route}", args=[client.public_id, *of])
            self._measure(name, 10, 10 if route == "print" else rounds, self._reader(clara, url))

    def _reader(self, browser: Browser, url: str) -> Callable[[int], Any]:
        return lambda _n: browser.get(url)

    def _ten_problems(self, chart: Any) -> Plan:
        plan = plans.start_plan(chart)
        in_60_days = clock.today() + dt.timedelta(days=60)
        measures = ("phq-9", "audit", "gad-7", "dast-10", "pcl-5")
        found = []
        for number in range(10):
            domain = "substance_use" if number % 2 else "mental_health"
            measure = measures[number % len(measures)]
            problem = plans.add_problem(
                chart, plan=plan, text=f"Problem {number}", domain=domain, instrument=measure
            )
            goal = plans.add_goal(chart, problem=problem, words="I want less of this in my days")
            for how in ({"instrument": measure}, {"counted": "bad days in a month", "baseline": 20}):
                objective = plans.add_objective(
                    chart, goal=goal, text="Half as much as now", target=5, target_on=in_60_days, **how
                )
                plans.add_intervention(
                    chart, objective=objective, kind="individual", text="Plan for evenings", frequency="weekly",
                    duration="12 weeks", staff=chart.who,
                )  # fmt: skip
            found.append(problem)
        plan.refresh_from_db()
        plans.change_plan(
            chart, plan=plan, version=plan.version, strengths="Shows up", step_down="Two quiet months",
            participation="took_part", participation_words="Chose the order", review_on=in_60_days,
        )  # fmt: skip
        return plan

    def _found(self) -> None:
        site = {"name": "Bench", "neutral_name": "Bench Office", "zone": "America/New_York"}
        programs: list[dict[str, object]] = [
            {"name": name, "kind": Kind.SUD, "part2": True, "site": "Bench"} for name in (CROWD, FEW)
        ]
        held = {"clara": Role.CLINICIAN, "sven": Role.SUPERVISOR, "iva": Role.INTAKE}
        people = [
            {"email": f"{name}@bench.example", "given_name": name.title(), "family_name": "Bench", "credential": "",
             "site": "Bench", "password": PASSWORD, "starts_on": dt.date(2020, 1, 1),
             "roles": [(FEW, role), *([] if name == "sven" else [(CROWD, role)])]}
            for name, role in held.items()
        ]  # fmt: skip
        found_clinic(Job("bench", "command"), sites=[site], programs=programs, people=people)
        self.staff = {
            p.given_name.lower(): p for p in staff_with_duties().filter(email__endswith="@bench.example")
        }

    def _people(self, count: int) -> list[dict[str, Any]]:
        random, syllables = (
            self.random,
            ("ba", "co", "der", "fen", "gil", "hor", "kin", "lam", "mor", "nes", "pol", "rit"),
        )
        return [
            {
                "given_name": random.choice(GIVEN),
                "family_name": random.choice(FAMILY)[:4] + "".join(random.choices(syllables, k=2)),
                "birth_date": dt.date(
                    random.randint(1940, 2008), random.randint(1, 12), random.randint(1, 28)
                ),
                "address": {
                    "street": f"{random.randint(1, 999)} {random.choice(syllables)} road",
                    "postcode": "07081",
                },
            }
            for _n in range(count)
        ]

    def _grow(self, size: int, already: int) -> None:
        if not already:
            few = Program.objects.select_related("site").get(name=FEW)
            clara = self.staff["clara"]
            people = [{**person, "clinician": clara} for person in self._people(60)]
            self._screen(register_many(IMPORT, program=few, people=people), months=12)
            already = 60
        crowd = Program.objects.select_related("site").get(name=CROWD)
        while already < size:
            some = min(BATCH, size - already)
            self._screen(register_many(IMPORT, program=crowd, people=self._people(some)), months=6)
            already += some

    def _screen(self, clients: list[Any], *, months: int, instrument: str = "phq-9") -> None:
        form, today = rules.load(instrument), clock.today()
        ids = [client.pk for client in clients]
        for opened in open_slices(IMPORT, to=Do.SCREEN, clients=ids):
            rows = [
                NewScreen(
                    episode=place,
                    instrument=form.id,
                    answers={
                        item.id: self.random.randint(0, min(2, len(item.options) - 1))
                        if item.id != "phq9_9"
                        else 0
                        for item in form.items
                    },
                    taken_on=today - dt.timedelta(days=30 * month + 1),
                    historical=True,
                )
                for place in opened.episodes
                for month in range(months)
            ]
            record_screens(opened, rows=rows)

    def _pages(self, sizes: list[int], rounds: int) -> None:
        already = 0
        self.stdout.write(f"{'page':<22}{'clients':>9}{'p50 ms':>9}{'p95 ms':>9}{'queries':>9}{'cpu ms':>9}")
        for size in sizes:
            self._grow(size, already)
            already = size
            call_command("verify_ledger", seal_first=True, verbosity=0, stdout=self.stderr)
            for name, ask in self._asks().items():
                self._measure(name, size, rounds, ask)

    def _asks(self) -> dict[str, Callable[[int], Any]]:
        clara, iva, sven = (self._browser(name) for name in ("clara", "iva", "sven"))
        with open_caseload(self.staff["clara"], to=Do.SEE_OWN_CASELOAD):
            known = list(Client.objects.order_by("pk").values_list("public_id", "family_name")[:60])
        form = rules.load("phq-9")
        person = self.staff["clara"]

        def save(n: int) -> None:
            with open_chart(person, known[n % 60][0], to=Do.SCREEN, look=False) as chart:
                answers = {item.id: 1 for item in form.items}
                record_screen(chart, instrument="phq-9", answers=answers, taken_on=clock.today())

        return {
            "search": lambda n: iva.post(
                reverse("intake:desk"), {"q": known[n % 60][1][:5]}, headers={"HX-Request": "true"}
            ),
            "open chart": lambda n: clara.get(reverse("caseload:chart", args=[known[n % 60][0]])),
            "save screen (verb)": save,
            "caseload of 60": lambda n: clara.get(reverse("caseload:mine")),
            "supervisor, 60": lambda n: sven.get(reverse("caseload:review")),
        }

    def _browser(self, name: str) -> Browser:
        browser = Browser(SERVER_NAME="localhost")
        browser.force_login(self.staff[name], backend="clinic.people.backends.StaffBackend")
        return browser

    def _measure(self, name: str, size: int, rounds: int, ask: Callable[[int], Any]) -> None:
        answer = ask(0)
        if answer is not None and answer.status_code != 200:
            self.stderr.write(f"{name}: answered {answer.status_code}")
        took, worked = [], []
        for n in range(rounds):
            began, busy = time.perf_counter(), time.process_time()
            ask(n)
            took.append((time.perf_counter() - began) * 1000)
            worked.append((time.process_time() - busy) * 1000)
        with CaptureQueriesContext(connection) as asked:
            ask(1)
        queries = sum(not q["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for q in asked)
        p95 = statistics.quantiles(took, n=20)[18]
        self.stdout.write(
            f"{name:<22}{size:>9,}{statistics.median(took):>9.1f}{p95:>9.1f}{queries:>9}{statistics.median(worked):>9.1f}"
        )

    def _imports(self, file: Path) -> None:
        began = time.perf_counter()
        week = (clock.today() - dt.timedelta(weeks=12)).isoformat()
        call_command("import_screens", str(file), "--program", FEW, "--week-1", week, "--create-clients")
        took = time.perf_counter() - began
        self.stdout.write(f"import of {file.name}: {took:.1f} s")

    def _duplicates(self, file: Path, clients: int) -> None:
        with file.open(encoding="utf-8-sig", newline="") as rows:
            truth = {row["record"]: row["person"] for row in csv.DictReader(rows)}
        text = io.StringIO()
        began = time.perf_counter()
        call_command(
            "find_duplicates", str(file), "--top", "3", "--timed", "200", "--clients", str(clients), stdout=text,
            stderr=self.stderr,
        )  # fmt: skip
        took = time.perf_counter() - began
        self._confusion(text.getvalue().splitlines(), truth, took)

    def _confusion(self, lines: list[str], truth: dict[str, str], took: float) -> None:
        others: dict[str, int] = {}
        for person in truth.values():
            others[person] = others.get(person, 0) + 1
        with_match = {record for record, person in truth.items() if others[person] > 1}
        found: set[str] = set()
        alerts: dict[bool, set[frozenset[str]]] = {True: set(), False: set()}
        for line in lines:
            row = json.loads(line)
            for candidate in row["candidates"]:
                same = truth[row["record"]] == truth[candidate["record"]]
                if same:
                    found.add(row["record"])
                if candidate["alert"]:
                    alerts[same].add(frozenset((row["record"], candidate["record"])))
        right, wrong = len(alerts[True]), len(alerts[False])
        pairs = sum(count * (count - 1) // 2 for count in others.values())
        every = len(truth) * (len(truth) - 1) // 2
        self.stdout.write(
            "confusion, pairs of records   same person   two people\n"
            f"  warned                      {right:>11,}   {wrong:>10,}\n"
            f"  not warned                  {pairs - right:>11,}   {every - pairs - wrong:>10,}"
        )
        self.stdout.write(
            f"duplicates: recall {len(found & with_match) / len(with_match):.4f} of {len(with_match):,} records; "
            f"precision {right / max(right + wrong, 1):.4f} ({right:,} true and {wrong:,} false alerting pairs); {took:.1f} s"
        )

    def _scores(self, data: Path) -> None:
        offered = {form.id for form in rules.load_all()}
        vectors = json.loads((data.parent / "content" / "score_vectors.json").read_text())["vectors"]
        asked = [vector for vector in vectors if vector["instrument"] in offered]
        passed = sum(self._passes(vector) for vector in asked)
        self.stdout.write(f"scores: {passed} of {len(asked)} vectors of {len(offered)} instruments")

    def _passes(self, vector: dict[str, Any]) -> bool:
        got = rules.score(rules.load(vector["instrument"]), vector["answers"]).as_dict()
        return all(
            got[key].get(name) == value if isinstance(wanted, dict) else got[key] == wanted
            for key, wanted in vector["expected"].items()
            for name, value in (wanted.items() if isinstance(wanted, dict) else [("", None)])
        )
