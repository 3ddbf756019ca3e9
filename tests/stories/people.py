"""The people of a story: how they come to their browsers, and what is there before it begins."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Browser
from sqlalchemy import select

from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity import queries
from portal.organisations.models import Organisation
from tests.browser import window
from tests.makers.identity import a_telephone, a_user
from tests.makers.roles import a_request, a_role
from tests.stories.hands import Someone
from tests.stories.site import Site, demo_person

Meet = Callable[..., Someone]
NUMBER = "+46701740605"


@contextlib.contextmanager
def meeting(browser: Browser, site: Site) -> Iterator[Meet]:
    """`meet("fr", email=…)`: a person at a browser of their own; `meet("fr", "commission")`: one of the demo."""
    with contextlib.ExitStack() as windows:

        def meet(
            language: str, key: str = "", *, options: dict[str, Any] | None = None, **facts: str
        ) -> Someone:
            context = windows.enter_context(window(browser, language, **(options or {})))
            if key:
                one = demo_person(key)
                facts = {"first_name": one.first_name, "last_name": one.last_name, "email": one.email,
                         "password": one.password, "number": one.phone, **facts}  # fmt: skip
            who = Someone(context.new_page(), site, language, **facts)
            if key:
                # Chosen in the browser, because the demo's people have a language of their own.
                who.page.goto(f"{site.address}/?lang={language}")
            return who

        yield meet


def somebody(meet: Meet, language: str, *numbers: str, **facts: Any) -> Someone:
    """A person whose account has these numbers, and no role anywhere."""
    who = meet(language, **{"number": numbers[0] if numbers else NUMBER, **facts})
    with who.site.inside():
        account = a_user(
            who.first_name, who.last_name, email=who.email, language=language, password=who.password
        )
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


def number_of(who: Someone, organisation: str) -> int:
    """The row of an organisation in Production, by its source key."""
    with who.site.inside(), using(Environment.PRODUCTION):
        return db.session.scalars(
            select(Organisation.id).where(Organisation.source_key == organisation)
        ).one()


def has_asked(who: Someone, organisation: str) -> Someone:
    """The same person with an open request for that organisation in Production."""
    number = number_of(who, organisation)
    with who.site.inside(), using(Environment.PRODUCTION):
        account = queries.account_by_email(who.email)
        assert account is not None
        a_request(db.session.get_one(Organisation, number), account)
    return who
