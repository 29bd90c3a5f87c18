"""What clients read is plain, kind and there in Spanish, measured with textstat; a broken sample of each is found."""

from tests.house import plain
from tests.house.plain import Text

HARD = "Notwithstanding organizational considerations, participation necessitates comprehensive authorization documentation."
DURO = "La documentación correspondiente necesariamente requiere autorizaciones administrativas interinstitucionales previamente formalizadas."


def test_every_text_for_clients_is_at_most_grade_six_in_english_and_spanish():
    found = plain.texts()
    assert len([text for text in found if text.language == "en"]) > 300
    assert len([text for text in found if text.language == "es"]) > 300
    wrong = plain.too_hard(found)
    assert not wrong, "\n".join(wrong)


def test_a_hard_text_is_named_with_its_grade():
    (english,) = [
        one for one in plain.too_hard([Text("x.html", "en", f"{HARD} {HARD}")]) if "as a whole" not in one
    ]
    assert HARD in english and "grade" in english
    assert DURO in plain.too_hard([Text("x.html", "es", f"{DURO} {DURO}")])[0]


def test_no_text_for_clients_blames_or_shames():
    wrong = plain.stigma(plain.texts())
    assert not wrong, "\n".join(wrong)
    assert (
        len(plain.stigma([Text("x", "en", "He is an addict and failed."), Text("x", "es", "Es adicto.")]))
        == 3
    )


def test_every_text_of_a_clients_page_is_there_in_spanish():
    wrong = [f"{text.where}: {text.words}" for text in plain.untranslated()]
    assert not wrong, "\n".join(wrong)


def test_texts_are_collected_from_every_way_of_writing_them():
    template = """{% translate "One" %}{% blocktranslate count n=n %}{{ n }} two{% plural %}{{ n }} twos{% endblocktranslate %}
    {{ x|default:_("Three") }}{% blocktranslate trimmed with a=b %}
      Four {{ a }}
    {% endblocktranslate %}"""
    assert list(plain.of_template(template)) == ["One", "Three", "%(n)s two", "%(n)s twos", "Four %(a)s"]
    assert list(plain.of_python('x = _("Five " "six")')) == ["Five six"]
