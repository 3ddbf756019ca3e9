"""The pages from a stolen key or a wrong role to the certificates touched and their parties, and who may open them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal import clock
from portal.certificates import drafting, submitting
from portal.certificates.models import CertificateFile, CertificateWarning
from portal.database import db
from portal.environments.environment import Environment, using
from portal.jobs import working
from portal.roles.models import Role
from portal.web.announcement_forms import zone
from portal.work.models import Work
from tests.makers.certificates import (
    Journey,
    a_draft,
    a_journey,
    a_submitted,
    an_officer,
    fill,
    now_valid,
    somebody_of,
)
from tests.makers.identity import sign_in_browser
from tests.makers.roles import a_member
from tests.makers.seals import a_key
from tests.page import Page, PageClient

IMPACT = "/production/certificates/impact"


@pytest.fixture
def journey(production: None) -> Journey:
    """From France to Germany."""
    return a_journey()


def browser_of(visitor: PageClient, organisation: Any, **more: Any) -> PageClient:
    """An administrator of that organisation, in a browser."""
    with using(Environment.PRODUCTION):
        account = a_member(organisation, **{"administrator": True, **more})
    return sign_in_browser(PageClient(visitor.app), account)


def a_signed(journey: Journey, times: int = 1) -> tuple[int, str]:
    """The role of an officer who signed so many certificates, and the key that sealed them."""
    with using(Environment.PRODUCTION):
        officer, key = an_officer(journey.origin), a_key("production").sha256
        maker = somebody_of(journey.sender)
        for _each in range(times):
            number = now_valid(a_submitted(journey, maker), officer).id
            db.session.add(
                CertificateFile(
                    certificate_id=number, sha256=f"{number:064x}", size=1, level="B-T", stamp="stamped",
                    seal_key=key, made_at=clock.now(),
                )
            )  # fmt: skip
        db.session.commit()
        return db.session.query(Role).filter_by(account_id=officer.account_id).one().id, key


def numbers(page: Page) -> list[str]:
    """The first column of the table."""
    return [str(node.text_content()).strip() for node in page.tree.xpath("//tbody//th//a")]


def test_from_the_page_of_a_role_to_its_certificates_and_their_parties(
    visitor: PageClient, journey: Journey
) -> None:
    role, _key = a_signed(journey)
    chief = browser_of(visitor, journey.origin)
    page = chief.get(f"/production/administration/members/roles/{role}")
    found = page.click("Certificates touched under this role").press("Show results")
    assert found.heading == "Certificates behind a key or a role"
    assert len(numbers(found)) == 1
    for text in ("Élevage Exemple", "Hof Beispiel", "Office FR", "Valid"):
        assert text in found.text
    ask = found.click("Tell whom it concerns…")
    assert "Messages about 1 certificate are sent." in ask.text
    assert "A role under which something was done to it was found to be wrong." in ask.text
    with using(Environment.PRODUCTION):
        assert db.session.query(CertificateWarning).count() == 0
    progress = ask.press("Tell whom it concerns")
    assert progress.heading == "Messages about certificates to be checked"
    working.run_due()
    assert (
        "Those whom it concerns were told. Number of people:"
        in chief.get(progress.response.request.path).text
    )
    again = chief.get(found.response.request.full_path)
    assert not again.tree.xpath("//a[normalize-space()='Tell whom it concerns…']")
    assert "–" not in [str(cell.text_content()).strip() for cell in again.tree.xpath("//tbody//td[last()]")]
    late = ask.press("Tell whom it concerns")
    assert "No certificate is left of which somebody is still to be told." in late.text
    with using(Environment.PRODUCTION):
        assert db.session.query(Work).count() == 1


def test_from_the_list_of_keys_to_what_one_sealed(visitor: PageClient, journey: Journey) -> None:
    a_signed(journey)
    keys = "/production/seals"
    assert "Certificates sealed with it" not in visitor.get(keys).text
    chief = browser_of(visitor, journey.commission)
    found = chief.get(keys).click("Certificates sealed with it").press("Show results")
    assert len(numbers(found)) == 1
    user = browser_of(visitor, journey.origin, administrator=False)
    assert "Certificates sealed with it" not in user.get(keys).text


def test_a_card_of_the_administration_leads_there(visitor: PageClient, journey: Journey) -> None:
    chief = browser_of(visitor, journey.origin)
    page = chief.get("/production/administration").click("Certificates behind a key or a role")
    assert "Choose what was found, and the days" in page.text
    none = browser_of(visitor, journey.sender).get("/production/administration")
    assert "Certificates behind a key" not in none.text


def test_the_list_has_pages_and_leaves_as_a_file_with_its_filters(
    visitor: PageClient, journey: Journey
) -> None:
    _role, key = a_signed(journey, times=27)
    chief = browser_of(visitor, journey.origin_centre)
    today = clock.now().astimezone(zone()).date()
    address = f"{IMPACT}?cause=key-stolen.{key}&first={today - timedelta(days=1)}&last={today}"
    first = chief.get(address)
    second = first.click("Next page")
    assert (len(numbers(first)), len(numbers(second))) == (25, 2)
    assert not set(numbers(first)) & set(numbers(second))
    assert numbers(second.click("Previous page")) == numbers(first)
    lines = chief.get(f"{address}&export=csv").response.get_data(as_text=True).strip().splitlines()
    assert len(lines) == 28
    assert "Élevage Exemple" in lines[1]
    before = today - timedelta(days=3)
    empty = chief.get(f"{IMPACT}?cause=key-stolen.{key}&first={before}&last={before}")
    assert "Nothing was done to a certificate with it in these days" in empty.text


@pytest.mark.parametrize(
    ("days", "error"),
    [
        ({"first": "", "last": ""}, "This field is required."),
        ({"first": "2026-11-20", "last": "2026-11-19"}, "The last day lies before the first one."),
        ({"first": "2999-01-01", "last": "2999-01-02"}, "Choose a day that is not in the future."),
        ({"first": "2020-01-01", "last": "2025-01-01"}, "Choose a year at most."),
        ({"first": "0001-01-01", "last": "0001-01-02"}, "Choose a later day."),
        ({"first": "yesterday", "last": "2026-11-19"}, "Not a valid date value."),
    ],
)
def test_a_window_that_cannot_be_is_said_at_its_field(
    visitor: PageClient, journey: Journey, days: dict[str, str], error: str
) -> None:
    _role, key = a_signed(journey)
    chief = browser_of(visitor, journey.origin)
    query = "&".join(f"{name}={value}" for name, value in {"cause": f"key-stolen.{key}", **days}.items())
    assert error in chief.get(f"{IMPACT}?{query}").errors
    assert chief.get(f"{IMPACT}/tell?{query}", follow=False).status == 302


def test_what_is_no_cause_is_said_and_what_is_not_there_is_not_found(
    visitor: PageClient, journey: Journey
) -> None:
    role, key = a_signed(journey)
    chief, days = browser_of(visitor, journey.origin), "first=2026-01-01&last=2026-01-02"
    for word in ("", "other.1", "key-stolen." + "0" * 64, f"key-stolen.{key}x", "<b>"):
        page = chief.get(f"{IMPACT}?cause={word}&{days}")
        assert page.status == 200
        assert page.errors
    stranger = browser_of(visitor, journey.destination)
    for address in (f"{IMPACT}?cause=role-wrong.{role}", f"{IMPACT}/tell?cause=role-wrong.{role}&{days}"):
        assert stranger.get(address).status == 404
        assert stranger.post_with_token(address, {}).status in (404, 405)
    assert chief.get(f"{IMPACT}?cause=role-wrong.999999&{days}").status == 404


def test_only_administrators_of_offices_that_certify_open_it(visitor: PageClient, journey: Journey) -> None:
    refused = [(journey.origin, False), (journey.sender, True), (journey.commission, False)]
    for organisation, chief in refused:
        assert browser_of(visitor, organisation, administrator=chief).get(IMPACT).status == 403
        assert browser_of(visitor, organisation, administrator=chief).get(f"{IMPACT}/tell").status == 403
    assert visitor.get(IMPACT, follow=False).status == 302


def today() -> str:
    """The window of an address that holds this moment."""
    day = clock.now().astimezone(zone()).date()
    return f"first={day - timedelta(days=1)}&last={day}"


def test_the_list_says_what_was_done_and_can_be_narrowed_to_an_act(
    visitor: PageClient, journey: Journey
) -> None:
    role = an_acting_officer(journey)
    chief = browser_of(visitor, journey.origin)
    every = chief.get(f"{IMPACT}?cause=role-wrong.{role}&{today()}")
    assert len(numbers(every)) == 2
    for text in ("Taken up for certification", "Signed", "Draft begun", "2 times, last on"):
        assert text in every.text
    opened = chief.get(f"{IMPACT}?cause=role-wrong.{role}&{today()}&act=opened")
    assert len(numbers(opened)) == 1
    assert "Draft begun" not in str(opened.tree.xpath("string(//tbody)"))
    ask = opened.click("Tell whom it concerns…")
    assert "Messages about 1 certificate are sent." in ask.text
    assert "Taken up for certification" in ask.text
    rows = chief.get(f"{IMPACT}?cause=role-wrong.{role}&{today()}&export=csv").response.get_data(as_text=True)
    assert "Boxes filled in (2) " in rows
    sheet = chief.get(f"{IMPACT}?cause=role-wrong.{role}&{today()}&export=xlsx&act=signed").response
    assert sheet.status_code == 200


def an_acting_officer(journey: Journey) -> int:
    """The role of an officer who took up and signed one certificate, and filled a draft twice."""
    with using(Environment.PRODUCTION):
        officer = an_officer(journey.origin)
        certificate = a_submitted(journey, somebody_of(journey.sender))
        now_valid(submitting.open_for_certification(certificate.id, officer), officer)
        draft = drafting.copy_as_new(certificate.id, officer)
        for quantity in ("13", "14"):
            fill(draft, {"I.27": quantity}, officer)
        return db.session.query(Role).filter_by(account_id=officer.account_id).one().id


def test_the_role_of_an_operator_is_found_by_those_who_decide_it(
    visitor: PageClient, journey: Journey
) -> None:
    with using(Environment.PRODUCTION):
        maker = somebody_of(journey.sender)
        a_draft(journey, maker)
        role = db.session.query(Role).filter_by(account_id=maker.account_id).one().id
    for place in (journey.commission, journey.origin, journey.origin_centre):
        page = browser_of(visitor, place).get(f"/production/administration/members/roles/{role}")
        found = page.click("Certificates touched under this role").press("Show results")
        assert "Draft begun" in found.text
        assert "Hof Beispiel" not in str(found.tree.xpath("string(//tbody)")), "a draft names nobody yet"
        assert found.tree.xpath("//tbody//th")
        assert not numbers(found), "its page is its maker's alone"
    for place in (journey.destination, journey.destination_centre):
        assert browser_of(visitor, place).get(f"{IMPACT}?cause=role-wrong.{role}&{today()}").status == 404


def test_a_key_signs_and_does_nothing_else(visitor: PageClient, journey: Journey) -> None:
    _role, key = a_signed(journey)
    chief = browser_of(visitor, journey.origin)
    signed = chief.get(f"{IMPACT}?cause=key-stolen.{key}&{today()}&act=signed")
    assert len(numbers(signed)) == 1
    refused = chief.get(f"{IMPACT}?cause=key-stolen.{key}&{today()}&act=opened")
    assert "With a key certificates were signed, and nothing else." in refused.errors
    assert chief.get(f"{IMPACT}?cause=key-stolen.{key}&{today()}&act=nonsense").errors
