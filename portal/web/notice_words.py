"""The words of notices in the portal: the subject of their mail, the groups, and when mails come."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l

from portal import config
from portal.messages.catalogue import Message
from portal.messages.groups import Group, MailChoice
from portal.web import labels
from portal.web.shown import Brand

GROUPS = {
    Group.REQUESTS: _l("Requests that wait for my decision"),
    Group.ROLES: _l("My requests and roles"),
    Group.ORGANISATIONS: _l("My organisations"),
    Group.ANNOUNCEMENTS: _l("This environment: accepted methods and changes"),
}
CHOICES = {
    MailChoice.AT_ONCE: _l("E-mail at once"),
    MailChoice.DAILY: _l("One e-mail a day"),
    MailChoice.NONE: _l("No e-mail"),
}


def title_of(message: Message, environment_key: str) -> str:
    """What the subject of the mail says, without the name of the application before it."""
    settings = config.current()
    facts: dict[str, Any] = dataclasses.asdict(message)
    facts |= {name: datetime.fromisoformat(text) for name, text in facts.items() if name.endswith("_at")}
    facts |= {
        "brand": Brand(settings.brand_identity, settings.brand_application, settings.brand_tagline),
        "operator": settings.operator,
        "contact": settings.contact,
        "environment": str(labels.ENVIRONMENTS[environment_key]),  # type: ignore[index]
        "demo": settings.is_demo,
    }
    text = " ".join(render_template(f"messages/{message.name()}/subject.txt", **facts).split())
    plain = text.removeprefix(f"{settings.brand_application}: ")
    return plain[:1].upper() + plain[1:]


def about(message: Message) -> str:
    """Whom or what it is about, as far as the message names it."""
    names = [getattr(message, name, "") for name in ("requester", "person", "organisation")]
    return " · ".join(dict.fromkeys(str(name) for name in names if name))
