"""`every_environment(reason)`: the one door to rows of all environments, for command line, delivery and audit."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from portal.environments import environment
from portal.environments.scope import all_environments


@contextlib.contextmanager
def every_environment(reason: str) -> Iterator[None]:
    """Inside the block scoped reads see every environment; the reason is required and for the reader of the code."""
    if not reason:
        raise ValueError("every_environment needs a reason")
    token = all_environments.set(True)
    for act in environment._on_switch:
        act()
    try:
        yield
    finally:
        all_environments.reset(token)
        for act in environment._on_switch:
            act()
