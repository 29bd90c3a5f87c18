"""The two bases of everything clinical, and the marks that the migrate command turns into database law."""

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
from django.db import models
from django.db.models import F

from clinic.kit.ids import new_public_id

M = TypeVar("M", bound=type[models.Model])


class StaleEdit(Exception):
    """Someone else saved this row first. `theirs` is the row as it stands now; nothing was written."""

    def __init__(self, theirs: models.Model) -> None:
        super().__init__("changed by someone else")
        self.theirs = theirs


def tracked(model: M) -> M:
    """Keep before and after of every change of a row in its own append-only table, by trigger (django-pghistory)."""
    marks = {"needs_open_chart": True, "append_only": True, "history_of": model.__name__}
    track: Callable[[M], M] = pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), attrs=marks
    )
    return track(model)


class Versioned:
    """A row with a `version`: whoever writes says which one they read."""

    pk: Any
    version: Any

    def save_over(self, expected: int, *fields: str) -> None:
        """`fields` are written if the row is still at version `expected`; else StaleEdit and nothing is written."""
        values: dict[str, Any] = {name: getattr(self, name) for name in fields}
        model: Any = type(self)
        same = model._default_manager.filter(pk=self.pk, version=expected)
        if not same.update(version=F("version") + 1, **values):
            raise StaleEdit(model._default_manager.get(pk=self.pk))
        self.version = expected + 1


class ClientRow(Versioned, models.Model):
    """Belongs to the client: identity, contact, safety. Readable only while this client is open."""

    needs_open_chart = True

    client = models.ForeignKey("record.Client", on_delete=models.PROTECT, related_name="+")
    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.pk}"


class ChartRow(ClientRow):
    """Belongs to an episode. Readable only while that episode is open. Part 2 status is set when the row is made."""

    episode = models.ForeignKey("record.Episode", on_delete=models.PROTECT, related_name="+")
    part2 = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Freezes(models.Model):
    """Never changes once `frozen_at` is set: a trigger refuses the app and the owner alike.

    `frozen_with` names the foreign key of the thing that this row is part of: no part can be added to,
    changed in, or taken from a frozen thing.
    """

    frozen_with: str = ""

    frozen_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
