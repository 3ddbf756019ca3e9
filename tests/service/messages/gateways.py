"""Gateways on loopback: a real SMTP server and a real HTTP gateway that keep what they get."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller

from tests.makers.loopback import QuietHandler, serving


@dataclass
class Mailbox:
    """What an SMTP server got: envelope recipients and the parsed message; `answer` is what it says."""

    url: str = ""
    answer: str = "250 OK"
    mails: list[tuple[list[str], EmailMessage]] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Called by aiosmtpd for each message."""
        if self.answer.startswith("250"):
            parsed = message_from_bytes(envelope.content, policy=policy.default)
            self.mails.append((list(envelope.rcpt_tos), parsed))  # type: ignore[arg-type]
        return self.answer


@dataclass
class Gateway:
    """What an HTTP gateway got: the arguments of each call; `status` and `delay` are how it answers."""

    url: str = ""
    status: int = 200
    delay: float = 0.0
    body: bytes = b""
    calls: list[dict[str, str]] = field(default_factory=list)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def smtp_server() -> Iterator[Mailbox]:
    """A server for the block."""
    mailbox = Mailbox()
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        mailbox.url = f"smtp://127.0.0.1:{port}"
        yield mailbox
    finally:
        controller.stop()


@contextlib.contextmanager
def sms_gateway() -> Iterator[Gateway]:
    """A gateway for the block."""
    gateway = Gateway()

    class Handler(QuietHandler):
        """Keeps the arguments, answers as told."""

        def do_GET(self) -> None:
            """One SMS."""
            arguments = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            gateway.calls.append(arguments)
            time.sleep(gateway.delay)
            with contextlib.suppress(ConnectionError):
                self.send_response(gateway.status)
                if gateway.status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(gateway.body)

    with serving(Handler) as address:
        gateway.url = f"{address}/send?to={{to}}&text={{text}}&from={{from}}&id={{id}}"
        yield gateway
