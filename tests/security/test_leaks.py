"""What must not come out: secrets in logs, numbers in pages, payloads that run, SMS without end."""

from __future__ import annotations

import itertools

import pytest
import structlog
from flask import Flask

from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity import enrolment, sign_in
from portal.limits.ledger import TooMany
from portal.messages.models import OutgoingMessage
from portal.vocabulary import Method
from tests.makers.identity import (
    NUMBER,
    PASSWORD,
    a_sign_in,
    a_telephone,
    a_user,
    a_user_with_telephone,
    an_actor,
    sign_in_browser,
    submitted,
)
from tests.makers.mail import code_to
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member, a_request
from tests.page import PageClient

PAYLOADS = (
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'-alert(1)-'", "<svg/onload=alert(1)>",
    "javascript:alert(1)", "</textarea><script>alert(1)</script>", "{{7*7}}", "${7*7}", "<%= 7*7 %>", "{% raw %}",
    "<a href=//evil.example>x</a>", "%(name)s", "&lt;b&gt;", "<style>*{display:none}</style>", "<!--",
)  # fmt: skip


def test_no_log_line_of_a_whole_sign_in_holds_a_secret(app: Flask, visitor: PageClient) -> None:
    person = a_user_with_telephone(email="marker.person@agri.example")
    with structlog.testing.capture_logs() as lines:
        page = visitor.get("/sign-in?next=/production/profile").press("Next", name=person.email)
        page = page.press("Sign in", password="wrong-" + PASSWORD, number=NUMBER, method="sms")
        page = page.press("Sign in", password=PASSWORD, number=NUMBER, method="sms")
        code = code_to(NUMBER)
        page.press("Sign in", first_part="AAAA", second_part="AAAA")
        visitor.get("/nowhere?token=marker-token")
    text = repr(lines)
    for secret in (PASSWORD, NUMBER, code, code.replace("-", ""), "marker.person", "marker-token"):
        assert secret not in text


def test_three_hundred_numbers_in_a_row_cost_a_few_messages(app: Flask) -> None:
    sent = 0
    for last in range(300):
        account = a_user() if last % 10 == 0 else account  # noqa: F821 - thirty accounts of one attacker
        row, _token = a_sign_in(account, second_factor=False)
        actor = an_actor(account.id, second_factor=False, has_factor=False, session_id=row.id)
        try:
            enrolment.ask_to_add_telephone(f"+4670174{last:04}", actor)
            sent += 1
        except TooMany:
            db.session.rollback()
    assert db.session.query(OutgoingMessage).filter_by(name="telephone_code").count() == sent
    assert sent <= 100


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_requester_writes_is_text_for_the_validator(
    app: Flask, visitor: PageClient, payload: str
) -> None:
    with using(Environment.PRODUCTION):
        country = a_country()
        person = a_user_with_telephone()
        role = a_request(an_operator("Fret Exemple", responsible=country.local), person, message=payload)
        officer = a_member(country.local)
    page = sign_in_browser(visitor, officer).get(f"/production/validation/{role.id}")
    assert page.status == 200
    assert payload in page.tree.text_content()
    assert not page.tree.xpath("//img[@src='x']|//svg[@onload]|//a[contains(@href,'evil')]|//style")


def test_a_code_of_one_purpose_is_worth_nothing_for_another(app: Flask) -> None:
    person = a_user_with_telephone()
    attempt = sign_in.Attempt(
        name=person.email, password=PASSWORD, method=Method.SMS, number=NUMBER, network="n", browser="b",
        environment_key="",
    )  # fmt: skip
    token = sign_in.begin(attempt)
    sign_in_code = code_to(NUMBER)
    row, _other = a_sign_in(person)
    actor = an_actor(person.id, session_id=row.id)
    enrolment.ask_to_add_telephone("+46701740699", actor)
    adding_code = code_to("+46701740699")
    for wrong, use in (
        (adding_code, lambda code: submitted(token, code)),
        (sign_in_code, lambda code: enrolment.add_telephone(code, actor)),
    ):
        with pytest.raises(Exception, match="code rejected"):
            use(wrong)


def test_pages_show_two_digits_of_a_number_and_only_to_its_owner(app: Flask, visitor: PageClient) -> None:
    with using(Environment.PRODUCTION):
        country = a_country()
        person = a_user_with_telephone()
        a_telephone(person, "+46701740644")
        role = a_request(an_operator("Fret Exemple", responsible=country.local), person)
        officer = a_member(country.local)
    page = sign_in_browser(visitor, officer).get(f"/production/validation/{role.id}")
    assert not any(number in page.text for number in ("+46", "4670174", "740644"))
    own = sign_in_browser(PageClient(app), person).get("/account/telephones")
    assert "44" in own.text
    assert "740644" not in own.text


def test_an_outsider_decides_nothing_by_guessing_numbers(app: Flask) -> None:
    with using(Environment.PRODUCTION):
        country = a_country()
        role = a_request(an_operator("Fret Exemple", responsible=country.local), a_user_with_telephone())
        strangers = [
            a_user_with_telephone(),
            a_member(an_operator("Other", responsible=country.local), administrator=True),
        ]
    for stranger, (verb, environment) in itertools.product(
        strangers,
        (
            ("validate", "production"),
            ("reject", "production"),
            ("withdraw", "production"),
            ("validate", "training"),
        ),
    ):
        browser = sign_in_browser(PageClient(app), stranger)
        place = "role-requests" if verb == "withdraw" else "validation"
        page = browser.post_with_token(
            f"/{environment}/{place}/{role.id}/{verb}", {"reason": "other", "text": "x"}
        )
        assert page.status in (403, 404)
    with using(Environment.PRODUCTION):
        db.session.expire_all()
        assert db.session.get_one(type(role), role.id).state == "requested"
