"""The same code, link and password at the same moment from twenty windows: one of them arrives."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from bench.visiting import Visitor
from portal import clock, crypto
from portal.database import db
from portal.identity import links
from portal.identity.challenges import code_of, send_challenge
from portal.identity.models import Account, Registration, SignIn, Telephone
from portal.identity.states import TELEPHONES_AT_MOST, ChallengePurpose, LinkPurpose
from tests.long.place import CLIENTS, Place, at_once, check_none_is_busy, leading_to, send_at_once
from tests.makers.identity import PASSWORD, a_telephone, a_user, a_user_with_telephone

pytestmark = pytest.mark.long
NEW_PASSWORD = "fenouil-barrique-oiseau-71"
ROUNDS = 10


def open_sign_ins(account_id: int) -> int:
    """How many complete sign-ins the account has."""
    query = select(func.count()).where(SignIn.account_id == account_id, SignIn.state == "open")
    return db.session.scalar(query) or 0


def test_of_twenty_times_the_same_code_one_signs_in(place: Place) -> None:
    with place.inside():
        person = a_user_with_telephone()
    visitor = place.visitor()
    code = visitor.begin_sign_in(person.email, PASSWORD, "+46701740605")

    answers = send_at_once(visitor, "/sign-in/code", {"part1": code[:4], "part2": code[5:]})

    assert len(leading_to(answers, "/account")) == 1
    with place.inside():
        assert open_sign_ins(person.id) == 1
    assert place.events("SignedIn", actor_account_id=person.id) == 1


def test_of_twenty_browsers_with_the_same_registration_link_one_opens_the_account(place: Place) -> None:
    with place.inside():
        path = a_registration_link("noa.lien@agri.example")
    browsers = [opened(place.visitor(), path) for _number in range(CLIENTS)]
    tokens = [browser.get("/password/new").token for browser in browsers]
    fields = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}

    answers = at_once(
        *(
            lambda browser=browser, token=token: browser.post(
                "/password/new", {"csrf_token": token, **fields}
            )
            for browser, token in zip(browsers, tokens, strict=True)
        )
    )

    check_none_is_busy(answers)
    assert len(leading_to(answers, "/sign-in/done")) == 1
    assert {answer.status for answer in answers} == {302, 410}
    with place.inside():
        account = db.session.scalars(select(Account).where(Account.email == "noa.lien@agri.example")).one()
        assert open_sign_ins(account.id) == 1


def a_registration_link(address: str) -> str:
    """A link that was just handed over; its path."""
    row = Registration(
        email=address,
        email_key=address,
        first_name="Noa",
        last_name="Lien",
        language="en",
        requested_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    link = links.make_link(LinkPurpose.REGISTER, registration=row)
    link.handed_over_at = clock.now()
    db.session.commit()
    return urlsplit(links.address_of(link.id)).path


def opened(visitor: Visitor, path: str) -> Visitor:
    """The browser after the button of the link's page was pressed."""
    assert visitor.send_form(path, {}).location == "/password/new"
    return visitor


def test_of_twenty_browsers_with_the_same_password_link_one_sets_the_password(place: Place) -> None:
    with place.inside():
        person = a_user()
        link = links.make_link(LinkPurpose.PASSWORD, account=person)
        link.handed_over_at = clock.now()
        db.session.commit()
        path = urlsplit(links.address_of(link.id)).path
    browsers = [opened(place.visitor(), path) for _number in range(CLIENTS)]
    tokens = [browser.get("/password/new").token for browser in browsers]

    def choose(number: int) -> object:
        password = f"{NEW_PASSWORD}-{number}"
        fields = {"csrf_token": tokens[number], "password": password, "again": password}
        return browsers[number].post("/password/new", fields)

    answers = at_once(*(lambda number=number: choose(number) for number in range(CLIENTS)))

    check_none_is_busy(answers)  # type: ignore[arg-type]
    assert len(leading_to(answers, "/sign-in/done")) == 1  # type: ignore[arg-type]
    assert place.events("PasswordChanged", actor_account_id=person.id) == 1


def test_the_tenth_and_the_eleventh_number_at_once_are_ten_in_all(place: Place) -> None:
    for number in range(ROUNDS):
        with place.inside():
            person = a_user()
            for digits in range(TELEPHONES_AT_MOST - 1):
                a_telephone(person, f"+4670175{number:02}{digits:02}")
            waiting = [a_waiting_number(place, person, f"+4670176{number:02}{last:02}") for last in (1, 2)]
        tokens = [browser.get("/account/telephones/challenge").token for browser, _code in waiting]

        answers = at_once(
            *(
                lambda browser=browser, code=code, token=token: browser.post(
                    "/account/telephones/challenge",
                    {"csrf_token": token, "part1": code[:4], "part2": code[4:]},
                )
                for (browser, code), token in zip(waiting, tokens, strict=True)
            )
        )

        check_none_is_busy(answers)
        assert len(leading_to(answers, "/account/telephones")) == 1
        with place.inside():
            query = select(func.count()).where(Telephone.account_id == person.id)
            assert db.session.scalar(query) == TELEPHONES_AT_MOST


def a_waiting_number(place: Place, account: Account, number: str) -> tuple[Visitor, str]:
    """A browser that was sent a code for one more number, and the code."""
    browser = place.browser_of(account)
    row = db.session.scalars(
        select(SignIn).where(SignIn.account_id == account.id).order_by(SignIn.id.desc())
    ).first()
    assert row is not None
    challenge = send_challenge(row, ChallengePurpose.ADD_TELEPHONE, number=number)
    db.session.commit()
    assert crypto.unseal("telephone", challenge.number_sealed or "") == number
    return browser, code_of(challenge.id)
