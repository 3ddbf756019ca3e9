"""The chains of the audit trail: one for each environment, and one for identity, which belongs to none."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from portal import config
from portal.audit.models import AuditEvent

IDENTITY = "identity"
CHAINS = (*config.ENVIRONMENTS, IDENTITY)
PURPOSE = "audit"
"""What the signing key of heads and roots is derived for."""


def is_in(chain: str) -> ColumnElement[bool]:
    """Whether an event belongs to that chain."""
    if chain == IDENTITY:
        return AuditEvent.environment.is_(None)
    return AuditEvent.environment == chain
