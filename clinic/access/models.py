from django.db import models


class OnceKey(models.Model):
    """A form's own key: the second post of the same form is answered like the first and does nothing."""

    key = models.UUIDField(primary_key=True)
    actor_id = models.BigIntegerField()
    location = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"form {self.key}"
