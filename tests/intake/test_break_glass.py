"""Emergency access (law.md R8): only where it is shut, only from a match, with proof, for a while, seen by everybody."""

import datetime as dt

import pytest
from django.urls import reverse

from clinic.access.chart import ChartNotFound, Refused
from clinic.access.door import open_chart, open_desk
from clinic.access.models import BrokenGlass
from clinic.access.policy import POLICY, Do, broke_glass
from clinic.access.rare import NotShut, TooOften, open_shut_chart
from clinic.audit.models import LedgerRow, Outcome
from clinic.kit import clock
from clinic.people.models import ClinicSetting, Staff
from intake import actions
from intake.queries import search
from tests.cast import PASSWORD
from tests.house.pages import sign_in

ASK = "intake:ask_to_open"
WHY = {"why": "medical", "words": "Found unconscious in the lobby"}


def match_of(cast, who, words="Okafor"):
    with open_desk(who, to=Do.SEARCH) as desk:
        return search(desk, words)[0].ask


def broken(cast, client, who="omar"):
    with open_shut_chart(getattr(cast, who), client) as chart:
        return actions.break_glass(chart, **WHY)


def glasses(cast, client):
    with open_chart(cast.pia, client, to=Do.REVIEW_GLASS):
        return list(BrokenGlass.objects.all())


def test_from_a_match_with_a_reason_and_the_password_the_chart_opens_and_the_banner_stands_on_every_page(
    cast,
):
    june = cast.register()
    visitor = sign_in(cast.omar)
    match = match_of(cast, cast.omar)
    chart = reverse("caseload:chart", args=[june])
    assert visitor.get(chart).status_code == 404  # a stranger still meets 404, before and without asking
    assert visitor.post(reverse(ASK), {"match": match}).status_code == 200
    assert visitor.post(reverse(ASK), {"match": match, **WHY, "password": "wrong"}).status_code == 422
    assert visitor.post(reverse(ASK), {"match": match, "words": "x", "password": PASSWORD}).status_code == 422
    assert glasses(cast, june) == [] and visitor.get(chart).status_code == 404
    assert visitor.post(reverse(ASK), {"match": match, **WHY, "password": PASSWORD}).status_code == 302
    page = visitor.get(chart)
    assert page.status_code == 200 and "Close now" in page.content.decode()
    assert "60 minutes left" in visitor.get(reverse("caseload:mine")).content.decode()
    told = LedgerRow.objects.get(act="intake.break_glass")
    assert (told.detail["purpose"], told.detail["why"], "words" in told.detail) == ("BTG", "medical", False)
    looks = LedgerRow.objects.filter(act="open_chart", outcome=Outcome.GRANTED, actor_id=cast.omar.pk)
    assert {look.basis for look in looks} == {"clinician broke_glass"}
    assert LedgerRow.objects.get(act="open_shut_chart").basis == "BTG"
    close = reverse("intake:close_glass", args=[june])
    assert visitor.post(close).status_code == 302
    assert visitor.get(chart).status_code == 404
    assert "Close now" not in visitor.get(reverse("caseload:mine")).content.decode()


def test_it_opens_to_be_read_for_the_clinics_minutes_and_not_after(cast):
    june = cast.register()
    ClinicSetting.objects.create(
        name="break_glass_minutes", value=20, holds_from=clock.now() - dt.timedelta(days=1)
    )
    broken(cast, june)
    with open_chart(cast.omar, june, to=Do.OPEN_CHART) as chart:
        assert not any(
            chart.permits(do) for do in (Do.SCREEN, Do.PLAN, Do.SIGN_PLAN, Do.REFER, Do.RELEASE, Do.CONSENT)
        )
    for do in (Do.SCREEN, Do.RELEASE, Do.SET_CONTACT):
        with pytest.raises(ChartNotFound), open_chart(cast.omar, june, to=do):
            pass
    with (
        clock.backdated(clock.now() + dt.timedelta(minutes=19)),
        open_chart(cast.omar, june, to=Do.OPEN_CHART),
    ):
        pass
    later = clock.now() + dt.timedelta(minutes=21)
    with clock.backdated(later), pytest.raises(ChartNotFound), open_chart(cast.omar, june, to=Do.OPEN_CHART):
        pass
    # Reading, the neutral alert, and its own closing: no note of any kind hangs on this relation (P6, S10).
    held = {do for (_role, do), relations in POLICY.items() if broke_glass in relations}
    assert held == {Do.OPEN_CHART, Do.SEE_PLAN, Do.SEE_SAFETY, Do.BREAK_GLASS, Do.NUDGE}


