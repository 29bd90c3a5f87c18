"""What a clinic's own server is made of refuses to start half-configured."""

import re
import shutil
import stat
import subprocess

import pytest

from tests.running.houses import ROOT, plain_environment

NEEDED = ("ENTWINE_SECRET_KEY", "ENTWINE_SEAL_KEY", "ENTWINE_FIELD_KEY", "DATABASE_URL")
RECIPIENT = "age1wfa8mqp8p39fsyc08mh599f2reupu89ssyxntck5avzp0urt54uqcxj559"


@pytest.fixture
def copy(tmp_path):
    """The deploy folder in a repository of its own, so that no real .env is touched."""
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    return tmp_path


def make_env(folder):
    command = [folder / "deploy" / "make-env", "chart.example.org", RECIPIENT]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize("empty", NEEDED)
def test_a_missing_secret_stops_the_container_and_is_named(empty):
    environment = plain_environment() | dict.fromkeys(NEEDED, "x") | {empty: ""}
    command = [ROOT / "deploy" / "entrypoint", "echo", "started"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"{empty} is empty" in done.stderr


def test_with_all_secrets_the_command_runs():
    environment = plain_environment() | dict.fromkeys(NEEDED, "x")
    command = [ROOT / "deploy" / "entrypoint", "echo", "started"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stdout) == (0, "started\n")


def test_the_env_file_holds_every_variable_that_compose_leaves_empty(copy):
    assert make_env(copy).returncode == 0
    written = set(re.findall(r"^(\w+)=", (copy / ".env").read_text(), re.MULTILINE))
    empty = set(re.findall(r"\$\{(\w+):-\}", (ROOT / "docker-compose.yml").read_text()))
    assert empty <= written


def test_the_env_file_is_private_and_never_overwritten(copy):
    make_env(copy)
    first = (copy / ".env").read_text()
    assert stat.S_IMODE((copy / ".env").stat().st_mode) == 0o600
    again = make_env(copy)
    assert again.returncode == 1
    assert "exists already" in again.stderr
    assert (copy / ".env").read_text() == first


def test_no_two_installations_share_a_secret(copy, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(ROOT / "deploy", other / "deploy")
    make_env(copy)
    make_env(other)

    def secrets(folder):
        lines = (folder / ".env").read_text().splitlines()
        return {line.partition("=")[2] for line in lines if "KEY=" in line or "PASSWORD=" in line}

    assert len(secrets(copy)) == 7
    assert secrets(copy) & secrets(other) == set()


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not installed")
def test_compose_reads_its_file_without_a_complaint():
    command = ["docker-compose", "--project-directory", ROOT, "-f", ROOT / "docker-compose.yml", "config"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
