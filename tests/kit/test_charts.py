"""Trend charts: what they show, said in words too, and nothing that a strict page policy refuses."""

import datetime as dt
import itertools
import re
import xml.etree.ElementTree as ET

import pytest

from clinic.kit.charts import Mark, Series, Trend, sparkline_svg, trend_svg
from clinic.kit.timeaxis import TimeAxis

MAY = dt.date(2026, 5, 1)
NOVEMBER = dt.date(2026, 11, 1)
BANDS = [
    (0, 4, "Minimal"),
    (5, 9, "Mild"),
    (10, 14, "Moderate"),
    (15, 19, "Moderately severe"),
    (20, 27, "Severe"),
]
PHQ9 = Series(
    "PHQ-9", [(MAY, 21, "Severe"), (dt.date(2026, 6, 1), 14, "Moderate"), (NOVEMBER, 6, "Mild")], 0, 27, BANDS
)
GAD7 = Series("GAD-7", [(dt.date(2026, 7, 1), 11, "Moderate")], 0, 21)
SVG = "{http://www.w3.org/2000/svg}"


def drawn(*series: Series, marks: tuple[Mark, ...] = (), narrow: bool = False) -> ET.Element:
    text = trend_svg(series, title="Trends", start=MAY, end=NOVEMBER, marks=marks, narrow=narrow)
    return ET.fromstring(text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def words(chart: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in chart.iter(f"{SVG}text")]


@pytest.mark.parametrize("narrow", [False, True])
def test_a_chart_has_no_style_and_no_script(narrow: bool) -> None:
    chart = drawn(PHQ9, GAD7, narrow=narrow)
    assert not [
        part for part in chart.iter() if part.tag.endswith(("style", "script")) or "style" in part.attrib
    ]


def test_time_is_true_a_month_is_a_month_wide() -> None:
    axis = TimeAxis(MAY, NOVEMBER, 0, 184, most=8)
    assert axis.x(dt.date(2026, 6, 1)) == pytest.approx(31)
    assert axis.x(NOVEMBER) == 184


def test_ticks_fall_on_the_first_of_months_and_never_crowd() -> None:
    ticks = TimeAxis(MAY, NOVEMBER, 0, 100, most=4).ticks()
    assert [day.day for day, _words in ticks] == [1] * len(ticks)
    assert 2 <= len(ticks) <= 5


def test_a_fortnight_is_named_by_days_and_a_single_day_stands_in_the_middle() -> None:
    assert (
        next(words for _day, words in TimeAxis(MAY, dt.date(2026, 5, 15), 0, 100, most=8).ticks()) == "1 May"
    )
    assert TimeAxis(MAY, MAY, 0, 100, most=8).x(MAY) == 50


def test_every_value_and_every_band_can_be_read_without_a_pointer() -> None:
    said = words(drawn(PHQ9))
    assert {"21", "14", "6"} <= set(said)
    assert "Minimal" in said and "Severe" in said
    assert any("0 to 27" in text for text in said)
    assert "6 · Mild · 01-Nov-2026" in said


def test_the_words_of_bands_never_stand_on_each_other() -> None:
    chart = drawn(
        Series(
            "DAST-10",
            [(MAY, 3, "")],
            0,
            10,
            [(0, 0, "None"), (1, 2, "Low"), (3, 5, "Mid"), (6, 8, "High"), (9, 10, "Top")],
        )
    )
    heights = sorted(
        float(text.get("y", "0"))
        for text in chart.iter(f"{SVG}text")
        if text.text in {"None", "Low", "Mid", "High", "Top"}
    )
    assert len(heights) == 5
    assert min(b - a for a, b in itertools.pairwise(heights)) >= 11.9


def test_the_scale_is_the_whole_range_whatever_the_values() -> None:
    low = drawn(Series("A", [(MAY, 0, ""), (NOVEMBER, 1, "")], 0, 27))
    line = next(path.get("d", "") for path in low.iter(f"{SVG}path") if path.get("stroke-linejoin"))
    first, last = (float(point.split()[1]) for point in line[1:].split("L"))
    assert first - last == pytest.approx(78 / 27, abs=0.15)


def test_series_differ_by_symbol_and_line_not_by_colour_alone() -> None:
    chart = drawn(PHQ9, Series("PCL-5", PHQ9.points, 0, 80))
    lines = [path.get("stroke-dasharray") for path in chart.iter(f"{SVG}path") if path.get("stroke-linejoin")]
    assert len(set(lines)) == 2
    assert list(chart.iter(f"{SVG}circle"))


def test_events_are_numbered_and_named_and_those_outside_are_left_out() -> None:
    marks = (Mark(dt.date(2026, 6, 10), "Plan signed"), Mark(dt.date(2025, 1, 1), "Long ago"))
    said = words(drawn(PHQ9, marks=marks))
    assert "1" in said
    assert any("10-Jun-2026" in text and "Plan signed" in text for text in said)
    assert not any("Long ago" in text for text in said)


def test_the_line_of_an_event_strikes_out_no_heading() -> None:
    other = Series("AUDIT", [(MAY, 4, "")], 0, 40)
    chart = drawn(PHQ9, other, marks=(Mark(dt.date(2026, 6, 10), "Plan signed"),))
    line = next(path.get("d", "") for path in chart.iter() if path.get("stroke-dasharray") == "1 3")
    pieces = [(float(a), float(b)) for a, b in re.findall(r" ([\d.]+)V([\d.]+)", line)]
    named = [text for text in chart.iter(f"{SVG}text") if (text.text or "") in ("PHQ-9", "AUDIT")]
    assert len(pieces) == 3 and len(named) == 2
    assert not [text for text in named for a, b in pieces if a < float(text.get("y", "")) < b]


def test_the_chart_says_itself_in_words_for_who_cannot_see_it() -> None:
    chart = drawn(PHQ9, Series("AUDIT", [], 0, 40), marks=(Mark(MAY, "Plan signed"),))
    assert chart[0].tag == f"{SVG}title" and chart[0].text == "Trends"
    told = chart.findtext(f"{SVG}desc") or ""
    assert "PHQ-9: 3 scores, first 21, last 6 · Mild" in told
    assert "AUDIT: no score" in told and "Plan signed" in told


def test_names_are_escaped() -> None:
    chart = drawn(Series("<b>&", [(MAY, 1, "<i>")], 0, 10, [(0, 10, "<u>")]))
    assert "<u>" in words(chart)
    assert not list(chart.iter(f"{SVG}b"))


def test_the_table_twin_has_every_value_with_its_change_newest_first() -> None:
    rows = Trend([PHQ9, GAD7], "Trends", MAY, NOVEMBER).rows
    assert [(row.name, row.value, row.change) for row in rows] == [
        ("PHQ-9", "6", "−8"),
        ("GAD-7", "11", ""),
        ("PHQ-9", "14", "−7"),
        ("PHQ-9", "21", ""),
    ]


def test_the_narrow_twin_has_ids_of_its_own() -> None:
    trend = Trend([PHQ9], "Trends", MAY, NOVEMBER)
    assert trend.svg.split('aria-labelledby="')[1][:9] != trend.svg_narrow.split('aria-labelledby="')[1][:9]


def test_a_sparkline_is_silent_beside_its_words_and_speaks_when_titled() -> None:
    points = [(MAY, 21.0), (NOVEMBER, 6.0)]
    assert 'aria-hidden="true"' in sparkline_svg(points, 0, 27)
    assert "<title>PHQ-9 &lt;</title>" in sparkline_svg(points, 0, 27, title="PHQ-9 <")
    assert sparkline_svg([], 0, 27) == ""
