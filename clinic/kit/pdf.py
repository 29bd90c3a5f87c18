"""One way from a template to a PDF: tagged (PDF/UA-1), with our face, every page headed with whose it is.

WeasyPrint is imported where it is used: without Pango the import fails, and only printing may fail with it.
"""

import logging
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

PDF_VARIANT = "pdf/ua-1"
STATIC = Path(settings.BASE_DIR) / "static"


class PdfUnavailable(RuntimeError):
    """This machine has no Pango; nothing was written. The page offers to print from the browser instead."""


def render_pdf(template: str, context: dict[str, Any]) -> bytes:
    """`template`, which extends pdf/base.html, as PDF/UA-1 bytes. Reads nothing but our own static files.

    `context` may hold `banner` (clinic.record.queries.banner: its name, birth date and ID head every page),
    `printed_by` (a name) and `draft` (True marks every page). Raises PdfUnavailable where Pango is missing.
    """
    try:
        import weasyprint
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

    words = {
        "draft": False,
        "printed_at": timezone.localtime(),
        "language": get_language() or "en",
        **context,
    }
    html = weasyprint.HTML(
        string=render_to_string(template, words),
        base_url=f"{(STATIC / 'pdf').as_uri()}/",
        url_fetcher=OwnFiles(),
    )
    written = html.write_pdf(pdf_variant=PDF_VARIANT)
    return bytes(written)
