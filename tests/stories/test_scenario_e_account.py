"""Scenario E around the certificate, in French: the account, reading only, a new name, PANIC, and Training."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from portal import clock
from portal.certificates.models import Certificate
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity import queries
from portal.identity.models import Account
from portal.organisations.models import Organisation
from tests.makers.certificates import a_journey, a_submitted, may_sign, somebody_of
from tests.makers.roles import a_role
from tests.makers.seals import a_key
from tests.stories.acts import opens_the_gear_menu, signs_in_with_sms, signs_in_with_the_password, signs_out
from tests.stories.consignments import Cast, the_cast
from tests.stories.hands import Someone, fills, follows, goes_to, is_on, link, presses, reads, sees, ticks
from tests.stories.people import Meet, member_of, somebody
from tests.stories.recovering import (
    adds_a_first_number_through_the_mailbox,
    confirms_in_place,
    follows_the_panic_link,
    opens_the_page_of,
    presses_panic,
)

pytestmark = pytest.mark.browser
LIST = "/production/certificates"
OFFICE = "demo/FR/LAU"
COMPETENCES = ("Animal", "Denrées alimentaires", "Produits germinaux", "Sous-produits animaux")
RIGHTS = {
    "DSCE-A": "rw", "DSCE-P": "rw", "DOCOM": "rw", "EU EXPORT": "rw", "EU IMPORT": "r-", "INTRA": "rw", "AJL": "rw",
}  # fmt: skip
MILLISECONDS_TO_SIGN = 90_000


def test_e1_to_e3_the_menu_shows_the_profile_and_leads_to_the_account(meet: Meet) -> None:
    alix = meet("fr", "veterinarian")
    signs_in_with_sms(alix)
    signs_out(alix)
    signs_in_with_sms(alix)  # the first sign-in of an account has no last one to show
    opens_the_gear_menu(alix)
    menu = alix.page.get_by_role("banner").locator("details[open]")
    for words in (
        alix.email,
        "Éditer votre profil",
        "Dernière connexion",
        "Profils disponibles",
        *COMPETENCES,
    ):
        expect(menu).to_contain_text(words)
    shown = " ".join(menu.inner_text().split())
    for document, right in RIGHTS.items():
        assert f"{document} {right}" in shown, shown
    expect(menu.get_by_role("button", name="Déconnexion")).to_be_visible()
    menu.get_by_role("link", name="Éditer votre profil").click()
    reads(alix, "EU Login is where your personal data are recorded.")
    for words in ("Personal information", "Full name", "Domain", "User name", "My account on EU Login"):
        reads(alix, words)
    follows(alix, "My account on EU Login")
    expect(alix.page.locator("main .card-grid > .card")).to_have_count(9)


def test_e6_whoever_may_only_read_finds_no_button_and_is_refused(meet: Meet) -> None:
    post = member_of(somebody(meet, "fr", "+46701740675", email="poste@frontiere.example"), "demo/FR/BCP")
    signs_in_with_sms(post, LIST)
    expect(link(post, "New certificate")).to_have_count(0)
    token = post.page.locator("input[name=csrf_token]").first.get_attribute("value") or ""
    typed = {"csrf_token": token, "model": "BOV-INTRA-X", "origin": "FR", "destination": "DE"}
    answer = post.page.request.post(f"{post.site.address}{LIST}/new?document=INTRA", form=typed)
    assert answer.status == 403
    with post.site.inside(), using(Environment.PRODUCTION):
        assert db.session.query(Certificate).count() == 0


@pytest.fixture
def cast(meet: Meet) -> Cast:
    """Sender and officer, signed in in French."""
    return the_cast(meet, "fr")


def signs(who: Someone, number: int, place: str = LIST) -> None:
    """The page of the certificate, the page of the signature, the press, until it is done."""
    goes_to(who, f"{place}/{number}")
    follows(who, "Sign")
    presses(who, "Sign")
    expect(who.page.locator(".banner--success")).to_be_visible(timeout=MILLISECONDS_TO_SIGN)


def the_paper(who: Someone, number: int, place: str = LIST) -> tuple[bytes, str]:
    """The signed file, and the address of the public check."""
    file: Any = who.page.request.get(f"{who.site.address}{place}/{number}/file").body()
    goes_to(who, f"{place}/{number}")
    return file, link(who, "Check this certificate").get_attribute("href") or ""


def test_e10_a_new_name_leaves_what_was_signed_as_it_was(cast: Cast, meet: Meet) -> None:
    officer, number = cast.officer, cast.prepares("submitted")
    signs(officer, number)
    before, address = the_paper(officer, number)
    goes_to(officer, "/account/name")
    fills(officer, "Last name", "Nouvelle")
    officer.page.locator("main form button[type=submit]").last.click()
    officer.page.wait_for_load_state()
    officer.last_name, old = "Nouvelle", officer.last_name
    goes_to(officer, "/production/profile")
    expect(officer.page.get_by_role("banner").locator("summary", has_text="Nouvelle")).to_be_visible()
    assert the_paper(officer, number)[0] == before
    visitor = meet("fr")
    goes_to(visitor, address)
    sees(visitor, old)


def test_e11_e12_after_panic_what_was_signed_stays_valid_and_another_lifts_the_suspension(
    cast: Cast, meet: Meet
) -> None:
    officer, number = cast.officer, cast.prepares("submitted")
    _has_roles_elsewhere(officer)
    signs(officer, number)
    before, address = the_paper(officer, number)
    signs_out(officer)
    signs_in_with_the_password(officer)
    presses_panic(officer)
    follows_the_panic_link(officer)
    presses(officer, "Delete everything")
    officer.number = "+46701740676"
    adds_a_first_number_through_the_mailbox(officer)
    for environment in Environment:
        goes_to(officer, f"/{environment}/profile")
        is_on(officer, "Your access here is suspended")
    visitor = meet("fr")
    goes_to(visitor, address)
    reads(visitor, "This certificate is valid")
    chief = _chief_of_the_centre(cast, meet)
    lifts(chief, officer)
    goes_to(officer, LIST)
    assert officer.page.request.get(f"{officer.site.address}{LIST}/{number}/file").body() == before


def _has_roles_elsewhere(who: Someone) -> None:
    for environment in (Environment.ACCEPTANCE, Environment.TRAINING):
        with who.site.inside(), using(environment):
            account = queries.account_by_email(who.email)
            office = db.session.query(Organisation).filter_by(source_key=OFFICE).one()
            assert account is not None
            a_role(account, office)


def _chief_of_the_centre(cast: Cast, meet: Meet) -> Someone:
    chief = somebody(meet, "fr", "+46701740677", email="centre@cca.example", last_name="Centrale")
    with chief.site.inside(), using(Environment.PRODUCTION):
        account = queries.account_by_email(chief.email)
        assert account is not None
        a_role(account, cast.journey.origin_centre, administrator=True)
    return chief


def lifts(chief: Someone, person: Someone) -> None:
    """«Unsuspend User» with a factor shown just now, by an authority above."""
    signs_in_with_sms(chief, "/production/administration/members")
    opens_the_page_of(chief, person)
    clock.advance(timedelta(minutes=16))
    ticks(chief, "The person stood before me.")
    presses(chief, "Lift the suspension")
    confirms_in_place(chief)
    ticks(chief, "The person stood before me.")
    presses(chief, "Lift the suspension")
    reads(chief, "The suspension is lifted, and the person is told.")
    signs_out(person)
    signs_in_with_sms(person, LIST)


def test_e13_in_training_there_is_a_banner_a_key_a_series_and_a_check_of_its_own(meet: Meet) -> None:
    officer, number = _in_training(meet)
    place = "/training/certificates"
    signs_in_with_sms(officer, place)
    reads(officer, "Environment: %(name)s", name="Training")
    signs(officer, number, place)
    goes_to(officer, f"{place}/{number}")
    sees(officer, "DEMO.TRN.INTRA.FR.2026.")
    _file, address = the_paper(officer, number, place)
    assert address.startswith("/training/verify/")
    visitor = meet("fr")
    goes_to(visitor, address)
    reads(visitor, "This certificate is valid")
    goes_to(visitor, address.removeprefix("/training"))
    is_on(visitor, "No such certificate")
    assert _keys(officer, "training").isdisjoint(_keys(officer, "production"))


def _in_training(meet: Meet) -> tuple[Someone, int]:
    """An officer there, and a certificate that waits for a signature."""
    who = somebody(meet, "fr", "+46701740678", email="veto@exercice.example", last_name="Exercice")
    with who.site.inside():
        a_key("production")
        with using(Environment.TRAINING):
            a_key("training")
            journey = a_journey()
            account = db.session.query(Account).filter_by(email=who.email).one()
            a_role(account, journey.origin)
            may_sign(account)
            return who, a_submitted(journey, somebody_of(journey.sender)).id


def _keys(who: Someone, environment: str) -> set[str]:
    """The SHA-256 of every key that the page of the seals shows."""
    goes_to(who, f"/{environment}/seals")
    found = set(who.page.locator("main code.hash").all_inner_texts())
    assert found
    return found
