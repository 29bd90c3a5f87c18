"""Where things are: the repository, and the folders inside one data folder."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PYTHON = REPOSITORY / ".venv" / "bin" / "python"

# A unix socket's path may have 107 bytes; the longest name put behind the folder is ".s.PGSQL.5432.lock".
LONGEST_SOCKET_FOLDER = 85


class Trouble(Exception):
    """Something the person who started a script has to know; its text is shown without a traceback."""


@dataclass(frozen=True)
class Places:
    """The folders and files of one data folder."""

    data: Path

    @classmethod
    def at(cls, data: str | os.PathLike | None = None) -> "Places":
        """The given data folder, or ENTWINE_DATA, or var/ in the repository."""
        chosen = data or os.environ.get("ENTWINE_DATA") or REPOSITORY / "var"
        return cls(Path(chosen).expanduser().resolve())

    def make(self) -> None:
        """The folders exist. Root's stay passable, since Postgres then runs as another account."""
        try:
            self.data.mkdir(parents=True, exist_ok=True)
            self.data.chmod(0o711 if os.geteuid() == 0 else 0o700)
            for folder in (self.log, self.run, self.mail, self.backups):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise Trouble(f"The data folder {self.data} cannot be used: {error.strerror}.") from error

    @property
    def log(self) -> Path:
        return self.data / "log"

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def mail(self) -> Path:
        return self.data / "mail"

    @property
    def backups(self) -> Path:
        return self.data / "backups"

    @property
    def secrets(self) -> Path:
        return self.data / "secrets.json"

    @property
    def services(self) -> Path:
        """Written while services run: the environment that reaches them."""
        return self.run / "services.json"

    @property
    def fingerprint(self) -> str:
        """A short name for this data folder, for what must live outside it."""
        return hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
