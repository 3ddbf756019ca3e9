"""A certificate that was issued on paper during an outage is entered later under the number of that paper."""

from __future__ import annotations

import json

import pytest

from portal.audit.models import AuditEvent
from portal.certificates.models import Certificate
from portal.database import db
from portal.environments.environment import Environment, using
from tests.makers.certificates import Journey, a_journey
from tests.makers.identity import sign_in_browser
from tests.makers.roles import a_member
from tests.page import Page, PageClient

LIST = "/production/certificates"
PAPER = "FR-2026-PAPER-0019"


@pytest.fixture
def journey(production: None) -> Journey:
    """From France to Germany."""
    return a_journey()


@pytest.fixture
def sender(visitor: PageClient, journey: Journey) -> PageClient:
    """A person of the operator that sends."""
    return sign_in_browser(visitor, a_member(journey.sender))


def begun(browser: PageClient, **more: str) -> Page:
    """A new INTRA from France to Germany."""
    page = browser.get(LIST).click("New certificate")
    model = page.tree.xpath("//input[@name='model']/@value")[0]
    return page.press("Begin the draft", model=model, origin="FR", destination="DE", **more)


def test_it_is_marked_on_its_page_in_the_list_in_the_export_and_in_the_audit(sender: PageClient) -> None:
    begun(sender, outage="y", reference=PAPER)
    begun(sender)
    with using(Environment.PRODUCTION):
        late, plain = db.session.query(Certificate).order_by(Certificate.id)
        assert (late.outage_reference, plain.outage_reference) == (PAPER, "")
        events = db.session.query(AuditEvent).filter_by(name="CertificateBegun").order_by(AuditEvent.id)
        assert [json.loads(event.facts)["in_outage"] for event in events] == [True, False]
        assert PAPER not in "".join(event.facts for event in events)
        number = late.id
    assert PAPER in sender.get(f"{LIST}/{number}").text
    assert len(sender.get(LIST).tree.xpath("//tbody/tr")) == 2
    narrowed = sender.get(f"{LIST}?only=outage")
    assert len(narrowed.tree.xpath("//tbody/tr")) == 1
    assert PAPER in narrowed.text
    assert PAPER in sender.get(f"{LIST}?only=outage&format=csv").response.get_data(as_text=True)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"outage": "y", "reference": " "}, "Type the number of that paper."),
        ({"reference": PAPER}, "Tick this box, or leave the number of the paper empty."),
        ({"outage": "y", "reference": "a\u202eb"}, "cannot be shown"),
        ({"outage": "y", "reference": "x" * 81}, "too long"),
    ],
)
def test_a_mark_without_number_a_number_without_mark_and_bad_numbers_are_refused_at_their_fields(
    sender: PageClient, typed: dict[str, str], message: str
) -> None:
    page = begun(sender, **typed)
    assert page.status == 422
    assert any(message in error for error in page.errors), page.errors
    with using(Environment.PRODUCTION):
        assert db.session.query(Certificate).count() == 0
