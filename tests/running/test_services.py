"""PostgreSQL and Valkey of one data folder: one holder, no orphans, nothing lost."""

import os
import signal
import socket
import stat
import tempfile
from pathlib import Path

import psycopg
import pytest

from tests.running.houses import processes_of, running_services, script, start, wait_until


@pytest.fixture
def data():
    """A data folder outside pytest's own, which are closed to the account that runs PostgreSQL for root."""
    with tempfile.TemporaryDirectory(prefix="entwine-house-") as parent:
        Path(parent).chmod(0o711)
        folder = Path(parent) / "data"
        yield folder
        script("services", "stop", "--data", folder)


def superuser(data, statement):
    """The first column of what the superuser is answered."""
    folder = running_services(data)["DATABASE_URL"].split("host=")[1]
    with psycopg.connect(f"host={folder} user=postgres dbname=entwine", autocommit=True) as database:
        cursor = database.execute(statement)
        return [row[0] for row in cursor.fetchall()] if cursor.description else []


def holder(data):
    return int((data / "run" / "lock").read_text())


def test_what_was_written_is_there_at_the_next_start(data):
    assert script("services", "start", "--data", data).returncode == 0
    superuser(data, "create table kept as select 7 as number")
    assert script("services", "stop", "--data", data).returncode == 0
    assert processes_of(data) == {}
    script("services", "start", "--data", data)
    assert superuser(data, "select number from kept") == [7]


def test_killing_the_holder_leaves_no_process_and_the_next_start_recovers(data):
    script("services", "start", "--data", data)
    superuser(data, "create table kept as select 7 as number")
    os.kill(holder(data), signal.SIGKILL)
    assert wait_until(lambda: not processes_of(data)), processes_of(data)
    script("services", "start", "--data", data)
    assert superuser(data, "select number from kept") == [7]


def test_a_second_holder_is_told_who_has_the_folder(data):
    script("services", "start", "--data", data)
    second = script("services", "run", "--data", data)
    assert second.returncode == 1
    assert f"in use by process {holder(data)}" in second.stderr
    assert "--data" in second.stderr
    assert superuser(data, "select 1") == [1]


def test_a_server_that_dies_is_started_again(data):
    script("services", "start", "--data", data)
    postmaster = data / "postgres" / "cluster" / "postmaster.pid"
    before = int(postmaster.read_text().split()[0])
    os.kill(before, signal.SIGKILL)

    def answers_anew():
        try:
            return int(postmaster.read_text().split()[0]) != before and superuser(data, "select 1")
        except (OSError, IndexError, ValueError, psycopg.OperationalError):
            return False

    assert wait_until(answers_anew) == [1]


def test_a_first_start_that_was_cut_short_does_no_harm(data):
    half_made = data / "postgres" / "cluster.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18")
    assert script("services", "start", "--data", data).returncode == 0
    assert superuser(data, "select 1") == [1]


def test_secrets_are_made_once_and_for_their_owner_alone(data):
    script("services", "start", "--data", data)
    secrets = data / "secrets.json"
    first = secrets.read_text()
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    assert stat.S_IMODE((data / "run" / "services.json").stat().st_mode) == 0o600
    script("services", "stop", "--data", data)
    script("services", "start", "--data", data)
    assert secrets.read_text() == first


def test_nothing_listens_on_the_network(data):
    script("services", "start", "--data", data)
    inodes = set()
    for pid in processes_of(data):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            try:
                target = str(link.readlink())
            except OSError:
                continue
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    listening = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == "0A":
                listening.add(words[9])
    assert inodes
    assert inodes & listening == set()


def test_the_app_inherits_nothing_and_only_the_backup_reads_past_the_policies(data):
    script("services", "start", "--data", data)
    roles = "select rolname from pg_roles where rolname like 'entwine%' and "
    assert superuser(data, roles + "(rolsuper or rolreplication or rolcreaterole)") == []
    assert superuser(data, roles + "rolbypassrls") == ["entwine_backup"]
    assert superuser(data, roles + "rolinherit") == ["entwine_backup"]
    assert superuser(data, roles + "rolcreatedb") == ["entwine_owner"]
    inherited = "select roleid::regrole::text from pg_auth_members where member = 'entwine_app'::regrole"
    assert sorted(superuser(data, inherited)) == ["entwine_desk", "entwine_door"]
    assert superuser(data, f"{inherited} and inherit_option") == []


def test_a_taken_port_is_named_before_anything_is_started(data):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = script("server", "--port", port, "--data", data)
    assert refused.returncode == 1
    assert f"Port {port} cannot be used" in refused.stderr
    assert not (data / "postgres").exists()


def test_a_command_ended_midway_takes_its_services_along(data):
    script("services", "start", "--data", data)
    script("services", "stop", "--data", data)
    running = start("manage", "--data", data, "shell", "-c", "import time; print('here'); time.sleep(60)")
    # A new data folder is prepared first; whichever step it is in, nothing may stay behind.
    assert wait_until(lambda: (data / "run" / "services.json").exists())
    running.terminate()
    running.wait(30)
    running.stdout.close()
    assert wait_until(lambda: not processes_of(data)), processes_of(data)
