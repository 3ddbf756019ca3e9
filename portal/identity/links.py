"""One-time links: made as rows, derived when their mail leaves, opened by a button, used once."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select, update

from portal import clock, config, crypto
from portal.database import db, rows_changed
from portal.identity.models import Account, OneTimeLink, Registration
from portal.identity.states import LinkPurpose, LinkState

PATHS = {
    LinkPurpose.REGISTER: "/password/link/",
    LinkPurpose.PASSWORD: "/password/link/",
    LinkPurpose.MAILBOX: "/account/mailbox/",
    LinkPurpose.NOT_ME: "/not-me/",
    LinkPurpose.PANIC: "/panic/",
    LinkPurpose.EMAIL_NEW: "/account/email/",
    LinkPurpose.EMAIL_UNDO: "/account/email-undo/",
}
STANDING = frozenset({LinkPurpose.NOT_ME, LinkPurpose.EMAIL_UNDO})
"""Each mail of these tells of an occurrence of its own: a newer one leaves the links of the earlier ones good."""


class LinkUnknown(Exception):
    """No link has this token: mistyped, or made with a key that is gone."""


class LinkNotGood(Exception):
    """The link is expired, used or replaced; `replaced_by_at` says when the newer mail left."""

    def __init__(self, link: OneTimeLink, state: LinkState) -> None:
        super().__init__(state.value)
        self.link, self.state = link, state

    @property
    def replaced_by_at(self) -> datetime | None:
        """When the mail with the newer link left, None while it has not."""
        newer = newer_link(self.link)
        return newer.handed_over_at if newer else None


def make_link(
    purpose: LinkPurpose,
    *,
    account: Account | None = None,
    registration: Registration | None = None,
    is_decoy: bool = False,
) -> OneTimeLink:
    """A fresh link row; earlier unused ones of the same purpose and owner are replaced by it. A decoy opens nothing:
    it is made so that people who have no account cost the same work."""
    link = OneTimeLink(
        purpose=purpose.value,
        account_id=account.id if account else None,
        registration_id=registration.id if registration else None,
        salt=secrets.token_hex(16),
        key_id=crypto.newest_key_id(),
        requested_at=clock.now(),
        replaced_at=clock.now() if is_decoy else None,
    )
    if purpose not in STANDING:
        _replace_earlier(link, registration)
    db.session.add(link)
    db.session.flush()
    token = _token(link)
    assert token is not None  # noqa: S101 - made with the newest key a moment ago
    link.token_hash = crypto.digest(token)
    return link


def _replace_earlier(link: OneTimeLink, registration: Registration | None) -> None:
    query = update(OneTimeLink).where(OneTimeLink.purpose == link.purpose, OneTimeLink.used_at.is_(None))
    if registration is not None:
        same = select(Registration.id).where(Registration.email_key == registration.email_key)
        query = query.where(OneTimeLink.registration_id.in_(same))
    else:
        query = query.where(OneTimeLink.account_id == link.account_id)
    db.session.execute(query.where(OneTimeLink.replaced_at.is_(None)).values(replaced_at=clock.now()))


def _token(link: OneTimeLink) -> str | None:
    raw = crypto.derived_token(f"link/{link.purpose}", link.id, link.salt, link.key_id)
    return crypto.as_address_part(raw) if raw else None


def address_of(link_id: int) -> str:
    """The full address for the mail; raises LinkUnknown when its key is gone."""
    link = db.session.get(OneTimeLink, link_id)
    token = _token(link) if link else None
    if link is None or token is None:
        raise LinkUnknown
    return f"{config.current().public_url}{PATHS[LinkPurpose(link.purpose)]}{token}"


def handed_over(link_id: int) -> None:
    """The mail server took the mail: the ninety minutes begin. A second delivery does not restart them."""
    db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.id == link_id, OneTimeLink.handed_over_at.is_(None))
        .values(handed_over_at=clock.now())
    )
    db.session.commit()


def good_link(token: str, purposes: frozenset[LinkPurpose], browser: str) -> OneTimeLink:
    """The link of that token if it is good for one of the purposes; raises LinkUnknown or LinkNotGood."""
    link = db.session.scalar(select(OneTimeLink).where(OneTimeLink.token_hash == crypto.digest(token)))
    if link is None or LinkPurpose(link.purpose) not in purposes:
        raise LinkUnknown
    same_browser = link.browser_hash is not None and crypto.same(link.browser_hash, crypto.digest(browser))
    state = link.facts.state_at(clock.now(), same_browser=same_browser)
    if state is not LinkState.GOOD:
        raise LinkNotGood(link, state)
    return link


def open_link(token: str, purposes: frozenset[LinkPurpose], browser: str) -> OneTimeLink:
    """The button of the link's page was pressed: this browser has at least fifteen minutes from now."""
    link = good_link(token, purposes, browser)
    if clock.now() <= link.facts.deadline:  # in those fifteen minutes it is not opened anew
        link.opened_at, link.browser_hash = clock.now(), crypto.digest(browser)
    db.session.commit()
    return link


def use_link(link: OneTimeLink) -> None:
    """Use it by one conditional UPDATE; the second of two raises LinkNotGood. Commits nothing."""
    done = db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None), OneTimeLink.replaced_at.is_(None))
        .values(used_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if rows_changed(done) == 0:
        db.session.rollback()
        raise LinkNotGood(link, LinkState.USED)


def forget(account_id: int, *purposes: LinkPurpose, after: int = 0) -> None:
    """The account's unused links of these purposes, made after the link with the id `after`, open nothing any more.

    Commits nothing.
    """
    waiting = OneTimeLink.used_at.is_(None), OneTimeLink.replaced_at.is_(None), OneTimeLink.id > after
    db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.account_id == account_id, OneTimeLink.purpose.in_(purposes), *waiting)
        .values(replaced_at=clock.now())
    )


def forget_registrations(email_key: str) -> None:
    """Unused links that would open an account with that address open none any more. Commits nothing."""
    asked = select(Registration.id).where(Registration.email_key == email_key)
    waiting = OneTimeLink.used_at.is_(None), OneTimeLink.replaced_at.is_(None)
    db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.registration_id.in_(asked), *waiting)
        .values(replaced_at=clock.now())
    )


def newer_link(link: OneTimeLink) -> OneTimeLink | None:
    """The link that replaced it, for the page that says when the newer mail left."""
    query = select(OneTimeLink).where(OneTimeLink.purpose == link.purpose, OneTimeLink.id > link.id)
    if link.registration is not None:
        same = select(Registration.id).where(Registration.email_key == link.registration.email_key)
        query = query.where(OneTimeLink.registration_id.in_(same))
    else:
        query = query.where(OneTimeLink.account_id == link.account_id)
    return db.session.scalar(query.order_by(OneTimeLink.id.desc()).limit(1))
