"""Sign-ins: kept in the database, read from the cache. A sign-out holds even while the cache is away."""

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import cached_db
from django.core.cache import caches

from clinic.office.actions import end_sign_ins
from clinic.office.cache import CalmRedisCache
from clinic.people.models import Staff


class SessionStore(cached_db.SessionStore):
    """A session of which no copy outlives its end."""

    def flush(self) -> None:
        """The session is over. Where the cache cannot be told, every sign-in of that person is: a copy may come back."""
        person, key = self.get(SESSION_KEY), self.session_key
        super().flush()
        if person and key and not _is_forgotten(f"{self.cache_key_prefix}{key}"):
            end_sign_ins(Staff.objects.get(pk=person))


def _is_forgotten(key: str) -> bool:
    cache = caches[settings.SESSION_CACHE_ALIAS]
    return cache.forget(key) if isinstance(cache, CalmRedisCache) else True
