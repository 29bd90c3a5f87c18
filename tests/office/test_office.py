"""The office: who opened what, staff, settings, the throttled sign-in, the idle lock."""

import datetime as dt
import time

import pytest
from django.urls import reverse

from clinic.access.chart import ChartNotFound, Refused
from clinic.access.door import open_chart, open_office
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.office.actions import change_setting, deactivate_staff
from clinic.people.models import Staff
from clinic.people.queries import setting
from clinic.record.models import Client, Contact
from tests.cast import PASSWORD


def test_the_supervisor_sees_who_opened_a_record_and_who_was_refused(cast, client):
    ada = cast.register(given_name="Ada")
    with open_chart(cast.dana, ada, to=Do.OPEN_CHART):
        pass
    with pytest.raises(ChartNotFound), open_chart(cast.omar, ada, to=Do.OPEN_CHART):
        pass
    client.force_login(cast.sol)
    page = client.get(reverse("office:access", args=[ada])).content.decode()
    assert "Dana Tester" in page
    assert "on the care team" in page
    assert "Omar Tester" in page
    assert "refused" in page
    assert LedgerRow.objects.filter(actor_id=cast.sol.pk, act="open_chart", outcome="granted").count() == 1


@pytest.mark.parametrize("who", ["dana", "fay", "ines", "pat", "abe"])
def test_others_do_not_see_the_account_of_access(cast, client, who):
    ada = cast.register()
    client.force_login(getattr(cast, who))
    assert client.get(reverse("office:access", args=[ada])).status_code == 404


def test_only_the_administrator_manages_staff_and_opens_no_chart(cast, client):
    client.force_login(cast.sol)
    assert client.get(reverse("office:staff")).status_code == 403
    client.force_login(cast.abe)
    assert client.get(reverse("office:staff")).status_code == 200
    assert client.get(reverse("caseload:chart", args=[cast.register()])).status_code == 404


def test_a_colleague_is_added_and_can_sign_in(cast, client):
    client.force_login(cast.abe)
    new = {"given_name": "Lou", "family_name": "Reyes", "email": "lou@clinic.example", "site": cast.main.pk,
           "program": cast.sud.pk, "role": "clinician", "password": "violet harbor lantern"}  # fmt: skip
    assert client.post(reverse("office:staff"), new).status_code == 302
    assert (
        client.post(
            reverse("account_login"), {"login": "lou@clinic.example", "password": "violet harbor lantern"}
        ).status_code
        == 302
    )
    again = client.post(reverse("account_login"), {"login": "lou@clinic.example", "password": "wrong"})
    assert Staff.objects.filter(email="lou@clinic.example").count() == 1
    assert again.status_code in (200, 302)


def test_bad_input_names_the_field_and_keeps_what_was_typed(cast, client):
    client.force_login(cast.abe)
    page = client.post(
        reverse("office:staff"), {"given_name": "Lou", "email": "dana@clinic.example", "password": "short"}
    )
    text = page.content.decode()
    assert page.status_code == 422
    assert "already signs in with this e-mail" in text
    assert 'value="Lou"' in text
    assert not Staff.objects.filter(given_name="Lou").exists()


def test_deactivating_ends_an_open_session_at_once(cast, client):
    client.force_login(cast.dana)
    assert client.get(reverse("caseload:mine")).status_code == 200
    with open_office(cast.abe, to=Do.MANAGE_STAFF) as office:
        deactivate_staff(office, person=cast.dana)
    assert client.get(reverse("caseload:mine")).status_code == 302


def test_a_refused_office_changes_nothing(cast):
    before = setting("idle_lock_minutes")
    with pytest.raises(Refused), open_office(cast.sol, to=Do.MANAGE_STAFF) as office:
        change_setting(office, name="idle_lock_minutes", value=60)
    assert setting("idle_lock_minutes") == before


def test_someone_idle_for_longer_than_the_clinic_allows_is_signed_out(cast, client):
    client.force_login(cast.dana)
    client.get(reverse("caseload:mine"))
    session = client.session
    session["seen"] = int(time.time()) - 60 * setting("idle_lock_minutes") - 5
    session.save()
    answer = client.get(reverse("caseload:mine"))
    assert answer.status_code == 302
    assert reverse("account_login") in answer.url


