"""A consent is prepared, read in plain words in either language, previewed, and signed once, by whoever has the right to."""

import datetime as dt

import pytest
from django.urls import reverse

from clinic.access.door import open_chart, open_office
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.consent import actions, queries, rules, writing
from clinic.consent.models import Consent, Disclosure, Offer, Outbound, Packet
from clinic.kit import clock
from clinic.office.actions import change_setting
from clinic.record.models import Client, Domain, Medication, Problem, Signature
from tests.consent.story import recipient, terms
from tests.consent.test_release_disclosure import let_out

pytestmark = pytest.mark.django_db


def prepare(cast, client, to=None, program=None, **given):
    with open_chart(cast.dana, client, to=Do.CONSENT) as chart:
        return actions.prepare_consent(chart, given=terms(program or cast.sud, **given), recipient=to)


@pytest.fixture
def tablet(client, cast):
    """June's consent is in her hands; (her browser, her public id, the offer)."""
    june = cast.register(language="en")
    offer = prepare(cast, june, recipient())
    client.force_login(cast.dana)
    client.post(reverse("office:hand_over", args=[june, "consent", offer.public_id]))
    return client, june, offer


def page(name):
    return reverse(f"consent:{name}")


def seen(browser):
    return browser.get(page("client_sign")).context["seen"]


def signed(browser, **given):
    given = {"signer_name": "June Okafor", "signature": "june okafor", **given}
    given["seen"] = given.get("seen") or seen(browser)
    return browser.post(page("client_sign"), given)


def rows(cast, june, model):
    with open_chart(cast.dana, june, to=Do.CONSENT):
        return list(model.objects.all())


def test_the_client_reads_signs_once_and_going_back_shows_that_it_is_signed(tablet, cast):
    browser, june, _offer = tablet
    read = browser.get(page("client_start")).content.decode()
    assert "Dr. Ruth Amadi" in read and "Not today" in read and "I say no" in read
    assert browser.post(page("client_sign"), {"signer_name": "June Okafor"}).status_code == 422
    assert rows(cast, june, Consent) == []
    text = seen(browser)
    answers = [signed(browser, seen=text) for _again in range(3)]
    assert {answer.url for answer in answers} == {page("client_done")}
    (consent,) = rows(cast, june, Consent)
    (signature,) = rows(cast, june, Signature)
    assert (consent.shown_hash, consent.language, consent.taken_by) == (text, "en", cast.dana)
    assert (signature.text_hash, signature.role) == (consent.text_hash, "client")
    for name in ("client_start", "client_sign"):
        assert browser.get(page(name)).url == page("client_done")
    assert "You signed this form" in browser.get(page("client_done")).content.decode()
    row = LedgerRow.objects.get(act="clinic.consent.sign_offer", outcome="done")
    assert (row.actor_kind, row.detail["text"]) == ("client", consent.text_hash)


def test_what_was_changed_while_it_was_read_is_not_signed(tablet, cast):
    browser, june, _offer = tablet
    answer = signed(browser, seen="0" * 64)
    assert (answer.status_code, b"nothing was signed" in answer.content) == (409, True)
    assert rows(cast, june, Consent) == rows(cast, june, Signature) == []
    browser.post(reverse("office:speak"), {"language": "es", "back": page("client_sign")})
    assert signed(browser, seen=seen(browser)).status_code == 302
    (consent,) = rows(cast, june, Consent)
    assert consent.language == "es"


@pytest.mark.parametrize(("choice", "words"), [("later", "Not today"), ("declined", "You said no")])
def test_no_and_not_today_are_answers_and_sign_nothing(tablet, cast, choice, words):
    browser, june, _offer = tablet
    assert browser.post(page("client_start"), {}).status_code == 422
    browser.post(page("client_start"), {"choice": choice})
    assert words in browser.get(page("client_done")).content.decode()
    assert rows(cast, june, Offer)[0].answer == choice
    assert rows(cast, june, Consent) == []
    again = browser.get(page("client_start"))
    assert again.status_code == (200 if choice == "later" else 302)  # "not today" may be asked again


