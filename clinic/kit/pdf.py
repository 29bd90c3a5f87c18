"""One way from a template to a PDF: tagged (PDF/UA-1), with our face, every page headed with whose it is.

WeasyPrint is imported where it is used: without Pango the import fails, and only printing may fail with it.
"""

import logging
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

PDF_VARIANT = "pdf/ua-1"
STATIC = Path(settings.BASE_DIR) / "static"
BASE = f"{(STATIC / 'pdf').as_uri()}/"
PRESS = Lock()  # Pango's fonts are not made for two threads at once


class PdfUnavailable(RuntimeError):
    """This machine has no Pango; nothing was written. The page offers to print from the browser instead."""


def render_pdf(template: str, context: dict[str, Any]) -> bytes:
    """`template`, which extends pdf/base.html, as PDF/UA-1 bytes. Reads nothing but our own static files.

    `context` may hold `banner` (clinic.record.queries.banner: its name, birth date and ID head every page),
    `printed_by` (a name) and `draft` (True marks every page). Raises PdfUnavailable where Pango is missing.
    """
    words = {
        "draft": False,
        "printed_at": timezone.localtime(),
        "language": get_language() or "en",
        **context,
    }
    told = render_to_string(template, words)
    with PRESS:
        press = _press()
        html = press.weasyprint.HTML(string=told, base_url=BASE, url_fetcher=press.fetcher)
        return bytes(
            html.write_pdf(pdf_variant=PDF_VARIANT, font_config=press.fonts, stylesheets=[press.sheet])
        )


@dataclass(frozen=True)
class Press:
    """What every PDF of this process is made with: to unpack the fonts takes longer than to lay out a page."""

    weasyprint: Any
    fetcher: Any
    fonts: Any
    sheet: Any


@cache
def _press() -> Press:
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher
    except OSError as error:
        raise PdfUnavailable(str(error)) from error
    for name in ("weasyprint", "weasyprint.progress", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)

    class OwnFiles(URLFetcher):
        """Only what lies in our static folder, and data in the page itself: a PDF asks nobody for anything."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith(("data:", STATIC.as_uri() + "/")) or "/.." in url:
                raise ValueError("a PDF reads our own files only")
            return super().fetch(url, headers)

    fetcher, fonts = OwnFiles(), FontConfiguration()
    sheet = weasyprint.CSS(url=f"{BASE}print.css", url_fetcher=fetcher, font_config=fonts)
    return Press(weasyprint, fetcher, fonts, sheet)
