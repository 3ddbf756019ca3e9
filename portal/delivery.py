"""Takes outbox rows, renders them in the recipient's language, hands them to the gateways."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any, Protocol

import structlog
from flask import current_app, render_template
from flask_babel import force_locale, gettext

from portal import config
from portal.adapters.smpp import line_for
from portal.adapters.sms import HttpSms, NeverDelivered, in_gsm_letters
from portal.adapters.smtp import Mail, NotDelivered, SmtpMailer
from portal.audit.trail import correlation
from portal.database import db, only_reading
from portal.environments.environment import Environment
from portal.identity import challenges, links
from portal.messages import outbox
from portal.messages.catalogue import Message
from portal.messages.models import OutgoingMessage
from portal.vocabulary import Channel
from portal.web import labels
from portal.web.shown import Brand

log = structlog.get_logger()


class Mailer(Protocol):
    """Something that takes e-mails."""

    def send(self, mail: Mail) -> None: ...


class SmsSender(Protocol):
    """Something that takes SMS."""

    def send(self, to: str, text: str, message_id: str) -> str | None: ...


def mailer() -> Mailer:
    """The demo inbox where one is registered and no server is set, else SMTP."""
    settings = config.current()
    if not settings.smtp_url and "demo_inbox" in current_app.extensions:
        return current_app.extensions["demo_inbox"]["mail"]
    sender = settings.mail_from or f"no-reply@{settings.public_host}"
    return SmtpMailer(settings.smtp_url, sender, settings.brand_application)


def sms_sender() -> SmsSender:
    """The demo inbox where one is registered and no gateway is set, else SMPP or HTTP."""
    settings = config.current()
    if not settings.sms_url and "demo_inbox" in current_app.extensions:
        return current_app.extensions["demo_inbox"]["sms"]
    if settings.sms_url.startswith("smpp://"):
        return line_for(settings.sms_url, settings.sms_from)
    return HttpSms(settings.sms_url, settings.sms_from)


def deliver_due() -> int:
    """Send what may leave now, however much it is; returns how many left. A row that fails waits for later."""
    count = 0
    while due := outbox.due_ids():
        for row_id in due:
            row = outbox.claim(row_id)
            if row is not None:
                count += _deliver(row)
    _keep_receipts()
    return count


def _keep_receipts() -> None:
    """What the gateway told of earlier SMS, on their rows."""
    settings = config.current()
    if settings.sms_url.startswith("smpp://"):
        line = line_for(settings.sms_url, settings.sms_from)
        for receipt in line.take_receipts():
            if not outbox.keep_receipt(receipt.gateway_id, receipt.word):
                line.give_back(receipt)


def _deliver(row: OutgoingMessage) -> bool:
    correlation.set(row.correlation)
    try:
        gateway_id = _send(row)
    except NeverDelivered as error:
        outbox.given_up(row, f"{type(error).__name__} {error}")
        log.warning("message refused", message=row.name, row=row.id)
        return False
    except (NotDelivered, links.LinkUnknown, challenges.CodeRejected) as error:
        outbox.failed(row, f"{type(error).__name__} {error}")
        log.warning("message not delivered", message=row.name, row=row.id, attempts=row.attempts)
        return False
    except Exception as error:  # one bad row must not stop the others
        db.session.rollback()
        outbox.failed(row, type(error).__name__)
        log.error("message failed", message=row.name, row=row.id, exc_info=error)
        return False
    outbox.sent(row, gateway_id)
    return True


def _send(row: OutgoingMessage) -> str | None:
    # However long a template or a gateway takes, no lock of the database is held meanwhile.
    message, recipient = outbox.message_of(row), outbox.recipient_of(row)
    with force_locale(row.language):
        if row.channel == Channel.SMS:
            with only_reading():
                text = render_template(f"messages/{row.name}/sms.txt", **_facts(row, message)).strip()
            return sms_sender().send(recipient, in_gsm_letters(text), row.message_id)
        with only_reading():
            mail = _mail(row, message, recipient)
        mailer().send(mail)
    for link_id in _links_of(dataclasses.asdict(message)).values():
        links.handed_over(link_id)
    return None


def _links_of(facts: dict[str, Any]) -> dict[str, int]:
    """Each link of a message by the name its templates use: `link_id` is `link`, `not_me_link_id` is `not_me_link`."""
    return {name.removesuffix("_id"): value for name, value in facts.items() if name.endswith("link_id")}


def _mail(row: OutgoingMessage, message: Message, recipient: str) -> Mail:
    facts = _facts(row, message)
    subject = " ".join(render_template(f"messages/{row.name}/subject.txt", **facts).split())
    if row.environment and row.environment != Environment.PRODUCTION:
        subject = gettext("[%(environment)s] %(subject)s", environment=facts["environment"], subject=subject)
    text = render_template(f"messages/{row.name}/body.txt", **facts).strip() + "\n"
    paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
    html = render_template("messages/layout.html", subject=subject, paragraphs=paragraphs, **facts)
    return Mail(recipient, subject, text, html, row.message_id, row.language)


def _facts(row: OutgoingMessage, message: Message) -> dict[str, Any]:
    settings = config.current()
    facts: dict[str, Any] = dataclasses.asdict(message)
    facts |= {name: datetime.fromisoformat(text) for name, text in facts.items() if name.endswith("_at")}
    key = row.environment or facts.get("environment_key") or ""
    facts |= {
        "brand": Brand(settings.brand_identity, settings.brand_application, settings.brand_tagline),
        "operator": settings.operator,
        "contact": settings.contact,
        "language": row.language,
        "environment": str(labels.ENVIRONMENTS[Environment(key)]) if key else "",
        "demo": settings.is_demo,
    }
    facts |= {name: links.address_of(link_id) for name, link_id in _links_of(facts).items()}
    if "challenge_id" in facts:
        code = challenges.code_of(facts["challenge_id"])
        facts["code"] = f"{code[:4]}-{code[4:]}"
    if "path" in facts:
        facts["address"] = settings.public_url + facts["path"]
    return facts
