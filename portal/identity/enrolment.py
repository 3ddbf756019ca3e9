"""Second factors and sessions of the own account: numbers added and deleted, the mailbox confirmed, sessions ended."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from portal import clock, crypto
from portal.access.actions import Action
from portal.access.actor import Actor, OwnAccount
from portal.access.authorise import authorise
from portal.audit import events, trail
from portal.database import db
from portal.identity import challenges, factors, links, queries, sign_in
from portal.identity.factors import NotThere
from portal.identity.models import Challenge, SignIn, Telephone
from portal.identity.states import (
    TELEPHONES_AT_MOST,
    ChallengePurpose,
    EndReason,
    LinkPurpose,
    SignInState,
)
from portal.limits import ledger, rates
from portal.messages import catalogue, outbox


class TooManyTelephones(Exception):
    """Ten numbers are on the account already (S0)."""


class TelephoneAlreadyThere(Exception):
    """The number is on this account already."""


def ask_to_add_telephone(number: str, actor: Actor) -> Challenge:
    """Send the code that proves the number (E.164); nothing is on the account before it is typed."""
    authorise(actor, Action.TELEPHONE_ADD, OwnAccount(actor.account_id))
    challenges.check_country(number)
    if queries.telephone_with_number(actor.account_id, number):
        raise TelephoneAlreadyThere
    if queries.number_of_telephones(actor.account_id) >= TELEPHONES_AT_MOST:
        raise TooManyTelephones
    row = db.session.get_one(SignIn, actor.session_id)
    drop_challenge(actor)
    challenge = challenges.send_challenge(row, ChallengePurpose.ADD_TELEPHONE, number=number)
    db.session.commit()
    return challenge


def pending_telephone(actor: Actor) -> tuple[Challenge, str] | None:
    """The open challenge of this browser with its number, for the page that asks for the code."""
    challenge = queries.challenge_by_sign_in(actor.session_id, ChallengePurpose.ADD_TELEPHONE.value)
    if challenge is None or challenge.number_sealed is None:
        return None
    return challenge, crypto.unseal("telephone", challenge.number_sealed)


def send_telephone_code_again(actor: Actor) -> None:
    """The same code once more; raises CodeRejected when there is none."""
    authorise(actor, Action.TELEPHONE_CONFIRM, OwnAccount(actor.account_id))
    found = pending_telephone(actor)
    if found is None:
        raise challenges.CodeRejected(is_dead=True)
    challenges.send_again(found[0], db.session.get_one(SignIn, actor.session_id))


def drop_challenge(actor: Actor) -> None:
    """«Annuler»: the code dies, the number is not added. Commits nothing."""
    challenge = queries.challenge_by_sign_in(actor.session_id, ChallengePurpose.ADD_TELEPHONE.value)
    if challenge is not None:
        challenge.state = "dead"


def cancel_telephone(actor: Actor) -> None:
    """The button «Annuler» of the challenge page."""
    authorise(actor, Action.TELEPHONE_CONFIRM, OwnAccount(actor.account_id))
    drop_challenge(actor)
    db.session.commit()


def add_telephone(typed_code: str, actor: Actor) -> tuple[Telephone, str | None]:
    """«Finaliser»: the right code puts the number on the account; returns it, and for a first factor the session's new
    token. Raises CodeRejected, TooManyTelephones."""
    account = factors.locked_account(actor.account_id)
    now = factors.as_it_stands(actor)
    authorise(now, Action.TELEPHONE_CONFIRM, OwnAccount(account.id))
    challenge = challenges.use_code(actor.session_id, ChallengePurpose.ADD_TELEPHONE, typed_code)
    telephone = _new_telephone(account.id, crypto.unseal("telephone", challenge.number_sealed or ""))
    token = None if now.has_factor else sign_in.first_factor_added(actor.session_id)
    trail.record(events.TelephoneAdded(account.id, telephone.id, not now.has_factor), actor)
    factors.tell(account, catalogue.TelephoneAddedNotice, telephone.last_digits)
    db.session.commit()
    return telephone, token


def _new_telephone(account_id: int, number: str) -> Telephone:
    taken = {t.place for t in queries.telephones_of(account_id)}
    free = [place for place in range(1, TELEPHONES_AT_MOST + 1) if place not in taken]
    if not free:
        db.session.rollback()
        raise TooManyTelephones
    telephone = Telephone(
        account_id=account_id, place=free[0], number_sealed=crypto.seal("telephone", number),
        number_index=crypto.blind_indexes("telephone", number)[0], last_digits=number[-2:], added_at=clock.now(),
    )  # fmt: skip
    db.session.add(telephone)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise TelephoneAlreadyThere from None
    return telephone


def remove_telephone(telephone_id: int, actor: Actor) -> None:
    """Delete a number after a fresh second factor; never the last one of a person who holds a role."""
    authorise(actor, Action.TELEPHONE_REMOVE, OwnAccount(actor.account_id))
    account = factors.locked_account(actor.account_id)
    own = queries.telephones_of(account.id)
    telephone = next((t for t in own if t.id == telephone_id), None)
    if telephone is None:
        raise NotThere
    factors.check_may_go(actor)
    db.session.execute(delete(Telephone).where(Telephone.id == telephone.id))
    trail.record(events.TelephoneRemoved(account.id, telephone.id), actor)
    factors.tell(account, catalogue.TelephoneRemovedNotice, telephone.last_digits)
    db.session.commit()


def send_mailbox_link(actor: Actor) -> None:
    """Before the first factor of an account that holds a role: a link to its mailbox."""
    authorise(actor, Action.MAILBOX_CONFIRM, OwnAccount(actor.account_id))
    # Locked, so that of two links made at once the later one replaces the earlier.
    account = factors.locked_account(actor.account_id)
    ledger.take(rates.LINKS_PER_ACCOUNT, str(account.id))
    link = links.make_link(LinkPurpose.MAILBOX, account=account)
    message = catalogue.MailboxLink(account.first_name, account.last_name, link.id)
    outbox.put(message, outbox.Recipient(account.email, account.language, account.id))
    trail.record(events.MailboxLinkSent(account.id, link.id), actor)
    db.session.commit()


def confirm_mailbox(token: str, browser: str, actor: Actor) -> None:
    """The link was followed in this signed-in browser: a first factor may be added in this session."""
    authorise(actor, Action.MAILBOX_CONFIRM, OwnAccount(actor.account_id))
    link = links.good_link(token, frozenset({LinkPurpose.MAILBOX}), browser)
    if link.account_id != actor.account_id:
        raise links.LinkUnknown
    links.use_link(link)
    db.session.get_one(SignIn, actor.session_id).mailbox_confirmed_at = clock.now()
    trail.record(events.MailboxConfirmed(actor.account_id, link.id), actor)
    db.session.commit()


def end_session(sign_in_id: int, actor: Actor) -> None:
    """End one of the own sessions; raises NotThere for another person's."""
    authorise(actor, Action.SESSION_END, OwnAccount(actor.account_id))
    row = db.session.get(SignIn, sign_in_id)
    if row is None or row.account_id != actor.account_id or row.state != SignInState.OPEN:
        raise NotThere
    sign_in.end(row, EndReason.ENDED_BY_OWNER)
    db.session.commit()


def end_other_sessions(actor: Actor) -> int:
    """End all own sessions but this one; returns how many."""
    authorise(actor, Action.SESSION_END, OwnAccount(actor.account_id))
    others = [row for row in queries.open_sign_ins(actor.account_id) if row.id != actor.session_id]
    ended = [sign_in.end(row, EndReason.ENDED_BY_OWNER) for row in others]
    db.session.commit()
    return sum(ended)
