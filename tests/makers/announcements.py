"""Makers of the Commission's people, and of what they announce."""

from __future__ import annotations

from datetime import timedelta

from portal import clock, crypto
from portal.access.actor import Actor
from portal.database import db
from portal.environments.models import Announcement
from portal.identity.factor_models import Authenticator
from portal.identity.models import Account
from portal.identity.states import FactorState
from portal.notices import announcing
from portal.notices.announcing import Period, Words
from portal.vocabulary import AuthorityRole
from tests.makers.identity import a_sign_in
from tests.makers.organisations import an_authority
from tests.makers.roles import a_member, acting

WORDS = Words("en", "Maintenance", "The database is renewed.\n\nSave your work.")


def a_commissioner(**person: str) -> Account:
    """An administrator of the Commission in the current environment."""
    top = an_authority("Commission", AuthorityRole.COMMISSION, country="EU")
    return a_member(top, administrator=True, **person)


def an_authenticator(account: Account) -> None:
    """That account has an authenticator app too."""
    row, _token = a_sign_in(account)
    now = clock.now()
    app = Authenticator(
        account_id=account.id, sign_in_id=row.id, name="Tablet", state=FactorState.ACTIVE.value,
        secret_sealed=crypto.seal("totp", "A" * 32), created_at=now, expires_at=now, added_at=now,
    )  # fmt: skip
    db.session.add(app)
    db.session.commit()


def a_stop(actor: Actor, *, days: int = 20, closes: bool = True, words: Words = WORDS) -> Announcement:
    """A planned stop of three and a half hours, some days ahead."""
    begin = clock.now() + timedelta(days=days)
    period = Period(begin, begin + timedelta(hours=3, minutes=30), closes)
    return announcing.plan_stop(period, words, actor, urgent=days < 14)


def a_closure(words: Words = WORDS) -> Announcement:
    """The current environment is closed at once, without an end."""
    return announcing.close_environment(None, words, acting(a_commissioner()))


def some_news(actor: Actor, title: str, country: str = "") -> Announcement:
    """News that hold from now on."""
    return announcing.announce_news(Period(clock.now()), country, Words("en", title, "Text"), actor)
