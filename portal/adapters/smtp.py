"""E-mail through an SMTP server: one message, one recipient, five seconds at most for each step."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from portal import clock

TIMEOUT_SECONDS = 5


class NotDelivered(Exception):
    """The server could not be reached or refused; worth another try."""


@dataclass(frozen=True)
class Mail:
    """What goes out: plain text with an HTML alternative."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    language: str


class SmtpMailer:
    """Sends through `smtp://`, `smtp+starttls://` or `smtps://`."""

    def __init__(self, url: str, sender: str, sender_name: str) -> None:
        self.url, self.sender, self.sender_name = urlsplit(url), sender, sender_name

    def send(self, mail: Mail) -> None:
        """Hand it over; raises NotDelivered."""
        message = self._message(mail)
        try:
            with self._connect() as server:
                if self.url.username:
                    server.login(unquote(self.url.username), unquote(self.url.password or ""))
                server.send_message(message, from_addr=self.sender, to_addrs=[mail.to])
        except (OSError, smtplib.SMTPException) as error:
            raise NotDelivered(type(error).__name__) from error

    def _connect(self) -> smtplib.SMTP:
        host, port = self.url.hostname or "localhost", self.url.port
        if self.url.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_SECONDS, context=context)
        server = smtplib.SMTP(host, port or 587, timeout=TIMEOUT_SECONDS)
        if self.url.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        return server

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        local, _, domain = self.sender.rpartition("@")
        message["From"] = Address(self.sender_name, local, domain)
        message["To"] = mail.to
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{mail.message_id}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        message["Content-Language"] = (
            mail.language
        )  # last: add_alternative moves content headers to the first part
        return message
