"""Makers of people: accounts, telephones, sign-ins; short names, sensible defaults."""

from __future__ import annotations

import itertools

from portal import clock, crypto
from portal.access.actor import Actor, MethodPolicy, RoleHeld
from portal.database import db
from portal.identity import passwords, sign_in, text_codes
from portal.identity.challenges import CodeRejected
from portal.identity.models import Account, SignIn, Telephone
from portal.identity.registration import RegistrationWish, new_account
from portal.vocabulary import Assurance, Method, OrganisationKind
from tests.page import PageClient

PASSWORD = "lanterne-violette-quai-94"
NUMBER = "+46701740605"
_numbers = itertools.count(1)


def a_user(
    first_name: str = "Camille", last_name: str = "Exemple", *, email: str = "", language: str = "en",
    password: str = PASSWORD,
) -> Account:  # fmt: skip
    """An active account with a password and no factor."""
    address = email or f"person{next(_numbers)}@agri.example"
    account = new_account(
        RegistrationWish(first_name, last_name, address, language), passwords.hashed(password)
    )
    db.session.commit()
    return account


def a_telephone(account: Account, number: str = NUMBER) -> Telephone:
    """A number on the account."""
    place = len(db.session.query(Telephone).filter_by(account_id=account.id).all()) + 1
    telephone = Telephone(
        account_id=account.id, place=place, number_sealed=crypto.seal("telephone", number),
        number_index=crypto.blind_indexes("telephone", number)[0], last_digits=number[-2:], added_at=clock.now(),
    )  # fmt: skip
    db.session.add(telephone)
    db.session.commit()
    return telephone


def a_user_with_telephone(first_name: str = "Camille", last_name: str = "Exemple", **more: str) -> Account:
    """An active account with a password and one number."""
    account = a_user(first_name, last_name, **more)  # type: ignore[arg-type]
    a_telephone(account)
    return account


def a_sign_in(
    account: Account, *, second_factor: bool = True, state: str = "open", environment_key: str = ""
) -> tuple[SignIn, str]:
    """A living sign-in and its token; with the password alone unless `second_factor`."""
    token, now = crypto.random_token(), clock.now()
    row = SignIn(
        account_id=account.id, token_hash=crypto.digest(token), state=state,
        method=(Method.SMS if second_factor else Method.PASSWORD).value,
        assurance=(Assurance.SECOND_FACTOR if second_factor else Assurance.PASSWORD).value,
        begun_at=now, last_seen_at=now, second_factor_at=now if second_factor else None,
        network="127.0.0.0/24", browser="Firefox, Linux", environment_key=environment_key,
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row, token


def sign_in_browser(client: PageClient, account: Account, *, second_factor: bool = True) -> PageClient:
    """That browser is signed in as that person."""
    _row, token = a_sign_in(account, second_factor=second_factor)
    client.set_cookie({"sign_in": token})
    return client


def an_actor(
    account_id: int = 1, *roles: RoleHeld, second_factor: bool = True, kind: OrganisationKind | None = None,
    has_factor: bool = True, strict: bool = False, session_id: int = 1,
) -> Actor:  # fmt: skip
    """A person as the rules see them, without any database."""
    return Actor(
        account_id=account_id, session_id=session_id,
        assurance=Assurance.SECOND_FACTOR if second_factor else Assurance.PASSWORD,
        method=Method.SMS if second_factor else Method.PASSWORD,
        second_factor_at=clock.now() if second_factor else None,
        has_factor=has_factor, policy=MethodPolicy(True, frozenset({Method.SMS})), roles=tuple(roles),
        kind=kind or (roles[0].kind if roles else None), strict_validators=strict,
    )  # fmt: skip


def submitted(token: str, code: str) -> str:
    """The SMS code typed in the browser with that token; returns the new token. Raises CodeRejected."""
    row = sign_in.half_sign_in(token)
    if row is None:
        raise CodeRejected(is_dead=True)
    return text_codes.submit_code(row, code)
