"""People who are there before a story begins: an account, numbers, a role."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity import queries
from portal.organisations.models import Organisation
from tests.makers.identity import a_telephone, a_user
from tests.makers.roles import a_role
from tests.stories.conftest import Meet
from tests.stories.hands import Someone


def somebody(meet: Meet, language: str, *numbers: str, **facts: Any) -> Someone:
    """A person whose account has these numbers, and no role anywhere."""
    who = meet(language, **{"number": numbers[0] if numbers else "+46701740605", **facts})
    with who.site.inside():
        account = a_user(who.first_name, who.last_name, email=who.email, language=language, password=who.password)
        for number in numbers:
            a_telephone(account, number)
    return who


def member_of(who: Someone, organisation: str, *, administrator: bool = False) -> Someone:
    """The same person with a valid role in Production; the organisation by its source key."""
    with who.site.inside(), using(Environment.PRODUCTION):
        account = queries.account_by_email(who.email)
        found = db.session.scalars(select(Organisation).where(Organisation.source_key == organisation)).one()
        assert account is not None
        a_role(account, found, administrator=administrator)
    return who
