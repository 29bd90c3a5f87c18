"""Rosa is treated in the SUD program by Quill, and in the mental-health program by mia. Whoever works in mental health
only learns nothing of the other: each page of hers is the same as that of her twin, who is in mental health alone.

42 CFR 2.12 and 2.13: a record that says that somebody is in an SUD program is itself a patient record.
"""

import datetime as dt
import logging
import re
import uuid
from dataclasses import replace
from difflib import unified_diff

import pytest

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.consent.models import Consent
from clinic.kit import clock
from clinic.office.logs import JsonLines
from clinic.people.models import Role
from clinic.record.models import Flag
from screening.actions import record_screen
from screening.models import Screen
from tests.cast import make_person
from tests.house import pages
from tests.house.clinic import put_on_team, two_programs
from tests.house.pages import sign_in
from tests.screening.answers import GAD7
from treatment_plans.models import Plan

# What stands nowhere but in the SUD program: its name, its people, what it does. (To whom the clinic
# refers is one list for the whole house.)
TELLING = ("Recovery Program", "Quill", "Farrow", "methadone", "Dosing", "42 CFR", "Substance use")
READERS = {
    "mia": Role.CLINICIAN,
    "mo": Role.SUPERVISOR,
    "fern": Role.FRONT_DESK,
    "iris": Role.INTAKE,
    "pam": Role.PEER,
}
OWN = re.compile(
    r'[0-9a-f]{8}-[0-9a-f-]{27}|csrf[\w-]*" (?:value|content)="\w+"|\b\d{10}\b|[0-9a-f]{64}|\d\d:\d\d'
)
# A side of care that anybody may choose in a form says nothing of Rosa; that it is the same for her twin is asked below.
CHOSEN = {"Substance use"}
CHOICES = re.compile(r"<option.*?</option>|<label.*?</label>", re.S)
ABOUT = {
    "given_name": "Rosa",
    "family_name": "Delgado",
    "birth_date": dt.date(1984, 7, 17),
}


@pytest.fixture
def people(cast):
    """Colleagues who work in mental health only, each in one role; quill works in the SUD program only."""
    cast.people["quill"] = make_person("quill", cast.main, (cast.sud, Role.CLINICIAN), family_name="Farrow")
    for name, role in READERS.items():
        if name not in cast.people:
            cast.people[name] = make_person(name, cast.main, (cast.mh, role))
    return cast


@pytest.fixture
def rosa(people):
    return treated(
        people, two_programs(replace(people, people={**people.people, "dana": people.people["quill"]}))
    )


@pytest.fixture
def twin(people):
    return treated(people, people.register(people.mh, team="mia", **ABOUT))


def treated(cast, client):
    """What mia does with her own client: a screen, and pam joins the team."""
    with open_chart(cast.mia, client, to=Do.SCREEN) as chart:
        record_screen(chart, instrument="gad-7", answers=GAD7, taken_on=clock.today(chart.episodes[0].zone))
    put_on_team(replace(cast, people={**cast.people, "sol": cast.people["mo"]}), client, cast.pam)
    return client


def reachable(reader, client):
    """(line, answer) of every page about this client, and of every list, that exists for the reader."""
    known = {"client": str(client), "instrument": "phq-9"}
    for line in pages.role_table():
        names = set(pages.arguments(line.route))
        if line.method == "GET" and line.route not in pages.PAPER and names <= set(known):
            answer = reader.get(pages.reverse(line.route, kwargs={name: known[name] for name in names}))
            yield line, answer


def bare(answer):
    """The page without what is anyone's own: ids, numbers, keys, the minute."""
    text = OWN.sub("", answer.content.decode())
    return re.sub(r"\b\d{4}(?=</)|…\d{4}", "", text)


@pytest.mark.parametrize("name", READERS)
def test_no_page_tells_whoever_works_in_mental_health_only_of_the_sud_program(people, rosa, name):
    reader, met = sign_in(getattr(people, name)), 0
    for line, answer in reachable(reader, rosa):
        page = answer.content.decode()
        met += "Delgado" in page or "DELGADO" in page
        said = {True: CHOICES.sub("", page).lower(), False: page.lower()}
        assert [word for word in TELLING if word.lower() in said[word in CHOSEN]] == [], line.route
    assert met >= 3


