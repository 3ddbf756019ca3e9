"""Authenticator apps: no factor before a code, no code twice, no earlier step after a later one, sealed at rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import update

from portal import clock, crypto
from portal.access.actor import Actor
from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.identity import authenticators, queries
from portal.identity.challenges import CodeRejected
from portal.identity.factor_models import Authenticator
from portal.identity.factors import LastFactor, NotThere
from portal.identity.models import Account
from tests.makers.identity import a_sign_in, a_user, a_user_with_telephone, an_actor
from tests.makers.mail import messages_to


def acting(account: Account, *, has_factor: bool = True) -> Actor:
    """That person, signed in."""
    row, _token = a_sign_in(account, second_factor=has_factor)
    return an_actor(account.id, second_factor=has_factor, has_factor=has_factor, session_id=row.id)


def code_of(row: Authenticator) -> str:
    """What the app of that person shows now."""
    return pyotp.TOTP(crypto.unseal("totp", row.secret_sealed)).at(clock.now())


def an_app(actor: Actor, name: str = "my phone") -> Authenticator:
    """An authenticator app that went through its enrolment."""
    row = authenticators.begin(name, actor)
    authenticators.finish(row.id, code_of(row), actor)
    return row


def test_the_secret_is_sealed_and_the_app_is_no_factor_before_its_code(app: Flask) -> None:
    account = a_user()
    row = authenticators.begin("my phone", acting(account, has_factor=False))
    secret = authenticators.secret_of(row)[0].replace(" ", "")
    assert len(secret) == 32
    assert secret not in row.secret_sealed
    assert not queries.has_factor(account.id)


def test_a_first_factor_gives_the_session_another_token_and_a_mail_tells(app: Flask) -> None:
    account = a_user(email="camille@agri.example")
    actor = acting(account, has_factor=False)
    row = authenticators.begin("my phone", actor)
    token = authenticators.finish(row.id, code_of(row), actor)
    assert token is not None
    sign_in = queries.sign_in_by_token(token)
    assert sign_in is not None
    assert sign_in.second_factor_at is not None
    assert "my phone" in messages_to("camille@agri.example")[0].body
    assert db.session.query(AuditEvent).filter_by(name="FactorAdded").count() == 1


def test_five_wrong_codes_end_the_enrolment(app: Flask) -> None:
    actor = acting(a_user_with_telephone())
    row = authenticators.begin("my phone", actor)
    for count in range(5):
        with pytest.raises(CodeRejected) as refused:
            authenticators.finish(row.id, "000000", actor)
        assert refused.value.is_dead is (count == 4)
    with pytest.raises(NotThere):
        authenticators.finish(row.id, code_of(row), actor)


def test_only_the_session_that_began_it_ends_it_and_in_time(app: Flask) -> None:
    account, start = a_user_with_telephone(), clock.now()
    actor = acting(account)
    row = authenticators.begin("my phone", actor)
    with pytest.raises(NotThere):
        authenticators.finish(row.id, code_of(row), acting(account))
    with clock.frozen(start + timedelta(minutes=16)), pytest.raises((NotThere, Refused)):
        authenticators.finish(row.id, code_of(row), actor)


def test_an_app_confirmed_in_another_window_meanwhile_is_not_added_again(app: Flask) -> None:
    actor = acting(a_user())
    row = authenticators.begin("my phone", actor)
    seen = authenticators.pending(row.id, actor)
    elsewhere = update(Authenticator).where(Authenticator.id == row.id).values(state="active")
    db.session.execute(elsewhere.execution_options(synchronize_session=False))
    with pytest.raises(NotThere):
        authenticators.finish(seen.id, code_of(seen), actor)
    assert db.session.query(AuditEvent).filter_by(name="FactorAdded").count() == 0


def test_a_code_is_taken_once_and_no_earlier_one_after_it(app: Flask) -> None:
    account = a_user_with_telephone()
    row = an_app(acting(account))
    secret, start = crypto.unseal("totp", row.secret_sealed), clock.now() + timedelta(minutes=2)
    with clock.frozen(start):
        now, before = (pyotp.TOTP(secret).at(start - timedelta(seconds=back)) for back in (0, 30))
        assert authenticators.use(account.id, now) == row.id
        assert authenticators.use(account.id, now) is None
        assert authenticators.use(account.id, before) is None


def test_a_code_holds_one_step_of_drift_and_no_more(app: Flask) -> None:
    account = a_user_with_telephone()
    row = an_app(acting(account))
    secret, start = crypto.unseal("totp", row.secret_sealed), clock.now() + timedelta(minutes=5)
    with clock.frozen(start):
        assert authenticators.use(account.id, pyotp.TOTP(secret).at(start - timedelta(seconds=60))) is None
        assert authenticators.use(account.id, pyotp.TOTP(secret).at(start - timedelta(seconds=30))) == row.id


def test_the_code_of_another_account_is_worth_nothing(app: Flask) -> None:
    row = an_app(acting(a_user_with_telephone()))
    clock.advance(timedelta(minutes=1))
    assert authenticators.use(a_user_with_telephone().id, code_of(row)) is None


def test_the_last_factor_of_a_person_with_a_role_stays(app: Flask) -> None:
    account = a_user()
    row = an_app(acting(account, has_factor=False))
    actor = replace(acting(account), holds_role_anywhere=True)
    with pytest.raises(LastFactor):
        authenticators.remove(row.id, actor)
    authenticators.remove(row.id, replace(actor, holds_role_anywhere=False))
    assert not queries.has_factor(account.id)
    with pytest.raises(NotThere):
        authenticators.rename(row.id, "another", actor)
