"""What anybody is told of a certificate that was replaced, and replaced again; and how its file leaves the portal."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.certificates import drafting, numbers
from portal.certificates.models import Certificate
from portal.database import db
from portal.environments.environment import Environment, using
from tests.makers.identity import sign_in_browser
from tests.makers.roles import a_member
from tests.makers.signing import Office, an_office, signed
from tests.page import PageClient


@pytest.fixture
def office(production: None) -> Office:
    """In Production."""
    with using(Environment.PRODUCTION):
        return an_office()


def a_chain(office: Office, length: int) -> list[Certificate]:
    """Certificates of which each takes the place of the one before it."""
    chain = [signed(office.submitted(), office.officer)]
    while len(chain) < length:
        chain.append(signed(drafting.copy_as_replacement(chain[-1].id, office.officer), office.officer))
    return [db.session.get_one(Certificate, one.id, populate_existing=True) for one in chain]


def test_each_link_of_a_chain_names_its_neighbours_and_the_last_one_alone_is_valid(
    visitor: PageClient, office: Office
) -> None:
    with using(Environment.PRODUCTION):
        facts = [(str(one.number), one.verification_code) for one in a_chain(office, 3)]
    known = [number for number, _code in facts]
    for at, (number, code) in enumerate(facts):
        page = visitor.get(f"/production/verify/{number}?code={numbers.grouped(code).lower()}")
        assert page.status == 200
        assert ("This certificate is valid" in page.text) is (at == 2)
        neighbours = {known[other] for other in (at - 1, at + 1) if 0 <= other < 3}
        assert {one for one in known if one in page.text} == neighbours | {number}
        assert not any(other in page.text for _number, other in facts if other != code)


def test_the_code_of_one_link_opens_no_other(visitor: PageClient, office: Office) -> None:
    with using(Environment.PRODUCTION):
        first, second = a_chain(office, 2)
        path = f"/production/verify/{second.number}?code={first.verification_code}"
    assert visitor.get(path).status == 404


def test_a_file_leaves_as_an_attachment_that_nobody_stores(visitor: PageClient, office: Office) -> None:
    with using(Environment.PRODUCTION):
        [certificate] = a_chain(office, 1)
        number, path = certificate.number, f"/production/certificates/{certificate.id}/file"
        account = a_member(office.journey.receiver)
        certificate.keep_until = clock.now().date() + timedelta(days=1)
        db.session.commit()
    for address, name in ((path, f"{number}.pdf"), (f"{path}/archive", f"{number}-archive.pdf")):
        headers = sign_in_browser(visitor, account).get(address).response.headers
        assert headers["Content-Type"] == "application/pdf"
        assert headers["Content-Disposition"] == f"attachment; filename={name}"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "ETag" not in headers
        assert "Last-Modified" not in headers
