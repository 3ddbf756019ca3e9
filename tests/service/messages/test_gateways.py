"""Delivery through a real mail server and a real SMS gateway on loopback, well and badly answering."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock, delivery
from portal.adapters import sms, smtp
from portal.config import Settings
from portal.database import db
from portal.identity import challenges, links
from portal.identity.states import ChallengePurpose, LinkPurpose
from portal.messages import outbox
from portal.messages.catalogue import PasswordLink, RoleRejectedNotice
from portal.messages.models import Delivery, OutgoingMessage
from portal.messages.outbox import Recipient
from portal.roles.states import RejectReason
from tests.makers.identity import NUMBER, a_sign_in, a_user
from tests.service.messages.gateways import sms_gateway, smtp_server

Change = Callable[..., Settings]
OTHER = RejectReason.OTHER.value


def a_rejection(language: str = "fr") -> None:
    """A committed mail to one person."""
    message = RoleRejectedNotice(
        "Zoé", "O'Neill & Cie", "Ferme <b>du</b> Lac", OTHER, "Trop tôt", "/production/profile"
    )
    outbox.put(message, Recipient("zoe@agri.example", language))
    db.session.commit()


def the_row() -> OutgoingMessage:
    """The only row, as the database has it."""
    db.session.expire_all()
    return db.session.scalars(select(OutgoingMessage)).one()


def a_code() -> str:
    """A code waits for delivery; the code."""
    sign_in, _ = a_sign_in(a_user(), second_factor=False)
    challenge = challenges.send_challenge(sign_in, ChallengePurpose.SIGN_IN, number=NUMBER)
    db.session.commit()
    return challenges.code_of(challenge.id)


def test_a_mail_has_two_forms_one_recipient_and_the_language_of_the_person(
    app: Flask, settings: Change
) -> None:
    with smtp_server() as server:
        settings(smtp_url=server.url)
        a_rejection()
        assert delivery.deliver_due() == 1
        [(recipients, mail)] = server.mails
    assert recipients == ["zoe@agri.example"]
    assert (mail["To"], mail["Cc"], mail["Bcc"]) == ("zoe@agri.example", None, None)
    assert mail["Content-Language"] == "fr"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    plain, rich = (part.get_content() for part in mail.iter_parts())
    assert "Bonjour" in plain
    assert "O'Neill & Cie" in plain
    assert "Ferme <b>du</b> Lac" in plain
    assert '<html lang="fr">' in rich
    assert "Ferme &lt;b&gt;du&lt;/b&gt; Lac" in rich
    assert "<b>" not in rich


def test_a_mail_that_is_sent_twice_has_the_same_message_id(app: Flask, settings: Change) -> None:
    with smtp_server() as server:
        settings(smtp_url=server.url)
        a_rejection()
        delivery.deliver_due()
        row = the_row()
        row.state, row.due_at = Delivery.WAITING, clock.now()
        row.facts = outbox.crypto.seal("facts", _facts())
        db.session.commit()
        delivery.deliver_due()
    assert len(server.mails) == 2
    assert server.mails[0][1]["Message-ID"] == server.mails[1][1]["Message-ID"]


def _facts() -> str:
    import dataclasses
    import json

    return json.dumps(
        dataclasses.asdict(RoleRejectedNotice("Zoé", "x", "y", OTHER, "z", "/production/profile"))
    )


@pytest.mark.parametrize("field", ["explanation", "first_name"])
def test_a_line_break_in_a_fact_makes_no_header_and_no_second_recipient(
    app: Flask, settings: Change, field: str
) -> None:
    evil = "x\r\nBcc: other@agri.example\r\n\r\nbody"
    facts = {
        "first_name": "Zoé",
        "last_name": "E",
        "organisation": evil,
        "reason": OTHER,
        "explanation": "",
        "path": "/",
    }
    facts[field] = evil
    with smtp_server() as server:
        settings(smtp_url=server.url)
        outbox.put(RoleRejectedNotice(**facts), Recipient("zoe@agri.example", "en"))
        db.session.commit()
        delivery.deliver_due()
        [(recipients, mail)] = server.mails
    assert recipients == ["zoe@agri.example"]
    assert mail["Bcc"] is None
    assert "\n" not in mail["Subject"]


@pytest.mark.parametrize("answer", ["451 try later", "550 no such person"])
def test_a_mail_the_server_does_not_take_waits(app: Flask, settings: Change, answer: str) -> None:
    with smtp_server() as server:
        server.answer = answer
        settings(smtp_url=server.url)
        a_rejection()
        assert delivery.deliver_due() == 0
        assert (the_row().state, the_row().attempts) == (Delivery.WAITING, 1)
        server.answer = "250 OK"
        clock.advance(timedelta(minutes=1))
        assert delivery.deliver_due() == 1


def test_a_mail_waits_while_no_server_is_there(app: Flask, settings: Change) -> None:
    with smtp_server() as server:
        settings(smtp_url=server.url)
    a_rejection()
    assert delivery.deliver_due() == 0
    assert "NotDelivered" in str(the_row().last_error)
    assert "zoe" not in str(the_row().last_error)


def test_the_ninety_minutes_of_a_link_begin_when_the_server_takes_the_mail(
    app: Flask, settings: Change
) -> None:
    account = a_user()
    link = links.make_link(LinkPurpose.PASSWORD, account=account)
    outbox.put(PasswordLink("Camille", "Exemple", link.id), Recipient(account.email, "en", account.id))
    db.session.commit()
    with smtp_server() as server:
        server.answer = "451 try later"
        settings(smtp_url=server.url)
        delivery.deliver_due()
        assert links.db.session.get_one(links.OneTimeLink, link.id).handed_over_at is None
        server.answer = "250 OK"
        clock.advance(timedelta(minutes=30))
        delivery.deliver_due()
        db.session.expire_all()
        assert clock.now() - link.handed_over_at < timedelta(minutes=1)  # type: ignore[operator]
        text = server.mails[0][1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert links.address_of(link.id) in text


def test_an_sms_reaches_the_gateway_with_number_text_and_id(app: Flask, settings: Change) -> None:
    with sms_gateway() as gateway:
        settings(sms_url=gateway.url)
        code = a_code()
        assert delivery.deliver_due() == 1
        [call] = gateway.calls
    assert call["to"] == NUMBER
    assert f"{code[:4]}-{code[4:]}" in call["text"]
    assert call["from"] == "TRACES"
    assert call["id"] == the_row().message_id


@pytest.mark.parametrize("status", [302, 401, 429, 500, 503])
def test_an_sms_that_the_gateway_does_not_take_waits(app: Flask, settings: Change, status: int) -> None:
    with sms_gateway() as gateway:
        gateway.status = status
        settings(sms_url=gateway.url)
        a_code()
        assert delivery.deliver_due() == 0
        assert len(gateway.calls) == 1
        assert (the_row().state, the_row().last_error) == (Delivery.WAITING, f"NotDelivered status {status}")


def test_a_slow_gateway_is_left_after_its_time_and_the_row_waits(
    app: Flask, settings: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (sms.TIMEOUT_SECONDS, smtp.TIMEOUT_SECONDS) == (5, 5)
    monkeypatch.setattr(sms, "TIMEOUT_SECONDS", 0.2)
    with sms_gateway() as gateway:
        gateway.delay = 0.6
        settings(sms_url=gateway.url)
        a_code()
        assert delivery.deliver_due() == 0
    assert the_row().state == Delivery.WAITING
    assert NUMBER not in str(the_row().last_error)


@pytest.mark.parametrize("status", [400, 422])
def test_an_sms_that_the_gateway_refuses_for_good_is_not_tried_again(
    app: Flask, settings: Change, status: int
) -> None:
    with sms_gateway() as gateway:
        gateway.status = status
        settings(sms_url=gateway.url)
        a_code()
        assert delivery.deliver_due() == 0
        clock.advance(timedelta(hours=2))
        assert delivery.deliver_due() == 0
        assert len(gateway.calls) == 1
    assert (the_row().state, the_row().last_error) == (Delivery.FAILED, f"NeverDelivered status {status}")


@pytest.mark.parametrize(
    ("body", "gateway_id"),
    [
        (b'{"message_id": "gw-7"}', "gw-7"),
        (b'{"id": 42, "status": "queued"}', "42"),
        (b'{"id": null}', None),
        (b'{"id": {"a": 1}}', None),
        (b'["gw-7"]', None),
        (b"0: Accepted for delivery", None),
        (b"\xff", None),
    ],
)
def test_the_gateways_id_is_kept_and_ours_where_it_tells_none(
    app: Flask, settings: Change, body: bytes, gateway_id: str | None
) -> None:
    with sms_gateway() as gateway:
        gateway.body = body
        settings(sms_url=gateway.url)
        a_code()
        assert delivery.deliver_due() == 1
    row = the_row()
    assert row.gateway_id == (gateway_id or row.message_id)
