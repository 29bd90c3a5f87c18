"""What a client reads is there in Spanish, every sentence of it; nothing else depends on a browser's language."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import override, to_locale
from django.utils.translation.template import templatize
from django.utils.translation.trans_real import DjangoTranslation

from clinic.kit.catalogs import compile_catalogs, sources

ROOT = Path(settings.BASE_DIR)
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "gettext_noop": None}
# Besides client_*.html: what client pages include, and what their views say.
ALSO = ("templates/screening/_progress.html", "screening/views/client.py", "clinic/office/visits.py")
FILLED = re.compile(r"%\((\w+)\)s")


def pages() -> list[Path]:
    """Everything a client reads: their templates, and the views behind them."""
    around = [path for path in ROOT.glob("templates/client/*.html") if path.name != "_hand_over.html"]
    theirs = [path for path in ROOT.glob("templates/*/*.html") if '"client/base.html"' in path.read_text()]
    return sorted({*around, *theirs, *(ROOT / name for name in ALSO if (ROOT / name).exists())})


def sentences(path: Path) -> set[str]:
    text = path.read_text()
    # What stands between the tags is blanked by templatize; its indentation would be no Python.
    lines = [line.strip() for line in templatize(text).splitlines()] if path.suffix == ".html" else []
    source = "\n".join(lines) or text
    found = extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)
    return {message if isinstance(message, str) else message[0] for _line, message, _notes, _context in found}


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_sentence_of_a_clients_page_is_there_in_spanish(path: Path) -> None:
    spanish = DjangoTranslation(to_locale("es"))
    missing = [
        sentence
        for sentence in sorted(sentences(path))
        if sentence.strip() and sentence not in spanish._catalog and (sentence, 0) not in spanish._catalog
    ]
    assert missing == []


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_catalogue_is_whole_fills_in_what_its_sentences_do_and_asks_for_a_translators_eye(
    path: Path,
) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file, locale="es", abort_invalid=True)
    assert "qualified human translator" in path.read_text().split("msgid", 1)[0]
    for message in catalogue:
        if not message.id:
            continue
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        asked = message.id[-1] if isinstance(message.id, tuple) else message.id
        assert all(texts), f"no words for: {asked}"
        assert set(FILLED.findall(texts[-1])) == set(FILLED.findall(asked)), asked


def test_a_catalogue_is_made_once_and_again_when_its_words_change(tmp_path: Path) -> None:
    words = tmp_path / "room" / "locale" / "es" / "LC_MESSAGES" / "django.po"
    words.parent.mkdir(parents=True)
    words.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Go on"\nmsgstr "Seguir"\n'
    )
    assert [path.name for path in compile_catalogs(tmp_path)] == ["django.mo"]
    assert compile_catalogs(tmp_path) == []
    words.write_text(words.read_text().replace("Seguir", "Siga"))
    assert len(compile_catalogs(tmp_path)) == 1
    assert b"Siga" in words.with_suffix(".mo").read_bytes()


def test_the_house_has_no_middleware_that_turns_pages_by_what_a_browser_asks_for() -> None:
    assert not any("Locale" in name for name in settings.MIDDLEWARE)
    with override("es"):
        assert DjangoTranslation("es")._catalog["Go on"] == "Seguir"
