"""Lets the invented people act: a session that is over, and the actor the rules would see in it."""

from __future__ import annotations

from sqlalchemy import select

from portal import clock, config, crypto
from portal.access.actor import Actor
from portal.database import db
from portal.environments import environment
from portal.identity import queries as identity
from portal.identity.models import SignIn
from portal.identity.states import SignInState
from portal.roles import queries as roles
from portal.vocabulary import Assurance, Method
from portal.web import current


def past_session(account_id: int) -> SignIn:
    """A session of that account that has ended: whatever was done before the first start was done in it. Commits
    nothing."""
    now = clock.now()
    session = SignIn(
        account_id=account_id, token_hash=crypto.digest(crypto.random_token()), state=SignInState.ENDED.value,
        method=Method.PASSWORD.value, begun_at=now, last_seen_at=now, ended_at=now, network="", browser="",
        environment_key="",
    )  # fmt: skip
    db.session.add(session)
    db.session.flush()
    return session


def actor_for(account_id: int, organisation_id: int) -> Actor:
    """That person acting for that organisation in the current environment, a text message just typed."""
    here = environment.current().value
    held = roles.held_roles(account_id)
    has_factor, is_suspended = identity.standing(account_id, here)
    return Actor(
        account_id=account_id,
        session_id=_any_session(account_id),
        assurance=Assurance.SECOND_FACTOR,
        method=Method.SMS,
        second_factor_at=clock.now(),
        has_factor=has_factor,
        is_suspended=is_suspended,
        holds_role_anywhere=True,
        policy=current.method_policy(here),
        roles=tuple(role for role in held if role.organisation_id == organisation_id),
        other_roles=tuple(role for role in held if role.organisation_id != organisation_id),
        kind=roles.kind_held(account_id),
        strict_validators=config.current().validators == "strict",
    )


def _any_session(account_id: int) -> int:
    own = select(SignIn.id).where(SignIn.account_id == account_id).order_by(SignIn.id).limit(1)
    return db.session.scalar(own) or past_session(account_id).id
