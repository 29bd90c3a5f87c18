"""How allauth behaves here: no sign-up, and a second factor whose secret is not stored in clear."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

from clinic.access import handed


class ClosedSignup(DefaultAccountAdapter):
    """Staff are added by an administrator; nobody signs up. Account mail leaves by the one way out only."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Security notices are shown in the app; no account mail is sent."""

    def login(self, request: Any, user: Any) -> None:
        """The full sign-in takes a tablet back: what was in a client's hands in this browser ends first."""
        handed.signed_in_over(request)
        super().login(request, user)


class SecondFactor(DefaultMFAAdapter):
    """TOTP secrets and recovery seeds are encrypted at rest; the newest key encrypts, older ones still decrypt."""

    def _fernet(self) -> MultiFernet:
        return MultiFernet([Fernet(key.strip().encode()) for key in settings.FIELD_KEY.split(",")])

    def encrypt(self, text: str) -> str:
        return self._fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._fernet().decrypt(encrypted_text.encode()).decode()
