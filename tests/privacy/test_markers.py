"""Rosa's SUD program leaves marks that stand nowhere else. Every page, list, error, title, address, letter and log that
somebody without that program can reach is searched for them; and a chart that is not theirs answers as one that nobody has.
"""

import datetime as dt
import logging
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.consent import actions
from clinic.consent.tasks import deliver_due
from clinic.office.logs import JsonLines
from clinic.people.models import Role
from clinic.record.models import Domain, Medication, Problem
from follow_up.tasks import remind_due
from intake.actions import admit
from tests.cast import make_person
from tests.consent.conftest import post  # noqa: F401 - the mail server that keeps what arrives
from tests.consent.story import recipient, terms
from tests.house import pages
from tests.house.pages import sign_in
from tests.privacy.test_two_programs import OWN

pytestmark = pytest.mark.django_db
MARK = "Qxzvw"
MARKS = (MARK, "Recovery Program")
# They begin at a match of the directory, which shows names to whoever may search, and nothing of any program: that there
# is such a person may be known here.
FROM_THE_DIRECTORY = {"intake:found", "intake:admit"}
WITHOUT = {
    "mia": Role.CLINICIAN, "mo": Role.SUPERVISOR, "fern": Role.FRONT_DESK, "iris": Role.INTAKE, "pru": Role.PRIVACY,
}  # fmt: skip


@pytest.fixture
def marked(cast):
    """Rosa in both programs, with a marked consent, offer, restriction, complaint, telling, problem, medicine, referral;
    eight colleagues who hold one role each, in mental health only."""
    for name, role in WITHOUT.items():
        if name not in cast.people:
            cast.people[name] = make_person(name, cast.main, (cast.mh, role))
    rosa = cast.register(cast.sud, given_name="Rosa", family_name="Delgado", birth_date=dt.date(1984, 7, 17),
                         contacts=[{"channel": "email", "value": "rosa@mail.example", "may_email": True}])  # fmt: skip
    admit(cast.ines, client=rosa, program=cast.mh, clinician=cast.mia)
    to, ids = recipient(), {}  # to whom the clinic refers is one list for the whole house
    words = {"description": f"All about {MARK}"}
    with open_chart(cast.dana, rosa, to=Do.CONSENT) as chart:
        place = next(e for e in chart.episodes if e.program_id == cast.sud.pk)
        stamp = chart.stamp(place)
        Problem.objects.create(
            **stamp, text=f"{MARK} use", domain=Domain.SUBSTANCE_USE, recorded_by=cast.dana
        )
        Medication.objects.create(**stamp, name=f"{MARK}one", dose="1 mg", starts_on=dt.date(2026, 1, 1))
        ids["consent"] = actions.sign_consent(chart, given=terms(cast.sud, **words), recipient=to)
        ids["offer"] = actions.prepare_consent(chart, given=terms(cast.sud, **words), recipient=to)
        ids["restriction"] = actions.restrict(chart, place=place, words_=f"No {MARK}", categories=["visits"])
        ids["complaint"] = actions.record_complaint(chart, place=place, from_whom=MARK, words_=MARK)
        actions.give_notice(chart, place=place, way="when_able", answer="not_able", language="en", why=MARK)
    return rosa, {name: str(row.public_id) for name, row in ids.items()}


def walk(reader, known):
    """(where, answer) for every route that these ids can make an address of, read and posted to with nothing."""
    for line in pages.role_table():
        names = set(pages.arguments(line.route))
        if line.route in pages.for_clients() or not names <= set(known):
            continue
        url = reverse(line.route, kwargs={name: known[name] for name in names})
        with pages.taken_back():
            yield f"{line.method} {line.route}", pages.call(reader, line, url)


def told(answer):
    """Everything of an answer that a person could read: its page, its headers, where it leads."""
    return answer.content.decode("utf-8", "replace") + "".join(f"{k}: {v}\n" for k, v in answer.items())


