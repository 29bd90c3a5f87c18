from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from clinic.people.models import Staff
from clinic.people.queries import anybody


class StaffBackend(AuthenticationBackend):
    """Signs staff in; loads a person's duties in the very query that loads the person."""

    def get_user(self, user_id: Any) -> Staff | None:
        person = anybody(user_id)
        return person if person and self.user_can_authenticate(person) else None
