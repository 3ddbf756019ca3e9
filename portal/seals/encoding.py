"""Keeps asn1crypto from writing nested values over and over: each part once for each value that is written.

The library writes a part anew whenever it is asked for its bytes and was ever changed, three times at each level it is
nested in; and it takes a value whose length ends in the byte 0x80 for one of unknown length and begins again. A stamp
inside a seal has twenty levels: by the chance of its length one seal in thirty took from twelve seconds to hours.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any

from asn1crypto import core

Parts = dict[tuple[int, bool], Any]
_written: ContextVar[Parts | None] = ContextVar("parts_written", default=None)
"""The parts of the value that is being written, kept alive so that no other gets their place in memory."""
_MARK = "writes_parts_once"


def write_parts_once() -> None:
    """Change the library in this process; a second call changes nothing."""
    for kind in (core.Sequence, core.SequenceOf, core.Set, core.SetOf):
        for name, around in (("dump", _whole), ("_set_contents", _part)):
            method = kind.__dict__.get(name)
            if method is not None and not hasattr(method, _MARK):
                changed = around(method)
                setattr(changed, _MARK, True)
                setattr(kind, name, changed)


def _whole(method: Callable[..., bytes]) -> Callable[..., bytes]:
    """The method of the library; nothing changes while it writes, so what is inside is written once."""

    @wraps(method)
    def dump(self: Any, force: bool = False) -> bytes:
        if _written.get() is not None:
            return method(self, force=force)
        token = _written.set({})
        try:
            return method(self, force=force)
        finally:
            _written.reset(token)

    return dump


def _part(method: Callable[..., None]) -> Callable[..., None]:
    @wraps(method)
    def set_contents(self: Any, force: bool = False) -> None:
        done = _written.get()
        if done is None:
            return method(self, force=force)
        if (id(self), True) not in done and (id(self), force) not in done:
            method(self, force=force)
            done[id(self), force] = self
        return None

    return set_contents
