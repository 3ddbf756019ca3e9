"""The states of accounts, links, codes and sign-ins, and how long each lives; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from portal.vocabulary import Assurance, Method

LINK_MINUTES = 90
"""S3: «Vous avez 90 minutes pour cliquer sur le lien»; counted from hand-over to the mail server."""
LINK_HOURS_AT_MOST = 24
LINK_OPENED_MINUTES = 15
UNDO_DAYS = 7
"""So long the old mailbox can take back a change of address."""
CODE_MINUTES = 20
"""S0: the SMS «peut mettre jusqu'à 15 minutes»; the code must still work then."""
CODE_TRIES = 5
CODE_FAILURES_PER_HOUR = 10
HALF_SIGNED_IN_MINUTES = 30
APP_CHALLENGE_MINUTES = 2
APP_REQUEST_MINUTES = 5
APP_REQUESTS_AT_ONCE = 3
"""So many requests may wait on the telephones of an account in ten minutes: nobody is worn down by a fourth."""
DEVICE_MINUTES = 10
DEVICES_AT_MOST = 5
PIN_TRIES = 5
RECOVERY_MINUTES = 10
RECOVERY_REST = timedelta(hours=24)
"""After a recovery code was used: so long nothing that protects the account is taken away."""
TELEPHONES_AT_MOST = 10
"""S0: «un maximum de dix numéros de téléphones portables différents»."""


class AccountState(StrEnum):
    """An account exists once its password was set through the link."""

    ACTIVE = "active"
    DISABLED = "disabled"
    CLOSED = "closed"


class LinkPurpose(StrEnum):
    """What a one-time link is good for; a link of one purpose opens no page of another."""

    REGISTER = "register"
    PASSWORD = "password"  # noqa: S105
    MAILBOX = "mailbox"
    NOT_ME = "not-me"
    PANIC = "panic"
    EMAIL_NEW = "email-new"
    EMAIL_UNDO = "email-undo"


class LinkState(StrEnum):
    """What the page of a link says."""

    GOOD = "good"
    EXPIRED = "expired"
    USED = "used"
    REPLACED = "replaced"


class ChallengePurpose(StrEnum):
    """What a code is good for: account + purpose + browser."""

    SIGN_IN = "sign-in"
    ADD_TELEPHONE = "add-telephone"
    STEP_UP = "step-up"
    ADD_KEY = "add-key"


class ChallengeState(StrEnum):
    """A challenge is used once or dies; one that a telephone answers is approved or refused before."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    USED = "used"
    DEAD = "dead"


class FactorState(StrEnum):
    """Where a device or an authenticator app stands; only an active one is a factor."""

    PENDING = "pending"
    SCANNED = "scanned"
    ACTIVE = "active"
    STOPPED = "stopped"
    DROPPED = "dropped"


class SuspensionReason(StrEnum):
    """Why a person is kept out until somebody vouches."""

    PANIC = "panic"
    LOST_PHONE = "lost-phone"


class Recognised(StrEnum):
    """How whoever lifts a suspension knew that it was the person."""

    CALL_BACK = "call-back"
    IN_PERSON = "in-person"
    COMMAND = "command"


class SignInState(StrEnum):
    """Half: the password was right, the second factor is awaited; it reaches no page."""

    HALF = "half"
    OPEN = "open"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why a sign-in ended."""

    SIGNED_OUT = "signed-out"
    ENDED_BY_OWNER = "ended-by-owner"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105
    DISOWNED = "disowned"
    REPLACED = "replaced"
    PANIC = "panic"
    LOST_PHONE = "lost-phone"
    CLOSED = "closed"


ENDED_IN_PEACE = frozenset({EndReason.SIGNED_OUT, EndReason.REPLACED})
"""Whoever goes on elsewhere or goes home; every other end says that somebody else may have been signed in."""


@dataclass(frozen=True)
class LinkFacts:
    """The times of a one-time link that decide what it is worth."""

    requested_at: datetime
    handed_over_at: datetime | None = None
    opened_at: datetime | None = None
    used_at: datetime | None = None
    replaced_at: datetime | None = None
    minutes: int = LINK_MINUTES
    hours_at_most: int = LINK_HOURS_AT_MOST

    @property
    def deadline(self) -> datetime:
        """When it must have been opened: 90 minutes after hand-over, at most a day after the request."""
        last = self.requested_at + timedelta(hours=self.hours_at_most)
        if self.handed_over_at is None:
            return last
        return min(last, self.handed_over_at + timedelta(minutes=self.minutes))

    def state_at(self, moment: datetime, *, same_browser: bool) -> LinkState:
        """What the link is worth; the browser that opened it in time has 15 minutes more."""
        if self.used_at:
            return LinkState.USED
        if self.replaced_at:
            return LinkState.REPLACED
        if moment <= self.deadline:
            return LinkState.GOOD
        grace = self.opened_at and moment <= self.opened_at + timedelta(minutes=LINK_OPENED_MINUTES)
        return LinkState.GOOD if grace and same_browser else LinkState.EXPIRED


@dataclass(frozen=True)
class SignInProgress:
    """The ladder of factors: what is needed in which order, what was shown so far."""

    needed: tuple[Method, ...]
    done: tuple[Method, ...] = ()

    @property
    def next_step(self) -> Method | None:
        """The factor to show now; None when the sign-in is complete."""
        return self.needed[len(self.done)] if len(self.done) < len(self.needed) else None

    def submit(self, factor: Method) -> SignInProgress:
        """One step up; a factor out of turn is refused."""
        if factor is not self.next_step:
            raise FactorOutOfTurn(factor)
        return replace(self, done=(*self.done, factor))

    @property
    def assurance(self) -> Assurance | None:
        """What the sign-in is worth; None while it is not complete."""
        if self.next_step is not None:
            return None
        if Method.RECOVERY_CODE in self.done:
            return Assurance.RECOVERY
        return Assurance.PASSWORD if self.done == (Method.PASSWORD,) else Assurance.SECOND_FACTOR


class FactorOutOfTurn(Exception):
    """A factor was submitted that is not the next step."""


def ladder_for(method: Method) -> SignInProgress:
    """The ladder that the chosen method of the list stands for; an eID needs no password beside it (S0)."""
    if method in (Method.PASSWORD, Method.EID):
        return SignInProgress((method,))
    return SignInProgress((Method.PASSWORD, method))
