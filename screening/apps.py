from typing import Any

from django.apps import AppConfig
from django.core import checks

from screening import rules


class ScreeningConfig(AppConfig):
    name = "screening"

    def ready(self) -> None:
        checks.register(check_instruments)


def check_instruments(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """A file of an instrument that does not hold together is refused at start: what score could one trust?"""
    return [
        checks.Error(
            f"screening/instruments/{problem.file}{f':{problem.line}' if problem.line else ''}: {problem.what}",
            hint=problem.mend,
            id="screening.E001",
        )
        for problem in rules.check_all()
    ]
