"""The code on a printed set: short enough to type, and it says nothing about anyone."""

from uuid import UUID

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0, O, 1 or I: nobody has to guess


def paper_code(key: UUID) -> str:
    """Eight letters and digits for this set: "7KQ4-M2XD"."""
    number = key.int >> 88  # 40 bits
    code = "".join(LETTERS[number >> shift & 31] for shift in range(35, -5, -5))
    return f"{code[:4]}-{code[4:]}"


def same_code(typed: str, key: UUID) -> bool:
    """Whether this was typed for that set, however it was spaced."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())
    return plain == paper_code(key).replace("-", "")
