"""Who may not sign meets a page that says why; nothing is created or signed, and an event tells of the attempt."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from portal import clock
from portal.audit.models import AuditEvent
from portal.certificates.models import Certificate, CertificateFile, SigningIntent
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity.factor_models import Suspension
from portal.identity.models import Account
from portal.organisations.models import Organisation
from portal.organisations.states import OrganisationState
from portal.roles.models import Role
from portal.roles.states import RoleState
from tests.makers.certificates import Journey, a_journey, a_submitted, may_sign, somebody_of
from tests.makers.identity import sign_in_browser
from tests.makers.roles import a_member
from tests.makers.seals import a_key
from tests.page import Page, PageClient

LIST = "/production/certificates"


class Desk:
    """An officer who could sign, a certificate that waits for it, and the officer's browser."""

    def __init__(self, client: PageClient) -> None:
        self.journey: Journey = a_journey()
        a_key("production")
        self.officer: Account = a_member(self.journey.origin, first_name="Claude", last_name="Veterinaire")
        may_sign(self.officer)
        self.number: int = a_submitted(self.journey, somebody_of(self.journey.sender)).id
        self.browser = sign_in_browser(client, self.officer)
        self.address = f"{LIST}/sign?certificate={self.number}"
        self.office_id, self.sender_id = self.journey.origin.id, self.journey.sender.id
        self.officer_id = self.officer.id
        self.before = self.denials()

    def open(self) -> Page:
        """The page of the signature, as it is when it may be opened."""
        page = self.browser.get(self.address)
        assert page.has_button("Sign")
        return page

    def role(self) -> Role:
        """The officer's."""
        return db.session.query(Role).filter_by(account_id=self.officer_id).one()

    def office(self) -> Organisation:
        """That of the officer; what a request left is gone from the session."""
        return db.session.get_one(Organisation, self.office_id)

    @staticmethod
    def denials() -> list[str]:
        """What was refused, as events tell."""
        rows = db.session.query(AuditEvent).filter_by(name="AccessDenied").order_by(AuditEvent.id)
        return [json.loads(row.facts)["action"] for row in rows]

    def check_nothing_signed(self, refused: str = "certificate:sign") -> None:
        """No intent, no number, no file; one more refusal in the trail, of the first thing the rules deny."""
        db.session.rollback()
        with using(Environment.PRODUCTION):
            row = db.session.get_one(Certificate, self.number, populate_existing=True)
            assert (row.state, row.number) == ("submitted", None)
            assert not db.session.query(SigningIntent).count()
            assert not db.session.query(CertificateFile).count()
            assert self.denials()[len(self.before) :] == [refused]


@pytest.fixture
def desk(visitor: PageClient, production: Environment) -> Desk:
    """In Production."""
    return Desk(visitor)


def test_without_a_second_factor(desk: Desk) -> None:
    alone = sign_in_browser(PageClient(desk.browser.app), desk.officer, second_factor=False)
    page = alone.post_with_token(desk.address, {})
    assert (page.status, page.heading) == (403, "A second factor is needed here")
    desk.check_nothing_signed("certificate:read")


def test_with_a_factor_that_was_shown_too_long_ago(desk: Desk) -> None:
    page = desk.open()
    clock.advance(timedelta(minutes=16))
    asked = page.press("Sign", follow=False)
    assert asked.status == 302
    assert "step-up" in asked.response.headers["Location"]
    assert "Nothing has been done yet" in desk.browser.get(asked.response.headers["Location"]).text
    desk.check_nothing_signed()


def test_with_a_sign_in_that_ended_between_page_and_press(desk: Desk) -> None:
    page = desk.open()
    clock.advance(timedelta(hours=13))
    gone = page.press("Sign", follow=False)
    assert gone.status in (302, 400)
    with using(Environment.PRODUCTION):
        assert not db.session.query(SigningIntent).count()


def _without_right(desk: Desk) -> None:
    desk.office().competences.clear()
    desk.office().competences.append("FLEGT")


def _without_flag(desk: Desk) -> None:
    desk.role().may_sign = False


def _role_suspended(desk: Desk) -> None:
    desk.role().state = RoleState.SUSPENDED.value


def _person_suspended(desk: Desk) -> None:
    db.session.add(
        Suspension(
            account_id=desk.officer_id, environment_key="production", reason="panic",
            suspended_at=clock.now(), factors_removed=1, network="", browser="",
        )
    )  # fmt: skip


def _office_suspended(desk: Desk) -> None:
    desk.office().state = OrganisationState.SUSPENDED.value


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (_without_right, "certificate:read"),
        (_without_flag, "certificate:sign"),
        (_role_suspended, "certificate:read"),
        (_person_suspended, "certificate:read"),
        (_office_suspended, "certificate:read"),
    ],
)
def test_with_a_right_that_went_between_page_and_press(
    desk: Desk, change: Callable[[Desk], None], refused: str
) -> None:
    page = desk.open()
    change(desk)
    db.session.commit()
    met = page.press("Sign", follow=False)
    assert met.status in (403, 404), met.response.headers.get("Location")
    assert met.heading
    desk.check_nothing_signed(refused)


def test_while_its_operator_is_suspended(desk: Desk) -> None:
    page = desk.open()
    db.session.get_one(Organisation, desk.sender_id).state = OrganisationState.SUSPENDED.value
    db.session.commit()
    met = page.press("Sign", follow=False)
    assert (met.status, met.heading) == (409, "This certificate rests")
    assert "is suspended" in met.text
    desk.check_nothing_signed()


def test_with_a_role_of_another_environment(desk: Desk) -> None:
    with using(Environment.TRAINING):
        there = a_member(a_journey().origin)
        may_sign(there)
    stranger = sign_in_browser(PageClient(desk.browser.app), there)
    assert stranger.post_with_token(desk.address, {}).status == 404
    desk.check_nothing_signed("certificate:read")


def test_under_the_address_of_another_environment_it_does_not_exist(desk: Desk) -> None:
    with using(Environment.TRAINING):
        there = a_member(a_journey().origin)
        may_sign(there)
        a_key("training")
    browser = sign_in_browser(PageClient(desk.browser.app), there)
    assert browser.post_with_token(desk.address.replace("production", "training"), {}).status == 404
    with using(Environment.PRODUCTION):
        assert not db.session.query(SigningIntent).count()
    with using(Environment.TRAINING):
        assert not db.session.query(SigningIntent).count()