def test_staff_sign_with_the_client_beside_them_and_a_representative_shows_a_paper(client, cast):
    client.force_login(cast.ines)
    june, to = cast.register(), recipient()
    here = reverse("consent:offer", args=[june, prepare(cast, june, to).public_id])
    given = {"choice": "sign", "signer_name": "Ann Okafor", "signature": "Ann Okafor", "by_representative": "on",
             "authority": "Her mother", "authority_kind": "proxy", "seen": client.get(here).context["seen"]}  # fmt: skip
    assert client.post(here, given).status_code == 422
    past = str(clock.today() - dt.timedelta(days=1))
    whole = {**given, "authority_document": "Proxy of 3 May"}
    assert client.post(here, {**whole, "authority_until": past}).status_code == 422
    for kind in ("survivor", "director"):  # alive; and the director agrees to payment only
        assert client.post(here, {**whole, "authority_kind": kind}).status_code == 422
    assert rows(cast, june, Consent) == []
    assert client.post(here, whole).status_code == 302
    (consent,) = rows(cast, june, Consent)
    assert "Ann Okafor, for the client, as Her mother. Paper seen: Proxy of 3 May" in consent.text
    assert rows(cast, june, Signature)[0].role == "representative"


LAW = {
    "state": "NJ",
    "adult": 18,
    "signs": "minor",
    "age": 16,
    "other_signs": "parent_alone",
    "other_age": 18,
}
INSTEAD = {
    "signer_name": "Ann", "signature": "Ann", "by_representative": True, "authority_kind": "parent",
    "authority": "Mother", "authority_document": "Birth certificate",
}  # fmt: skip


@pytest.mark.parametrize(
    ("law", "age", "program", "whose"),
    [
        ({}, 16, "sud", "minor"),
        ({}, 15, "sud", "both"),
        ({"signs": "both", "age": 12}, 17, "sud", "both"),
        ({}, 18, "sud", "client"),
        ({"adult": 19}, 18, "mh", "parent_alone"),
        ({"other_signs": "minor", "other_age": 14}, 14, "mh", "minor"),
        ({"other_signs": "minor", "other_age": 14}, 13, "mh", "parent_alone"),
        ({"other_signs": "both"}, 16, "mh", "both"),
    ],
)
def test_who_signs_for_a_minor_is_what_the_clinic_has_set_for_the_state_of_the_site(
    cast, client, law, age, program, whose
):
    """42 CFR 2.14(b), (c): the minor alone where state law lets them ask alone; else the minor and a parent. A parent alone
    only for care that is not under Part 2."""
    with open_office(cast.abe, to=Do.MANAGE_STAFF) as office:
        change_setting(office, name="minor_rule", value={str(cast.main.pk): {**LAW, **law}})
    today, place = clock.today(), getattr(cast, program)
    born = today.replace(year=today.year - age, day=1, month=1)
    june, to = cast.register(birth_date=born, program=place), recipient()
    parent, alone = (
        {"parent_name": "Ann", "parent_signature": "Ann"},
        {"signer_name": "June", "signature": "June"},
    )

    def sign(**signer):
        with open_chart(cast.dana, june, to=Do.CONSENT) as chart:
            given = {**terms(place), **alone, **signer}
            return actions.sign_consent(chart, given=given, recipient=to)

    for wrong, named in (
        (INSTEAD if whose in ("minor", "both") else None, "by_representative"),
        ({} if whose == "both" else None, "parent_name"),
        ({} if whose == "parent_alone" else None, "by_representative"),
        ({**INSTEAD, "authority_kind": "proxy"} if whose == "parent_alone" else None, "authority_kind"),
    ):
        if wrong is not None:
            with pytest.raises(actions.Deficient) as refused:
                sign(**wrong)
            assert named in dict(refused.value.missing)
    assert rows(cast, june, Consent) == rows(cast, june, Signature) == []
    sign(**{"both": parent, "parent_alone": INSTEAD}.get(whose, {}))
    signed = {"both": ["June", "Ann"], "parent_alone": ["Ann"]}.get(whose, ["June"])
    assert [one.name for one in rows(cast, june, Signature)] == signed


def test_the_forms_say_in_words_who_signs_for_a_minor(cast, client):
    with open_office(cast.abe, to=Do.MANAGE_STAFF) as office:
        change_setting(office, name="minor_rule", value={str(cast.main.pk): LAW})
    client.force_login(cast.dana)
    today, to = clock.today(), recipient()
    for program, age, words, to_client in (
        (cast.sud, 16, "this young person signs alone", "you sign this on your own"),
        (cast.sud, 15, "a parent or guardian signs too", "two people sign"),
        (cast.mh, 15, "a parent or guardian signs for this young person", "signs this for you"),
    ):
        client.force_login(cast.dana)
        june = cast.register(birth_date=today.replace(year=today.year - age, day=1, month=1), program=program)
        offer = prepare(cast, june, to, programs=[program.pk])
        assert words in client.get(reverse("consent:offer", args=[june, offer.public_id])).content.decode()
        assert words in client.get(reverse("consent:record", args=[june])).content.decode()
        client.post(reverse("office:hand_over", args=[june, "consent", offer.public_id]))
        page = client.get(reverse("consent:client_sign")).content.decode()
        assert to_client in page and ("Sign now" in page) == (program == cast.sud)


