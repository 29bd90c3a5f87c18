"""Texts of the rules are marked for the translators here; Django stays outside."""


def gettext_noop(message: str) -> str:
    """Marks a text for the translators; the pages translate it."""
    return message
