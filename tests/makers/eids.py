"""People with an eID, and the way of a browser to a provider and back."""

from __future__ import annotations

from portal import clock
from portal.audit.models import AuditEvent
from portal.database import db
from portal.identity.factor_models import Eid
from portal.identity.models import Account
from tests.makers.eid_provider import HIGH, FakeProvider
from tests.page import Page, PageClient


def an_eid(account: Account, provider: FakeProvider, subject: str = "FR/person-1") -> Eid:
    """That identity is linked to that account."""
    row = Eid(
        account_id=account.id, provider="FranceIdentité (test)", issuer=provider.issuer, subject=subject,
        level=HIGH, added_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row


def back(visitor: PageClient, provider: FakeProvider, leaving: Page, **more: str) -> Page:
    """From the page that leads to the provider, to the page on which the browser comes back."""
    address = leaving.tree.xpath("//a[contains(@class, 'button')]/@href")[0]
    assert leaving.response.headers["Refresh"] == f"0; url={address}"
    return visitor.get("/eid/callback", query=provider.comes_back(address, **more))


def linking(visitor: PageClient, provider: FakeProvider, **more: str) -> Page:
    """The page that asks whether to link."""
    return back(visitor, provider, visitor.get("/account/eids/add").press("Go on"), **more)


def signing_in(visitor: PageClient, provider: FakeProvider, **more: str) -> Page:
    """The page after the provider, on the way in."""
    page = visitor.get("/sign-in?next=/account").press(
        "Next", by_label={"E-mail or user name": "anyone@agri.example"}
    )
    page = page.press(
        "Sign in", by_label={"Electronic ID (eID)": True, "Mobile Phone + SMS": False}, method="eid"
    )
    return back(visitor, provider, page.press("Go on"), **more)


def rejected_events() -> int:
    """How many answers were refused on record."""
    return db.session.query(AuditEvent).filter_by(name="FactorRejected").count()
