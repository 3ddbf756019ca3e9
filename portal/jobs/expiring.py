"""Looks in every environment for roles whose last day comes or is over."""

from __future__ import annotations

from portal import config
from portal.environments.environment import Environment, using
from portal.roles import expiry


def expire() -> int:
    """Announce ends and end roles; returns how many."""
    taken = 0
    for key in config.current().environments:
        with using(Environment(key)):
            taken += expiry.run_due()
    return taken