def test_a_fragment_without_a_session_gets_401_so_that_nothing_typed_is_lost(cast, client):
    answer = client.get(reverse("intake:desk"), headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["X-Entwine-Signin"] == "1"


def test_too_many_wrong_passwords_are_throttled(cast, client):
    for _n in range(6):
        answer = client.post(
            reverse("account_login"), {"login": "dana@clinic.example", "password": "wrong wrong"}
        )
    right = client.post(reverse("account_login"), {"login": "dana@clinic.example", "password": PASSWORD})
    assert answer.status_code != 302
    assert right.status_code != 302


def test_the_in_house_setting_opens_the_other_program_to_the_same_clients_clinician(cast):
    ada = cast.register(cast.sud, team="dana")
    _second_episode(cast, ada, cast.mh, "mia")
    with open_chart(cast.mia, ada, to=Do.OPEN_CHART) as chart:
        assert [place.program for place in chart.episodes] == [cast.mh.name]
    with open_office(cast.abe, to=Do.MANAGE_STAFF) as office:
        change_setting(office, name="in_house_need", value=True)
    with open_chart(cast.mia, ada, to=Do.OPEN_CHART) as chart:
        assert {place.program for place in chart.episodes} == {cast.mh.name, cast.sud.name}
        sud = next(place for place in chart.episodes if place.part2)
        assert not chart.permits(Do.SCREEN, sud.id)
    with open_office(cast.abe, to=Do.MANAGE_STAFF) as office:
        change_setting(office, name="in_house_need", value=False)
    with open_chart(cast.mia, ada, to=Do.OPEN_CHART) as chart:
        assert len(chart.episodes) == 1
        assert Client.objects.count() == 1


def _second_episode(cast, client, program, clinician):
    from intake.actions import admit

    return admit(
        cast.ines,
        client=client,
        program=program,
        clinician=getattr(cast, clinician),
        starts_on=dt.date(2026, 1, 5),
    )


def test_a_pasted_nul_loses_nothing_that_stands_around_it(cast, client):
    """Postgres keeps no NUL, in text or in JSON."""
    june = cast.register()
    client.force_login(cast.dana)
    draft = client.post(
        reverse("consent:draft", args=[june]), {"kind": "general", "description": "All\0 of it"}
    )
    assert draft.status_code == 200
    kept = client.get(reverse("consent:record", args=[june]) + "?kind=general").content.decode()
    assert "All of it" in kept
    assert client.get(reverse("consent:recipients", args=[june]) + "?q=%00").status_code == 200


def test_a_forms_key_holds_for_its_own_person_and_address(cast, client):
    june, key = cast.register(), "0b9fbd2e-6f5e-4c6a-8d3c-0d9a51a7c2aa"
    told = {"_once": key, "channel": "phone", "value": "614 555 0142"}
    url = reverse("intake:contact_new", args=[june])
    client.force_login(cast.dana)
    for _again in range(2):
        assert client.post(url, told)["Location"] == reverse("intake:contact", args=[june])
    ada = cast.register(given_name="Ada")
    assert client.post(reverse("intake:contact_new", args=[ada]), told)["Location"].endswith(
        f"{ada}/contact/"
    )
    client.force_login(cast.fay)
    client.post(url, told)
    with open_chart(cast.fay, june, to=Do.SEE_CONTACT) as chart:
        assert Contact.objects.filter(client=chart.client_id).count() == 2
    with open_chart(cast.fay, ada, to=Do.SEE_CONTACT) as chart:
        assert Contact.objects.filter(client=chart.client_id).count() == 1


def test_the_clinic_sets_its_hours_on_duty_and_who_signs_for_minors_at_each_site(cast, client):
    client.force_login(cast.abe)
    page = client.get(reverse("office:settings"))
    assert "on-call person's" in page.content.decode().replace("&#x27;", "'")
    now = {field.html_name: field.value() for field in page.context["form"] if field.value() is not None}
    wrong = client.post(reverse("office:settings"), {**now, "duty_from": 20, "duty_until": 8})
    assert wrong.status_code == 422 and "Choose an hour after the one" in wrong.content.decode()
    assert (setting("duty_from"), setting("duty_until")) == (8, 18)
    given = {**now, "duty_from": 7, "duty_until": 21}
    assert client.post(reverse("office:settings"), given).status_code == 302
    assert (setting("duty_from"), setting("duty_until"), setting("minor_rule")) == (7, 21, {})
    here = f"minor_{cast.main.pk}"
    law = {
        f"{here}_state": "NJ",
        f"{here}_signs": "minor",
        f"{here}_age": 16,
        f"{here}_other_signs": "parent_alone",
    }
    assert client.post(reverse("office:settings"), {**given, **law}).status_code == 302
    assert setting("minor_rule") == {
        str(cast.main.pk): {
            "state": "NJ", "adult": 18, "signs": "minor", "age": 16, "other_signs": "parent_alone", "other_age": 18,
        }
    }  # fmt: skip
