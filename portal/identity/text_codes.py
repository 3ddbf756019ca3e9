"""The second factor by SMS, shown at the sign-in or in place: its code asked for, asked for again, and typed."""

from __future__ import annotations

from sqlalchemy import update

from portal import clock, crypto
from portal.access.actions import Action
from portal.access.actor import Actor, OwnAccount
from portal.access.authorise import authorise
from portal.audit import factor_events, trail
from portal.database import db
from portal.identity import challenges, queries, sign_in
from portal.identity.models import SignIn, Telephone
from portal.identity.states import ChallengePurpose
from portal.vocabulary import Method


def ask_to_step_up(number: str, occasion: str, actor: Actor) -> None:
    """A code to that E.164 number of the account, in an open session; `occasion` is the word of what it is for."""
    authorise(actor, Action.STEP_UP, OwnAccount(actor.account_id))
    row = db.session.get_one(SignIn, actor.session_id)
    sign_in.send_code(row, ChallengePurpose.STEP_UP, number, occasion)
    db.session.commit()


def submit_code(row: SignIn, typed: str, replacing: str | None = None) -> str:
    """The code of the SMS shows the factor; returns the new token of the browser. Raises CodeRejected."""
    challenge = challenges.use_code(row.id, sign_in.purpose_of(row), typed)
    touched = update(Telephone).where(Telephone.id == challenge.telephone_id)
    db.session.execute(touched.values(last_used_at=clock.now()))
    shared = queries.duty_phone_with(crypto.unseal("telephone", challenge.number_sealed or ""))
    if shared is not None:
        event = factor_events.SharedFactorShown(row.account_id, shared.id, row.id)
        trail.record(event, account_id=row.account_id)
    return sign_in.factor_shown(row, Method.SMS, replacing=replacing)


def send_code_again(row: SignIn) -> None:
    """The same code again to the same number; raises CodeRejected when there is none to send."""
    challenge = queries.challenge_by_sign_in(row.id, sign_in.purpose_of(row).value)
    if challenge is None:
        raise challenges.CodeRejected(is_dead=True)
    challenges.send_again(challenge, row)
