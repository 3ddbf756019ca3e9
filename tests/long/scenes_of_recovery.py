"""People who lost their second factors, and those who let them in again, about to send the form."""

from __future__ import annotations

from collections.abc import Callable

from bench.visiting import Visitor
from portal import clock
from portal.database import db
from portal.identity import factor_challenges, recovery
from portal.identity.factor_models import NameChange, RecoveryCode
from portal.identity.models import Account
from portal.identity.states import ChallengePurpose, LinkPurpose
from portal.vocabulary import Method
from tests.long.place import Place
from tests.long.scene import Scene, a_link, events_of, rows
from tests.long.scenes_of_phones import newest_sign_in
from tests.makers.identity import a_user_with_telephone
from tests.makers.organisations import an_operator
from tests.makers.roles import a_member, acting
from tests.service.roles.test_lifting import suspended

MEMBERS = "/production/administration/members"


def half_signed_in(place: Place, account: Account, method: Method = Method.RECOVERY_CODE) -> Visitor:
    """A browser that gave the right password and awaits a code of that method."""
    browser = place.browser_of(account)
    row = newest_sign_in(account)
    row.state, row.method = "half", method.value
    assert factor_challenges.begin(row, method, ChallengePurpose.SIGN_IN)
    db.session.commit()
    db.session.refresh(account)
    return browser


def make_codes(place: Place) -> Scene:
    person = a_user_with_telephone()
    unused = RecoveryCode.account_id == person.id, RecoveryCode.used_at.is_(None)
    path, ten = "/account/recovery-codes", recovery.CODES
    count = lambda: rows(RecoveryCode, *unused)  # noqa: E731
    return Scene(place.browser_of(person), path, count, least=ten, most=ten)


def sign_in_with_code(place: Place) -> Scene:
    person = a_user_with_telephone()
    code = recovery.make(acting(person))[0]
    used = events_of(place, "RecoveryCodeUsed", person)
    return Scene(half_signed_in(place, person), "/sign-in/recovery", used, {"code": code})


def press_panic(place: Place) -> Scene:
    person = a_user_with_telephone()
    pressed = events_of(place, "PanicPressed", person)
    return Scene(place.browser_of(person), "/account/panic", pressed, {"word": "PANIC"})


def follow_panic(place: Place) -> Scene:
    person = a_user_with_telephone()
    return Scene(place.visitor(), a_link(LinkPurpose.PANIC, person), events_of(place, "PanicPressed", person))


def _administered(place: Place, act: str, event: str, prepare: Callable[[Account], object]) -> Scene:
    operator = an_operator()
    person, chief = a_member(operator), a_member(operator, administrator=True)
    prepare(person)
    db.session.commit()
    fields, page = {"recognised": "in-person"}, f"{MEMBERS}/{person.id}"
    return Scene(place.browser_of(chief), f"{page}/{act}", events_of(place, event, chief), fields, page)


def lift(place: Place) -> Scene:
    return _administered(place, "lift", "SuspensionLifted", suspended)


def renamed(person: Account) -> None:
    """The person changed the name, and nobody has confirmed it yet."""
    db.session.add(NameChange(
        account_id=person.id, old_first_name="Robin", old_last_name="Modele",
        new_first_name="Robin", new_last_name="Autre", changed_at=clock.now(),
    ))  # fmt: skip


def recovered(person: Account) -> None:
    """The person used a recovery code a moment ago."""
    person.recovered_at = clock.now()


def confirm_name(place: Place) -> Scene:
    return _administered(place, "confirm-name", "NameConfirmed", renamed)


def vouch(place: Place) -> Scene:
    return _administered(place, "vouch", "RecoveryVouched", recovered)
