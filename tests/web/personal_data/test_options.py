"""«I want to receive email notifications»: one choice for all environments, never about what protects the account."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.messages import preferences
from tests.makers.identity import sign_in_browser
from tests.makers.roles import a_person
from tests.page import PageClient

LABEL = "I want to receive email notifications"


@pytest.mark.usefixtures("app")
def test_mails_are_refused_and_wanted_again_in_my_account(visitor: PageClient, app: Flask) -> None:
    person = a_person()
    page = sign_in_browser(visitor, person).get("/account/configure")
    assert page.field(LABEL).get("checked") is not None
    page.press("Save", by_label={LABEL: False})
    assert preferences.is_mail_unwanted(person.id)
    page = visitor.get("/account/configure")
    assert page.field(LABEL).get("checked") is None
    page.press("Save", by_label={LABEL: True})
    assert not preferences.is_mail_unwanted(person.id)
