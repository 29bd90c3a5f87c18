"""What a PDF says, and whether it can be read by everybody."""

import re
from typing import Any

from pypdf import PdfReader


def words_of(document: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in document.pages).split())


def is_accessible(document: PdfReader) -> bool:
    """It says that it is PDF/UA-1, and it is tagged."""
    root: Any = document.trailer["/Root"]
    says = re.search(rb"pdfuaid:part(>|=.)1", root["/Metadata"].get_data())
    return bool(says and root["/MarkInfo"]["/Marked"] and root["/StructTreeRoot"])
