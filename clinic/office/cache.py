"""The shared cache (sign-in throttling, sessions) on the broker's server; when that is down, pages still work."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger("entwine.cache")


class CalmRedisCache(RedisCache):
    """RedisCache that answers like an empty cache, and says so in the log, while its server is away."""

    def _calm(self, call: Callable[..., Any], nothing: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return call(*args, **kwargs)
        except (RedisError, OSError):
            log.warning("cache_away")
            return nothing

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        return bool(self._calm(super().add, True, key, value, *args, **kwargs))

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._calm(super().get, default, key, default, version)

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        self._calm(super().set, None, key, value, *args, **kwargs)

    def touch(self, key: Any, *args: Any, **kwargs: Any) -> bool:
        return bool(self._calm(super().touch, False, key, *args, **kwargs))

    def delete(self, key: Any, version: Any = None) -> bool:
        return bool(self._calm(super().delete, False, key, version))

    def forget(self, key: Any) -> bool:
        """The server has said that it holds nothing under this key (any more); False while it is away."""
        try:
            super().delete(key)
        except (RedisError, OSError):
            log.warning("cache_away")
            return False
        return True
