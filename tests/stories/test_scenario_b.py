"""Scenario B: a telephone is added, and signing in with «Téléphone portable + SMS»; in French, on SQLite."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from tests.stories.acts import (
    asks_for_an_sms,
    asks_to_add,
    gives_the_name,
    opens_my_account,
    opens_my_numbers,
    opens_the_gear_menu,
    signs_in_with_sms,
    signs_in_with_the_password,
    signs_out,
    sms_to,
    types_the_code,
)
from tests.stories.hands import (
    Someone,
    field,
    fills,
    follows,
    goes_to,
    has_error,
    is_on,
    link,
    presses,
    reads,
    sees,
    sees_nothing_of,
    ticks,
)  # fmt: skip
from tests.stories.people import Meet, somebody
from tests.stories.words import part, whole

pytestmark = pytest.mark.browser
MOBILE = "+46 70 174 06 05"


@pytest.fixture
def camille(meet: Meet) -> Someone:
    """A person with an account and no second factor."""
    return somebody(meet, "fr")


def test_b1_to_b4_the_password_alone_leads_to_the_nine_cards(camille: Someone) -> None:
    goes_to(camille, "/sign-in")
    gives_the_name(camille)
    for words in (
        "Connectez-vous pour continuer", "Bienvenue", camille.email, "(Externe)", "Mot de passe",
        "Méthode d'authentification", "Authentifiez-vous sur EU Login avec votre seul mot de passe.",
    ):  # fmt: skip
        sees(camille, words)
    assert link(camille, "Sign in with a different e-mail address?").is_visible()
    assert link(camille, "Lost your password?").is_visible()
    assert camille.page.get_by_role("radio", name=whole("Mot de passe")).is_checked()
    fills(camille, "Password", camille.password)
    presses(camille, "Sign in")
    is_on(camille, "Successful login")
    for words in ("Authentification réussie", "Vous êtes connecté à EU Login.", "Déconnexion"):
        sees(camille, words)
    opens_the_gear_menu(camille)
    for words in (camille.email, "(Externe)", "Modifier le mot de passe", "Mon compte", "Déconnexion"):
        sees(camille, words)
    camille.page.get_by_role("banner").get_by_role("link", name=whole("Mon compte")).click()
    assert cards(camille) == [
        "Mes données personnelles", "Configurer mon compte", "Supprimer mon compte", "Gérer mes appareils mobiles",
        "Gérer mes clés de sécurité et plateformes sécurisées", "Gérer mes numéros de téléphone portable",
        "Gérer mes eID", "Supprimer tous mes appareils et cartes d'identité électroniques (PANIC)",
        "Afficher mes sessions",
    ]  # fmt: skip
    sees(camille, "Vous pouvez visualiser vos sessions ouvertes.")


def cards(who: Someone) -> list[str]:
    """The titles of the cards, in their order."""
    return [text.replace("’", "'") for text in who.page.locator(".card__link").all_inner_texts()]


def test_b5_to_b7_only_an_international_mobile_number_is_taken(camille: Someone) -> None:
    signs_in_with_the_password(camille)
    opens_my_numbers(camille)
    for words in (
        "Ajouter un numéro de téléphone portable",
        "Effacer un numéro de téléphone portable",
        "← Mon compte",
    ):
        sees(camille, words)
    for refused in ("0612345678", "+33 1 99 00 12 34"):
        goes_to(camille, "/account/telephones")
        asks_to_add(camille, refused)
        has_error(camille, "Mobile phone number")
        assert field(camille, "Mobile phone number").input_value() == refused
        sees(
            camille,
            "Format international avec indicatif du pays - par exemple, pour la Belgique: +32 123 45 67 89",
        )
    assert not camille.site.messages("+33612345678")


def test_b8_to_b12_the_code_of_the_sms_puts_the_number_on_the_account(camille: Someone) -> None:
    signs_in_with_the_password(camille)
    opens_my_numbers(camille)
    asks_to_add(camille, MOBILE)
    for words in (
        "Code \"challenge\" envoyé par SMS, pour l'ajout d'un numéro de téléphone portable", MOBILE, "Annuler",
        "Le message peut mettre jusqu'à 15 minutes pour atteindre votre téléphone portable.", "Finaliser",
    ):  # fmt: skip
        sees(camille, words)
    (sms,) = sms_to(camille)
    assert len(sms["code"]) == 9
    assert sms["code"][4] == "-"
    assert "TRACES" in sms["body"]
    assert sms["code"] in sms["body"]
    assert not sms["links"]
    assert camille.password not in sms["body"]
    for _try in range(5):
        types_the_code(camille, "2222-2222")
        presses(camille, "Finalise")
    is_on(camille, "This code no longer works")
    follows(camille, "Manage my mobile phone numbers")
    reads(camille, "No number yet")
    asks_to_add(camille, MOBILE)
    code = sms_to(camille)[0]["code"]
    clock.advance(timedelta(minutes=14))
    types_the_code(camille, code.lower())
    presses(camille, "Finalise")
    reads(camille, "Number ending in %(digits)s", digits="05")
    goes_to(camille, "/production/profile")
    sees_nothing_of(camille, "Demander une autorisation")
    signs_out(camille)
    signs_in_with_sms(camille)
    is_on(camille, "Request authorisation")


def test_b13_to_b16_the_code_goes_only_to_an_own_number_after_the_right_password(meet: Meet) -> None:
    camille = somebody(meet, "fr", "+46701740605")
    goes_to(camille, "/production/profile")
    gives_the_name(camille)
    explanation = "Envoyer un SMS à un numéro de téléphone portable enregistré pour une authentification "
    sees(camille, explanation + "à plusieurs facteurs.")
    assert field(camille, "Mobile phone").input_value() == ""
    asks_for_an_sms(camille, "+46 70 174 06 66")
    is_on(camille, "Enter the code from the text message")
    neutral = camille.page.get_by_role("main").inner_text()
    assert not sms_to(camille, "+46701740666")
    follows(camille, "Type another number")
    assert field(camille, "Mobile phone").input_value() == ""
    asks_for_an_sms(camille, password="not-the-password-at-all")
    has_error(camille, "Password")
    assert not sms_to(camille)
    asks_for_an_sms(camille)
    assert camille.page.get_by_role("main").inner_text() == neutral.replace("66", "05")
    types_the_code(camille, sms_to(camille)[0]["code"])
    presses(camille, "Sign in")
    is_on(camille, "Request authorisation")
    opens_my_account(camille)
    follows(camille, "View my sessions")
    row = camille.page.get_by_role("row").filter(has_text=camille.says("This session"))
    assert "Téléphone portable + SMS" in row.inner_text()


def test_b17_the_same_number_serves_two_accounts_and_each_code_works_only_for_its_own(meet: Meet) -> None:
    camille = somebody(meet, "fr", "+46701740605")
    robin = somebody(meet, "fr", email="robin@agri.example")
    signs_in_with_the_password(robin)
    opens_my_numbers(robin)
    asks_to_add(robin)
    types_the_code(robin, sms_to(robin)[0]["code"])
    presses(robin, "Finalise")
    reads(robin, "Number ending in %(digits)s", digits="05")
    codes = {}
    for who in (camille, robin):
        goes_to(who, "/sign-in")
        gives_the_name(who)
        asks_for_an_sms(who)
        codes[who.email] = sms_to(who)[0]["code"]
    assert codes[camille.email] != codes[robin.email]
    types_the_code(camille, codes[robin.email])
    presses(camille, "Sign in")
    has_error(camille, "Text message challenge code")
    for who in (camille, robin):
        types_the_code(who, codes[who.email])
        presses(who, "Sign in")
        is_on(who, "Successful login")


def test_b18_the_eleventh_number_is_refused(meet: Meet) -> None:
    numbers = [f"+467017406{end:02}" for end in range(10, 20)]
    camille = somebody(meet, "fr", *numbers)
    signs_in_with_sms(camille, "/account/telephones")
    asks_to_add(camille, "+46701740605")
    has_error(camille, "Mobile phone number")
    assert not sms_to(camille, "+46701740605")


def test_b19_deleting_a_number_asks_for_the_second_factor_first(meet: Meet) -> None:
    camille = somebody(meet, "fr", "+46701740605", "+46701740606")
    signs_in_with_the_password(camille)
    goes_to(camille, "/account/telephones/remove")
    reads(camille, "You are about to change what protects your account: confirm that it is you.")
    ticks(camille, "Mobile Phone + SMS")
    fills(camille, "Mobile phone", camille.number)
    presses(camille, "Go on")
    types_the_code(camille, sms_to(camille)[0]["code"])
    presses(camille, "Confirm")
    is_on(camille, "Delete a mobile phone number")
    second = part(camille.says("Number ending in %(digits)s", digits="06"))
    row = camille.page.get_by_role("row").filter(has_text=second)
    row.get_by_role("link", name=whole(camille.says("Delete"))).click()
    is_on(camille, "Delete this mobile phone number?")
    presses(camille, "Delete")
    reads(camille, "The number ending in %(digits)s is no longer on your account.", digits="06")
    signs_out(camille)
    sees_nothing_of(camille, camille.last_name)
