"""What one person did to certificates is read by one range of an index; a warning of a role names whose role it was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "019"
down_revision = "018"
branch_labels = None
depends_on = None

BEFORE, NOW = "ix_audit_events_actor_account_id", "ix_audit_events_doings"
OF_A_ROLE = "certificate_warnings.reason = 'role-wrong'"


def upgrade() -> None:
    op.create_index(NOW, "audit_events", ["actor_account_id", "subject_kind", "occurred_at"], unique=False)
    op.drop_index(BEFORE, table_name="audit_events")
    # Until now a role was one that had signed: who that was, and for which office, stands with the certificate.
    op.execute(
        sa.text(
            "UPDATE certificate_warnings SET subject = ("  # noqa: S608 - constants
            "SELECT CAST(c.signed_by AS VARCHAR(20)) || '.' || CAST(c.issuer_id AS VARCHAR(20)) FROM certificates c "
            f"WHERE c.id = certificate_warnings.certificate_id) WHERE {OF_A_ROLE} AND subject = '' "
            "AND EXISTS (SELECT 1 FROM certificates c WHERE c.id = certificate_warnings.certificate_id "
            "AND c.signed_by IS NOT NULL AND c.issuer_id IS NOT NULL)"
        )
    )


def downgrade() -> None:
    op.execute(
        sa.text(
            f"DELETE FROM certificate_warnings WHERE {OF_A_ROLE} AND EXISTS ("  # noqa: S608 - constants
            "SELECT 1 FROM certificate_warnings other WHERE other.reason = 'role-wrong' "
            "AND other.certificate_id = certificate_warnings.certificate_id "
            "AND other.subject < certificate_warnings.subject)"
        )
    )
    op.execute(sa.text(f"UPDATE certificate_warnings SET subject = '' WHERE {OF_A_ROLE}"))  # noqa: S608 - constants
    op.create_index(BEFORE, "audit_events", ["actor_account_id"], unique=False)
    op.drop_index(NOW, table_name="audit_events")
