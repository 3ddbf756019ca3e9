"""Looks in every environment for requests that wait too long."""

from __future__ import annotations

from portal import config
from portal.environments.environment import Environment, using
from portal.roles import ageing


def remind() -> int:
    """Tell those who may decide, and later the authority above; returns of how many requests."""
    taken = 0
    for key in config.current().environments:
        with using(Environment(key)):
            taken += ageing.run_due()
    return taken