def test_one_client_only_and_only_where_it_is_shut(cast):
    june, ray = cast.register(), cast.register(given_name="Ray", family_name="Lindqvist")
    with pytest.raises(NotShut):
        broken(cast, june, who="dana")
    broken(cast, june)
    with pytest.raises(ChartNotFound), open_chart(cast.omar, ray, to=Do.OPEN_CHART):
        pass
    with pytest.raises(actions.StillOpen):
        broken(cast, ray)
    for who in ("fay", "ines", "pat", "pia", "abe"):
        with pytest.raises(Refused):
            broken(cast, ray, who=who)
    with pytest.raises(ChartNotFound):
        broken(cast, "00000000-0000-4000-8000-000000000000", who="nell")
    assert glasses(cast, ray) == [] and len(glasses(cast, june)) == 1


def test_every_privacy_officer_is_told_at_once_in_neutral_words_and_reviews_it(cast):
    june = cast.register()
    row = broken(cast, june)
    from clinic.consent.models import Outbound

    with open_chart(cast.pia, june, to=Do.REVIEW_GLASS):
        (mail,) = Outbound.objects.filter(due_key__startswith="glass:")
    assert mail.address == cast.pia.email
    assert not any(
        word in f"{mail.subject} {mail.body}" for word in ("June", "Okafor", "emergency", "lobby", "Recovery")
    )
    visitor = sign_in(cast.pia)
    assert "Omar Tester" in visitor.get(reverse("intake:glasses")).content.decode()
    with clock.backdated(clock.now() + dt.timedelta(days=9)):
        assert "overdue" in visitor.get(reverse("intake:glasses")).content.decode()
    page = reverse("intake:glass_review", args=[june, row.public_id])
    assert "Found unconscious in the lobby" in visitor.get(page).content.decode()
    assert visitor.post(page, {"outcome": "", "words": ""}).status_code == 422
    assert (
        visitor.post(page, {"outcome": "right", "words": "Ambulance called, note written"}).status_code == 302
    )
    assert visitor.post(page, {"outcome": "reported", "words": "again"}).status_code == 409
    (kept,) = glasses(cast, june)
    assert (kept.outcome, kept.reviewed_by_id) == ("right", cast.pia.pk)
    assert sign_in(cast.sol).get(page).status_code == 404


def test_abuse_is_stopped_and_a_token_of_somebody_else_or_of_yesterday_asks_nothing(cast):
    people = [cast.register(given_name=f"P{n}", family_name="Limit") for n in range(4)]
    for client in people[:3]:
        broken(cast, client)
        with open_chart(cast.omar, client, to=Do.BREAK_GLASS) as chart:
            actions.close_glass(chart)
    with pytest.raises(TooOften):
        broken(cast, people[3])
    assert LedgerRow.objects.filter(act="open_shut_chart", outcome=Outcome.REFUSED).count() == 1
    assert glasses(cast, people[3]) == []
    match = match_of(cast, cast.omar, "Limit")
    for who, token in (("nell", match), ("omar", "forged"), ("omar", "")):
        answer = sign_in(getattr(cast, who)).post(reverse(ASK), {"match": token, **WHY, "password": PASSWORD})
        assert answer.status_code == 302 and answer.url == reverse("intake:desk")
    assert not Staff.objects.filter(glass_until__isnull=False).exists()
    # Wrong passwords are counted as the sign-in counts them.
    visitor = sign_in(cast.nell)
    match = match_of(cast, cast.nell, "Limit")
    tries = [visitor.post(reverse(ASK), {"match": match, **WHY, "password": "guess"}) for _ in range(12)]
    assert all(answer.status_code == 422 for answer in tries)
    assert "Too many" in tries[-1].content.decode()
