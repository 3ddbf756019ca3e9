"""Anybody checks a paper by its number and code: what it says, and that a wrong code says nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from portal import clock, config
from portal.certificates.addresses import verification_address
from portal.certificates.models import Certificate
from portal.certificates.states import CertificateState
from portal.database import db
from portal.environments.environment import Environment, using
from portal.web.announced import OPEN_WHILE_CLOSED
from tests.makers.certificates import a_journey, a_submitted, an_officer, now_valid, somebody_of
from tests.page import PageClient

CODE = "2345ABCD6789EFGH"
VARYING = re.compile(r'value="[^"]{30,}"|DEMO\.[A-Z.0-9]+|code=\w+')


def a_signed_certificate(here: Environment = Environment.PRODUCTION, **more: Any) -> Certificate:
    """A valid INTRA, with the code of its paper and the names of whoever signed it."""
    with using(here):
        journey = a_journey()
        certificate = a_submitted(journey, somebody_of(journey.sender))
        now_valid(certificate, an_officer(journey.origin))
        values = {
            "verification_code": CODE, "signatory_name": "Robin Modele", "signatory_username": "nabc1234",
            "signatory_office": "Office FR", "data_hash": "ab" * 32,
        } | more  # fmt: skip
        for name, value in values.items():
            setattr(certificate, name, value)
        db.session.commit()
        db.session.refresh(certificate)
        db.session.expunge(certificate)
        return certificate


def typed(certificate: Certificate, code: str = CODE) -> dict[str, str]:
    """Number and code as somebody types them."""
    return {"number": certificate.number or "", "code": code}


def test_number_and_code_show_what_was_signed_by_whom_and_that_it_is_valid(
    app: Flask, visitor: PageClient
) -> None:
    certificate = a_signed_certificate()
    page = visitor.get("/verify").press("Check the number", **typed(certificate, "2345-abcd-6789-efgh"))
    assert page.status == 200
    assert page.heading == f"Certificate {certificate.number}"
    for text in ("This certificate is valid", "Office FR", "Robin Modele", "ab" * 32, "BOV-INTRA-X"):
        assert text in page.text, text


def test_nothing_personal_but_the_signatory_is_told(app: Flask, visitor: PageClient) -> None:
    certificate = a_signed_certificate()
    page = visitor.get(f"/verify/{certificate.number}", query={"code": CODE})
    for text in ("nabc1234", "Élevage Exemple", "Hof Beispiel", "FR1234567890", "AB-123-CD", "Köln"):
        assert text not in page.text, text


def test_the_address_in_the_qr_code_leads_to_the_same_page(app: Flask, visitor: PageClient) -> None:
    certificate = a_signed_certificate()
    address = verification_address("production", certificate.number or "", CODE)
    assert address.startswith(f"{config.current().public_url}/verify/")
    page = visitor.get(address.removeprefix(config.current().public_url))
    assert page.heading == f"Certificate {certificate.number}"


def test_each_environment_knows_its_own_certificates_alone(app: Flask, visitor: PageClient) -> None:
    certificate = a_signed_certificate(Environment.TRAINING)
    address = verification_address("training", certificate.number or "", CODE)
    assert "/training/verify/" in address
    page = visitor.get(address.removeprefix(config.current().public_url))
    assert page.status == 200
    assert "No legal value" in page.text
    assert visitor.get(f"/verify/{certificate.number}", query={"code": CODE}).status == 404


def test_the_long_address_of_production_leads_to_the_short_one(app: Flask, visitor: PageClient) -> None:
    answer = visitor.get("/production/verify/X.1?code=A", follow=False)
    assert answer.status == 308
    assert answer.response.headers["Location"].endswith("/verify/X.1?code=A")


def test_an_unknown_number_and_a_wrong_code_have_the_same_answer_and_cost(
    app: Flask, visitor: PageClient
) -> None:
    certificate = a_signed_certificate()
    visitor.get("/verify/DEMO.INTRA.FR.2026.7000000", query={"code": CODE})  # what is done once is done now
    seen, statements = [], []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(" ".join(statement.split()[:4]))

    event.listen(db.engine, "before_cursor_execute", note)
    for number, code in ((certificate.number, "A" * 16), ("DEMO.INTRA.FR.2026.9999999", CODE)):
        statements.clear()
        answer = visitor._ask("GET", f"/verify/{number}", query_string={"code": code})
        body = VARYING.sub("*", answer.get_data(as_text=True))
        seen.append((answer.status_code, body, sorted(name for name, _ in answer.headers), list(statements)))
    event.remove(db.engine, "before_cursor_execute", note)
    assert seen[0] == seen[1]
    assert seen[0][0] == 404


def test_whoever_goes_on_guessing_waits_and_the_right_code_waits_with_them(app: Flask) -> None:
    certificate = a_signed_certificate()
    with clock.frozen(clock.now()):
        answers = [
            PageClient(app).get(f"/verify/{certificate.number}", query={"code": f"{guess:016}"}).status
            for guess in range(25)
        ]
        right = PageClient(app).get(f"/verify/{certificate.number}", query={"code": CODE})
    assert answers[:20] == [404] * 20
    assert 429 in answers[20:]
    assert right.status == 429
    later = clock.now() + timedelta(minutes=2)
    with clock.frozen(later):
        assert PageClient(app).get(f"/verify/{certificate.number}", query={"code": CODE}).status == 200


@pytest.mark.parametrize(
    "state", [s for s in CertificateState if s not in ("valid", "replaced", "cancelled")]
)
def test_a_number_without_a_signature_behind_it_is_not_found(
    app: Flask, visitor: PageClient, state: CertificateState
) -> None:
    certificate = a_signed_certificate(state=state.value)
    assert visitor.get(f"/verify/{certificate.number}", query={"code": CODE}).status == 404


def test_a_draft_number_is_not_found_either(app: Flask, visitor: PageClient) -> None:
    certificate = a_signed_certificate()
    assert visitor.get(f"/verify/{certificate.draft_number}", query={"code": CODE}).status == 404


def test_a_cancelled_certificate_says_so_and_since_when(app: Flask, visitor: PageClient) -> None:
    certificate = a_signed_certificate(state=CertificateState.CANCELLED.value, decided_at=clock.now())
    page = visitor.get(f"/verify/{certificate.number}", query={"code": CODE})
    assert "This certificate was cancelled: it counts no more" in page.text
    assert "Since " in page.text
    assert "This certificate is valid" not in page.text


def test_a_replaced_certificate_names_the_one_that_counts(app: Flask, visitor: PageClient) -> None:
    old = a_signed_certificate()
    with using(Environment.PRODUCTION):
        journey = a_journey()
        new = now_valid(a_submitted(journey, somebody_of(journey.sender)), an_officer(journey.origin))
        old = db.session.get(Certificate, old.id)
        assert old is not None
        old.state, old.replaced_by_id, new.replaces_id = CertificateState.REPLACED.value, new.id, old.id
        db.session.commit()
        numbers = old.number, new.number
    page = visitor.get(f"/verify/{numbers[0]}", query={"code": CODE})
    assert "This certificate was replaced: it counts no more" in page.text
    assert f"It was replaced by the certificate {numbers[1]}." in page.text


def test_a_number_without_a_code_asks_for_it_and_a_short_code_is_refused_at_its_field(
    app: Flask, visitor: PageClient
) -> None:
    page = visitor.get("/verify/DEMO.INTRA.FR.2026.0000001")
    assert page.status == 422
    assert page.tree.xpath("//input[@name='number']/@value") == ["DEMO.INTRA.FR.2026.0000001"]
    page = visitor.get("/verify").press("Check the number", number="X.1", code="ABC")
    assert page.status == 422
    assert "A verification code has 16 letters and digits." in page.text


@pytest.mark.parametrize("number", ["%00", "<script>", "é" * 300, "../../etc/passwd", "‮1", "' OR 1=1 --"])
def test_any_text_as_number_and_code_is_an_answer(app: Flask, visitor: PageClient, number: str) -> None:
    assert visitor.get("/verify", query={"number": number, "code": number}).status == 422
    assert visitor.get(f"/training/verify/{number}", query={"code": number * 50}).status == 404


def test_a_portal_without_production_has_no_short_address(
    app: Flask, settings: Any, visitor: PageClient
) -> None:
    settings(environments=("training",))
    assert visitor.get("/verify").status == 404
    assert visitor.get("/training/verify").status == 200


def test_papers_on_the_road_are_checked_while_the_environment_is_closed() -> None:
    assert "verification" in OPEN_WHILE_CLOSED


@pytest.mark.parametrize("language", ["fr", "de"])
def test_the_pages_stand_in_other_languages(app: Flask, language: str) -> None:
    certificate = a_signed_certificate()
    browser = PageClient(app, language)
    page = browser.get(f"/verify/{certificate.number}", query={"code": CODE})
    assert page.status == 200
    assert page.tree.get("lang") == language
