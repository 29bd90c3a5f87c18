"""When scores are read with care: use told of, withdrawal watched, and the days after them."""

import datetime as dt
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from screening.rules import Spell, Use, Withdrawal, spells

TODAY = dt.date(2026, 11, 25)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}")


def test_a_score_is_read_with_care_from_the_use_until_the_day_it_is_asked_again():
    (spell,) = spells([Use(day("11-01"), "beer")], [], 28, TODAY)
    assert (spell.start, spell.end, spell.due) == (day("11-01"), day("11-28"), day("11-29"))
    assert spell.holds(day("11-01")) and spell.holds(day("11-28"))
    assert not spell.holds(day("10-31")) and not spell.holds(day("11-29"))


def test_use_in_between_puts_the_day_off_and_both_are_named():
    used = [Use(day("10-20"), "later"), Use(day("10-01"), "first"), Use(day("10-20"), "later")]
    assert spells(used, [], 28, TODAY) == [
        Spell(day("10-01"), day("11-16"), day("11-17"), ("first", "later"))
    ]


def test_while_somebody_withdraws_no_day_is_named_and_afterwards_it_is_counted_from_the_end():
    running = Withdrawal(day("11-20"), None, "COWS")
    assert spells([Use(day("11-19"), "use")], [running], 28, TODAY)[-1].due is None
    ended = Withdrawal(day("11-20"), day("11-23"), "COWS")
    (spell,) = spells([], [ended], 14, TODAY)
    assert (spell.start, spell.end, spell.due) == (day("11-20"), day("12-06"), day("12-07"))


days = st.integers(0, 400).map(lambda n: dt.date(2025, 11, 1) + dt.timedelta(days=n))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(days, max_size=12), st.lists(st.tuples(days, st.integers(0, 9)), max_size=4), st.integers(1, 60)
)
def test_spells_stand_apart_in_order_and_hold_each_use_and_no_day_without_a_reason(used, watched, window):
    withdrawals = [Withdrawal(d, d + dt.timedelta(days=n), "w") for d, n in watched]
    found = spells([Use(d, "u") for d in used], withdrawals, window, TODAY)
    for one, other in pairwise(found):
        assert one.end + dt.timedelta(days=1) < other.start
    for n in range(480):
        at = dt.date(2025, 11, 1) + dt.timedelta(days=n)
        wanted = any(0 <= (at - d).days < window for d in used) or any(
            w.began <= at and (at - w.ended).days < window for w in withdrawals
        )
        assert any(spell.holds(at) for spell in found) == wanted
