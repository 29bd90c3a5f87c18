"""The question that the door keeps for a day finds what the question asked anew finds, and nothing that has ended."""

import datetime as dt
from contextlib import contextmanager

import pytest
from django.db import transaction

from clinic.access import asked
from clinic.access.door import _as_door, _close, open_chart
from clinic.access.persons import of_person
from clinic.access.policy import Do
from clinic.kit import clock, scope
from clinic.people.queries import person
from clinic.record.models import CareTeam, Episode

PEOPLE = ("dana", "omar", "mia", "sol", "fay", "ines", "nell", "pat", "pia", "abe")


@contextmanager
def as_door():
    with transaction.atomic(), scope.deciding():
        _as_door()
        yield
        _close()


def told(rows):
    return {(row.id, row.person_id, row.facts) for row in rows}


@pytest.mark.parametrize("again", range(2))
def test_the_kept_question_finds_what_the_one_asked_anew_finds(cast, again):
    june, rosa = cast.register(), cast.register(cast.mh, team="mia", given_name="Rosa")
    for name in PEOPLE:
        who = person(getattr(cast, name).pk)
        with as_door():
            for client in (june, rosa):
                anew = asked.episodes(who, Episode.objects.filter(of_person(client)))
                assert told(asked.episodes_of(who, client)) == told(anew), name
            mine, _words = asked.allowed(who, Do.SEE_OWN_CASELOAD, asked.running(who, Do.SEE_OWN_CASELOAD))
            assert len(mine) == {"dana": 1, "mia": 1}.get(name, len(mine))


def test_whoever_left_the_team_or_gave_up_the_duty_is_not_let_in_by_a_kept_question(cast):
    june, dana, sol = cast.register(), person(cast.dana.pk), person(cast.sol.pk)
    with as_door():
        assert asked.allowed(dana, Do.SCREEN, asked.episodes_of(dana, june))[0]
    with open_chart(cast.dana, june, to=Do.SCREEN):
        CareTeam.objects.update(ends_on=clock.today())
    with as_door():
        assert not asked.allowed(dana, Do.SCREEN, asked.episodes_of(dana, june))[0]
        assert asked.allowed(sol, Do.OPEN_CHART, asked.episodes_of(sol, june))[0]
        with clock.backdated(clock.now() + dt.timedelta(days=40)):
            assert asked.allowed(sol, Do.OPEN_CHART, asked.episodes_of(sol, june))[0]
    cast.sol.program_roles.all().delete()
    sol = person(cast.sol.pk)
    with as_door():
        assert not asked.allowed(sol, Do.OPEN_CHART, asked.episodes_of(sol, june))[0]
