"""A certificate of inspection in English: importer, control body abroad, border post, anybody with the paper."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from portal.certificates.models import Certificate
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity import queries
from portal.organisations.models import Organisation
from tests.makers.certificates import OrganicJourney, an_organic_journey, may_sign
from tests.makers.organisations import a_scope
from tests.makers.roles import a_role
from tests.makers.seals import a_key
from tests.stories.acts import signs_in_with_sms
from tests.stories.hands import (
    Someone,
    button,
    chooses,
    follows,
    goes_to,
    is_on,
    link,
    presses,
    reads,
    sees,
    sees_nothing_of,
)
from tests.stories.people import Meet, somebody

pytestmark = pytest.mark.browser
LIST = "/production/certificates"
SECONDS_TO_SIGN = 90_000
GROWER = {"id": "typed", "name": "Granos del Sur", "country": "AR"}
PRODUCT = {
    "status": "organic", "cn": "1001 99 00", "name": "Wheat", "category": "D", "packages": "20", "lot": "L1",
    "net": "500 kg",
}  # fmt: skip


@dataclass
class Three:
    """The people of the importer, of the control body and of the border post, and where they work."""

    importer: Someone
    body: Someone
    post: Someone
    journey: OrganicJourney

    def number(self) -> int:
        """The one certificate of the story."""
        with self.importer.site.inside(), using(Environment.PRODUCTION):
            return db.session.query(Certificate).one().id


@pytest.fixture
def three(meet: Meet) -> Three:
    """Each with a role where they work; the one of the control body may sign."""
    people = [
        somebody(meet, "en", f"+4670174069{place}", email=f"{name}@organic.example", last_name=name.title())
        for place, name in enumerate(("importer", "body", "post"))
    ]
    with people[0].site.inside(), using(Environment.PRODUCTION):
        journey = an_organic_journey()
        a_key("production")
        a_scope(journey.body, "AR-BIO-77", country="AR", categories="AD")
        for who, place in zip(people, (journey.importer, journey.body, journey.post), strict=True):
            account = queries.account_by_email(who.email)
            assert account is not None
            a_role(account, place)
            if place is journey.body:
                may_sign(account)
    return Three(*people, journey)


def test_a_coi_goes_from_the_importer_to_the_control_body_to_the_border_post(
    three: Three, meet: Meet
) -> None:
    number = the_importer_begins_and_submits(three)
    the_control_body_takes_it_up_and_signs(three, number)
    the_border_post_decides(three, number)
    the_importer_reads_the_decision_and_cannot_add_to_it(three, number)
    anybody_with_the_paper_finds_it_valid(three, meet("en"), number)


def the_importer_begins_and_submits(three: Three) -> int:
    """Boxes 1, 4 to 14 and 16, 17 by the importer; without box 2 nothing can be submitted."""
    who, journey = three.importer, three.journey
    signs_in_with_sms(who, LIST)
    goes_to(who, f"{LIST}/new?document=COI")
    chooses(who, "Country of origin", "AR")
    chooses(who, "Country of destination", "BE")
    presses(who, "Begin the draft")
    number = three.number()
    goes_to(who, f"{LIST}/{number}")
    expect(link(who, "Submit")).to_have_count(0)
    fills_the_parties(who, number, journey)
    finds(who, number, "places", "10", "BE", "Antwerp", journey.post)
    fills_the_goods(who, number)
    goes_to(who, f"{LIST}/{number}")
    follows(who, "Submit")
    who.page.locator("input[name=declared]").check()
    presses(who, "Submit")
    reads(who, "The certificate was submitted. Whoever certifies it was told.")
    return number


def fills_the_parties(who: Someone, number: int, journey: OrganicJourney) -> None:
    """Bodies and importer of the registers, producer and exporter typed by hand."""
    for box in ("1", "7"):
        finds(who, number, "parties", box, "AR", "Control", journey.body)
    finds(who, number, "parties", "12", "BE", "Import", journey.importer)
    for box in ("4", "5"):
        who.page.locator(f"input[name='box-{box}-id'][value=typed]").check()
        who.page.locator(f"[name='box-{box}-name']").fill(GROWER["name"])
        who.page.locator(f"[name='box-{box}-country']").select_option(GROWER["country"])
    presses(who, "Save")
    reads(who, "What you typed was saved.")


def fills_the_goods(who: Someone, number: int) -> None:
    """One product on one ship, wherever the screens have their boxes."""
    for screen in ("parties", "places", "transport", "goods"):
        goes_to(who, f"{LIST}/{number}/boxes/{screen}")
        for column, text in PRODUCT.items():
            types(who, f"box-13-1-{column}", text)
        for name, text in {"box-17-1-mode": "Ship", "box-17-1-identification": "MV Example"}.items():
            types(who, name, text)
        for name, text in {"box-2": "compliance", "box-16": "520 kg", "box-8": "AR", "box-9": "AR"}.items():
            types(who, name, text)
        presses(who, "Save")
        reads(who, "What you typed was saved.")


def types(who: Someone, name: str, text: str) -> None:
    """Into the field, the list or the round choices of that name, where this screen has it."""
    found = who.page.locator(f"main [name='{name}']")
    if found.count() > 1:
        who.page.locator(f"main [name='{name}'][value='{text}']").check()
    elif found.count() and found.evaluate("field => field.tagName") == "SELECT":
        found.select_option(text)
    elif found.count():
        found.fill(text)


def finds(
    who: Someone, number: int, screen: str, box: str, country: str, text: str, wanted: Organisation
) -> None:
    """A search inside the box, the line that was found, and saved."""
    goes_to(who, f"{LIST}/{number}/boxes/{screen}")
    place = who.page.locator(f"[id='box-{box}']")
    place.locator(f"[name='box-{box}-in']").select_option(country)
    place.locator(f"[name='box-{box}-text']").fill(text)
    place.locator("button[name=find]").click()
    who.page.locator(f"input[name='box-{box}-id'][value='{wanted.id}']").check()
    presses(who, "Save")
    reads(who, "What you typed was saved.")


def the_control_body_takes_it_up_and_signs(three: Three, number: int) -> None:
    """Opened, so that the importer cannot take it back; then the page with hash and name, and the press."""
    who = three.body
    signs_in_with_sms(who, LIST)
    goes_to(who, f"{LIST}/{number}")
    presses(who, "Open for certification")
    sees(who, "Being certified")
    sees(who, "Recognised for Argentina: categories A, D, without end.")
    goes_to(three.importer, f"{LIST}/{number}")
    expect(button(three.importer, "Take back")).to_have_count(0)
    follows(who, "Sign")
    sees(who, f"{who.first_name} {who.last_name}")
    sees(who, "Control Body of the South")
    sees(who, "Recognised for Argentina: categories A, D, without end.")
    presses(who, "Sign")
    expect(who.page.locator(".banner--success")).to_be_visible(timeout=SECONDS_TO_SIGN)
    expect(who.page.get_by_text("COI.AR.2026.").first).to_be_visible()


def the_border_post_decides(three: Three, number: int) -> None:
    """Boxes 25, 29 and 30 by the post; nothing of parts I and II is open to it."""
    who = three.post
    signs_in_with_sms(who, LIST)
    goes_to(who, f"{LIST}/{number}")
    expect(link(who, "Fill in the boxes")).to_have_count(0)
    expect(link(who, "Sign")).to_have_count(0)
    follows(who, "Add to part %(part)s", part="III")
    for name, text in {
        "box-25-1-documents": "satisfactory", "box-25-1-selected": "yes", "box-29-1-identity": "satisfactory",
        "box-29-1-physical": "satisfactory", "box-30-1-decision": "organic",
    }.items():  # fmt: skip
        types(who, name, text)
    assert who.page.locator("[name^='box-31']").count() == 0, "the first consignee's declaration"
    presses(who, "Record")
    reads(who, "What you recorded stands with the certificate now.")
    sees(who, "To be released as organic")


def the_importer_reads_the_decision_and_cannot_add_to_it(three: Three, number: int) -> None:
    """What the post decided is seen by its importer; the post's boxes are not the importer's."""
    who = three.importer
    goes_to(who, f"{LIST}/{number}")
    sees(who, "Added by Post of Antwerp")
    sees(who, "To be released as organic")
    goes_to(who, f"{LIST}/{number}/control/III")
    assert who.page.locator("[name^='box-30']").count() == 0


def anybody_with_the_paper_finds_it_valid(three: Three, visitor: Someone, number: int) -> None:
    """Number and code typed from the paper; a wrong code says nothing."""
    goes_to(three.body, f"{LIST}/{number}")
    address = link(three.body, "Check this certificate").get_attribute("href")
    assert address is not None
    paper, code = address.rpartition("/")[2].split("?code=")
    goes_to(visitor, "/verify")
    visitor.page.locator("input[name=number]").fill(paper)
    visitor.page.locator("input[name=code]").fill(code)
    presses(visitor, "Check the number")
    sees(visitor, "This certificate is valid")
    sees(visitor, "Control Body of the South")
    goes_to(visitor, f"/verify/{paper}?code={'2' * len(code)}")
    is_on(visitor, "No such certificate")
    sees_nothing_of(visitor, "Control Body of the South")
