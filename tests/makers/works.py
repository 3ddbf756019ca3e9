"""Makers of long work."""

from __future__ import annotations

from portal.work import ledger
from portal.work.models import Work


def work_now(work_id: int) -> Work:
    """The work as the database has it now."""
    work = ledger.work_by_id(work_id)
    assert work is not None
    return work
