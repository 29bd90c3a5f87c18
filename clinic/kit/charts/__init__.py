"""Trend charts as plain SVG: the same drawing on the page and in the PDF. No script, no style sheet, no style attribute.

One panel for each series, all on one true time axis, because points spaced evenly mislead (JAMIA 2015, ocv013); the
y axis is always the instrument's whole range, so that a line's height means the same in every chart. Series differ by
symbol and line as well as colour; bands differ by lightness and carry their words. Colours are those of
static/css/tokens.css, written out because a PDF reads no style sheet for what stands inside an SVG.
"""

from clinic.kit.charts.sparkline import sparkline_svg
from clinic.kit.charts.told import Mark, Row, Series, Span, table_rows
from clinic.kit.charts.trend import Trend, trend_svg

__all__ = ["Mark", "Row", "Series", "Span", "Trend", "sparkline_svg", "table_rows", "trend_svg"]
