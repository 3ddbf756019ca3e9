"""The words of long work: its kinds, its states, and a sentence for what became of an item."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.work.states import ItemState, WorkState

KINDS: dict[str, Any] = {}
"""The name of each kind of work; the journeys that begin it fill this."""
STATES = {
    WorkState.WAITING: _l("Waiting to begin"),
    WorkState.RUNNING: _l("Running"),
    WorkState.DONE: _l("Ended"),
    WorkState.STOPPED: _l("Stopped"),
}
ITEM_STATES = {
    ItemState.WAITING: _l("Waiting"),
    ItemState.DONE: _l("Done"),
    ItemState.REFUSED: _l("Not done"),
}
OUTCOMES: dict[str, Any] = {
    "": _l("Not tried yet."),
    "done": _l("Done."),
    "failed": _l("This failed for a reason on our side. Nothing of it was stored; try it again later."),
}
"""A sentence for each outcome; its placeholders are the facts of the item."""


def sentence(word: str, facts: dict[str, Any]) -> str:
    """What became of an item, in words."""
    return str(OUTCOMES[word]) % facts
