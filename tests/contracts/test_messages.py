"""Every message renders in every language, through what delivers it, with every fact and nothing undefined."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import jinja2
import pytest
from flask import Flask

from portal import crypto, delivery
from portal.adapters.smtp import Mail
from portal.database import db
from portal.identity import challenges, links
from portal.messages.catalogue import Message, every_message
from portal.messages.models import OutgoingMessage
from portal.vocabulary import Channel
from portal.web import labels, language
from tests.contracts.sources import ROOT, TEMPLATES

pytestmark = pytest.mark.static
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = set("^{}\\[~]|€")
LANGUAGES = sorted(
    {"en", *(path.parent.parent.name for path in ROOT.glob("translations/*/LC_MESSAGES/*.po"))}
)
SAMPLE: dict[str, Any] = {
    "account": "wilhelmina.longest-of-all@ministry-of-agriculture.example",
    "organisation": "Ferme O'Neill & fils <SARL>",
    "requester": "Zoé Müller",
    "reason": next(iter(labels.REJECT_REASONS)).value,
    "role_reason": next(iter(labels.ROLE_REASONS)).value,
    "explanation": "The farm was sold.\nAsk the new owner.",
    "environment_key": "acceptance",
    "path": "/acceptance/profile",
    "first_name": "Zoé",
    "last_name": "O'Neill",
    "last_digits": "05",
}
LINK, CODE = "https://portal.example/password/link/abc", "ABCD2345"


def facts_of(message: type[Message]) -> dict[str, Any]:
    """A sample of each fact."""
    found = {}
    for field in dataclasses.fields(message):
        kinds = {"int": 7, "bool": True, "str": "2026-11-21T12:00:00+00:00"}
        found[field.name] = SAMPLE.get(field.name, kinds[str(field.type)])
    return found


def a_row(message: type[Message], code: str, where: str | None = "acceptance") -> OutgoingMessage:
    """A row as `put` makes it, without a database."""
    facts = crypto.seal("facts", json.dumps(facts_of(message)))
    return OutgoingMessage(
        id=1, name=message.name(), channel=message.channel.value, environment=where, language=code, facts=facts,
        recipient=crypto.seal("recipient", "zoe@agri.example"), message_id="abc", correlation="",
    )  # fmt: skip


@pytest.fixture
def sent(portal: Flask, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What leaves: mails as they are, SMS as their text; an undefined variable is an error."""
    out: list[Any] = []
    monkeypatch.setattr(portal.jinja_env, "undefined", jinja2.StrictUndefined)
    monkeypatch.setattr(links, "address_of", lambda _id: LINK)
    monkeypatch.setattr(links, "handed_over", lambda _id: None)
    monkeypatch.setattr(challenges, "code_of", lambda _id: CODE)

    class Gateway:
        """Both gateways."""

        def send(self, first: Any, text: str = "", _id: str = "") -> None:
            """Keep it."""
            out.append(text or first)

    monkeypatch.setattr(db.session, "commit", lambda: None)
    monkeypatch.setattr(delivery, "mailer", Gateway)
    monkeypatch.setattr(delivery, "sms_sender", Gateway)
    return out


def of_channel(channel: Channel) -> list[type[Message]]:
    """The messages of a channel."""
    return [message for _, message in sorted(every_message().items()) if message.channel is channel]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("message", of_channel(Channel.EMAIL), ids=lambda m: m.name())
def test_a_mail_renders_in_every_language(sent: list[Any], message: type[Message], code: str) -> None:
    delivery._send(a_row(message, code))
    mail: Mail = sent[0]
    for part in (mail.subject, mail.text, mail.html):
        assert part.strip()
        assert not [left for left in ("{{", "{%", "%(", "None", "&amp;amp;") if left in part]
    assert "\n" not in mail.subject
    assert len(mail.subject) <= 150
    assert "&#39;" not in mail.text + mail.subject
    assert "<SARL>" not in mail.html
    names = {field.name for field in dataclasses.fields(message)}
    for name, value in (
        ("link_id", LINK),
        ("organisation", SAMPLE["organisation"]),
        ("path", SAMPLE["path"]),
    ):
        assert name not in names or value in mail.text
    assert ("link_id" in names) is (LINK in mail.text)


@pytest.mark.parametrize("where", ["", "production", "acceptance", "training"])
@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("message", of_channel(Channel.SMS), ids=lambda m: m.name())
def test_an_sms_is_one_sms_in_every_language(
    sent: list[Any], monkeypatch: pytest.MonkeyPatch, message: type[Message], code: str, where: str
) -> None:
    monkeypatch.setitem(SAMPLE, "environment_key", where)
    delivery._send(a_row(message, code, None))
    text = sent[0]
    assert f"{CODE[:4]}-{CODE[4:]}" in text
    assert "http" not in text, "an SMS never holds a link"
    if set(text) <= GSM | GSM_TWICE:
        assert len(text) + len(set(text) & GSM_TWICE) <= 160, text
    else:
        assert len(text) <= 70, (text, set(text) - GSM)


def test_every_message_has_its_folder_and_every_folder_its_message() -> None:
    folders = {path.name for path in (TEMPLATES / "messages").iterdir() if path.is_dir()}
    assert folders == set(every_message())


def test_every_served_language_has_its_catalogue(portal: Flask) -> None:
    assert set(LANGUAGES) == set(language.served())


def test_a_variable_that_nobody_gives_is_an_error_here(portal: Flask, sent: list[Any]) -> None:
    with pytest.raises(jinja2.UndefinedError):
        portal.jinja_env.from_string("{{ nobody_gives_this }}").render()
