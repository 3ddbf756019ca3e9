"""The pages of a COI: from the importer to the control body abroad, and to the border post."""

from __future__ import annotations

import pytest

from portal.certificates import drafting, filling, submitting
from portal.certificates.models import Certificate
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity.queries import account_by_id
from tests.makers.certificates import (
    OrganicJourney,
    an_officer,
    an_organic_journey,
    fill,
    now_valid,
    somebody_of,
)
from tests.makers.identity import sign_in_browser
from tests.makers.organisations import a_scope
from tests.makers.roles import a_member
from tests.makers.seals import a_key
from tests.page import Page, PageClient

LIST = "/production/certificates"
WISH = drafting.CertificateWish("COI", "COI", None, "en", "AR", "BE")


@pytest.fixture
def journey(production: None) -> OrganicJourney:
    """From Argentina to Antwerp."""
    return an_organic_journey()


def found_in(page: Page, box: str, country: str, text: str, number: int) -> Page:
    """The page after a search inside the box, with that organisation chosen and saved."""
    found = page.press("Save", **{f"box-{box}-in": country, f"box-{box}-text": text, "find": box})
    assert found.tree.xpath(f"//input[@name='box-{box}-id'][@value='{number}']"), found.text
    return found.press("Save", **{f"box-{box}-id": str(number)})


def test_the_importer_begins_one_and_names_the_control_body_and_the_post(
    visitor: PageClient, journey: OrganicJourney
) -> None:
    browser = sign_in_browser(visitor, a_member(journey.importer))
    page = browser.get(f"{LIST}/new?document=COI").press("Begin the draft", origin="AR", destination="BE")
    assert page.heading.startswith("Parties and offices")
    with using(Environment.PRODUCTION):
        a_scope(journey.body, "AR-BIO-77", country="AR")
        certificate = db.session.query(Certificate).one()
        number, body, post = certificate.id, journey.body.id, journey.post.id
    assert "What you typed was saved." in found_in(page, "1", "AR", "Control", body).text
    places = browser.get(f"{LIST}/{number}/boxes/places")
    assert "What you typed was saved." in found_in(places, "10", "BE", "Antwerp", post).text
    with using(Environment.PRODUCTION):
        assert db.session.get_one(Certificate, number).issuer_id == body


def test_an_organisation_of_no_register_is_typed_by_hand(
    visitor: PageClient, journey: OrganicJourney
) -> None:
    with using(Environment.PRODUCTION):
        number = drafting.begin(WISH, somebody_of(journey.importer)).id
    page = sign_in_browser(visitor, a_member(journey.importer)).get(f"{LIST}/{number}/boxes/parties")
    nameless = page.press("Save", **{"box-5-id": "typed", "box-5-country": "AR"})
    assert nameless.errors == ["Type the name of the organisation."]
    saved = page.press("Save", **{"box-5-id": "typed", "box-5-name": "Granos del Sur", "box-5-country": "AR"})
    assert saved.status == 200
    with using(Environment.PRODUCTION):
        value = filling.values_of(db.session.get_one(Certificate, number))["5"]
    assert (value["id"], value["name"], value["country"]) == (None, "Granos del Sur", "AR")


def test_every_screen_of_the_control_body_opens_and_it_signs_what_it_began_without_submitting(
    visitor: PageClient, journey: OrganicJourney
) -> None:
    with using(Environment.PRODUCTION):
        actor = an_officer(journey.body)
        certificate = fill(drafting.begin(WISH, actor), journey.boxes(), actor)
        number, person = certificate.id, account_by_id(certificate.created_by)
        assert person is not None
    browser = sign_in_browser(visitor, person)
    for screen in ("parties", "places", "transport", "goods", "entry"):
        assert browser.get(f"{LIST}/{number}/boxes/{screen}").status == 200, screen
    page = browser.get(f"{LIST}/{number}")
    assert not page.tree.xpath("//a[normalize-space()='Submit']")
    keyless = page.click("Sign")
    assert "This environment has no key to seal with" in keyless.text
    a_key("production")
    shown = page.click("Sign")
    assert "Control Body of the South" in shown.text
    assert "COI.AR.2026." in shown.text


def test_the_border_post_records_its_decision_beside_what_was_signed(
    visitor: PageClient, journey: OrganicJourney
) -> None:
    with using(Environment.PRODUCTION):
        officer = an_officer(journey.body)
        certificate = fill(drafting.begin(WISH, officer), journey.boxes(), officer)
        number = now_valid(certificate, officer).id
    browser = sign_in_browser(visitor, a_member(journey.post))
    form = browser.get(f"{LIST}/{number}").click("Add to part III")
    columns = form.tree.xpath("//select[starts-with(@name, 'box-25-1-')]")
    answers = {one.get("name"): one.xpath("./option/@value")[1] for one in columns}
    assert form.press("Record", **dict(list(answers.items())[:1])).status == 422
    done = form.press("Record", **answers, **{"box-28": "Lorry"})
    assert "Added by Post of Antwerp" in done.text
    assert "Lorry" in done.text
    body = sign_in_browser(PageClient(visitor.app), a_member(journey.body))
    assert "Lorry" in body.get(f"{LIST}/{number}").text
    assert not body.get(f"{LIST}/{number}").tree.xpath("//a[normalize-space()='Add to part III']")


def test_the_body_takes_up_what_the_importer_submitted(visitor: PageClient, journey: OrganicJourney) -> None:
    with using(Environment.PRODUCTION):
        maker = somebody_of(journey.importer)
        number = submitting.submit(fill(drafting.begin(WISH, maker), journey.boxes(), maker).id, maker).id
    browser = sign_in_browser(visitor, a_member(journey.body))
    page = browser.get(f"{LIST}/{number}").press("Open for certification")
    assert "Being certified" in page.text
    saved = page.click("Fill in the boxes").press("Save and continue")
    assert saved.heading.startswith("Countries and places")
