"""A set by a link: neutral words by a safe way, opened once with the birth date, over after 72 hours or when withdrawn."""

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.test import Client as Visitor
from django.urls import reverse
from django.utils import timezone

from clinic.access.door import open_chart
from clinic.access.models import Handover
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow, Outcome
from clinic.consent.models import Outbound
from clinic.people.models import Site
from clinic.record.models import Client
from screening.actions import start_sitting
from tests.house.pages import sign_in

BORN = {"month": "4", "day": "2", "year": "1988"}
SAFE = [{"channel": "email", "value": "june@mail.example", "may_email": True}]


@pytest.fixture
def june(cast):
    Site.objects.update(phone="617 555 0100")
    return cast.register(contacts=SAFE)


def begin(cast, client, *names):
    with open_chart(cast.dana, client, to=Do.SCREEN) as chart:
        return start_sitting(chart, instruments=list(names or ("gad-7",)))


def send(cast, client, sitting):
    """What the sender's page says, and the link's path as the message carries it (None: nothing left)."""
    staff = sign_in(cast.dana)
    said = staff.post(reverse("screening:send_link", args=[client, sitting.public_id]), follow=True)
    with open_chart(cast.dana, client, to=Do.SCREEN) as chart:
        mail = Outbound.objects.filter(client=chart.client_id).order_by("-pk").first()
    return said.content.decode(), re.search(r"/v/\w+/", mail.body)[0] if mail else None, mail


def test_the_message_is_neutral_and_the_link_opens_once_with_the_birth_date(cast, june):
    sitting = begin(cast, june)
    said, link, mail = send(cast, june, sitting)
    assert "A link is on its way" in said and "Not opened yet" in said
    assert (mail.kind, mail.address, mail.subject) == ("to_client", "june@mail.example", "A page for you")
    assert not re.search(
        r"question|clinic|Recovery|June|Dana|screen", f"{mail.subject} {mail.body} {mail.from_name}", re.I
    )
    scanner = Visitor()
    for look in (scanner.head, scanner.get, scanner.get):
        page = look(link)
        assert (
            page.status_code == 200
            and page["Referrer-Policy"] == "same-origin"
            and "no-store" in page["Cache-Control"]
        )
    assert 'content="noindex' in page.content.decode() and "history" in page.content.decode()
    assert "June" not in page.content.decode() and Handover.objects.get().opened_at is None
    phone = Visitor()
    opened = phone.post(link, BORN)
    assert opened["Location"] == reverse("screening:client_start") and phone.cookies["visit"]["path"] == "/v/"
    item = phone.get(reverse("screening:client_go"))["Location"]
    phone.post(item, {"answer": "2"})
    again = Visitor().get(link)
    assert (
        again.status_code == 410
        and "opened before" in again.content.decode()
        and "617 555 0100" in again.content.decode()
    )
    sent = (
        sign_in(cast.dana).get(reverse("screening:sitting", args=[june, sitting.public_id])).content.decode()
    )
    assert "In part answered" in sent and "1 of 8 answered" in sent
    phone.session.flush()  # the browser was closed; on the same phone the link opens again, with the birth date
    assert phone.get(reverse("screening:client_go")).status_code == 404
    assert phone.get(link).status_code == 200 and phone.post(link, BORN).status_code == 302
    assert phone.get(reverse("screening:client_go"))["Location"].endswith("/gad7_2/")
    assert phone.get(reverse("office:leave"))["Location"] == "https://www.weather.gov/"
    assert phone.get(link).status_code == 410  # left at once: whoever finds this phone opens nothing
    done = {"open_link", "visit"} & {row.act for row in LedgerRow.objects.all()}
    assert (
        not done
        and LedgerRow.objects.filter(actor_kind="client", route="office:visit", outcome="granted").exists()
    )


def test_wrong_birth_dates_are_counted_and_after_five_the_link_is_over(cast, june):
    _said, link, _mail = send(cast, june, begin(cast, june))
    phone = Visitor()
    for wrong in ({"day": "2"}, {**BORN, "month": "13"}, {"month": "x", "day": "2", "year": "1988"}):
        assert phone.post(link, wrong).status_code == 422
    assert Handover.objects.get().tries == 0  # what is no date is no try
    for left in (4, 3, 2, 1):
        page = phone.post(link, {**BORN, "day": "3"})
        assert page.status_code == 422 and f"You can try {left} more times" in page.content.decode()
    assert phone.post(link, {**BORN, "day": "3"}).status_code == 410
    assert phone.post(link, BORN).status_code == 410 and "handover" not in phone.session
    refused = LedgerRow.objects.filter(act="access.open_link", outcome=Outcome.REFUSED)
    assert refused.count() == 5 and Handover.objects.get().ending == "tries"


