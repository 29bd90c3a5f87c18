"""Someone who is here already begins in another program: one record, and neither program learns of the other."""

import uuid

import pytest
from django.urls import reverse

from clinic.access.door import open_chart, open_desk
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.people.models import ProgramRole, Role
from clinic.record.models import Directory, Episode
from intake.actions import admit
from tests.cast import LONG_AGO


@pytest.fixture
def june(cast):
    return cast.register(cast.sud)


@pytest.fixture
def mei(client, cast):
    """Intake of the mental-health program alone."""
    mei = cast.mia
    ProgramRole.objects.create(staff=mei, program=cast.mh, role=Role.INTAKE, starts_on=LONG_AGO)
    client.force_login(mei)
    return client


def _told(cast, **fields):
    told = {
        "program": str(cast.mh.public_id),
        "clinician": str(cast.mia.public_id),
        "_once": str(uuid.uuid4()),
    }
    return told | fields


def _episodes(staff, june):
    with open_chart(staff, june, to=Do.SEE_CONTACT):
        return list(Episode.objects.values_list("program", flat=True))


def test_the_same_person_begins_in_ones_own_program_and_the_other_stays_unknown(mei, cast, june):
    found = mei.post("/desk/", {"q": "june"}).content.decode()
    url = reverse("intake:admit", args=[june])
    behind = reverse("intake:found", args=[june])
    assert behind in found
    assert mei.get(behind).url == url
    page = mei.get(url).content.decode()
    assert "OKAFOR, June" in page
    assert cast.sud.name not in page
    answer = mei.post(url, _told(cast))
    assert answer.url == reverse("intake:contact", args=[june])
    assert cast.sud.name not in mei.get(answer.url).content.decode()
    assert _episodes(cast.mia, june) == [cast.mh.pk]
    with open_desk(cast.fay, to=Do.SEARCH):
        assert Directory.objects.count() == 1
    assert LedgerRow.objects.get(act="intake.admit_client").detail == {"program": cast.mh.pk}


def test_posted_twice_it_begins_once(mei, cast, june):
    told = _told(cast)
    url = reverse("intake:admit", args=[june])
    assert mei.post(url, told).url == mei.post(url, told).url
    assert _episodes(cast.mia, june) == [cast.mh.pk]


def test_who_is_in_the_program_already_is_not_begun_again(client, cast, june):
    client.force_login(cast.ines)
    told = {"program": str(cast.sud.public_id)}
    answer = client.post(reverse("intake:admit", args=[june]), told)
    assert answer.status_code == 422
    assert "in this program already" in answer.content.decode()
    assert _episodes(cast.ines, june) == [cast.sud.pk]


def test_a_role_that_does_not_register_admits_nobody(client, cast, june):
    client.force_login(cast.dana)
    assert client.post(reverse("intake:admit", args=[june]), _told(cast)).status_code == 403
    assert _episodes(cast.ines, june) == [cast.sud.pk]


def test_an_id_that_nobody_has_is_not_found(mei, cast):
    url = reverse("intake:admit", args=[uuid.uuid4()])
    assert mei.get(url).status_code == 404
    assert mei.post(url, _told(cast)).status_code == 404


def test_the_account_of_access_does_not_tell_one_program_who_was_admitted_to_another(client, cast):
    june = cast.register(cast.mh, team="mia")
    ProgramRole.objects.create(staff=cast.mia, program=cast.mh, role=Role.SUPERVISOR, starts_on=LONG_AGO)
    admit(cast.ines, client=june, program=cast.sud)
    client.force_login(cast.mia)
    page = client.get(reverse("office:access", args=[june])).content.decode()
    assert "registered the client" in page and "admit" not in page
    client.force_login(cast.sol)
    assert (
        "looked the client up to admit them"
        in client.get(reverse("office:access", args=[june])).content.decode()
    )
