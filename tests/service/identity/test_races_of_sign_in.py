"""What changes while a sign-in is on its way: a new password, an ended session, a first factor in another browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.access.authorise import Refused
from portal.database import db
from portal.identity import challenges, enrolment, links, passwords, queries, registration, sign_in
from portal.identity.models import Challenge
from portal.identity.states import EndReason, LinkPurpose
from portal.limits.ledger import TooMany
from portal.vocabulary import Method
from tests.makers.identity import (
    NUMBER,
    PASSWORD,
    a_sign_in,
    a_user,
    a_user_with_telephone,
    an_actor,
    submitted,
)


def attempt(name: str, method: Method = Method.PASSWORD) -> sign_in.Attempt:
    """The second screen with the right password."""
    return sign_in.Attempt(name, PASSWORD, method, NUMBER, "127.0.0.0/24", "Firefox, Linux", "")


def test_a_password_changed_while_its_hash_is_compared_opens_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, real = a_user(), passwords.is_right

    def slow(known: str | None, typed: str) -> bool:
        right = real(known, typed)
        queries.account_by_id(account.id).password_hash = passwords.hashed("another-lantern-quay-77")  # type: ignore[union-attr]
        db.session.commit()
        return right

    monkeypatch.setattr(passwords, "is_right", slow)
    with pytest.raises(sign_in.PasswordRejected):
        sign_in.begin(attempt(account.email))


def test_a_half_sign_in_that_was_ended_is_not_opened_by_its_code(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = a_user_with_telephone()
    token = sign_in.begin(attempt(account.email, Method.SMS))
    code = challenges.code_of(db.session.query(Challenge).one().id)
    real = challenges.use_code

    def ended_meanwhile(*arguments: Any) -> Challenge:
        used = real(*arguments)
        registration.end_all_sign_ins(account.id, EndReason.PASSWORD_CHANGED)
        return used

    monkeypatch.setattr(challenges, "use_code", ended_meanwhile)
    with pytest.raises(challenges.CodeRejected):
        submitted(token, code)
    assert queries.open_sign_ins(account.id) == []


def test_of_two_browsers_that_add_a_first_number_the_second_must_show_the_first_ones(app: Flask) -> None:
    account = a_user()
    actors = []
    for number in (NUMBER, "+46701740606"):
        row, _token = a_sign_in(account, second_factor=False)
        actor = replace(an_actor(account.id, second_factor=False, has_factor=False), session_id=row.id)
        challenge = enrolment.ask_to_add_telephone(number, actor)
        actors.append((actor, challenges.code_of(challenge.id)))
    (first, code), (second, other_code) = actors
    enrolment.add_telephone(code, first)
    with pytest.raises(Refused):
        enrolment.add_telephone(other_code, second)
    assert len(queries.telephones_of(account.id)) == 1


def test_an_opened_link_is_not_opened_anew_after_its_deadline(app: Flask) -> None:
    account, start = a_user(), clock.now()
    with clock.frozen(start):
        link = links.make_link(LinkPurpose.PASSWORD, account=account)
        db.session.commit()
        links.handed_over(link.id)
        token = links.address_of(link.id).rsplit("/", 1)[1]
    purposes = frozenset({LinkPurpose.PASSWORD})
    with clock.frozen(start + timedelta(minutes=89)):
        links.open_link(token, purposes, "browser")
    with clock.frozen(start + timedelta(minutes=100)):
        links.open_link(token, purposes, "browser")
    with clock.frozen(start + timedelta(minutes=105)), pytest.raises(links.LinkNotGood):
        links.good_link(token, purposes, "browser")


def test_the_mailbox_of_an_account_gets_a_bounded_number_of_links(app: Flask) -> None:
    account = a_user()
    row, _token = a_sign_in(account, second_factor=False)
    actor = replace(an_actor(account.id, second_factor=False, has_factor=False), session_id=row.id)
    for _ in range(5):
        enrolment.send_mailbox_link(actor)
    with pytest.raises(TooMany):
        enrolment.send_mailbox_link(actor)


def test_strange_numbers_being_added_do_not_keep_their_owners_from_signing_in(app: Flask) -> None:
    owner = a_user_with_telephone()
    for _ in range(9):  # each account may send ten an hour
        stranger = a_user()
        row, _token = a_sign_in(stranger, second_factor=False)
        actor = replace(an_actor(stranger.id, second_factor=False, has_factor=False), session_id=row.id)
        try:
            for _ in range(10):
                enrolment.ask_to_add_telephone(NUMBER, actor)
        except TooMany:
            db.session.rollback()
    assert sign_in.begin(attempt(owner.email, Method.SMS))