def test_a_link_that_ran_out_was_withdrawn_replaced_or_is_none_says_so_kindly(cast, june):
    sitting = begin(cast, june)
    _said, first, _mail = send(cast, june, sitting)
    _said, second, _mail = send(cast, june, sitting)
    assert "There may be a newer one" in Visitor().get(first).content.decode()
    sign_in(cast.dana).post(reverse("screening:withdraw_link", args=[june, sitting.public_id]))
    page = Visitor().post(second, BORN)
    assert page.status_code == 410 and "We closed this link" in page.content.decode()
    _said, third, _mail = send(cast, june, sitting)
    phone = Visitor()
    phone.post(third, BORN)
    Handover.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert "72 hours" in Visitor().get(third).content.decode()
    assert phone.get(reverse("screening:client_go")).status_code == 404  # inside the session too
    assert Visitor().get("/v/0123456789abcdef/").status_code == 404
    spanish = Visitor().get(third + "?lang=es")
    assert spanish.status_code == 410


@pytest.mark.parametrize("missing", ["way", "birth date", "estimate"])
def test_without_a_safe_way_or_a_birth_date_nothing_leaves_and_the_reason_is_said(cast, missing):
    june = cast.register(contacts=[] if missing == "way" else SAFE)
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        if missing == "birth date":
            Client.objects.filter(pk=chart.client_id).update(birth_date=None)
        if missing == "estimate":
            Client.objects.filter(pk=chart.client_id).update(birth_estimated=True)
    said, link, _mail = send(cast, june, begin(cast, june))
    assert "No link was sent" in said and link is None
    assert ("safe" if missing == "way" else "No birth date is on file") in said
    assert not Handover.objects.exists()


def test_who_sends_it_sees_what_is_due_what_was_agreed_and_which_ways_are_safe(cast, june, settings):
    sitting, staff = begin(cast, june, "gad-7", "phq-9"), sign_in(cast.dana)
    staff.post(reverse("screening:not_today", args=[june]), {"most": "1"})
    url = reverse("screening:send_link", args=[june, sitting.public_id])

    def page():
        return " ".join(staff.get(url).content.decode().split())

    assert "Due today: PHQ-9; 4 more at another visit" in page() and "GAD-7, PHQ-9" in page()
    assert "agreed to 1 questionnaire at one visit" in page() and "This set holds more" in page()
    assert "Send by e-mail" in page() and "june@mail.example" in page()
    assert "No text gateway is set up here" in page() and "Send by text message" not in page()
    settings.SMS_URL = "http://127.0.0.1:1/texts"
    assert "no phone that is safe to send a text to" in page()
    refused = staff.post(url, {"way": "sms"}, follow=True).content.decode()
    assert "No link was sent" in refused and not Handover.objects.exists()
    phone = [*SAFE, {"channel": "phone", "value": "617 555 0199", "may_text": True}]
    june = cast.register(contacts=phone)
    url = reverse("screening:send_link", args=[june, begin(cast, june).public_id])
    assert "Send by text message" in page() and "Not called safe" not in page()
    twice = {"way": "sms", "_once": str(uuid4())}
    said = [staff.post(url, twice, follow=True).content.decode() for _post in range(2)]
    assert "A link is on its way" in said[0]
    with open_chart(cast.dana, june, to=Do.SCREEN):
        assert list(Outbound.objects.filter(kind="to_client").values_list("way", flat=True)) == ["sms"]


def test_a_link_shown_once_sends_nothing_ends_the_one_before_and_opens_with_the_birth_date(cast, june):
    sitting = begin(cast, june)
    _said, sent, _mail = send(cast, june, sitting)
    staff = sign_in(cast.dana)
    page = staff.post(reverse("screening:send_link", args=[june, sitting.public_id]), {"way": "shown"})
    shown = re.search(r"/v/\w+/", page.content.decode())[0]
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    with open_chart(cast.dana, june, to=Do.SCREEN):
        assert Outbound.objects.count() == 1  # the first link's
    assert Visitor().get(sent).status_code == 410
    assert Visitor().post(shown, BORN)["Location"] == reverse("screening:client_start")
    assert LedgerRow.objects.filter(act="screening.show_link", outcome=Outcome.DONE).count() == 1


def test_a_set_finished_by_link_is_over_and_its_page_in_spanish_turns_at_the_door(cast, june):
    sitting = begin(cast, june)
    _said, link, _mail = send(cast, june, sitting)
    assert "Su fecha de nacimiento" in Visitor().get(link + "?lang=es").content.decode()
    phone = Visitor()
    phone.post(link + "?lang=es", BORN)
    page = phone.get(reverse("screening:client_start")).content.decode()
    assert "Hola, June" in page and "Salir de esta página" in page
    for n in range(1, 9):
        phone.post(reverse("screening:client_item", args=["gad-7", f"gad7_{n}"]), {"answer": "1"})
    assert phone.post(reverse("screening:client_check"))["Location"] == reverse("office:hand_back")
    assert "Ya terminó" in phone.get(reverse("office:hand_back")).content.decode()
    assert Handover.objects.get().ending == "done" and phone.get(link).status_code == 410
