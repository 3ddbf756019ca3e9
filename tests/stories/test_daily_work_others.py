"""The daily work in one office: control body, official veterinarian, border post, customs, regional authority."""

from __future__ import annotations

import pytest

from portal.database import db
from portal.environments.environment import Environment, using
from portal.organisations.models import Organisation
from tests.makers.identity import a_user
from tests.makers.organisations import an_operator
from tests.makers.roles import a_request
from tests.stories.acts import chips, opens_the_request_of, signs_in_with_sms, validates
from tests.stories.hands import Someone, button, follows, goes_to, is_on, link, reads, sees, sees_nothing_of
from tests.stories.people import Meet, has_asked, member_of, number_of, somebody

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("language", ["fr", "de"])]
QUEUE = "/production/validation"
REFUSED = "You do not have access to this page"
LOADS = ("RFL", "responsible")


def test_a_control_body_user_reads_the_record_and_its_scopes_and_validates_a_colleague(
    meet: Meet, language: str
) -> None:
    kim = meet(language, "control-body")
    signs_in_with_sms(kim)
    assert chips(kim)[-1] == f"1 {kim.says('Valid')}"
    kim.page.locator("tbody a").first.click()
    reads(kim, "The Commission keeps this record. Tell it what should be changed.")
    reads(kim, "Product categories")
    assert link(kim, "Add a scope").count() == 0
    goes_to(kim, f"/production/registers/control-bodies/{number_of(kim, 'demo/FR/BODY')}")
    is_on(kim, REFUSED)
    goes_to(kim, QUEUE)
    kim.page.locator("tbody a").first.click()
    is_on(kim, "Request of %(person)s", person="Toni Vorlage")
    validates(kim)
    sees_nothing_of(kim, "Toni Vorlage")


def test_an_official_veterinarian_validates_people_of_the_operators_of_the_office(
    meet: Meet, language: str
) -> None:
    alix = meet(language, "veterinarian")
    signs_in_with_sms(alix, "/production/profile")
    assert chips(alix)[-1] == f"1 {alix.says('Valid')}"
    goes_to(alix, QUEUE)
    opens_the_request_of(alix, "Maxime Essai", "Élevage Exemple GAEC")
    reads(alix, "Evidence")
    validates(alix)
    reads(alix, "The role in %(organisation)s is valid now.", organisation="Élevage Exemple GAEC")
    sees_nothing_of(alix, "Andrea Maquette")
    goes_to(alix, "/production/operators?country=FR")
    sees(alix, "Élevage Exemple GAEC")


def test_a_border_post_validates_an_operator_responsible_for_loads_with_its_first_user(
    meet: Meet, language: str
) -> None:
    sam = meet(language, "border-post")
    post = number_of(sam, "demo/IE/BCP")
    with sam.site.inside(), using(Environment.PRODUCTION):
        office = db.session.get_one(Organisation, post)
        loads = an_operator(
            "Loads Test Ltd", responsible=office, activity=LOADS, state="new", country="IE", city="Cork"
        )
        a_request(loads, a_user("Ada", "Transit", email="ada.transit@agri.example"))
    signs_in_with_sms(sam, QUEUE)
    sees(sam, "Ariel Placeholder")
    opens_the_request_of(sam, "Ada Transit", "Loads Test Ltd")
    button(sam, "Validate the operator and the role").click()
    reads(sam, "The role in %(organisation)s is valid now.", organisation="Loads Test Ltd")
    assert "Loads Test Ltd" in sam.site.messages("ada.transit@agri.example")[0]["body"]


def test_customs_read_and_decide_nothing(meet: Meet, language: str) -> None:
    cato = member_of(somebody(meet, language, "+46701740605", first_name="Cato"), "demo/IE/CUS")
    has_asked(somebody(meet, language, email="zoe.collegue@agri.example", first_name="Zoe"), "demo/IE/CUS")
    signs_in_with_sms(cato)
    cato.page.locator("tbody a").first.click()
    reads(cato, "Competences")
    assert link(cato, "Edit").count() == 0
    goes_to(cato, QUEUE)
    reads(cato, "No request waits for your decision")
    sees_nothing_of(cato, "Zoe")
    goes_to(cato, "/production/registers/document-rights")
    reads(cato, "Rights on documents")
    goes_to(cato, "/production/registers/document-rights/edit?holder=BCP")
    is_on(cato, REFUSED)


def test_a_regional_authority_validates_a_user_of_the_office_below(meet: Meet, language: str) -> None:
    rene = member_of(somebody(meet, language, "+46701740605", first_name="Rene"), "demo/FR/RCA")
    signs_in_with_sms(rene, QUEUE)
    follows(rene, "Open the request of %(person)s for %(organisation)s", **waiting_in_the_office(rene))
    validates(rene)
    sees_nothing_of(rene, "Andrea Maquette")
    goes_to(rene, "/production/figures")
    reads(rene, "Requests that wait")
    assert "Andrea" in rene.site.messages("andrea.maquette@ardennes.example")[0]["body"]


def waiting_in_the_office(who: Someone) -> dict[str, str]:
    """The person who asks for the local authority, with its name."""
    number = number_of(who, "demo/FR/LAU")
    with who.site.inside(), using(Environment.PRODUCTION):
        return {
            "person": "Andrea Maquette",
            "organisation": db.session.get_one(Organisation, number).name,
        }