def test_nothing_that_whoever_works_without_the_program_can_reach_holds_its_marks(cast, marked):
    rosa, ids = marked
    found = []
    for name in WITHOUT:
        reader, met = sign_in(getattr(cast, name)), 0
        # The privacy officer answers complaints, and accounts for access, in every program.
        allowed = {"consent:complaints", "consent:complaint", "office:access"} if name == "pru" else set()
        for where, answer in walk(
            reader, {"client": str(rosa), "instrument": "phq-9", "kind": "consent", **ids}
        ):
            met += answer.status_code == 200
            if where.partition(" ")[2] not in allowed:
                found += [(name, where, mark) for mark in MARKS if mark.lower() in told(answer).lower()]
        desk = told(reader.post("/desk/", {"q": "Delgado"}, headers={"HX-Request": "true"})).lower()
        found += [(name, "the desk", mark) for mark in MARKS if mark.lower() in desk]
        assert met >= 1
    assert found == []


def test_a_private_person_whom_a_client_named_is_on_no_list_of_another_program(cast, marked):
    rosa, _ids = marked
    with open_chart(cast.dana, rosa, to=Do.CONSENT) as chart:
        mother = actions.add_recipient(chart, name=f"{MARK} Delgado")
        actions.prepare_consent(chart, given=terms(cast.sud), recipient=mother)
    mias = cast.register(cast.mh, team="mia", given_name="Vera", family_name="Alm")
    for who, client, seen in (
        ("dana", rosa, True),
        ("ines", rosa, True),
        ("mia", mias, False),
        ("mia", rosa, False),
    ):
        reader = sign_in(getattr(cast, who))
        for name in ("consent:recipients", "consent:record", "consent:restrict"):
            answer = reader.get(reverse(name, args=[client]), {"q": ""})
            assert answer.status_code == 200 and (MARK in told(answer)) is seen, (who, name)


def test_a_chart_that_is_not_theirs_answers_as_one_that_nobody_has_in_words_and_in_work(cast, marked):
    """Status, body, headers and the number of queries (a stand-in for time) are the same for a hidden chart and for none."""
    hidden, unlike = cast.register(cast.sud, given_name="Hidden", family_name=MARK), []
    for name in ("mia", "iris", "fern", "omar"):
        reader = sign_in(getattr(cast, name))
        reader.get("/")
        for line in pages.role_table():
            if pages.arguments(line.route) != ["client"] or line.method != "GET":
                continue
            (status, *one), (_status, *other) = (
                asked(reader, line, client) for client in (hidden, uuid.uuid4())
            )
            if (
                status == 200
            ):  # from the directory: to admit, to ask to open; it shows a name and nothing of any program
                unlike += [(name, line.route) for mark in MARKS[1:] if mark in one[1]]
            elif one != other and line.route not in FROM_THE_DIRECTORY:
                unlike.append((name, line.route, one[0], other[0]))
    assert unlike == []


def asked(reader, line, client):
    """(status, how many queries, everything told) of a page about that client."""
    with CaptureQueriesContext(connection) as done:
        answer = reader.get(reverse(line.route, kwargs={"client": str(client)}))
    work = len([q for q in done.captured_queries if "SAVEPOINT" not in q["sql"]])
    return answer.status_code, work, OWN.sub("", told(answer).replace(str(client), ""))


def test_no_letter_and_no_log_line_holds_them(cast, marked, caplog, post):  # noqa: F811
    rosa, ids = marked
    with caplog.at_level(logging.DEBUG):
        for name in ("mia", "iris", "dana"):
            for _where, _answer in walk(sign_in(getattr(cast, name)), {"client": str(rosa), **ids}):
                pass
        remind_due()
        deliver_due()
    form = JsonLines()
    lines = [
        form.format(record)
        for record in caplog.records
        if not record.name.startswith(("django.db", "asyncio"))
    ]
    assert any("consent:" in line for line in lines)
    for text in (*lines, *(letter.decode("latin1") for letter in post.letters)):
        assert [mark for mark in (*MARKS, "Delgado", str(rosa)) if mark.lower() in text.lower()] == []
