"""One code, one link, one suspension and many hands at the same moment: exactly one of them succeeds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from bench.visiting import Answer, Visitor
from portal import clock, crypto
from portal.database import db
from portal.identity import queries, recovery, standing
from portal.identity.factor_models import Suspension
from portal.identity.models import Account, SignIn
from portal.identity.states import LinkPurpose
from portal.messages.models import OutgoingMessage
from portal.vocabulary import Method
from tests.long.place import CLIENTS, Place, at_once, check_none_is_busy, leading_to, send_at_once
from tests.long.scene import a_link, rows
from tests.long.scenes_of_factors import FactorState, an_authenticator, newest_sign_in
from tests.long.scenes_of_recovery import MEMBERS, half_signed_in
from tests.makers.identity import a_user_with_telephone
from tests.makers.organisations import an_operator
from tests.makers.roles import a_member, acting
from tests.service.roles.test_lifting import suspended

pytestmark = pytest.mark.long
BROWSERS = 3
"""More of one account cannot wait for a code at once."""
ROUNDS = 5
IN_PERSON = {"recognised": "in-person"}


def windows_of(browsers: Sequence[Visitor], count: int = CLIENTS) -> list[Visitor]:
    """So many windows, shared out among the browsers."""
    return [browsers[number % len(browsers)].twin() for number in range(count)]


def send_from(
    windows: Sequence[Visitor], path: str, fields: dict[str, Any], form_on: str = ""
) -> list[Answer]:
    """The form sent by all these windows at once; none may be told to try later."""
    tokens = [window.get(form_on or path).token for window in windows]
    answers = at_once(
        *(
            partial(window.post, path, {"csrf_token": token, **fields})
            for window, token in zip(windows, tokens, strict=True)
        )
    )
    check_none_is_busy(answers)
    return answers


def opened(account: Account, assurance: str) -> int:
    """How many open sign-ins of that worth the account has."""
    own = SignIn.account_id == account.id, SignIn.state == "open"
    return rows(SignIn, *own, SignIn.assurance == assurance)


def test_of_twenty_uses_of_one_recovery_code_one_opens_a_session(place: Place) -> None:
    with place.inside():
        person = a_user_with_telephone()
        code = recovery.make(acting(person))[4]
        browsers = [half_signed_in(place, person) for _number in range(BROWSERS)]

    answers = send_from(windows_of(browsers), "/sign-in/recovery", {"code": code})

    assert len(leading_to(answers, "/account")) == 1
    assert place.events("RecoveryCodeUsed", actor_account_id=person.id) == 1
    with place.inside():
        assert recovery.left(person.id) == recovery.CODES - 1
        assert opened(person, "recovery") == 1


def test_of_twenty_uses_of_one_authenticator_code_one_signs_in(place: Place) -> None:
    with place.inside():
        person = a_user_with_telephone()
        place.browser_of(person)
        row = an_authenticator(person, FactorState.ACTIVE, newest_sign_in(person))
        code = pyotp.TOTP(crypto.unseal("totp", row.secret_sealed)).at(clock.now())
        browsers = [half_signed_in(place, person, Method.APP_QR) for _number in range(BROWSERS)]

    answers = send_from(windows_of(browsers), "/sign-in/app", {"code": code})

    assert len(leading_to(answers, "/sign-in/done")) == 1
    assert place.events("SignedIn", actor_account_id=person.id) == 1
    with place.inside():
        app_sessions = SignIn.method == Method.APP_QR, SignIn.state == "open"
        assert rows(SignIn, SignIn.account_id == person.id, *app_sessions) == 1


def test_of_twenty_browsers_with_one_panic_link_one_deletes_everything(place: Place) -> None:
    with place.inside():
        person = a_user_with_telephone()
        path = a_link(LinkPurpose.PANIC, person)

    answers = send_from([place.visitor() for _number in range(CLIENTS)], path, {})

    assert sorted(answer.status for answer in answers) == [200] + [410] * (CLIENTS - 1)
    assert place.events("PanicPressed", actor_account_id=person.id) == 1
    with place.inside():
        assert not queries.has_factor(person.id)
        assert mails_to(person, "panic_done_notice") == 1


def mails_to(account: Account, name: str) -> int:
    """How many messages of that name went to the person."""
    own = OutgoingMessage.account_id == account.id, OutgoingMessage.name == name
    return rows(OutgoingMessage, *own)


def shut_out(*, administrator: bool) -> tuple[Account, list[Account]]:
    """A suspended member of an operator, and two administrators who may lift it."""
    operator = an_operator()
    person = suspended(a_member(operator, administrator=administrator))
    return person, [a_member(operator, administrator=True) for _number in range(2)]


def test_of_two_people_who_lift_one_suspension_at_once_one_lifts_it(place: Place) -> None:
    for _round in range(ROUNDS):
        with place.inside():
            person, chiefs = shut_out(administrator=False)
            windows = [place.browser_of(chief) for chief in chiefs]
        page = f"{MEMBERS}/{person.id}"

        send_from(windows, f"{page}/lift", IN_PERSON, page)

        told = [window.get(page).text for window in windows]
        assert sum("The suspension is lifted" in text for text in told) == 1
        assert sum("Somebody else was faster" in text for text in told) == 1
        assert sum(place.events("SuspensionLifted", actor_account_id=chief.id) for chief in chiefs) == 1
        with place.inside():
            assert standing.open_suspension(person.id, "production") is None
            assert mails_to(person, "suspension_lifted_notice") == 1


def test_of_two_who_vouch_first_at_once_one_is_the_first_and_nothing_is_lifted_unseen(place: Place) -> None:
    for _round in range(ROUNDS):
        with place.inside():
            person, chiefs = shut_out(administrator=True)
            windows = [place.browser_of(chief) for chief in chiefs]
        page = f"{MEMBERS}/{person.id}"

        send_from(windows, f"{page}/lift", IN_PERSON, page)

        events = [place.events("SuspensionVouched", actor_account_id=chief.id) for chief in chiefs]
        assert sorted(events) == [0, 1]
        with place.inside():
            both = select(Suspension).where(Suspension.account_id == person.id)
            row = db.session.scalars(both.where(Suspension.environment_key == "production")).one()
            assert row.first_by == chiefs[events.index(1)].id
            assert row.lifted_by in (None, chiefs[events.index(0)].id)


def test_one_person_who_vouches_twenty_times_at_once_is_never_two(place: Place) -> None:
    with place.inside():
        person, chiefs = shut_out(administrator=True)
        browser = place.browser_of(chiefs[0])
    page = f"{MEMBERS}/{person.id}"

    send_at_once(browser, f"{page}/lift", IN_PERSON, form_on=page)

    assert place.events("SuspensionVouched", actor_account_id=chiefs[0].id) == 1
    assert place.events("SuspensionLifted", actor_account_id=chiefs[0].id) == 0
    with place.inside():
        assert standing.open_suspension(person.id, "production") is not None
