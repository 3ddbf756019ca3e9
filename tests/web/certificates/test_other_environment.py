"""A certificate of Production asked for under another environment: it is not there, whatever role one has (Z-02)."""

from __future__ import annotations

import pytest

from portal.certificates import queries
from portal.certificates.models import Certificate
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity.models import Account
from portal.identity.queries import account_by_id
from tests.makers.certificates import a_journey, a_submitted, an_officer, may_sign, now_valid, somebody_of
from tests.makers.identity import sign_in_browser
from tests.makers.roles import a_role
from tests.makers.seals import a_key
from tests.page import PageClient

PAGES = (
    "", "/boxes/parties", "/boxes/goods", "/submit", "/delete", "/refuse", "/cancellation", "/control/III", "/file",
    "/file/archive",
)  # fmt: skip
POSTS = (
    "take-back",
    "open",
    "copy",
    "replace",
    "submit",
    "refuse",
    "cancellation",
    "delete",
    "boxes/parties",
)


@pytest.fixture
def number(production: None) -> int:
    """A valid certificate of Production."""
    with using(Environment.PRODUCTION):
        journey = a_journey()
        certificate = a_submitted(journey, somebody_of(journey.sender))
        return now_valid(certificate, an_officer(journey.origin)).id


@pytest.fixture
def officer(number: int) -> Account:
    """Whoever signed it, who has the same office in Training too."""
    with using(Environment.PRODUCTION):
        account = account_by_id(db.session.get_one(Certificate, number).signed_by or 0)
    assert account is not None
    with using(Environment.TRAINING):
        a_role(account, a_journey().origin)
        may_sign(account)
        a_key("training")
    return account


@pytest.mark.parametrize("page", PAGES)
def test_no_page_of_it_is_there(visitor: PageClient, number: int, officer: Account, page: str) -> None:
    browser = sign_in_browser(visitor, officer)
    assert browser.get("/training/certificates").status == 200
    assert browser.get(f"/training/certificates/{number}{page}").status == 404


@pytest.mark.parametrize("act", POSTS)
def test_nothing_can_be_done_to_it(visitor: PageClient, number: int, officer: Account, act: str) -> None:
    browser = sign_in_browser(visitor, officer)
    with using(Environment.PRODUCTION):
        before = db.session.get_one(Certificate, number).version
    assert browser.post_with_token(f"/training/certificates/{number}/{act}", {}).status == 404
    with using(Environment.PRODUCTION):
        found = queries.by_id(number)
    assert found is not None
    assert (found.version, found.state) == (before, "valid")


def test_its_number_and_code_are_unknown_to_the_check_of_another_environment(
    visitor: PageClient, number: int
) -> None:
    with using(Environment.PRODUCTION):
        certificate = db.session.get_one(Certificate, number)
        paper = f"{certificate.number}?code={certificate.verification_code}"
    assert visitor.get(f"/verify/{paper}").status == 200
    assert visitor.get(f"/training/verify/{paper}").status == 404


def test_a_role_in_production_gives_nothing_elsewhere(visitor: PageClient, number: int) -> None:
    with using(Environment.PRODUCTION):
        account = account_by_id(db.session.get_one(Certificate, number).signed_by or 0)
    assert account is not None
    browser = sign_in_browser(visitor, account)
    assert browser.get("/production/certificates").status == 200
    for page in ("", "/new", f"/{number}"):
        assert browser.get(f"/training/certificates{page}").status in (403, 404), page