@pytest.mark.parametrize("name", READERS)
def test_every_page_of_rosa_is_as_it_would_be_if_she_were_in_mental_health_alone(people, rosa, twin, name):
    reader = sign_in(getattr(people, name))
    hers, twins = (
        {line.route: (answer.status_code, bare(answer)) for line, answer in reachable(reader, client)}
        for client in (rosa, twin)
    )
    about_her = {route for route in hers if "client" in pages.arguments(route)}
    for route in sorted(about_her - {"office:access"}):
        assert hers[route][0] == twins[route][0], route
        unlike = unified_diff(hers[route][1].splitlines(), twins[route][1].splitlines(), n=0, lineterm="")
        assert list(unlike) == [], route
    assert sum(hers[route][0] == 200 for route in about_her) >= 3


@pytest.mark.parametrize("name", ["mia", "fern", "iris", "omar"])
def test_the_matches_at_the_desk_are_alike_for_rosa_and_for_her_twin(people, rosa, twin, name):
    reader = sign_in(getattr(people, name))
    for url, told in (
        ("/desk/", {"q": "Delgado"}),
        ("/desk/register/alike/", {"given_name": "Rosa", "family_name": "Delgado", "birth": "1984-07-17"}),
    ):
        page = reader.post(url, told, headers={"HX-Request": "true"}).content.decode()
        rows = [re.sub(r"\d{4}", "", OWN.sub("", row)) for row in page.split("<li")[1:]]
        assert len(rows) >= 2
        assert rows[0].partition("</li>")[0].split() == rows[1].partition("</li>")[0].split()
        assert [word for word in TELLING if word.lower() in page.lower()] == []


def test_a_row_of_the_sud_program_is_not_found_and_says_so_in_the_same_words_as_one_that_is_nowhere(
    people, rosa
):
    with open_chart(people.quill, rosa, to=Do.OPEN_CHART) as chart:
        key, hidden = chart.client_id, chart.episode_ids
        rows = {
            "screening:screen": {"screen": Screen.objects.filter(episode__in=hidden).latest("pk").public_id},
            "screening:safety": {"flag": Flag.objects.filter(episode__in=hidden).latest("pk").public_id},
            "treatment_plans:show": {"plan": Plan.objects.filter(episode__in=hidden).latest("pk").public_id},
            "treatment_plans:print": {"plan": Plan.objects.filter(episode__in=hidden).latest("pk").public_id},
            "consent:show": {"consent": Consent.objects.filter(episode__in=hidden).latest("pk").public_id},
        }
    mia = sign_in(people.mia)
    for route, row in rows.items():
        name = next(iter(row))
        met, nowhere = (
            mia.get(pages.reverse(route, kwargs={"client": str(rosa), name: str(row_id)}))
            for row_id in (row[name], uuid.uuid4())
        )
        assert (met.status_code, bare(met)) == (nowhere.status_code, bare(nowhere)) == (404, bare(nowhere)), (
            route
        )
        looks = LedgerRow.objects.filter(actor_id=people.mia.pk, act="open_chart", route=route, clients=[key])
        assert looks.count() == 2, f"the attempt at {route} is not on the ledger"
        assert not any(set(look.episodes) & set(hidden) for look in looks)


def test_the_account_of_access_tells_a_supervisor_of_mental_health_of_mental_health_alone(people, rosa):
    answer = sign_in(people.mo).get(f"/client/{rosa}/access/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Mia" in page
    assert "Quill" not in page
    assert "Dana" not in page


def test_what_is_refused_is_on_the_ledger_with_who_and_whom(people, rosa):
    stranger = sign_in(people.omar)
    for route in ("caseload:chart", "screening:home", "treatment_plans:home", "consent:list"):
        assert stranger.get(pages.reverse(route, kwargs={"client": str(rosa)})).status_code == 404
        row = LedgerRow.objects.get(route=route, actor_id=people.omar.pk)
        assert (row.outcome, len(row.clients), row.episodes) == ("refused", 1, [])


def test_no_line_of_the_log_holds_a_name_an_address_or_an_id_of_a_client(people, rosa, caplog):
    with caplog.at_level(logging.DEBUG):
        for name in ("mia", "mo", "fern", "omar"):
            reader = sign_in(getattr(people, name))
            for _line, _answer in reachable(reader, rosa):
                pass
            reader.post("/desk/", {"q": "Rosa Delgado 1984-07-17"})
            reader.post(f"/client/{rosa}/contact/new/", {"channel": "email", "value": "rosa@secret.example"})
            reader.get(f"/client/{rosa}/nowhere/?q=Delgado")
    form = JsonLines()
    lines = [
        form.format(record)
        for record in caplog.records
        if not record.name.startswith(("django.db", "asyncio"))
    ]
    assert any('"route": "caseload:chart"' in line for line in lines)
    telling = ("Rosa", "Delgado", "1984", "secret.example", "june@mail", "617 555", str(rosa), *TELLING)
    assert [line for line in lines for word in telling if word.lower() in line.lower()] == []
