"""What is typed at the desk, read as a name, a birth date, an ID."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.rules import BadDate, born_about, dialled_digits, read_birth_date, read_phone, read_typed

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    "text",
    [
        "1988-04-02",
        "4/2/1988",
        "04-02-1988",
        "2 Apr 1988",
        "2-Apr-1988",
        "April 2, 1988",
        "Apr. 2 1988",
        "19880402",
    ],
)
def test_a_birth_date_is_read_as_people_write_it(text):
    assert read_birth_date(text, TODAY) == dt.date(1988, 4, 2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-11-24", "future"),
        ("2025-02-29", "no_such_day"),
        ("1955-11-92", "no_such_day"),
        ("1895-12-31", "too_long_ago"),
        ("4/2/88", "unreadable"),
        ("spring 1988", "unreadable"),
        ("4/2/1988 or so", "unreadable"),
        ("2 Foo 1988", "unreadable"),
    ],
)
def test_a_birth_date_that_cannot_be_one_says_what_is_wrong(text, code):
    with pytest.raises(BadDate) as wrong:
        read_birth_date(text, TODAY)
    assert wrong.value.code == code


def test_the_edges_of_a_life_are_read():
    assert read_birth_date("2026-11-23", TODAY) == TODAY
    assert read_birth_date("29 Feb 1904", TODAY) == dt.date(1904, 2, 29)
    assert born_about(0, TODAY) == dt.date(2026, 1, 1)


@pytest.mark.parametrize(
    ("text", "given", "family", "birth"),
    [
        ("June Okafor", "June", "Okafor", None),
        ("Okafor, June", "June", "Okafor", None),
        ("june okafor 4/2/1988", "june", "okafor", dt.date(1988, 4, 2)),
        ("2 Apr 1988 June", "June", "", dt.date(1988, 4, 2)),
        ("1988-04-02", "", "", dt.date(1988, 4, 2)),
        ("Noor van der Berg", "Noor", "van der Berg", None),
        ("Van Nguyen", "Van", "Nguyen", None),
        ("O'Brien", "O'Brien", "", None),
        ("June 31/31/3131", "June", "", None),
    ],
)
def test_one_line_is_taken_apart(text, given, family, birth):
    typed = read_typed(text)
    assert (typed.given, typed.family, typed.birth) == (given, family, birth)


def test_digits_alone_are_an_id():
    assert read_typed(" 4821 ").number == "4821"
    assert read_typed("1234567890").number == "1234567890"
    assert read_typed("19880402").birth == dt.date(1988, 4, 2)


@given(st.text(max_size=200))
def test_anything_at_all_may_be_typed(text):
    read_typed(text)


def test_a_phone_is_kept_as_it_is_dialled_and_compared_without_its_extension():
    phone = read_phone("(614) 555-0142 x12")
    assert phone == "+1 614-555-0142 ext. 12"
    assert dialled_digits(phone) == "16145550142"
    for wrong in ("12", "call me", "614555014200"):
        with pytest.raises(ValueError, match=r"unreadable|impossible"):
            read_phone(wrong)
