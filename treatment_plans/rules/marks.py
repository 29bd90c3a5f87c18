"""What marks a text for the translators."""


def gettext_noop(text: str) -> str:
    """Marks a text for the translators; it is translated where it is shown."""
    return text
