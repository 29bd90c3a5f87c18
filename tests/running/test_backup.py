"""A backup that was never restored is a hope. These restore."""

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from clinic.audit import ledger
from clinic.office import backups
from tests.conftest import as_owner

pytestmark = pytest.mark.usefixtures("lasting_cast")


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    settings.DEMO = True
    for name in ("ENTWINE_BACKUPS", "ENTWINE_BACKUP_RECIPIENT", "ENTWINE_BACKUP_IDENTITY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def sealed():
    """Some rows on the ledger, sealed."""
    ledger.append_many([])
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into audit_ledgerrow (actor_kind, actor_name, act, outcome, clients, episodes, basis, route,"
            " object_kind, object_id, detail) values ('job', '', 'test', 'done', '{}', '{}', '', '', '', '', '{}')"
        )
    ledger.seal()


def scratch_databases():
    with connection.cursor() as cursor:
        cursor.execute("select datname from pg_database where datname like 'entwine_restore_%%'")
        return cursor.fetchall()


def test_a_backup_restores_with_every_row_policy_and_seal(sealed):
    file = backups.make_backup()
    check = backups.check_restore()
    assert check.file == file
    assert check.faults == []
    assert check.rows > 0
    assert scratch_databases() == []


def test_nothing_readable_is_in_the_file(sealed):
    content = backups.make_backup().read_bytes()
    assert content.startswith(b"age-encryption.org/v1")
    for word in (b"audit_ledgerrow", b"PGDMP", b"people_staff"):
        assert word not in content


def test_the_live_database_is_in_use_again_after_a_check(sealed):
    backups.make_backup()
    before = ledger.counts()
    backups.check_restore()
    assert ledger.counts() == before
    assert connection.settings_dict["USER"] == "entwine_app"


def test_a_ledger_changed_before_the_backup_is_found_in_it(sealed):
    with as_owner() as owner, owner.cursor() as cursor:
        cursor.execute("update audit_ledgerrow set act = 'nothing'")
    backups.make_backup()
    (fault,) = {fault[:20] for fault in backups.check_restore().faults}
    assert fault.startswith("ledger: Row ")


def test_a_table_without_forced_policies_is_named(sealed):
    with as_owner() as owner, owner.cursor() as cursor:
        cursor.execute("alter table record_episode no force row level security")
    try:
        backups.make_backup()
        faults = backups.check_restore().faults
    finally:
        with as_owner() as owner, owner.cursor() as cursor:
            cursor.execute("alter table record_episode force row level security")
    assert faults == ["record_episode: row-level security is not forced, or has no policy"]


def test_a_file_cut_short_is_refused(sealed):
    file = backups.make_backup()
    file.write_bytes(file.read_bytes()[:-5000])
    with pytest.raises(CommandError, match="cannot be restored"):
        call_command("restore_check", str(file))
    assert scratch_databases() == []


def test_another_key_opens_nothing(sealed, monkeypatch):
    file = backups.make_backup()
    monkeypatch.setenv("ENTWINE_BACKUP_IDENTITY", str(pyrage.x25519.Identity.generate()))
    with pytest.raises(backups.BackupError, match=file.name):
        backups.check_restore(file)


def test_a_file_that_is_no_backup_is_refused(tmp_path):
    file = tmp_path / "letter.age"
    file.write_bytes(pyrage.encrypt(b"Dear\nreader\nhello", [backups.recipient()]))
    with pytest.raises(backups.BackupError, match=r"letter\.age"):
        backups.check_restore(file)


def test_outside_the_demo_no_key_is_made_up(settings):
    settings.DEMO = False
    with pytest.raises(backups.BackupError, match="ENTWINE_BACKUP_RECIPIENT"):
        backups.make_backup()
    assert list(backups.backup_folder().glob("*")) == []


def test_only_the_newest_are_kept(sealed, monkeypatch):
    monkeypatch.setenv("ENTWINE_BACKUP_KEEP", "2")
    made = [backups.make_backup() for _ in range(3)]
    assert sorted(backups.backup_folder().iterdir()) == made[1:]
