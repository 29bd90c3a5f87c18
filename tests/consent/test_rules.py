"""The rules of 42 CFR 2.31 and 2.32, without a database: what is missing, what is covered, which words tell."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.consent import rules
from clinic.consent.rules import Item, Party, Terms

TODAY = dt.date(2026, 11, 23)
FULL = {
    "kind": "general", "patient_name": "June", "programs": [1], "categories": ["problems"], "description": "Mine",
    "recipient": "Dr. A", "purposes": ["treatment"], "revocation_told": True, "expires": "date",
    "expires_on": TODAY, "signer_name": "June", "signature": "June", "signed_on": TODAY,
}  # fmt: skip
TPO = {**FULL, "kind": "tpo", "expires": "none", "redisclosure_told": True, "consequences_told": True}
ITEM = Item("problem", "1", "x", "problems", True, 1)
DOCTOR, EMPLOYER = Party(7, True), Party(8, False)


def terms(**more):
    base = {
        "kind": "general", "recipient_id": 7, "purposes": ("treatment",), "categories": ("problems",), "programs": (1,),
        "signed_on": TODAY, "expires": "date", "expires_on": TODAY + dt.timedelta(days=5),
    }  # fmt: skip
    return Terms(**{**base, **more})


@pytest.mark.parametrize("full", [FULL, TPO])
def test_p01_a_full_consent_lacks_nothing_and_each_element_taken_away_is_named_alone(full):
    assert rules.missing_elements(full, TODAY) == []
    for name in set(full) - {"kind"} - ({"expires_on"} if full is TPO else set()):
        for empty in ["", None, [], False, *(["   "] if isinstance(full[name], str) else [])]:
            assert [found for found, _words in rules.missing_elements({**full, name: empty}, TODAY)] == [name]


def test_p01_a_representative_needs_authority_and_dates_must_be_possible():
    def lacks(**more):
        return [name for name, _words in rules.missing_elements({**FULL, **more}, TODAY)]

    assert lacks(by_representative=True) == ["authority", "authority_kind"]
    assert lacks(expires_on=TODAY - dt.timedelta(days=1)) == ["expires_on"]
    assert lacks(signed_on=TODAY + dt.timedelta(days=1)) == ["signed_on"]
    assert lacks(expires="none") == ["expires"]


@pytest.mark.parametrize(
    ("more", "to", "purpose", "item", "day", "why"),
    [
        ({}, DOCTOR, "treatment", ITEM, 0, ""),
        ({}, DOCTOR, "treatment", ITEM, 5, ""),
        ({}, DOCTOR, "treatment", ITEM, 6, rules.WHY_NOT["expired"]),
        ({}, DOCTOR, "treatment", ITEM, -1, rules.WHY_NOT["not_yet"]),
        ({"revoked": True}, DOCTOR, "treatment", ITEM, 0, rules.WHY_NOT["revoked"]),
        ({}, EMPLOYER, "treatment", ITEM, 0, rules.WHY_NOT["recipient"]),
        ({}, DOCTOR, "payment", ITEM, 0, rules.WHY_NOT["purpose"]),
        ({"categories": ("plan",)}, DOCTOR, "treatment", ITEM, 0, rules.WHY_NOT["category"]),
        ({"programs": (2,)}, DOCTOR, "treatment", ITEM, 0, rules.WHY_NOT["program"]),
        ({"kind": "tpo", "recipient_id": None}, DOCTOR, "treatment", ITEM, 0, ""),
        ({"kind": "tpo", "recipient_id": None}, EMPLOYER, "treatment", ITEM, 0, rules.WHY_NOT["recipient"]),
        ({"recipient_id": None}, DOCTOR, "treatment", ITEM, 0, rules.WHY_NOT["recipient"]),
        ({"expires": "none", "expires_on": None}, DOCTOR, "treatment", ITEM, 5000, ""),
        ({"expires": "end_of_treatment", "treatment_ended_on": TODAY}, DOCTOR, "treatment", ITEM, 0,
         rules.WHY_NOT["expired"]),
        ({"expires": "end_of_treatment"}, DOCTOR, "treatment", ITEM, 400, ""),
    ],
)  # fmt: skip
def test_p08_a_consent_covers_this_and_not_that(more, to, purpose, item, day, why):
    assert rules.why_not(terms(**more), to, purpose, item, TODAY + dt.timedelta(days=day)) == why


def test_one_packet_rests_on_the_consent_that_covers_most():
    other = Item("plan", "2", "y", "plan", True, 1)
    narrow, wide = terms(), terms(categories=("problems", "plan"))
    key, kept, held = rules.split_by_consent(
        [("narrow", narrow), ("wide", wide)], DOCTOR, "treatment", [ITEM, other], TODAY
    )
    assert (key, kept, held) == ("wide", [ITEM, other], [])
    key, kept, held = rules.split_by_consent(
        [("gone", terms(revoked=True))], DOCTOR, "treatment", [ITEM], TODAY
    )
    assert (key, kept, held) == (None, [], [(ITEM, rules.WHY_NOT["revoked"])])


@given(st.booleans(), st.integers(-3, 9), st.sampled_from(["treatment", "payment"]))
def test_nothing_is_ever_covered_after_it_was_taken_back(revoked, day, purpose):
    covered = rules.covers(terms(revoked=revoked), DOCTOR, purpose, ITEM, TODAY + dt.timedelta(days=day))
    assert covered == (not revoked and 0 <= day <= 5 and purpose == "treatment")


def test_p20_words_that_tell_are_found_and_neutral_ones_pass():
    for text in ("Your Counseling visit", "mental-health", "Tu terapia", "Drug screen", "at Bridge House"):
        assert rules.telling_words(text, ["Bridge House"]), text
    for text in (
        "You have an appointment on Tuesday 24 November at 10:00 at Main Street Office.",
        "A document",
    ):
        assert rules.telling_words(text, ["Bridge House"]) == []


def test_each_refusal_waits_longer_and_the_last_one_asks_a_person():
    waits = [rules.next_wait(n) for n in range(1, len(rules.WAITS) + 2)]
    assert waits[-1] is None
    assert waits[:-1] == sorted(waits[:-1])
