"""`script/server` as a newcomer meets it: one command, an address, people who can sign in, and nothing left behind."""

import os
import signal
import socket

import pytest

from tests.running.houses import processes_of, script, start, wait_until
from tests.running.test_services import holder, superuser

pytestmark = pytest.mark.slow


@pytest.fixture
def data(demo_folder):
    """The first of these tests starts with nothing there."""
    yield demo_folder
    script("services", "stop", "--data", demo_folder)


@pytest.fixture
def port():
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def status(port, path="/accounts/login/"):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            return int(line.recv(64).split()[1])
    except OSError:
        return None


def announced(server):
    """What the server prints, up to the line that says how to stop it."""
    lines = []
    for line in server.stdout:
        lines.append(line)
        if line.startswith("Ctrl-C"):
            return "".join(lines)
    raise AssertionError("".join(lines))


def test_a_clinic_starts_survives_its_killing_and_stops(data, port):
    server = start("server", "--data", data, "--port", port)
    said = announced(server)
    assert f"http://127.0.0.1:{port}/" in said
    assert "@" in said  # the people who can sign in
    assert status(port) == 200
    assert status(port, "/readyz") == 200
    people = superuser(data, "select count(*) from people_staff")
    clients = superuser(data, "select count(*) from record_client")
    assert people[0] > 0

    second = script("server", "--data", data, "--port", port + 1)
    assert second.returncode == 1
    assert "in use by process" in second.stderr
    assert "verifies" in script("manage", "--data", data, "verify_ledger").stdout

    # The supervisor alone is killed; web, worker with its pool, beat, mail, queue and database follow.
    assert len(processes_of(data)) > 8
    os.kill(holder(data), signal.SIGKILL)
    assert wait_until(lambda: not processes_of(data)), processes_of(data)
    server.communicate(timeout=10)

    server = start("server", "--data", data, "--port", port)
    announced(server)
    assert superuser(data, "select count(*) from people_staff") == people
    assert superuser(data, "select count(*) from record_client") == clients
    assert status(port) == 200
    server.send_signal(signal.SIGINT)
    server.communicate(timeout=30)
    assert server.returncode == 0
    assert processes_of(data) == {}


def test_a_web_server_or_worker_that_dies_is_started_again(data, port):
    server = start("server", "--data", data, "--port", port)
    announced(server)

    def ours(word):
        return {pid for pid, command in processes_of(data).items() if word in command}

    for word in ("gunicorn", "celery --app clinic.celery worker"):
        before = ours(word)
        os.kill(min(before), signal.SIGKILL)
        assert wait_until(lambda old=before, name=word: ours(name) and not ours(name) & old), word
    assert wait_until(lambda: status(port) == 200)
    server.terminate()
    server.communicate(timeout=30)
    assert server.returncode == 0
    assert processes_of(data) == {}
