"""SMS through an HTTP gateway described by an address template (Kannel and most national gateways)."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from portal.adapters.smtp import NotDelivered

TIMEOUT_SECONDS = 5
GSM_LETTERS = frozenset("àèéùìòÇØøÅåÆæßÉÄÖÑÜäöñü¿¡§£¥¤")
"""Letters beyond ASCII of the GSM 03.38 alphabet; one other letter makes an SMS of 70 characters out of 160."""


def in_gsm_letters(text: str) -> str:
    """Latin letters the alphabet lacks lose their accent («Producción»: «Produccion»); other scripts stay."""
    return "".join(c if c in GSM_LETTERS else _bare(c) for c in text)


def _bare(letter: str) -> str:
    base = unicodedata.normalize("NFKD", letter)[0]
    return base if base.isascii() else letter


class HttpSms:
    """GETs the template with `{to}`, `{text}`, `{from}` and `{id}` filled in; 2xx means taken."""

    def __init__(self, template: str, sender: str) -> None:
        self.template, self.sender = template, sender

    def send(self, to: str, text: str, message_id: str) -> None:
        """Hand it over; raises NotDelivered. No redirect is followed: the gateway is where the setting says."""
        # Imported here: only the worker sends, and the web process starts a good deal earlier without it.
        import requests

        filled = self.template
        for name, value in (("to", to), ("text", text), ("from", self.sender), ("id", message_id)):
            filled = filled.replace("{" + name + "}", quote(value, safe=""))
        try:
            answer = requests.get(filled, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        except requests.RequestException as error:
            raise NotDelivered(type(error).__name__) from error
        if not 200 <= answer.status_code < 300:
            raise NotDelivered(f"status {answer.status_code}")
