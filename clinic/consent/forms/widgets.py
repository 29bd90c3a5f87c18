"""Choices whose first box is where the error summary's link leads."""

from typing import Any

from django import forms


class Ticks(forms.CheckboxSelectMultiple):
    """Check boxes whose first one is where the error summary's link leads."""

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return super().id_for_label(id_, "0" if index is None else index)


class Dots(forms.RadioSelect):
    """Radio buttons whose first one is where the error summary's link leads."""

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return super().id_for_label(id_, "0" if index is None else index)
