"""«Create an account»: the fields of S3, errors at the field, the code, and the neutral answer."""

from __future__ import annotations

from typing import Any

import pytest

from portal.database import db
from portal.identity.models import Registration
from portal.messages.models import OutgoingMessage
from tests.makers.identity import a_user
from tests.page import Page, PageClient

TICK = "By checking this box, you acknowledge that you have read and understood the privacy statement"


def filled_in(client: PageClient, **changed: Any) -> dict[str, Any]:
    """The form by its labels, with the right code."""
    values = {
        "First name": "Camille",
        "Last name": "Exemple",
        "E-mail": "camille.exemple@agri.example",
        "Confirm e-mail": "camille.exemple@agri.example",
        "Enter the code": client.cookie["captcha"]["answer"],
        TICK: True,
    }
    return {**values, **changed}


def registered(client: PageClient, **changed: Any) -> Page:
    """Open the form, fill it in, send it."""
    form = client.get("/register")
    return form.press("Create an account", by_label=filled_in(client, **changed))


def stored() -> tuple[int, int]:
    """Registrations and mails in the database."""
    return db.session.query(Registration).count(), db.session.query(OutgoingMessage).count()


def test_the_form_has_the_fields_of_the_source_in_its_order(visitor: PageClient) -> None:
    form = visitor.get("/register")
    shown = [label for label in form.labels if label not in ("Leave this field empty",)]
    assert form.heading == "Create an account"
    assert shown == [
        "First name",
        "Last name",
        "E-mail",
        "Confirm e-mail",
        "E-mail language",
        "Enter the code",
        TICK,
    ]
    assert form.click("Help for external users").status == 200


def test_a_right_form_sends_one_mail_and_says_so_neutrally(visitor: PageClient) -> None:
    answer = registered(visitor)
    assert answer.heading == "Look into your mailbox"
    assert "90 minutes" in answer.text
    assert "20 minutes" in answer.text
    assert stored() == (1, 1)


def test_a_known_address_gets_the_same_page_and_another_mail(visitor: PageClient) -> None:
    first = registered(visitor).text
    a_user(email="known@agri.example")
    again = registered(visitor, **{"E-mail": "known@agri.example", "Confirm e-mail": "known@agri.example"})
    assert again.text == first
    names = [row.name for row in db.session.query(OutgoingMessage).order_by(OutgoingMessage.id)]
    assert names == ["registration_link", "account_exists"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"Confirm e-mail": "other@agri.example"}, "The two e-mail addresses are not the same."),
        ({TICK: False}, "Read the privacy statement and tick this box."),
        (
            {"Enter the code": "12345"},
            "This is not the code that was shown. Type the six digits of the new one.",
        ),
        ({"First name": " "}, "This field is required."),
        (
            {"Last name": "Exemple\u202e"},
            "This text contains characters that cannot be shown. Type it again.",
        ),
        ({"Last name": "http://bad.example"}, "Use only letters, blanks, hyphens and apostrophes."),
        ({"E-mail": "a@b.example,c@d.example"}, "Enter one e-mail address, such as name@company.example."),
    ],
)
def test_each_mistake_alone_is_told_at_its_field_and_stores_nothing(
    visitor: PageClient, changed: dict[str, Any], said: str
) -> None:
    refused = registered(visitor, **changed)
    assert refused.status == 422
    assert said in refused.text
    assert refused.field("First name").get("value") == changed.get("First name", "Camille").strip()
    assert refused.field("Enter the code").get("value", "") == ""
    assert stored() == (0, 0)


def test_a_refused_form_shows_another_code_and_the_old_cookie_is_worth_nothing(visitor: PageClient) -> None:
    visitor.get("/register")
    old = visitor.cookie["captcha"]
    refused = registered(visitor, **{TICK: False})
    assert visitor.cookie["captcha"]["answer"] != old["answer"] or visitor.cookie["captcha"] != old
    used = visitor.cookie["captcha"]
    refused.press("Create an account", by_label=filled_in(visitor))
    form = visitor.get("/register")
    visitor.set_cookie({"captcha": used})
    replayed = form.press("Create an account", by_label=filled_in(visitor))
    assert replayed.status == 422
    assert stored() == (1, 1)


def test_another_code_can_be_shown_and_what_was_typed_stays(visitor: PageClient) -> None:
    form = visitor.get("/register")
    before = visitor.cookie["captcha"]["nonce"]
    shown = form.press("Show another code", by_label={"First name": "Camille"})
    assert shown.status == 200
    assert not shown.tree.xpath("//*[contains(@class,'error-summary')]")
    assert shown.field("First name").get("value") == "Camille"
    assert visitor.cookie["captcha"]["nonce"] != before


def test_the_code_comes_as_picture_and_as_sound(visitor: PageClient) -> None:
    form = visitor.get("/register")
    picture = visitor.get(form.tree.xpath("//img[contains(@src,'code.png')]/@src")[0]).response
    sound = visitor.get(form.tree.xpath("//audio/@src")[0]).response
    assert (picture.mimetype, picture.get_data()[:4]) == ("image/png", b"\x89PNG")
    assert (sound.mimetype, sound.get_data()[:4]) == ("audio/wav", b"RIFF")
    assert "no-store" in picture.headers["Cache-Control"]
    assert visitor.get("/register/code.png").status == 200


def test_without_a_shown_code_there_is_no_picture(visitor: PageClient) -> None:
    assert visitor.get("/register/code.png").status == 404
    assert visitor.get("/register/code.wav").status == 404


def test_a_functional_mailbox_is_warned_against_and_asked_about_once(visitor: PageClient) -> None:
    office = {"E-mail": "info@agri.example", "Confirm e-mail": "info@agri.example"}
    warned = registered(visitor, **office)
    assert warned.status == 422
    assert "Is this your own mailbox?" in warned.text
    assert stored() == (0, 0)
    own = "I confirm that this is my personal address and that nobody else reads its mail"
    done = warned.press("Create an account", by_label=filled_in(visitor, **office, **{own: True}))
    assert done.heading == "Look into your mailbox"
    assert stored() == (1, 1)


def test_people_of_blocked_domains_do_not_register_themselves(visitor: PageClient, settings: Any) -> None:
    settings(blocked_domains=("institution.example",))
    staff = {"E-mail": "a@mail.Institution.example", "Confirm e-mail": "a@mail.Institution.example"}
    refused = registered(visitor, **staff)
    assert refused.status == 422
    assert "mail.institution.example do not register here" in refused.text
    assert stored() == (0, 0)


def test_a_program_that_fills_in_the_unseen_field_is_refused(visitor: PageClient) -> None:
    form = visitor.get("/register")
    refused = form.press("Create an account", by_label=filled_in(visitor), company_fax="+1 555 0100")
    assert refused.status == 422
    assert stored() == (0, 0)


def test_markup_in_a_name_is_refused_and_shown_as_text(visitor: PageClient) -> None:
    refused = registered(visitor, **{"First name": "<script>alert(1)</script>"})
    assert refused.status == 422
    assert b"<script>alert(1)" not in refused.response.get_data()
