"""Reads what the seal has made: daily roots, and how far each chain is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.audit.models import AuditHead, AuditRoot
from portal.audit.sealing import root_fields
from portal.database import db

SHOWN_AT_ONCE = 31


def roots_of(chain: str, first: date = date.min, last: date = date.max) -> Sequence[AuditRoot]:
    """The daily roots of a chain from one day to another, oldest first."""
    query = select(AuditRoot).where(AuditRoot.chain == chain, AuditRoot.day >= first, AuditRoot.day <= last)
    return db.session.scalars(query.order_by(AuditRoot.last_position)).all()


def newest_roots(chain: str) -> Sequence[AuditRoot]:
    """The daily roots of the last month, newest first."""
    query = select(AuditRoot).where(AuditRoot.chain == chain)
    return db.session.scalars(query.order_by(AuditRoot.last_position.desc()).limit(SHOWN_AT_ONCE)).all()


def head_of(chain: str) -> AuditHead | None:
    """How far the chain is sealed; None before the first seal."""
    return db.session.get(AuditHead, chain)


def shown(root: AuditRoot) -> dict[str, Any]:
    """A root with its hash and signature, as it is printed and exported."""
    proof = {name: getattr(root, name) for name in ("root_hash", "public_key", "signature")}
    return root_fields(root) | proof
