"""«Manage my eIDs», signing in and stepping up with one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from portal.database import db
from portal.identity.factor_models import Eid
from portal.identity.models import Account, SignIn, Telephone
from portal.messages.models import OutgoingMessage
from tests.makers.eid_provider import HIGH, FakeProvider, a_provider
from tests.makers.eids import an_eid, back, linking, rejected_events, signing_in
from tests.makers.identity import a_user, a_user_with_telephone, sign_in_browser
from tests.page import PageClient


@pytest.fixture
def provider(settings: Callable[..., Any]) -> Iterator[FakeProvider]:
    """A provider that the portal is configured for."""
    with a_provider() as one:
        settings(oidc_providers=one.settings)
        yield one


@pytest.fixture
def person(app: object) -> Account:
    """Somebody with a telephone."""
    return a_user_with_telephone()


def mails() -> list[str]:
    """The names of what was put into the outbox."""
    return [row.name for row in db.session.query(OutgoingMessage)]


def test_an_eid_is_linked_shown_in_the_list_and_told_by_mail(
    visitor: PageClient, provider: FakeProvider, person: Account
) -> None:
    sign_in_browser(visitor, person)
    asked = linking(visitor, provider)
    assert person.email in asked.text
    assert db.session.query(Eid).count() == 0
    page = asked.press("Link my eID")
    assert page.heading == "Manage my eIDs"
    assert "FranceIdentité (test)" in page.text
    assert HIGH in page.text
    row = db.session.query(Eid).one()
    assert (row.account_id, row.issuer, row.subject) == (person.id, provider.issuer, "FR/person-1")
    assert mails() == ["eid_added_notice"]
    assert provider.asked["code_challenge_method"] == "S256"
    assert provider.asked["scope"] == "openid"
    assert provider.asked["acr_values"] == HIGH
    assert (provider.asked["prompt"], provider.asked["max_age"]) == ("login", "0")
    assert provider.asked["redirect_uri"].endswith("/eid/callback")


def test_a_first_factor_of_a_person_without_role_may_be_an_eid(
    visitor: PageClient, provider: FakeProvider
) -> None:
    sign_in_browser(visitor, a_user(), second_factor=False)
    assert linking(visitor, provider).press("Link my eID").heading == "Manage my eIDs"
    assert visitor.get("/account/sessions").status == 200


def test_an_eid_signs_in_without_password_and_opens_the_account(
    visitor: PageClient, provider: FakeProvider, person: Account
) -> None:
    eid_id = an_eid(person, provider).id
    page = signing_in(visitor, provider).press("Go on")
    assert page.heading == "My Account"
    row = db.session.query(SignIn).filter_by(account_id=person.id).one()
    assert (row.method, row.assurance, row.state) == ("eid", "second-factor", "open")
    assert db.session.get_one(Eid, eid_id).last_used_at is not None


def test_an_eid_linked_to_nobody_signs_nobody_in(visitor: PageClient, provider: FakeProvider) -> None:
    page = signing_in(visitor, provider).press("Go on")
    assert (page.status, page.heading) == (403, "This eID is not linked to an account")
    assert db.session.query(SignIn).count() == 0
    assert rejected_events() == 1


def test_the_eid_of_a_disabled_account_signs_nobody_in(
    visitor: PageClient, provider: FakeProvider, person: Account
) -> None:
    an_eid(person, provider)
    db.session.get_one(Account, person.id).state = "disabled"
    db.session.commit()
    assert signing_in(visitor, provider).press("Go on").status == 403


def test_another_issuer_with_the_same_subject_is_another_identity(
    visitor: PageClient, provider: FakeProvider, person: Account
) -> None:
    an_eid(person, provider).issuer = "https://other.example"
    db.session.commit()
    assert signing_in(visitor, provider).press("Go on").status == 403


def test_an_eid_of_another_account_cannot_be_linked_and_nothing_changes(
    visitor: PageClient, provider: FakeProvider, person: Account
) -> None:
    other = a_user("Alix", "Autre")
    an_eid(other, provider)
    sign_in_browser(visitor, person)
    page = linking(visitor, provider).press("Link my eID")
    assert (page.status, page.heading) == (409, "This eID cannot be linked")
    assert "Alix" not in page.text
    assert db.session.query(Eid).one().account_id == other.id
    assert mails() == []
    assert rejected_events() == 1


def test_a_step_up_takes_the_own_eid_and_no_other(
    visitor: PageClient, provider: FakeProvider, person: Account
) -> None:
    an_eid(a_user(), provider, "FR/somebody-else")
    eid = an_eid(person, provider)
    sign_in_browser(visitor, person, second_factor=False)
    for subject, status in (("FR/somebody-else", 410), (eid.subject, 200)):
        provider.subject = subject
        page = visitor.get("/step-up?next=/account/sessions").press("Go on", method="eid").press("Go on")
        page = back(visitor, provider, page).press("Go on")
        assert page.status == status
    assert page.heading == "View my sessions"


def test_removing_asks_first_and_the_mail_tells(
    visitor: PageClient, provider: FakeProvider, person: Account
) -> None:
    an_eid(person, provider)
    sign_in_browser(visitor, person)
    page = visitor.get("/account/eids").click("Remove")
    assert page.heading == "Remove this eID?"
    assert page.press("Remove").heading == "Manage my eIDs"
    assert db.session.query(Eid).count() == 0
    assert mails() == ["eid_removed_notice"]


def test_another_persons_eid_is_not_there(
    visitor: PageClient, provider: FakeProvider, person: Account
) -> None:
    eid_id = an_eid(a_user(), provider).id
    sign_in_browser(visitor, person)
    assert visitor.get(f"/account/eids/{eid_id}/remove").status == 404
    assert visitor.post_with_token(f"/account/eids/{eid_id}/remove").status == 404
    assert db.session.query(Eid).count() == 1


def test_the_last_factor_of_a_person_who_holds_a_role_stays(
    visitor: PageClient, provider: FakeProvider, person: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    eid_id = an_eid(person, provider).id
    db.session.query(Telephone).delete()
    db.session.commit()
    monkeypatch.setattr("portal.roles.queries.holds_role_anywhere", lambda _account_id: True)
    sign_in_browser(visitor, person)
    page = visitor.get(f"/account/eids/{eid_id}/remove").press("Remove")
    assert (page.status, page.heading) == (403, "This is your last second factor")
    assert db.session.query(Eid).count() == 1


def test_without_a_provider_the_method_is_not_offered_and_the_card_says_so(
    visitor: PageClient, person: Account
) -> None:
    page = visitor.get("/sign-in").press("Next", by_label={"E-mail or user name": "anyone@agri.example"})
    assert "Electronic ID (eID)" not in page.labels
    assert visitor.get("/sign-in/eid").status == 404
    sign_in_browser(visitor, person)
    assert "Not configured here" in visitor.get("/account").text
    assert visitor.get("/account/eids/add").status == 404


def test_every_other_method_still_asks_for_the_password(visitor: PageClient, provider: FakeProvider) -> None:
    page = visitor.get("/sign-in").press("Next", by_label={"E-mail or user name": "anyone@agri.example"})
    page = page.press("Sign in", method="security-key", password="")
    assert page.status == 422
    assert "This field is required." in page.errors
