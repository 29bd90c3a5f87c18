"""The figures: what imports, duplicates and pages cost, printed. Never a test: machines differ."""

import csv
import datetime as dt
import io
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from psycopg import RawCursor

from caseload import queries
from caseload.management.population import making
from caseload.management.population.courses import people, stock
from caseload.management.population.making import FEW
from clinic.access.door import open_caseload, open_chart, open_slices
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.kit.memory import settle
from clinic.people.models import Program
from clinic.people.queries import staff_with_duties
from clinic.record.models import Client
from intake.actions import register_many
from screening import queries as screening
from screening import rules
from screening.actions import NewScreen, record_screen, record_screens
from treatment_plans import actions as plans
from treatment_plans.models import Plan


@dataclass(frozen=True)
class Explained:
    """One statement of a page: how long it took, and what the database did for it."""

    page: str
    ms: float
    sql: str
    text: str


@contextmanager
def explained(page: str, found: list[Explained]) -> Iterator[None]:
    """What the page reads is explained right after it was read, in the same transaction, with the same charts open."""
    inside = False

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal inside
        began = time.perf_counter()
        answer = execute(sql, params, many, context)
        ms = (time.perf_counter() - began) * 1000
        if not inside and sql.lstrip().startswith("SELECT"):
            inside = True
            numbered = isinstance(context["cursor"].cursor, RawCursor)
            with RawCursor(connection.connection) if numbered else connection.cursor() as cursor:
                cursor.execute(f"explain (analyze, buffers) {sql}", params)
                lines = [line[:160] for (line,) in cursor.fetchall() if "never executed" not in line]
                found.append(Explained(page, ms, sql, "\n".join(lines)))
            inside = False
        return answer

    with connection.execute_wrapper(explain):
        yield


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
        parser.add_argument("--sizes", default="1000,10000")
        parser.add_argument("--jobs", type=int, default=2, help="how many processes make the clinic")
        parser.add_argument("--made", type=int, default=0, help="make_population has made that many already")
        parser.add_argument("--rounds", type=int, default=60)

    def handle(self, *args: Any, **options: Any) -> None:
        wanted, data = options["what"], options["data"]
        self.jobs, self.made = options["jobs"], options["made"]
        if not self.made:
            making.found()
        self.staff = {
            p.given_name.lower(): p for p in staff_with_duties().filter(email__endswith="@bench.example")
        }
        if wanted in ("scores", "all"):
            self._scores(data)
        if wanted in ("duplicates", "all"):
            self._duplicates(data if data.is_file() else data / "registrations.csv", options["clients"])
        if wanted in ("imports", "all"):
            self._imports(data / "phq9_weekly.csv")
        if wanted in ("pages", "all"):
            self._pages([making.whole(int(size)) for size in options["sizes"].split(",")], options["rounds"])
        if wanted in ("plan", "all"):
            self._plan(options["rounds"])

    def _plan(self, rounds: int) -> None:
        """A plan of ten problems with twelve months of screens: read, drawn up, as a PDF."""
        few = Program.objects.select_related("site").get(name=FEW)
        person = {**people(7, 0, 1)[0].registered, "clinician": self.staff["clara"]}
        (client,) = register_many(making.IMPORT, program=few, people=[person])
        self._year(client)
        clara = self._browser("clara")
        with open_chart(self.staff["clara"], client.public_id, to=Do.SIGN_PLAN) as chart:
            signed = plans.sign_plan(chart, plan=self._ten_problems(chart))
            draft = plans.new_version(chart, plan=signed)
        call_command("verify_ledger", seal_first=True, verbosity=0, stdout=self.stderr)
        settle()  # as the web server does
        self.stdout.write(f"{'page':<22}{'problems':>9}{'p50 ms':>9}{'p95 ms':>9}{'queries':>9}{'cpu ms':>9}")
        for name, route, of in (
            ("open the plan", "home", ()), ("one version", "show", (signed.public_id,)),
            ("draw up the draft", "edit", (draft.public_id,)), ("plan as PDF", "print", (signed.public_id,)),
        ):  # fmt: skip
            url = reverse(f"treatment_plans:{route}", args=[client.public_id, *of])
            self._measure(name, 10, 10 if route == "print" else rounds, self._reader(clara, url))

    def _year(self, client: Client) -> None:
        """Twelve months of the five measures."""
        for opened in open_slices(making.IMPORT, to=Do.SCREEN, clients=[client.pk]):
            days = [clock.today() - dt.timedelta(days=30 * month + 1) for month in range(12)]
            rows = [
                NewScreen(opened.episodes[0], name, stock(name)[5 + n % 3][0], day, historical=True)
                for name in ("phq-9", "gad-7", "pcl-5", "audit", "dast-10")
                for n, day in enumerate(days)
            ]
            record_screens(opened, rows=rows)

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

    def _pages(self, sizes: list[int], rounds: int) -> None:
        already = self.made
        medians: list[dict[str, float]] = []
        slowest: list[Explained] = []
        self.stdout.write(f"{'page':<24}{'clients':>9}{'p50 ms':>9}{'p95 ms':>9}{'queries':>9}{'cpu ms':>9}")
        for size in sizes:
            self._grow(already, size)
            settle()  # as the web server does
            already, slowest = max(already, size), []
            medians.append({})
            for name, ask in self._asks().items():
                medians[-1][name] = self._measure(name, size, rounds, ask)
                with explained(name, slowest):
                    ask(2)
        for name, first in medians[0].items():
            if len(sizes) > 1:
                times = f"{medians[-1][name] / first:.2f} times"
                self.stdout.write(f"growth {name:<22}{sizes[0]:>9,} to {sizes[-1]:,}: {times}")
        for plan in sorted(slowest, key=lambda one: -one.ms)[:3]:
            self.stdout.write(f"\n{plan.page}: {plan.ms:.1f} ms\n{plan.sql[:400]}\n{plan.text}")

    def _grow(self, already: int, size: int) -> None:
        began = time.perf_counter()
        if size <= already:
            return
        for _made in making.grow(1, already, size, self.jobs):
            pass
        self.stdout.write(f"{size - already:,} clients made in {time.perf_counter() - began:.0f} s")
        with psycopg.connect(os.environ["ENTWINE_OWNER_DATABASE_URL"], autocommit=True) as owner:
            owner.execute("vacuum analyze")

    def _asks(self) -> dict[str, Callable[[int], Any]]:
        clara, iva, sven = (self._browser(name) for name in ("clara", "iva", "sven"))
        known, others = self._clients("clara"), self._clients("carl")
        form = rules.load("phq-9")
        person = self.staff["clara"]

        def save(n: int) -> None:
            # Not on the caseload that is read: sixty new alarms would be nobody's ordinary morning.
            with open_chart(self.staff["carl"], others[n % 60][0], to=Do.SCREEN, look=False) as chart:
                answers = {item.id: 1 for item in form.items}
                record_screen(chart, instrument="phq-9", answers=answers, taken_on=clock.today())

        def screens_due(_n: int) -> None:
            with open_caseload(person, to=Do.SEE_OWN_CASELOAD) as opened:
                screening.due(opened, clock.today())

        def due(_n: int) -> None:
            with open_caseload(person, to=Do.SEE_OWN_CASELOAD) as opened:
                queries.everything_due(opened, clock.today())

        return {
            "search": lambda n: iva.post(
                reverse("intake:desk"), {"q": known[n % 60][1][:5]}, headers={"HX-Request": "true"}
            ),
            "open chart": lambda n: clara.get(reverse("caseload:chart", args=[known[n % 60][0]])),
            "save screen with flag": save,
            "joint picture": lambda n: clara.get(reverse("caseload:picture", args=[known[n % 60][0]])),
            "screens due of 60": screens_due,
            "everything due of 60": due,
            "caseload of 60": lambda n: clara.get(reverse("caseload:mine")),
            "supervisor, 60": lambda n: sven.get(reverse("caseload:review")),
        }

    def _clients(self, name: str) -> list[tuple[Any, str]]:
        with open_caseload(self.staff[name], to=Do.SEE_OWN_CASELOAD):
            return list(Client.objects.order_by("pk").values_list("public_id", "family_name")[:60])

    def _browser(self, name: str) -> Browser:
        browser = Browser(SERVER_NAME="localhost")
        browser.force_login(self.staff[name], backend="clinic.people.backends.StaffBackend")
        return browser

    def _measure(self, name: str, size: int, rounds: int, ask: Callable[[int], Any]) -> float:
        answer = ask(0)
        if answer is not None and answer.status_code != 200:
            self.stderr.write(f"{name}: answered {answer.status_code}")
        took, worked = [], []
        for n in range(rounds):
            began, before = time.perf_counter(), time.process_time()
            ask(n)
            took.append((time.perf_counter() - began) * 1000)
            worked.append((time.process_time() - before) * 1000)
        with CaptureQueriesContext(connection) as asked:
            ask(1)
        count = sum(not q["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for q in asked)
        p95 = statistics.quantiles(took, n=20)[18]
        p50, cpu = statistics.median(took), statistics.median(worked)
        self.stdout.write(f"{name:<24}{size:>9,}{p50:>9.1f}{p95:>9.1f}{count:>9}{cpu:>9.1f}")
        return p50

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
        form = rules.load(vector["instrument"])
        got = rules.score(form, vector["answers"], vector.get("context")).as_dict()
        return all(
            got[key].get(name) == value if isinstance(wanted, dict) else got[key] == wanted
            for key, wanted in vector["expected"].items()
            for name, value in (wanted.items() if isinstance(wanted, dict) else [("", None)])
        )
