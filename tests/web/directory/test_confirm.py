"""The confirmation of a request: what it names, what it keeps, what it refuses."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from portal.database import db
from portal.environments.environment import Environment, using
from portal.organisations.states import OrganisationState
from portal.roles.models import Role
from tests.makers.identity import a_user_with_telephone, sign_in_browser
from tests.makers.organisations import an_authority, an_operator
from tests.makers.roles import a_member, a_request
from tests.page import PageClient

pytestmark = pytest.mark.usefixtures("production")
NEW = "/production/role-requests/new/"


@pytest.fixture
def newcomer(visitor: PageClient) -> PageClient:
    """A person without any role."""
    return sign_in_browser(visitor, a_user_with_telephone())


def confirm_address(*rows: int, kind: str = "operator", **more: str) -> str:
    """The address of the confirmation for these rows."""
    return f"{NEW}{kind}/confirm?" + urlencode([*(("row", row) for row in rows), *more.items()])


def stored() -> list[Role]:
    """Every role of Production."""
    db.session.rollback()
    return list(db.session.query(Role).order_by(Role.id))


def test_a_ticked_row_is_confirmed_sent_and_seen_in_the_profile(newcomer: PageClient) -> None:
    operator = an_operator("ABC test Operator", code="FRDGCCRF11")
    found = newcomer.get(NEW + "operator?country=BE&text=abc")
    confirm = found.press("Request authorisation", row=str(operator.id))
    assert confirm.heading == "Confirm the authorisation request for FRDGCCRF11"
    assert "Optionally, you can provide additional useful information." in confirm.text

    profile = confirm.press("Send authorisation request")

    assert profile.heading == "My profile"
    assert "Your request was sent." in profile.text
    assert "1 Requested" in profile.text
    assert [role.state for role in stored()] == ["requested"]


def test_cancel_goes_back_to_the_results_and_stores_nothing(newcomer: PageClient) -> None:
    operator = an_operator("ABC test Operator")
    confirm = newcomer.get(NEW + "operator?country=BE&text=abc").press(
        "Request authorisation", row=str(operator.id)
    )
    back = confirm.click("Cancel")
    assert back.heading == "Select an existing operator"
    assert back.field("Search").get("value") == "abc"
    assert stored() == []


def test_message_mail_and_telephone_are_kept_with_the_request(newcomer: PageClient) -> None:
    operator = an_operator()
    page = newcomer.get(confirm_address(operator.id))
    page.press(
        "Send authorisation request",
        by_label={"Message": "I am new", "E-mail": "me@agri.example", "Phone": "+32 2 123 45 67"},
    )
    (role,) = stored()
    assert (role.message, role.contact_email, role.contact_telephone) == (
        "I am new", "me@agri.example", "+32 2 123 45 67"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("label", "value"),
    [("E-mail", "not an address"), ("E-mail", "a@b.example,c@d.example"), ("Phone", "call me"), ("Phone", "1" * 60),
     ("Message", "x" * 1001), ("Message", "left\u202eright")],
)  # fmt: skip
def test_a_wrong_field_is_refused_and_what_was_typed_is_kept(
    newcomer: PageClient, label: str, value: str
) -> None:
    page = newcomer.get(confirm_address(an_operator().id))
    refused = page.press("Send authorisation request", by_label={label: value})
    assert refused.status == 422
    control = refused.field(label)
    assert value in (control.get("value") or control.text_content())
    assert stored() == []


def test_a_confirmation_without_rows_leads_back_to_the_search(newcomer: PageClient) -> None:
    assert newcomer.get(NEW + "operator/confirm").heading == "Select an existing operator"
    newcomer.post_with_token(NEW + "operator/confirm")
    assert stored() == []


def test_an_unknown_a_foreign_and_another_kinds_row_are_not_found(newcomer: PageClient) -> None:
    with using(Environment.TRAINING):
        foreign = an_operator().id
    authority = an_authority().id
    for row in (999_999, foreign, authority):
        assert newcomer.get(confirm_address(row)).status == 404
        assert newcomer.post_with_token(confirm_address(row)).status == 404
    assert stored() == []


def test_one_foreign_row_among_good_ones_stops_all(newcomer: PageClient) -> None:
    good = [an_operator().id, an_operator().id]
    with using(Environment.TRAINING):
        foreign = an_operator().id
    for place in range(3):
        rows = [*good[:place], foreign, *good[place:]]
        assert newcomer.post_with_token(confirm_address(*rows)).status == 404
    assert stored() == []


def test_a_row_asked_for_already_is_named(visitor: PageClient) -> None:
    person, first, second = a_user_with_telephone(), an_operator("Asked before"), an_operator("Fresh")
    a_request(first, person)
    page = sign_in_browser(visitor, person).get(confirm_address(second.id, first.id))
    refused = page.press("Send authorisation request")
    assert refused.status == 422
    assert "You already have a role or an open request for Asked before." in refused.text
    assert len(stored()) == 1


def test_a_row_closed_meanwhile_is_refused(newcomer: PageClient) -> None:
    operator = an_operator("Closing")
    page = newcomer.get(confirm_address(operator.id))
    operator = db.session.merge(operator)
    operator.state = OrganisationState.SUSPENDED
    db.session.commit()
    refused = page.press("Send authorisation request")
    assert refused.status == 422
    assert "No role can be requested for Closing any more." in refused.text


def test_another_kind_than_the_one_held_is_forbidden(visitor: PageClient) -> None:
    authority = an_authority()
    browser = sign_in_browser(visitor, a_member(an_operator()))
    assert browser.get(confirm_address(authority.id, kind="authority")).status == 403
    assert browser.post_with_token(confirm_address(authority.id, kind="authority")).status == 403


def test_fields_that_no_form_offers_change_nothing(visitor: PageClient) -> None:
    person, other, operator = a_user_with_telephone(), a_user_with_telephone(), an_operator()
    browser = sign_in_browser(visitor, person)
    extra = {
        "state": "valid", "is_administrator": "1", "account_id": str(other.id), "environment": "training",
        "kind": "authority", "organisation_id": "1", "scope_id": "1", "decided_by": "1", "role": "CCA",
    }  # fmt: skip
    browser.post_with_token(confirm_address(operator.id), extra)
    (role,) = stored()
    assert (role.state, role.is_administrator, role.account_id, role.environment) == (
        "requested", False, person.id, "production"
    )  # fmt: skip
    assert (role.kind, role.organisation_id, role.decided_by) == ("operator", operator.id, None)


def test_a_request_without_the_forms_token_is_refused(newcomer: PageClient) -> None:
    assert newcomer.post(confirm_address(an_operator().id)).status == 400
    assert stored() == []


def test_asking_for_the_address_does_not_send_anything(newcomer: PageClient) -> None:
    newcomer.get(confirm_address(an_operator().id, message="sent"))
    assert stored() == []
