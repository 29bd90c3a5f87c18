"""The environment of every process of the house: secrets made once, addresses of the services, deployment facts."""

import base64
import json
import os
import secrets

from house import debian, pango
from house.places import REPOSITORY, Places

SECRETS = ("ENTWINE_SECRET_KEY", "ENTWINE_SEAL_KEY", "ENTWINE_FIELD_KEY")
# What a process of the house may see of its caller's environment, beside everything that begins with ENTWINE_.
PASSED_ON = (
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "TERM",
    "TMPDIR",
    "CI",
    "TEST",
    "PYTEST_ADDOPTS",
)


def read_or_make_secrets(places: Places) -> dict[str, str]:
    """The installation's keys: given by the environment, else read from the data folder, else made once, mode 0600."""
    try:
        kept = json.loads(places.secrets.read_text())
    except FileNotFoundError:
        kept = {}
    missing = [name for name in SECRETS if name not in kept]
    if missing:
        kept |= {name: new_secret(name) for name in missing}
        unfinished = places.secrets.with_suffix(".new")
        with open(unfinished, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            json.dump(kept, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(places.secrets)
    return {name: os.environ.get(name) or kept[name] for name in SECRETS}


def new_secret(name: str) -> str:
    if name == "ENTWINE_FIELD_KEY":  # Fernet's form: 32 bytes in URL-safe base 64
        return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_urlsafe(48)


def for_children(places: Places, addresses: dict[str, str]) -> dict[str, str]:
    """What web, workers, commands and tests are started with."""
    caller = os.environ
    passed_on = {name: caller[name] for name in PASSED_ON if name in caller}
    chosen = {name: value for name, value in caller.items() if name.startswith("ENTWINE_")}
    return {
        "LC_ALL": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "clinic.settings",
        "PYTHONPATH": str(REPOSITORY),
        "ENTWINE_DEMO": "1",
        **passed_on,
        **debian.library_path(),
        **pango.fonts(),
        **chosen,
        **read_or_make_secrets(places),
        **addresses,
        "ENTWINE_DATA": str(places.data),
    }
