"""Sweeps away what was only asked: challenges long over, and devices that were begun and never became a factor."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from portal import clock
from portal.database import db, rows_changed
from portal.identity.factor_models import Authenticator, FactorChallenge, MobileDevice
from portal.identity.models import Challenge
from portal.identity.states import FactorState

KEPT = timedelta(days=30)
"""So long a question «was that code mine?» can still be answered from the rows; the audit keeps what happened."""


def sweep() -> int:
    """Delete what is older than a month and no factor; returns the rows that went."""
    over = clock.now() - KEPT
    begun = FactorState.PENDING, FactorState.SCANNED, FactorState.DROPPED
    gone = 0
    for table, is_over in (
        (Challenge, Challenge.expires_at < over),
        (FactorChallenge, FactorChallenge.expires_at < over),
        (MobileDevice, MobileDevice.state.in_(begun) & (MobileDevice.expires_at < over)),
        (Authenticator, Authenticator.state.in_(begun) & (Authenticator.expires_at < over)),
    ):
        gone += rows_changed(db.session.execute(delete(table).where(is_over)))
    db.session.commit()
    return gone
