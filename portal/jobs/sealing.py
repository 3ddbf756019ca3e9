"""Seals the audit trail of every environment and of identity, a bounded part at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from portal import config
from portal.audit import sealing
from portal.audit.chains import IDENTITY
from portal.audit.subjects import Concerned
from portal.environments.environment import Environment, using
from portal.roles.overseers import overseers_of

BATCHES = 50
"""Of a thousand events each, for one chain in one turn; the rest has its turn a minute later."""


def seal() -> int:
    """Seal what was committed; returns how many events."""
    sealed = 0
    for key in config.ENVIRONMENTS:
        with using(Environment(key)):
            sealed += _seal(key, overseers_of)
    return sealed + _seal(IDENTITY, _nobody)


def _seal(chain: str, overseers: sealing.Overseers) -> int:
    sealed = 0
    for _turn in range(BATCHES):
        count = sealing.seal_batch(chain, overseers)
        sealed += count
        if count < sealing.BATCH:
            break
    return sealed


def _nobody(_concerned: Collection[Concerned]) -> Mapping[Concerned, frozenset[int]]:
    """What belongs to no environment stands in no organisation's list."""
    return {}
