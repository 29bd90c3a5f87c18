"""The sealed ledger: an edit, a deletion, rewritten hashes and a cut tail are each found, with their own message."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from clinic.access.door import Job
from clinic.audit import ledger
from clinic.audit.models import LedgerRow
from tests.conftest import as_owner

pytestmark = pytest.mark.django_db(transaction=True)

CLERK = Job("clerk", "command")


def _write(count: int) -> list[int]:
    return [ledger.append(actor=CLERK, act="look", outcome="granted", clients=[n]) for n in range(count)]


def _tamper(sql: str, *values: object) -> None:
    with as_owner() as owner, owner.cursor() as cursor:
        cursor.execute(sql, values)


def _found() -> list[tuple[str, str]]:
    return [(finding.what, finding.where) for finding in ledger.verify()]


def test_an_untouched_ledger_verifies_and_is_sealed_once():
    _write(5)
    assert ledger.seal() == 5
    assert ledger.seal() == 0
    _write(3)
    assert ledger.seal() == 3
    assert ledger.verify() == []
    assert ledger.counts() == (2, 8, 0)


def test_an_edit_names_the_row():
    row = _write(3)[1]
    ledger.seal()
    _tamper("update audit_ledgerrow set act = 'nothing' where id = %s", row)
    assert _found() == [("row changed", f"row {row}")]


def test_a_deletion_names_the_row():
    row = _write(3)[2]
    ledger.seal()
    _tamper("delete from audit_ledgerrow where id = %s", row)
    assert _found() == [("row deleted", f"row {row}")]


def test_an_edit_with_its_hash_rewritten_names_the_seal():
    row = _write(3)[0]
    ledger.seal()
    _tamper("update audit_ledgerrow set act = 'nothing' where id = %s", row)
    rewrite = (
        f"update audit_sealed s set hash = {ledger.CANONICAL} from audit_ledgerrow l where l.id = s.ledger_id"
    )
    _tamper(rewrite)
    assert _found() == [("hashes rewritten", "seal 1")]


def test_a_seal_rewritten_without_the_key_is_found():
    row = _write(3)[0]
    ledger.seal()
    _tamper("update audit_ledgerrow set act = 'nothing' where id = %s", row)
    _tamper(
        f"update audit_sealed s set hash = {ledger.CANONICAL} from audit_ledgerrow l where l.id = s.ledger_id"
    )
    _tamper(
        "update audit_seal set digest = (select encode(sha256(convert_to(string_agg(hash, '' order by ledger_id),"
        " 'UTF8')), 'hex') from audit_sealed where n = 1) where n = 1"
    )
    assert _found() == [("seal forged", "seal 1")]


def test_a_cut_tail_is_seen_by_the_anchor_outside_the_database():
    _write(2)
    ledger.seal()
    _write(2)
    ledger.seal()
    _tamper("delete from audit_ledgerrow where id in (select ledger_id from audit_sealed where n = 2)")
    _tamper("delete from audit_sealed where n = 2")
    _tamper("delete from audit_seal where n = 2")
    assert _found() == [("tail cut", "seal 2")]


def test_without_its_anchor_the_ledger_does_not_verify():
    _write(1)
    ledger.seal()
    Path(settings.SEAL_ANCHOR).unlink()
    assert _found() == [("anchor missing", "ledger.anchor")]


def test_a_row_that_commits_late_is_sealed_later_and_loses_nothing():
    early = _write(1)[0]
    _tamper(
        "insert into audit_ledgerrow (id, actor_kind, actor_name, act, outcome, clients, episodes, basis, route,"
        " object_kind, object_id, detail) values (1000000, 'job', '', 'x', 'done', '{}', '{}', '', '', '', '', '{}')"
    )
    ledger.seal()
    late = _write(1)[0]
    assert early < late < 1000000
    assert ledger.seal() == 1
    assert ledger.verify() == []


@pytest.mark.parametrize(
    "sql", ["update audit_ledgerrow set act = 'x'", "delete from audit_ledgerrow", "truncate audit_ledgerrow"]
)
def test_the_app_itself_can_only_add(sql):
    _write(1)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert LedgerRow.objects.count() == 1
