"""What goes out on paper: a PDF whose name says nothing."""

from django.http import HttpResponse


def as_pdf(pdf: bytes) -> HttpResponse:
    """The bytes under a name that tells nobody what it is (42 CFR 2.11; P20)."""
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="document.pdf"'},
    )
