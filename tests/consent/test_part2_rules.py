"""42 CFR Part 2, rule by rule (P1-P5, P13, P14, P18-P20): each refusal also shows that nothing left and nothing changed."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from clinic.access.door import Job, open_chart, open_for_job
from clinic.access.policy import Do
from clinic.consent import actions, queries, rules
from clinic.consent.models import (
    Complaint,
    Consent,
    DeliveryOutcome,
    Disclosure,
    NoticeGiven,
    Outbound,
    Packet,
    Restriction,
    Revocation,
    Told,
)
from clinic.consent.release import MayNotLeave, NotCovered, release
from clinic.consent.tasks import deliver_due
from clinic.kit import clock
from clinic.record.models import Problem, SelfPay
from follow_up.models import Referral
from tests.consent.story import items, recipient, revoke, sign, terms
from tests.consent.test_release_disclosure import let_out
from tests.house.clinic import begin_referral

pytestmark = pytest.mark.django_db
TELLING = ("Recovery", "substance", "opioid", "counsel", "treatment", "42 CFR", "clinic")


def left(cast, client):
    """Everything that left or may leave, as counts: alike before and after a refusal."""
    with open_chart(cast.dana, client, to=Do.REFER):
        return [model.objects.count() for model in (Packet, Disclosure, DeliveryOutcome)] + sorted(
            Outbound.objects.values_list("status", flat=True)
        )


def count(cast, client, model):
    with open_chart(cast.dana, client, to=Do.CONSENT):
        return model.objects.count()


def key_of(cast, client):
    with open_chart(cast.dana, client, to=Do.CONSENT) as chart:
        return chart.client_id


ELEMENTS = {
    "patient_name": "", "programs": [], "categories": [], "description": " ", "purposes": [], "revocation_told": False,
    "expires": "", "expires_on": None, "signer_name": "", "signature": "", "signed_on": None,
}  # fmt: skip


def test_p01_consent_missing_an_element_is_named_and_is_never_active(cast):
    june, to = cast.register(), recipient()
    for name, nothing in ELEMENTS.items():
        with pytest.raises(actions.Deficient) as refused:
            sign(cast, june, to, **{name: nothing})
        assert name in dict(refused.value.missing), name
    with pytest.raises(actions.Deficient) as refused:
        sign(cast, june, None)
    assert "recipient" in dict(refused.value.missing)
    for name in ("redisclosure_told", "consequences_told"):
        told = {"redisclosure_told": True, "consequences_told": True, name: False}
        with pytest.raises(actions.Deficient) as refused:
            sign(cast, june, None, kind="tpo", **told)
        assert name in dict(refused.value.missing)
    with pytest.raises(actions.Deficient) as refused:
        sign(cast, june, recipient(intermediary=True, covered_entity=False))
    assert "members" in dict(refused.value.missing)
    with pytest.raises(actions.Deficient) as refused:
        sign(cast, june, to, expires="event")
    assert "expires_event" in dict(refused.value.missing)
    assert count(cast, june, Consent) == 0
    with pytest.raises(NotCovered):
        let_out(cast, june, to)
    assert left(cast, june) == [0, 0, 0]


def test_p02_kinds_that_may_not_merge_are_refused_by_name_and_by_the_database(cast):
    june, to = cast.register(), recipient()
    mixed = [
        ({"categories": ["problems", "counselling_notes"]}, "categories", rules.NOTES_ALONE),
        ({"kind": "notes", "categories": ["counselling_notes", "problems"]}, "categories", rules.NOTES_ALONE),
        ({"purposes": ["treatment", "proceeding"]}, "purposes", rules.PROCEEDING_ALONE),
        ({"kind": "legal", "purposes": ["proceeding", "treatment"], "proceeding": "Case 1"}, "purposes",
         rules.PROCEEDING_ALONE),
    ]  # fmt: skip
    for given, name, words in mixed:
        with pytest.raises(actions.Deficient) as refused:
            sign(cast, june, to, **given)
        assert dict(refused.value.missing)[name] == words
    with pytest.raises(actions.Deficient) as refused:
        sign(cast, june, to, kind="legal", purposes=["proceeding"])
    assert "proceeding" in dict(refused.value.missing)
    live = sign(cast, june, to)
    for bad in (
        {"categories": ["problems", "counselling_notes"]}, {"purposes": ["treatment", "proceeding"]},
        {"kind": "legal"}, {"kind": "notes"}, {"kind": "tpo"}, {"via_intermediary": True},
        {"to_program_id": cast.mh.pk}, {"expires": "event"},
    ):  # fmt: skip
        with open_chart(cast.dana, june, to=Do.CONSENT), pytest.raises(IntegrityError), transaction.atomic():
            forged = Consent.objects.get(pk=live.pk)
            forged.pk, forged.public_id = None, __import__("uuid").uuid4()
            for name, value in bad.items():
                setattr(forged, name, value)
            forged.save(force_insert=True)
    assert count(cast, june, Consent) == 1


def test_p02_a_general_consent_opens_neither_counselling_notes_nor_a_proceeding(cast):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    note = [rules.Item("note", "1", "A note", "counselling_notes", True, cast.sud.pk)]
    for things, purpose in ((note, "treatment"), (items(cast.sud), "proceeding")):
        with pytest.raises(NotCovered):
            let_out(cast, june, to, things=things, purpose=purpose)
    assert left(cast, june) == [0, 0, 0]


def _expired(cast, june, to):
    return sign(cast, june, to, expires_on=clock.today())  # and the story is told on the day after


def _revoked(cast, june, to):
    consent = sign(cast, june, to)
    revoke(cast, june, consent)
    return consent


def _ended(how, **given):
    def end(cast, june, to):
        consent = sign(cast, june, to, **given)
        with open_chart(cast.dana, june, to=Do.CONSENT) as chart:
            actions.end_consent(chart, consent=consent, how=how, on=clock.today(), words_="As told")
        return consent

    return end


def _gone(cast, june, to):
    consent = sign(cast, june, to)
    with open_chart(cast.dana, june, to=Do.CONSENT) as chart:
        actions.end_recipient(chart, recipient=to)
    return consent


NO_MORE = {
    "expired": _expired,
    "revoked": _revoked,
    "false": _ended("false"),
    "deficient": _ended("deficient"),
    "its event has happened": _ended("happened", expires="event", expires_event="My case is closed"),
    "its recipient is gone": _gone,
}


def blocked_everywhere(cast, client, june, to):
    """Each way out, tried: print, e-mail, the pages of a referral, and a packet made while the consent held."""
    before = left(cast, june)
    for method, why in (
        ("print", NotCovered),
        ("email", NotCovered),
        ("sms", MayNotLeave),
        ("fax", MayNotLeave),
    ):
        with pytest.raises(why):
            let_out(cast, june, to, method=method)
    row = begin_referral(cast, june, to)
    here = {"client": june, "referral": row.public_id}
    shown = client.get(reverse("follow_up:contents", kwargs=here)).content.decode()
    assert "No consent lets anything go" in shown
    for method in ("print", "email", "sms"):
        client.post(reverse("follow_up:send", kwargs=here), {"method": method})
    deliver_due()
    assert left(cast, june) == before
    with open_chart(cast.dana, june, to=Do.REFER):
        assert Referral.objects.get(pk=row.pk).status == "draft"


@pytest.mark.parametrize("why", NO_MORE)
def test_p03_expired_consent_blocks_every_route(cast, client, post, gateway, why):
    """Expired, revoked, known to be false, deficient, its event over, its recipient gone: nothing leaves by any way."""
    client.force_login(cast.dana)
    june, to = cast.register(), recipient()
    NO_MORE[why](cast, june, to)
    with clock.backdated(clock.now() + dt.timedelta(days=1)):
        blocked_everywhere(cast, client, june, to)
    assert post.letters == [] and gateway.texts == []


def test_p03_no_text_message_holds_a_packet_however_live_the_consent(cast, gateway):
    june, to = (
        cast.register(contacts=[{"channel": "phone", "value": "+1 614-555-0142", "may_text": True}]),
        recipient(),
    )
    sign(cast, june, to)
    before = left(cast, june)
    for method in ("sms", "fax", ""):
        with pytest.raises(MayNotLeave, match="printed or sent by e-mail"):
            let_out(cast, june, to, method=method)
    deliver_due()
    assert left(cast, june) == before and gateway.texts == []


@pytest.mark.parametrize("why", ["revoked", "false", "its event has happened", "its recipient is gone"])
def test_p03_what_was_made_while_the_consent_held_does_not_leave_once_it_does_not(cast, client, post, why):
    """A printed packet stays shut, a waiting one is stopped, and one that a worker has claimed is stopped at its send."""
    client.force_login(cast.dana)
    june, to = cast.register(), recipient()
    event = {"expires": "event", "expires_event": "My case is closed"} if "event" in why else {}
    consent = sign(cast, june, to, **event)
    printed, _waiting = let_out(cast, june, to), let_out(cast, june, to, method="email")
    with open_for_job(Job("deliver"), [key_of(cast, june)], to=Do.SEND) as opened:
        (claimed,) = actions.claim_due(opened, most=5)
    with open_chart(cast.dana, june, to=Do.CONSENT) as chart:
        if why == "revoked":
            actions.revoke_consent(chart, consent=consent, text="No more")
        elif "recipient" in why:
            actions.end_recipient(chart, recipient=to)
        else:
            actions.end_consent(
                chart, consent=consent, how="happened" if event else why, on=clock.today(), words_="x"
            )
    with open_for_job(Job("deliver"), [key_of(cast, june)], to=Do.SEND) as opened:
        assert actions.begin_send(opened, outbound_id=claimed.pk) is None
    deliver_due()
    shut = client.get(reverse("consent:packet", kwargs={"client": june, "packet": printed.public_id}))
    assert (shut.status_code, b"%PDF" in shut.content) == (409, False)
    assert post.letters == []
    with open_chart(cast.dana, june, to=Do.REFER):
        assert Outbound.objects.get().status == "stopped"
        assert Disclosure.objects.count() == 1  # the printed one, handed out while the consent held


def test_p04_revocation_keeps_the_writing_stops_at_once_and_lists_what_it_touches(cast, client, post):
    client.force_login(cast.dana)
    june, to = cast.register(), recipient()
    consent = sign(cast, june, to)
    row = begin_referral(cast, june, to)
    client.post(reverse("follow_up:send", args=[june, row.public_id]), {"method": "email"})
    page = reverse("consent:revoke", args=[june, consent.public_id])
    shown = client.get(page).content.decode()
    assert "stopped at once" in shown
    assert reverse("follow_up:referral", args=[june, row.public_id]) in shown
    assert client.post(page, {"text": " "}).status_code == 422
    assert count(cast, june, Revocation) == 0
    client.post(page, {"text": "I take it back", "scan": "Folder 3"})
    assert deliver_due() == 0
    assert post.letters == []
    with open_chart(cast.dana, june, to=Do.CONSENT) as chart:
        kept = Revocation.objects.get()
        assert (kept.text, kept.scan, kept.received_by) == ("I take it back", "Folder 3", cast.dana)
        assert kept.received_at
        (standing,) = queries.consents(chart)
        assert (standing.state, standing.consent.text) == ("revoked", consent.text)
        assert Outbound.objects.get().last_error == "consent revoked"


def test_p05_refusing_a_counselling_notes_consent_blocks_nothing(cast, client):
    client.force_login(cast.dana)
    june, to = cast.register(), recipient()
    given = {**terms(cast.sud, kind="notes", categories=["counselling_notes"]), "description": "My notes"}
    with open_chart(cast.dana, june, to=Do.CONSENT) as chart:
        offer = actions.prepare_consent(chart, given=given, recipient=to)
    page = reverse("consent:offer", args=[june, offer.public_id])
    shown = client.get(page).content.decode()
    assert "stay just the same" in shown
    before = {url: client.get(url).status_code for url in _care(june)}
    due = _due(cast, june)
    assert client.post(page, {"choice": "declined"}).status_code == 302
    assert {url: client.get(url).status_code for url in _care(june)} == before == dict.fromkeys(before, 200)
    assert _due(cast, june) == due
    assert count(cast, june, Consent) == 0
    sign(cast, june, to)  # another consent is signed all the same, and a packet leaves under it
    let_out(cast, june, to)
    assert left(cast, june)[:2] == [1, 1]


def _care(june):
    names = (
        "caseload:chart",
        "screening:home",
        "treatment_plans:home",
        "follow_up:book",
        "follow_up:new",
        "consent:record",
    )
    return [reverse(name, args=[june]) for name in names]


def _due(cast, june):
    from caseload.queries import everything_due

    with open_chart(cast.dana, june, to=Do.OPEN_CHART) as chart:
        return [(due.code, due.urgency) for due in everything_due(chart, clock.today())]


def test_p13_notice_is_given_in_words_that_are_kept_and_whoever_lacks_it_is_listed(cast, client):
    client.force_login(cast.ines)
    june, mary = cast.register(), cast.register(cast.mh, given_name="Mary")
    worklist, page = reverse("consent:notices"), reverse("consent:notice", args=[june])
    assert (
        client.get(worklist).content.decode().count("OKAFOR") == 2
    )  # June, by eye and for the reader; Mary is in none
    shown = client.get(page).content.decode()
    assert "Notice of Privacy Practices of Recovery Program" in shown
    assert "HOW HEALTH INFORMATION ABOUT YOU MAY BE USED AND DISCLOSED" in shown
    assert client.post(page, {"answer": "not_able"}).status_code == 422
    assert count(cast, june, NoticeGiven) == 0
    client.post(page, {"answer": "not_able", "why": "Asleep, in withdrawal"})
    assert "Put off" in client.get(worklist).content.decode()
    client.post(page, {"answer": "declined", "way": "aloud", "lang": "es"})
    assert "OKAFOR" not in client.get(worklist).content.decode()
    with open_chart(cast.dana, june, to=Do.CONSENT) as chart:
        last = NoticeGiven.objects.latest("pk")
        text = queries.notice_for(chart.episodes[0], "es")
        assert (last.notice_version, last.language, last.way, last.answer) == (
            rules.newest(),
            "es",
            "aloud",
            "declined",
        )
        assert last.text_hash == actions.rights.words.sha256(text.text)
    for language in ("en", "es"):
        paper = client.get(reverse("consent:notice_paper", args=[june]), {"lang": language})
        assert paper.content.startswith(b"%PDF")
    # No Part 2 program: there is no such notice to give.
    assert client.get(reverse("consent:notice", args=[mary])).status_code == 404


def test_p14_a_restriction_beats_consent_and_cannot_be_refused_to_who_paid_in_full(cast, client, post):
    client.force_login(cast.dana)
    june = cast.register()
    plan = recipient(name="Blue Plan", organisation="", health_plan=True)
    sign(cast, june, plan, purposes=["payment"])
    printed, _waiting = (let_out(cast, june, plan, method=m, purpose="payment") for m in ("print", "email"))
    page, asked = (
        reverse("consent:restrict", args=[june]),
        {"words_": "Not my visits", "categories": ["problems"]},
    )
    must = {**asked, "health_plans": "on", "paid_in_full": "on"}
    answer = client.post(page, {**must, "agreed": "no", "reason": "We would rather not"})
    assert (answer.status_code, b"cannot be refused" in answer.content) == (422, True)
    assert client.post(page, {**asked, "agreed": "no"}).status_code == 422
    assert count(cast, june, Restriction) == 0
    client.post(page, {**must, "agreed": "yes"})
    with open_chart(cast.dana, june, to=Do.CONSENT):
        assert Restriction.objects.get().answer == "must"
    packet = let_out(cast, june, plan, purpose="payment")
    assert [row["why"] for row in packet.withheld][:1] == [rules.LIMITED]
    assert [row["category"] for row in packet.items] == ["medications"]
    shut = client.get(reverse("consent:packet", kwargs={"client": june, "packet": printed.public_id}))
    assert shut.status_code == 409
    assert deliver_due() == 0
    assert post.letters == []
    with open_chart(cast.dana, june, to=Do.CONSENT) as chart:
        place = chart.episodes[0]
        SelfPay.objects.create(**chart.stamp(place), starts_on=clock.today(), asked_on=clock.today())
    with pytest.raises(NotCovered):  # paid in full for the whole episode: the plan is told nothing of it
        let_out(cast, june, plan, purpose="payment")
    doctor = recipient()
    sign(cast, june, doctor)
    assert len(let_out(cast, june, doctor).items) == 2  # it was asked of health plans only
    told = {
        "ground": "emergency", "recipient_name": "Dr. Osei", "facility": "County Hospital", "discloser": "Dana",
        "nature": "Overdose", "what": "Buprenorphine", "unobtainable": "on", "medical_personnel": "on",
    }  # fmt: skip
    assert rules.NO_FURTHER in client.get(reverse("consent:tell", args=[june])).content.decode()
    client.post(reverse("consent:tell", args=[june]), told)
    with open_chart(cast.dana, june, to=Do.CONSENT):
        assert Told.objects.get().asked_no_further


@pytest.mark.parametrize("ground", rules.BASES)
def test_p18_each_ground_for_telling_without_consent_asks_for_all_it_needs(cast, client, ground):
    client.force_login(cast.dana)
    june = cast.register()
    page, whole = reverse("consent:tell", args=[june]), dict.fromkeys(rules.BASES[ground].needs, "on")
    for name in rules.BASES[ground].needs:
        lacking = {key: value for key, value in whole.items() if key != name}
        answer = client.post(page, {"ground": ground, **lacking})
        assert answer.status_code == 422, name
        assert rules.NEEDED[name] in answer.content.decode().replace("&#x27;", "'"), name
    assert client.post(page, {"ground": "a friend asked", **whole}).status_code == 422
    assert count(cast, june, Told) == 0
    assert client.post(page, {"ground": ground, **whole}).status_code == 302
    assert count(cast, june, Told) == 1
    client.force_login(cast.ines)  # who takes consents may not tell
    assert client.post(page, {"ground": ground, **whole}).status_code == 404
    assert left(cast, june) == [0, 0, 0]


def test_p19_a_complaint_waits_for_the_privacy_officer_and_costs_nobody_anything(cast, client):
    client.force_login(cast.ines)
    june = cast.register()
    page, due = reverse("consent:complain", args=[june]), _due(cast, june)
    shown = client.get(page).content.decode()
    assert "treat the client worse" in shown and "give up this right" in shown
    assert client.post(page, {"from_whom": "June", "words_": " "}).status_code == 422
    assert count(cast, june, Complaint) == 0
    client.post(page, {"from_whom": "June", "words_": "My name was called out"})
    assert client.get(reverse("consent:complaints")).status_code == 404
    with open_chart(cast.dana, june, to=Do.CONSENT):
        row = Complaint.objects.get()
    answer = reverse("consent:complaint", args=[june, row.public_id])
    assert client.post(answer, {"outcome": "Nothing"}).status_code == 404
    client.force_login(cast.pia)
    assert "OKAFOR" in client.get(reverse("consent:complaints")).content.decode()
    assert client.post(answer, {"outcome": ""}).status_code == 422
    assert client.post(answer, {"outcome": "Staff now call by number"}).status_code == 302
    assert "OKAFOR" not in client.get(reverse("consent:complaints")).content.decode()
    assert _due(cast, june) == due


def test_p20_whatever_leaves_by_mail_or_has_a_file_name_says_nothing(cast, client, post):
    client.force_login(cast.dana)
    june, to = (
        cast.register(contacts=[{"channel": "email", "value": "j@mail.example", "may_email": True}]),
        recipient(),
    )
    consent = sign(cast, june, to)
    packet = let_out(cast, june, to)
    let_out(cast, june, to, method="email")
    for name, more in (
        ("consent:paper", [consent.public_id]), ("consent:packet", [packet.public_id]), ("consent:notice_paper", []),
        ("consent:accounting_paper", []),
    ):  # fmt: skip
        paper = client.get(reverse(name, args=[june, *more]))
        assert paper["Content-Disposition"] == 'inline; filename="document.pdf"', name
    key = key_of(cast, june)
    for words in ("Your Recovery Program visit", "Su tratamiento", "Counseling at 3"):
        with open_for_job(Job("remind"), [key], to=Do.NUDGE) as opened, pytest.raises(MayNotLeave):
            release(opened, kind="to_client", episode=opened.episodes[0], subject=words, body="Call us")
    with open_for_job(Job("remind"), [key], to=Do.NUDGE) as opened:
        release(
            opened,
            kind="to_client",
            episode=opened.episodes[0],
            subject="Your appointment",
            body="Friday at 3",
        )
    assert deliver_due() == 2
    for letter in post.letters:
        heads = letter.partition(b"\r\n\r\n")[0].decode() + "".join(
            re.findall(r'filename="[^"]*"', letter.decode("latin1"))
        )
        assert [word for word in TELLING if word.lower() in heads.lower()] == []


def test_what_another_program_may_read_under_a_consent_closes_the_moment_it_is_taken_back(cast, client):
    """June is in the SUD program with dana and in mental health with mia: without her yes mia sees no row, no count."""
    from intake.actions import admit

    june = cast.register()
    admit(cast.ines, client=june, program=cast.mh, clinician=cast.mia)
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        place = chart.episodes[0]
        Problem.objects.create(
            **chart.stamp(place), text="Zanzibar", domain="substance_use", recorded_by=cast.dana
        )
    with open_chart(cast.mia, june, to=Do.OPEN_CHART) as chart:
        assert (len(chart.episodes), Problem.objects.count()) == (1, 0)
    client.force_login(cast.mia)
    chart_page = reverse("caseload:chart", args=[june])
    assert "Recovery Program" not in client.get(chart_page).content.decode()
    given = terms(cast.sud, kind="inside")
    with open_chart(cast.dana, june, to=Do.CONSENT) as chart:
        consent = actions.sign_consent(chart, given=given, to_program=cast.mh)
    with open_chart(cast.mia, june, to=Do.OPEN_CHART) as chart:
        assert (len(chart.episodes), Problem.objects.get().text) == (2, "Zanzibar")
        assert not chart.permits(Do.SCREEN, place.id) and not chart.permits(Do.RELEASE, place.id)
    assert "Recovery Program" in client.get(chart_page).content.decode()
    for stranger in (cast.omar, cast.fay):  # another clinician of mental health, not on June's team there
        client.force_login(stranger)
        assert client.get(chart_page).status_code == 404
    revoke(cast, june, consent)
    with open_chart(cast.mia, june, to=Do.OPEN_CHART) as chart:
        assert (len(chart.episodes), Problem.objects.count()) == (1, 0)
    with open_chart(cast.dana, june, to=Do.CONSENT) as chart:
        ends = {"expires": "date", "expires_on": clock.today()}
        actions.sign_consent(chart, given={**given, **ends}, to_program=cast.mh)
    with (
        clock.backdated(clock.now() + dt.timedelta(days=2)),
        open_chart(cast.mia, june, to=Do.OPEN_CHART) as chart,
    ):
        assert len(chart.episodes) == 1