def test_for_a_client_who_died_only_a_survivor_signs(cast):
    june, to = cast.register(), recipient()
    with open_chart(cast.dana, june, to=Do.CONSENT) as chart:
        Client.objects.filter(pk=chart.client_id).update(deceased_on=clock.today())
    with open_chart(cast.dana, june, to=Do.CONSENT) as chart, pytest.raises(actions.Deficient):
        actions.sign_consent(chart, given=terms(cast.sud), recipient=to)
    assert rows(cast, june, Consent) == []
    left = {"by_representative": True, "authority_kind": "survivor", "authority": "Spouse",
            "authority_document": "Marriage certificate", "signer_name": "Al", "signature": "Al"}  # fmt: skip
    with open_chart(cast.dana, june, to=Do.CONSENT) as chart:
        actions.sign_consent(chart, given=terms(cast.sud, **left), recipient=to)


def test_the_preview_is_the_very_packet_and_nothing_leaves(client, cast):
    client.force_login(cast.dana)
    june, to = cast.register(), recipient()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        stamp = chart.stamp(chart.episodes[0])
        for word in ("Worry", "Opioid use"):
            Problem.objects.create(**stamp, text=word, domain=Domain.MENTAL_HEALTH, recorded_by=cast.dana)
        Medication.objects.create(**stamp, name="Sertraline", dose="50 mg", starts_on=clock.today())
    offer = prepare(
        cast, june, to, categories=["problems", "allergies"], description="My problems and allergies"
    )
    here = reverse("follow_up:preview", args=[june, offer.public_id])
    shown = client.get(here)
    would = [item for _head, items in shown.context["groups"] for item in items]
    assert [item.label for item in would] == ["Worry", "Opioid use"]
    assert [items for _head, items in shown.context["groups"]][-1] == []  # chosen, and said to be empty
    assert "Nothing on the record today." in shown.content.decode()
    assert "Sertraline" in [item.label for item, _why in shown.context["held"]]
    assert [rows(cast, june, model) for model in (Packet, Disclosure, Outbound, Consent)] == [[], [], [], []]
    assert (
        LedgerRow.objects.filter(act="open_chart", route="follow_up:preview", outcome="granted").count() == 1
    )
    with open_chart(cast.dana, june, to=Do.CONSENT) as chart:
        row = queries.offer(chart, offer.public_id)
        text = actions.offers.words.sha256(actions.offers.words.shown_text(writing.would_be(chart, row)))
        signer = {"signer_name": "June Okafor", "signature": "June Okafor"}
        actions.sign_offer(chart, offer=row, seen=text, signer=signer)
    held = [item for item, _why in shown.context["held"]]
    packet = let_out(cast, june, to, things=[*would, *held])
    assert [(row["kind"], row["id"]) for row in packet.items] == [(item.kind, item.id) for item in would]
    client.post(reverse("office:hand_over", args=[june, "consent", prepare(cast, june, to).public_id]))
    assert "Worry" in client.get(reverse("follow_up:client_preview")).content.decode()


def test_an_offer_for_a_class_shows_what_one_of_it_would_see_and_an_ended_recipient_gets_nothing(cast):
    june, to = cast.register(), recipient()
    things = [rules.Item("problem", "1", "Worry", "problems", True, cast.sud.pk)]
    offers = [
        prepare(cast, june, None, kind="tpo", redisclosure_told=True, consequences_told=True),
        prepare(cast, june, to),
    ]
    for offer, expected in zip(offers, (1, 1), strict=True):
        with open_chart(cast.dana, june, to=Do.CONSENT) as chart:
            consent = writing.would_be(chart, queries.offer(chart, offer.public_id))
            assert len(queries.would_cover(chart, consent, "treatment", things)[0]) == expected
    with open_chart(cast.dana, june, to=Do.CONSENT) as chart:
        actions.end_recipient(chart, recipient=to)
        consent = writing.would_be(chart, queries.offer(chart, offers[1].public_id))
        assert queries.would_cover(chart, consent, "treatment", things)[1] == [
            (things[0], rules.WHY_NOT["gone"])
        ]
    with pytest.raises(actions.Deficient):
        prepare(cast, june, to)
