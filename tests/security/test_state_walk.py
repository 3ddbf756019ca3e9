"""No path from a session that is worth little to a protected page: every address by GET and by POST with a token."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.access.actions import Action
from portal.database import db
from portal.identity.models import Account, SignIn
from portal.identity.states import FactorState
from portal.vocabulary import SECOND_FACTORS, Method
from tests.long.scenes_of_factors import an_authenticator
from tests.makers.identity import a_sign_in, a_telephone, a_user
from tests.makers.keys import a_key
from tests.makers.organisations import an_operator
from tests.makers.roles import a_request, a_role
from tests.page import PageClient
from tests.web.foundation.test_reach import addresses, everything_kept

pytestmark = pytest.mark.usefixtures("production")
ALWAYS = {
    "account.cards", "sign_in.done", "recovery.press_panic", "account.mailbox", "account.confirm_mailbox",
    "personal_data.hide_nudge",
}  # fmt: skip
"""«My Account» itself, its hint put away, PANIC and the way through the mailbox."""
WITH_FACTOR = ALWAYS | {"second_factor.step_up"}
ADDING = ALWAYS | {
    "account.add_telephone", "account.challenge", "account.challenge_again", "account.cancel_challenge",
    "authenticators.add", "authenticators.confirm", "devices.add", "devices.cancel", "devices.finish",
    "devices.state", "devices.wait", "eids.add", "eids.finish", "security_keys.add", "security_keys.finish",
    "security_keys.options",
}  # fmt: skip
"""A recovery code opens what adds a new factor."""
WITHOUT_FACTOR = WITH_FACTOR | {
    "account.sessions", "account.end_session", "account.end_other_sessions", "account.telephones",
    "account.challenge", "account.challenge_again", "account.cancel_challenge",
    "authenticators.confirm", "authenticators.rename", "devices.cancel", "devices.devices", "devices.finish",
    "devices.rename", "devices.state", "devices.wait", "eids.eids", "personal_data.configure",
    "personal_data.data", "personal_data.delete", "personal_data.keep",
    "personal_data.keep_language", "personal_data.password", "personal_data.personal", "recovery.codes",
    "eids.finish", "security_keys.finish", "security_keys.keys", "security_keys.rename",
}  # fmt: skip
"""Where there is no factor to ask for, the password opens one's own pages; a first factor needs the mailbox too."""


def an_administrator(*, has_factor: bool) -> Account:
    """An administrator with a colleague's request to decide on; whose it is, has the number 1 that is walked to."""
    operator = an_operator()
    a_request(operator, a_user())
    person = a_user()
    a_role(person, operator, administrator=True)
    if has_factor:
        a_telephone(person)
        a_key(person)
    return person


def a_session(visitor: PageClient, person: Account, **values: str | None) -> None:
    """That browser holds a session of the password with these values."""
    row, token = a_sign_in(person, second_factor=False)
    if values:
        db.session.query(SignIn).filter_by(id=row.id).update(dict(values))
        db.session.commit()
    visitor.set_cookie({"sign_in": token})


def walk(app: Flask, visitor: PageClient, own: set[str]) -> list[tuple[str, str, int, str]]:
    """Every protected address but `own` that answered anything but a refusal or the way to a factor."""
    csrf, wrong = visitor.csrf_token(), []
    for method in ("GET", "POST"):
        for endpoint, path, declared in addresses(app, method):
            if not isinstance(declared, Action) or endpoint in own:
                continue
            answer = visitor._ask(method, path, data={"csrf_token": csrf} if method == "POST" else None)
            leads = answer.headers.get("Location", "")
            asks = answer.status_code == 302 and leads.startswith(("/sign-in?", "/step-up?"))
            if not asks and answer.status_code not in (403, 404):
                wrong.append((method, endpoint, answer.status_code, leads))
    return wrong


def check_walk(app: Flask, visitor: PageClient, own: set[str]) -> None:
    """Nothing protected opens, and no row changes."""
    before = everything_kept()
    db.session.rollback()
    assert walk(app, visitor, own) == []
    assert everything_kept() == before


def test_the_password_alone_beside_a_factor_opens_the_cards_panic_and_the_step_up(
    app: Flask, visitor: PageClient
) -> None:
    person = an_administrator(has_factor=True)
    a_session(visitor, person)
    row = db.session.query(SignIn).order_by(SignIn.id.desc()).first()
    assert row is not None
    an_authenticator(person, FactorState.ACTIVE, row.id)
    check_walk(app, visitor, WITH_FACTOR)
    assert visitor.get("/account").status == 200


def test_the_password_alone_without_any_factor_opens_the_own_pages_only(
    app: Flask, visitor: PageClient
) -> None:
    a_session(visitor, an_administrator(has_factor=False))
    check_walk(app, visitor, WITHOUT_FACTOR)
    assert visitor.get("/account").status == 200


@pytest.mark.parametrize("method", [*sorted(SECOND_FACTORS), Method.RECOVERY_CODE])
def test_who_waits_for_a_factor_opens_nothing(app: Flask, visitor: PageClient, method: Method) -> None:
    a_session(visitor, an_administrator(has_factor=True), state="half", method=method.value, assurance=None)
    check_walk(app, visitor, set())


def test_a_session_of_a_recovery_code_adds_a_factor_and_opens_nothing_else(
    app: Flask, visitor: PageClient
) -> None:
    person = an_administrator(has_factor=True)
    person.recovered_at = a_sign_in(person)[0].begun_at
    a_session(visitor, person, method=Method.RECOVERY_CODE.value, assurance="recovery")
    check_walk(app, visitor, ADDING)
    assert visitor.get("/account").status == 200
