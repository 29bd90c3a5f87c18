"""The front desk's page of a client: how they may safely be reached, and by whom it may be changed."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.access.door import open_chart, open_desk
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.record.models import Allergy, Contact, Directory
from intake.actions import register

PHONE = {"channel": "phone", "value": "+1 614-555-0142", "may_text": True}


@pytest.fixture
def june(cast):
    told = {"given_name": "June", "family_name": "Okafor", "clinician": cast.dana, "contacts": [PHONE]}
    return register(cast.ines, program=cast.sud, **told).public_id


@pytest.fixture
def fay(client, cast):
    client.force_login(cast.fay)
    return client


def _contacts(cast, june):
    with open_chart(cast.fay, june, to=Do.SEE_CONTACT):
        return list(Contact.objects.order_by("pk"))


def _page(client, june):
    return client.get(reverse("intake:contact", args=[june]))


def _text(response):
    return response.content.decode()


def _change(contact, **fields):
    told = {"channel": "phone", "value": contact.value, "may_text": "on", "version": contact.version}
    return told | {"_once": str(uuid.uuid4())} | fields


def test_the_front_desk_sees_how_to_reach_a_client_and_nothing_clinical(fay, cast, june):
    with open_chart(cast.dana, june, to=Do.OPEN_CHART) as chart:
        Allergy.objects.create(client_id=chart.client_id, substance="Penicillin")
    page = _text(_page(fay, june))
    for told in ("+1 614-555-0142", "May text", "Do not call", "Dana Tester", "OKAFOR, June"):
        assert told in page
    for hidden in ("Penicillin", "llergies", f'href="{reverse("caseload:chart", args=[june])}"'):
        assert hidden not in page


def test_the_clinician_gets_from_here_to_the_chart(client, cast, june):
    client.force_login(cast.dana)
    assert f'href="{reverse("caseload:chart", args=[june])}"' in _text(_page(client, june))


@pytest.mark.parametrize("name", ["omar", "mia", "pia", "abe"])
def test_a_stranger_finds_no_page_and_the_attempt_is_on_the_ledger(client, cast, june, name):
    client.force_login(getattr(cast, name))
    assert _page(client, june).status_code == 404
    assert LedgerRow.objects.get(act="open_chart", outcome="refused").actor_id == getattr(cast, name).pk


def test_a_contact_is_added_and_the_desk_finds_the_phone(fay, cast, june):
    url = reverse("intake:contact_new", args=[june])
    answer = fay.post(
        url, {"channel": "email", "value": "june@example.org", "may_email": "on", "may_call": "on"}
    )
    assert answer.url == reverse("intake:contact", args=[june])
    email = _contacts(cast, june)[-1]
    assert (email.value, email.may_email, email.may_call) == ("june@example.org", True, False)
    assert LedgerRow.objects.get(act="intake.add_contact").object_id == str(email.public_id)


@pytest.mark.parametrize(
    ("channel", "value"), [("phone", "12"), ("email", "june@"), ("phone", ""), ("fax", "1")]
)
def test_a_contact_that_cannot_be_one_is_named_and_nothing_is_written(fay, cast, june, channel, value):
    answer = fay.post(reverse("intake:contact_new", args=[june]), {"channel": channel, "value": value})
    assert answer.status_code == 422
    assert "There is a problem" in _text(answer)
    assert len(_contacts(cast, june)) == 1


def test_a_changed_phone_changes_the_directory_too(fay, cast, june):
    (phone,) = _contacts(cast, june)
    fay.post(
        reverse("intake:contact_edit", args=[june, phone.public_id]),
        _change(phone, value="614 555 0199", may_call="on"),
    )
    (changed,) = _contacts(cast, june)
    assert (changed.value, changed.may_call, changed.version) == ("+1 614-555-0199", True, 2)
    with open_desk(cast.fay, to=Do.SEARCH):
        assert Directory.objects.get().phone_digits == "16145550199"


def test_a_stale_edit_shows_both_texts_and_saves_only_when_sent_again(fay, cast, june):
    (phone,) = _contacts(cast, june)
    url = reverse("intake:contact_edit", args=[june, phone.public_id])
    fay.post(url, _change(phone, hours="mornings"))
    answer = fay.post(url, _change(phone, hours="evenings"))
    assert answer.status_code == 409
    page = _text(answer)
    assert "mornings" in page
    assert "evenings" in page
    assert 'name="version" value="2"' in page
    assert _contacts(cast, june)[0].hours == "mornings"
    assert fay.post(url, _change(phone, hours="evenings", version=2)).status_code == 302
    assert _contacts(cast, june)[0].hours == "evenings"


def test_a_contact_that_is_not_used_any_more_leaves_the_page_and_stays_in_the_record(fay, cast, june):
    (phone,) = _contacts(cast, june)
    fay.post(reverse("intake:contact_end", args=[june, phone.public_id]), {"version": phone.version})
    assert phone.value not in _text(_page(fay, june))
    assert "No safe way to be reached is known yet" in _text(_page(fay, june))
    assert _contacts(cast, june)[0].ends_on
    with open_desk(cast.fay, to=Do.SEARCH):
        assert Directory.objects.get().phone_digits == ""


def test_another_clients_contact_cannot_be_reached_by_its_id(fay, cast, june):
    (phone,) = _contacts(cast, june)
    ada = cast.register(given_name="Ada")
    assert fay.get(reverse("intake:contact_edit", args=[ada, phone.public_id])).status_code == 404


def test_the_page_asks_as_much_for_many_contacts_as_for_one(fay, cast, june):
    _page(fay, june)
    with CaptureQueriesContext(connection) as one:
        _page(fay, june)
    for n in range(20):
        fay.post(
            reverse("intake:contact_new", args=[june]), {"channel": "email", "value": f"j{n}@example.org"}
        )
    _page(fay, june)
    with CaptureQueriesContext(connection) as many:
        _page(fay, june)
    assert len(many) == len(one)
    spent = [query["sql"] for query in many if "SAVEPOINT" not in query["sql"]]
    assert len(spent) <= 12, "\n".join(spent)
