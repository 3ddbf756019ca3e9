"""Whoever changes the trail in the database directly is told of: the row is named (L-03)."""

from __future__ import annotations

import pytest

from portal import crypto
from portal.audit import verifying
from portal.audit.chains import CHAINS, IDENTITY, PURPOSE
from portal.audit.models import AuditHead, AuditRoot
from portal.audit.sealing import head_text
from portal.audit.verifying import verify_chain
from portal.database import db
from portal.jobs import sealing
from tests.makers.audit import DELETE, UPDATE, sealed_days, some_events, tamper

pytestmark = pytest.mark.usefixtures("app")


def wrong() -> list[str]:
    """What is found in the chain of identity."""
    return verify_chain(IDENTITY).wrong


def test_an_untouched_trail_is_right_and_says_how_far_it_is_sealed() -> None:
    sealed_days(2)
    some_events(1)
    sealing.seal()
    some_events(2)
    report = verify_chain(IDENTITY)
    assert (report.wrong, report.position, report.roots, report.unsealed) == ([], 7, 2, 2)
    assert all(verify_chain(chain).wrong == [] for chain in CHAINS)


def test_a_trail_longer_than_what_is_read_at_once_is_walked_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verifying, "ROWS", 2)
    monkeypatch.setattr(sealing.sealing, "BATCH", 3)
    for count in (6, 5):
        sealed_days(1, count)
        report = verify_chain(IDENTITY)
        assert (report.wrong, report.position) == ([], 6 if count == 6 else 11)


@pytest.mark.parametrize(
    "change",
    ["facts = '{}'", "actor_account_id = 99", "actor_account_id = NULL", "name = 'RoleValidated'",
     "subject_id = 1", "occurred_at = '2020-01-01 00:00:00+00:00'", "correlation = 'x'", "account_id = 1"],
)  # fmt: skip
def test_a_changed_row_is_named_and_the_day_it_belongs_to(change: str) -> None:
    numbers = sealed_days(2)
    if db.engine.dialect.name == "sqlite":
        change = change.replace("+00:00", ".000000")
    tamper(UPDATE(change, f"id = {numbers[1]}"))
    found = wrong()
    assert found[0] == f"event {numbers[1]} at position 2: changed since it was sealed"
    assert found[1].endswith("the events of the day are not those it was made of")
    assert len(found) == 2, "what comes after it is told apart from it"


def test_a_deleted_row_is_missed() -> None:
    numbers = sealed_days(1, 4)
    tamper(DELETE(f"id IN ({numbers[1]}, {numbers[2]})"))
    assert wrong()[0] == f"position 2 to 3: missing, before event {numbers[3]}"


def test_rows_deleted_at_the_end_are_missed() -> None:
    numbers = some_events(3)
    sealing.seal()
    tamper(DELETE(f"id >= {numbers[1]}"))
    assert wrong() == ["position 2 to 3: missing at the end of the chain"]


def test_two_rows_that_changed_places_are_named() -> None:
    one, two, three = sealed_days(1)
    swap = "UPDATE audit_events SET seal_position = {1} WHERE id = {0}".format
    tamper(swap(one, 99), swap(two, 1), swap(one, 2))
    found = wrong()
    assert found[0] == f"event {two} at position 1: changed since it was sealed"
    assert found[1] == f"event {one} at position 2: changed since it was sealed"


def test_an_inserted_row_is_named() -> None:
    numbers = sealed_days(1)
    columns = "occurred_at, name, subject_kind, subject_id, correlation, facts"
    copy = "INSERT INTO audit_events (id, {0}, seal_position, seal_hash) SELECT 900, {0}, 0, 'x' FROM audit_events"
    tamper(f"{copy.format(columns)} WHERE id = {numbers[0]}")
    assert "event 900: inserted at position 0" in wrong()


def forged(row: AuditHead | AuditRoot) -> None:
    """Signed anew with a key of one's own, which needs no secret of the portal."""
    text = row.root_hash if isinstance(row, AuditRoot) else head_text(row)
    row.public_key, row.signature = crypto.sign("another purpose", text)
    db.session.commit()


def test_a_changed_root_is_found_and_cannot_be_signed_anew() -> None:
    sealed_days(2)
    root = db.session.query(AuditRoot).order_by(AuditRoot.id).first()
    assert root is not None
    root.tree_hash = "ab" * 32
    db.session.commit()
    found = wrong()
    assert found[0].startswith("root of ")
    assert found[0].endswith("its hash does not match its content")
    forged(root)
    assert any("signed with a key that is not configured here" in sentence for sentence in wrong())


def test_a_root_and_its_events_taken_away_together_are_missed() -> None:
    numbers = sealed_days(2)
    last = db.session.query(AuditRoot).order_by(AuditRoot.id.desc()).first()
    assert last is not None
    db.session.delete(last)
    tamper(DELETE(f"id >= {numbers[3]}"))
    assert wrong()[0] == "position 4 to 6: missing at the end of the chain"
    head = db.session.get_one(AuditHead, IDENTITY)
    head.position = 3
    forged(head)
    assert "the head of the chain: its signature is wrong" in wrong()


def test_roots_kept_outside_find_what_was_written_anew_with_the_portals_own_key() -> None:
    sealed_days(2)
    kept = {root.day.isoformat(): root.root_hash for root in db.session.query(AuditRoot)}
    assert verify_chain(IDENTITY, kept).wrong == []
    tamper(
        "UPDATE audit_events SET seal_position = NULL, seal_hash = NULL, facts = '{}'",
        "DELETE FROM audit_roots", "DELETE FROM audit_heads", "DELETE FROM audit_subjects",
    )  # fmt: skip
    sealing.seal()
    assert wrong() == [], "inside the database everything fits again"
    assert len(verify_chain(IDENTITY, kept).wrong) == 2
    assert crypto.public_keys(PURPOSE)
