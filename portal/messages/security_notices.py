"""Messages about factors, sessions and what people change of themselves; the rest stands in `catalogue`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.messages.catalogue import Message
from portal.vocabulary import Channel


@dataclass(frozen=True)
class StepUpCode(Message):
    """SMS: the code that confirms an act in an open session; `occasion` is a word of `access.actions.Freshness`."""

    channel: ClassVar[Channel] = Channel.SMS
    account: str
    environment_key: str
    occasion: str
    challenge_id: int


@dataclass(frozen=True)
class SignedInNotice(Message):
    """Somebody signed in from a browser or network not seen before (or at all, if the person wants each one told)."""

    first_name: str
    last_name: str
    browser: str
    network: str
    signed_in_at: str
    link_id: int
