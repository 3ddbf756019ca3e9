"""SMS through an HTTP gateway described by an address template (Kannel and most national gateways)."""

from __future__ import annotations

import json
import unicodedata
from urllib.parse import quote

from portal.adapters.smtp import NotDelivered

TIMEOUT_SECONDS = 5
NEVER = frozenset({400, 410, 413, 414, 422})
"""Answers that another try does not change; a wrong password (401) or busy (429) may be mended meanwhile."""
ANSWER_BYTES = 4096
ID_NAMES = ("id", "message_id", "messageId", "message-id")
GSM_LETTERS = frozenset("àèéùìòÇØøÅåÆæßÉÄÖÑÜäöñü¿¡§£¥¤")
"""Letters beyond ASCII of the GSM 03.38 alphabet; one other letter makes an SMS of 70 characters out of 160."""


def in_gsm_letters(text: str) -> str:
    """Latin letters the alphabet lacks lose their accent («Producción»: «Produccion»); other scripts stay."""
    return "".join(c if c in GSM_LETTERS else _bare(c) for c in text)


def _bare(letter: str) -> str:
    base = unicodedata.normalize("NFKD", letter)[0]
    return base if base.isascii() else letter


class NeverDelivered(NotDelivered):
    """The gateway refused the number or the text: another try changes nothing."""


class HttpSms:
    """GETs the template with `{to}`, `{text}`, `{from}` and `{id}` filled in; 2xx means taken."""

    def __init__(self, template: str, sender: str) -> None:
        self.template, self.sender = template, sender

    def send(self, to: str, text: str, message_id: str) -> str:
        """Hand it over; returns the gateway's id where it tells one, else ours. Raises NotDelivered, NeverDelivered.

        No redirect is followed: the gateway is where the setting says."""
        # Imported here: only the worker sends, and the web process starts a good deal earlier without it.
        import requests

        filled = self.template
        for name, value in (("to", to), ("text", text), ("from", self.sender), ("id", message_id)):
            filled = filled.replace("{" + name + "}", quote(value, safe=""))
        try:
            answer = requests.get(filled, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        except requests.RequestException as error:
            raise NotDelivered(type(error).__name__) from error
        if answer.status_code in NEVER:
            raise NeverDelivered(f"status {answer.status_code}")
        if not 200 <= answer.status_code < 300:
            raise NotDelivered(f"status {answer.status_code}")
        return _id_in(answer.content[:ANSWER_BYTES]) or message_id


def _id_in(body: bytes) -> str:
    """The id in an answer of JSON, empty where there is none."""
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    found = next((told[name] for name in ID_NAMES if told.get(name)), "") if isinstance(told, dict) else ""
    return str(found)[:80] if isinstance(found, str | int) else ""
