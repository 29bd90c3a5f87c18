"""The look keeps its own rules: icons exist, vendored files are what they were, no page needs a lax policy."""

import hashlib
import json
import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGES = [path for path in ROOT.glob("templates/**/*.html") if "pdf" not in str(path)]
NOT_ALLOWED = re.compile(r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:|<script>", re.I)


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def tokens() -> dict[str, str]:
    text = (ROOT / "static/css/tokens.css").read_text()
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6});", text))


def test_no_page_carries_a_style_a_handler_or_a_script_of_its_own() -> None:
    bare = {path: re.sub(r"{%.*?%}", "", path.read_text()) for path in PAGES}
    assert [str(path) for path, text in bare.items() if NOT_ALLOWED.search(text)] == []


def test_every_icon_that_a_page_asks_for_is_drawn() -> None:
    drawn = set(re.findall(r'symbol id="([^"]+)"', (ROOT / "static/img/icons.svg").read_text()))
    asked = {name for path in PAGES for name in re.findall(r'{% icon "([^"]+)"', path.read_text())}
    assert asked <= drawn


def test_vendored_files_are_what_their_manifest_says() -> None:
    manifest = json.loads((ROOT / "static/vendor/manifest.json").read_text())
    for package in manifest["packages"]:
        assert package["licence"]
        for name, digest in package["files"].items():
            assert hashlib.sha256((ROOT / "static" / name).read_bytes()).hexdigest() == digest, name


def test_text_colours_reach_four_and_a_half_to_one_on_paper_and_on_the_ground() -> None:
    colours = tokens()
    for name in (
        "ink",
        "ink-soft",
        "teal-700",
        "teal-600",
        "success",
        "warning",
        "info",
        "danger",
        "act-now",
    ):
        for ground in ("paper", "ground"):
            assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)


def test_severity_is_readable_and_falls_in_lightness_with_every_step() -> None:
    colours = tokens()
    steps = [colours[f"sev-{step}"] for step in ("minimal", "mild", "moderate", "modsevere", "severe")]
    for step in ("minimal", "mild", "moderate", "modsevere", "severe"):
        assert contrast(colours[f"sev-{step}"], colours[f"sev-{step}-ink"]) >= 6
    assert [luminance(step) for step in steps] == sorted((luminance(step) for step in steps), reverse=True)


def test_edges_of_fields_and_the_focus_ring_reach_three_to_one() -> None:
    colours = tokens()
    for name in ("field-line", "focus", "icon"):
        assert (
            contrast(colours[name], colours["paper"]) >= 3 and contrast(colours[name], colours["ground"]) >= 3
        )
