"""A person about to send a form, and what must be true once it was sent twenty times; what the scenes share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, func, select

from bench.visiting import Visitor
from portal import clock
from portal.database import db
from portal.identity import links
from portal.identity.challenges import code_of, send_challenge
from portal.identity.models import Account, OneTimeLink, SignIn, Telephone
from portal.identity.states import ChallengePurpose, LinkPurpose
from tests.long.place import Place

SMS_AT_MOST = 10
NEW_PASSWORD = "fenouil-barrique-oiseau-71"
ROLES = "/production/role-requests"


@dataclass
class Scene:
    """A browser, the form it sends, and a count that must lie between two numbers afterwards."""

    browser: Visitor
    path: str
    count: Callable[[], int]
    fields: dict[str, Any] = field(default_factory=dict)
    form_on: str = ""
    least: int = 1
    most: int = 1


def rows(model: type, *condition: ColumnElement[bool]) -> int:
    """How many rows meet the condition."""
    return db.session.scalar(select(func.count()).select_from(model).where(*condition)) or 0


def living_links(account: Account, purpose: LinkPurpose) -> Callable[[], int]:
    """How many links of that purpose still open something."""
    own = OneTimeLink.account_id == account.id, OneTimeLink.purpose == purpose.value
    return lambda: rows(OneTimeLink, *own, OneTimeLink.used_at.is_(None), OneTimeLink.replaced_at.is_(None))


def events_of(place: Place, name: str, account: Account) -> Callable[[], int]:
    """How many events of that name the person caused."""
    return lambda: place.events(name, actor_account_id=account.id)


def a_link(purpose: LinkPurpose, account: Account) -> str:
    """A link that was handed over a moment ago; its path."""
    link = links.make_link(purpose, account=account)
    link.handed_over_at = clock.now()
    db.session.commit()
    return urlsplit(links.address_of(link.id)).path


def a_code(account: Account, purpose: ChallengePurpose, number: str = "+46701760001") -> tuple[str, str]:
    """The two parts of a code sent to the newest browser of the person."""
    newest = select(SignIn).where(SignIn.account_id == account.id).order_by(SignIn.id.desc())
    row = db.session.scalars(newest).first()
    assert row is not None
    telephone = db.session.scalars(select(Telephone).where(Telephone.account_id == account.id)).first()
    known = telephone if purpose is ChallengePurpose.SIGN_IN else None
    challenge = send_challenge(row, purpose, number=number, telephone=known)
    db.session.commit()
    code = code_of(challenge.id)
    return code[:4], code[4:]


def half_signed_in(place: Place, account: Account) -> Visitor:
    """A browser that gave the right password and awaits the code."""
    browser = place.browser_of(account)
    db.session.query(SignIn).filter_by(account_id=account.id).update({"state": "half"})
    db.session.commit()
    return browser


def with_code(scene: Scene, parts: tuple[str, str]) -> Scene:
    """The scene with a code typed."""
    scene.fields |= {"part1": parts[0], "part2": parts[1]}
    return scene
