"""Gives a generated register the past it would have: the audit event of every request that was ever made."""

from __future__ import annotations

from sqlalchemy import text

from portal import create_app
from portal.database import db, renew_statistics, writes_ahead

EVENTS = """
INSERT INTO audit_events (occurred_at, environment, name, subject_kind, subject_id, organisation_id, account_id,
                          actor_account_id, correlation, facts)
SELECT requested_at, environment, 'RoleRequested', 'role', id, organisation_id, account_id, account_id, 'generated',
       '{"account_id": ' || account_id || ', "organisation_id": ' || organisation_id || '}'
FROM roles
WHERE id > (SELECT coalesce(max(subject_id), 0) FROM audit_events WHERE correlation = 'generated') AND id <= :up_to
ORDER BY id
"""
AT_ONCE = 20_000
WHY = {"unscoped": "fills the past of a benchmark's own register"}


def write_history() -> None:
    """Some thousand events in each transaction: one statement may not take longer than a page may."""
    newest = db.session.scalar(text("SELECT max(id) FROM roles"), execution_options=WHY) or 0
    for up_to in range(AT_ONCE, newest + AT_ONCE, AT_ONCE):
        db.session.execute(text(EVENTS), {"up_to": up_to}, execution_options=WHY)
        db.session.commit()
    renew_statistics()


if __name__ == "__main__":
    with create_app().app_context():
        writes_ahead.set(True)
        write_history()
