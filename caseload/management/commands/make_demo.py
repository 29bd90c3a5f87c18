from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from caseload.management.demo import answers, build, episodes, formulations, rights, use
from caseload.management.demo.courses import courses
from caseload.management.demo.interviews import interview
from caseload.management.demo.people import BOTH, MH, PEOPLE, PROGRAMS, SITES, SUD
from clinic.access.door import Job
from clinic.kit import clock
from clinic.office.actions import found_clinic
from clinic.people.models import Program, Staff
from clinic.people.queries import staff_with_duties


class Command(BaseCommand):
    help = "Make the demo clinic, once: people, programs, and clients with months of believable courses."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--clients", type=int, default=60)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demo clinic (ENTWINE_DEMO is not set). Nothing was made.")
        if Staff.objects.filter(email=PEOPLE[0]["email"]).exists():
            self.stdout.write("The demo clinic is there already.")
            return
        found_clinic(Job("demo", "command"), sites=SITES, programs=PROGRAMS, people=PEOPLE)
        staff = {person.given_name.lower(): person for person in staff_with_duties()}
        programs = [Program.objects.select_related("site").get(name=name) for name in (SUD, MH, BOTH)]
        today = clock.today()
        answers.set_up_on_call(staff, programs)
        for course in tqdm(courses(today, options["clients"]), desc="Clients", disable=None):
            self._live(course, staff, programs[course.program], today)
        episodes.fill_waiting_list(staff, programs[2], today)
        episodes.come_twice(staff, programs[1])
        call_command("verify_ledger", seal_first=True, verbosity=0)

    def _live(self, course: Any, staff: dict[str, Staff], program: Program, today: Any) -> None:
        lead = staff["omar"] if program.name == MH and course.number % 2 else staff["dana"]
        client = build.enrol(course, staff["ines"], lead, program)
        zone = program.site.zone
        with build.chart_of(lead, client) as chart:
            last = max((visit.on for visit in course.visits if visit.answers), default=None)
            for visit in course.visits:
                build.come(chart, visit, zone)
                build.screen(chart, course, visit, zone, visit.on == last)
            use.ask_about_use(chart, course, zone, today)
            use.watch_withdrawal(chart, course, zone)
            interview(chart, course, today)
            if course.has_plan:
                plan = build.draw_plan(chart, course, program.name, zone, today)
                formulations.draw_formulation(chart, course, plan, program.name, zone)
            if course.has_referral:
                build.refer_out(chart, course, build.add_recipients(chart), zone, today)
            rights.give_notice(chart, course, build.at(course.began, zone, 9))
            rights.ask_for_rights(chart, course, build.add_recipients(chart))
            build.book_next(chart, course, zone, today)
            answers.take_flags(chart, course, clock.today(zone))
            answers.respond(chart, course, today)
            answers.say_not_today(chart, course, today)
        if course.number % 2:
            episodes.set_level(course, client, staff, zone)
        if course.number == 3:
            episodes.open_in_emergency(staff, client, today, zone)
        if course.number % 12 == 0:
            build.second_program(client, staff, program, today)
            rights.let_the_other_program_read(course, client, lead, today)
