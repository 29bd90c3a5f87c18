"""A sign-out while the cache is away: no copy of the session lets anyone in when it is back."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from clinic.people.models import Staff
from tests.cast import PASSWORD


@pytest.fixture
def valkey(tmp_path, settings):
    """The real cache by a path of its own, so that it can be away: its path, and what it is."""
    real, path = urlsplit(os.environ["CACHE_URL"]).path, Path("/tmp") / f"cache-{os.getpid()}.sock"
    path.symlink_to(real)
    settings.CACHES = {
        "default": {"BACKEND": "clinic.office.cache.CalmRedisCache", "LOCATION": f"unix://{path}?db=1", "KEY_PREFIX": str(tmp_path)}
    }  # fmt: skip
    yield path, real
    path.unlink(missing_ok=True)


def signed_in():
    browser = Client()
    browser.post(reverse("account_login"), {"login": "dana@clinic.example", "password": PASSWORD})
    assert browser.get(reverse("caseload:mine")).status_code == 200
    return browser


def test_signed_out_while_the_cache_is_away_nobody_gets_in_by_what_it_kept(cast, valkey):
    path, real = valkey
    browser, elsewhere = signed_in(), signed_in()
    cookies = dict(browser.cookies)
    path.unlink()
    redis.Redis(unix_socket_path=real).client_kill_filter(_type="normal", skipme=True)
    browser.post(reverse("account_logout"))
    assert Staff.objects.get(pk=cast.dana.pk).sign_ins_ended == 1
    path.symlink_to(real)
    assert caches["default"].get(f"django.contrib.sessions.cached_db{cookies['sessionid'].value}") is not None
    for found in (cookies, dict(elsewhere.cookies)):
        again = Client()
        again.cookies.load({"sessionid": found["sessionid"].value})
        assert again.get(reverse("caseload:mine")).status_code == 302
    assert signed_in()


def test_signed_out_while_the_cache_is_there_only_that_session_ends(cast, valkey):
    browser, elsewhere = signed_in(), signed_in()
    browser.post(reverse("account_logout"))
    assert browser.get(reverse("caseload:mine")).status_code == 302
    assert elsewhere.get(reverse("caseload:mine")).status_code == 200
