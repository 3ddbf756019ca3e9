"""Registering keys: every check of WebAuthn 7.1 by an answer that fails it alone; limits, removal (M-19, M-21)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.access.actor import Actor
from portal.audit.models import AuditEvent
from portal.database import db
from portal.identity import queries, security_keys
from portal.identity.factor_models import FactorChallenge, SecurityKey
from portal.identity.factors import LastFactor, NotThere
from portal.identity.models import Account
from portal.identity.security_keys import KeyRejected, MalformedAnswer, WishedKey
from tests.makers.identity import a_sign_in, a_user, a_user_with_telephone, an_actor
from tests.makers.keys import BACKED_UP, PRESENT, VERIFIED, SoftKey, a_key
from tests.makers.mail import messages_to


def acting(account: Account, *, has_factor: bool = True) -> Actor:
    """That person, signed in."""
    row, _token = a_sign_in(account, second_factor=has_factor)
    return an_actor(account.id, second_factor=has_factor, has_factor=has_factor, session_id=row.id)


MUTATIONS: dict[str, Any] = {
    "another ceremony": {"client": {"type": "webauthn.get"}},
    "another challenge": {"client": {"challenge": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}},
    "another origin": {"client": {"origin": "https://portal.example.evil.example"}},
    "the origin without its port": {"client": {"origin": "http://localhost"}},
    "a frame of another origin": {"client": {"crossOrigin": True}},
    "a page around it": {"client": {"topOrigin": "https://evil.example"}},
    "another host": {"host": "evil.example"},
    "nobody present": {"flags": VERIFIED},
    "backed up but not eligible": {"flags": PRESENT | BACKED_UP},
    "another identifier": {"id": "AAAA", "rawId": "AAAA"},
    "identifier and raw identifier differ": {"rawId": "AAAA"},
    "no public key": {"type": "password"},
    "a statement where none belongs": {"statement": {"sig": b"x"}},
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_an_answer_with_one_thing_wrong_registers_nothing(app: Flask, mutation: str) -> None:
    account = a_user_with_telephone()
    actor = acting(account)
    answer = SoftKey().register(security_keys.begin(actor), **MUTATIONS[mutation])
    with pytest.raises(KeyRejected):
        security_keys.finish(WishedKey("blue key", answer), actor)
    assert db.session.query(SecurityKey).count() == 0
    assert db.session.query(AuditEvent).filter_by(name="FactorRejected").count() == 1
    assert db.session.query(FactorChallenge).one().state == "used"


def test_an_algorithm_that_was_not_offered_is_refused(app: Flask) -> None:
    actor = acting(a_user_with_telephone())
    answer = SoftKey(algorithm=-35).register(security_keys.begin(actor))
    with pytest.raises(KeyRejected):
        security_keys.finish(WishedKey("blue key", answer), actor)


@pytest.mark.parametrize(
    "answer", [{}, {"id": 7}, {"id": "A" * 1400}, {"id": "AAAA"}, {"id": "AAAA", "response": 1}]
)
def test_what_is_no_answer_at_all_changes_nothing(app: Flask, answer: dict[str, Any]) -> None:
    actor = acting(a_user_with_telephone())
    security_keys.begin(actor)
    with pytest.raises(MalformedAnswer):
        security_keys.finish(WishedKey("blue key", answer), actor)
    db.session.rollback()
    assert db.session.query(SecurityKey).count() == 0


def test_an_identifier_of_any_account_is_taken_once(app: Flask) -> None:
    _row, soft = a_key(a_user_with_telephone())
    other = acting(a_user_with_telephone())
    with pytest.raises(KeyRejected):
        security_keys.finish(WishedKey("mine", soft.register(security_keys.begin(other))), other)
    assert db.session.query(SecurityKey).count() == 1


def test_one_ceremony_takes_one_answer_in_its_own_session_and_in_time(app: Flask) -> None:
    account, start = a_user_with_telephone(), clock.now()
    actor = acting(account)
    options = security_keys.begin(actor)
    with pytest.raises(KeyRejected):
        security_keys.finish(WishedKey("key", SoftKey().register(options)), acting(account))
    with clock.frozen(start + timedelta(minutes=11)), pytest.raises(KeyRejected):
        security_keys.finish(WishedKey("key", SoftKey().register(options)), actor)
    security_keys.finish(WishedKey("key", SoftKey().register(security_keys.begin(actor))), actor)
    with pytest.raises(KeyRejected):
        security_keys.finish(WishedKey("key", SoftKey().register(options)), actor)


def test_the_options_ask_for_what_the_design_says(app: Flask) -> None:
    account = a_user_with_telephone()
    row, _soft = a_key(account)
    options = security_keys.begin(acting(account))
    assert options["rp"]["id"] == "localhost"
    assert options["attestation"] == "none"
    assert [one["id"] for one in options["excludeCredentials"]] == [row.credential_id]
    assert len(options["challenge"]) == 43
    assert account.email not in options["user"]["id"]
    assert [one["alg"] for one in options["pubKeyCredParams"]] == [-7, -8, -257]


def test_a_key_without_user_verification_may_be_registered_and_is_known_as_such(app: Flask) -> None:
    row, _soft = a_key(a_user_with_telephone(), SoftKey(flags=PRESENT, aaguid=bytes(16)))
    assert (row.is_u2f, row.verifies_user) == (True, False)


def test_a_first_key_gives_the_session_another_token_and_a_mail_tells(app: Flask) -> None:
    account = a_user(email="camille@agri.example")
    actor = acting(account, has_factor=False)
    answer = SoftKey().register(security_keys.begin(actor))
    token = security_keys.finish(WishedKey("blue key", answer), actor)
    assert token is not None
    assert queries.sign_in_by_token(token) is not None
    assert "blue key" in messages_to("camille@agri.example")[0].body


def test_the_last_key_of_a_person_with_a_role_stays(app: Flask) -> None:
    account = a_user()
    row, _soft = a_key(account)
    actor = replace(acting(account), holds_role_anywhere=True)
    with pytest.raises(LastFactor):
        security_keys.remove(row.id, actor)
    security_keys.rename(row.id, "red key", actor)
    assert queries.security_keys_of(account.id)[0].name == "red key"
    security_keys.remove(row.id, replace(actor, holds_role_anywhere=False))
    with pytest.raises(NotThere):
        security_keys.own(row.id, actor)


def test_nobody_touches_the_key_of_somebody_else(app: Flask) -> None:
    row, _soft = a_key(a_user_with_telephone())
    stranger = acting(a_user_with_telephone())
    for act in (
        lambda: security_keys.rename(row.id, "x", stranger),
        lambda: security_keys.remove(row.id, stranger),
    ):
        with pytest.raises(NotThere):
            act()
