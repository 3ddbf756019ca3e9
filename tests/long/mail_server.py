"""A mail server of the tests: counts what it takes, and can hold one message back until it is let go."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller

from bench.servers import free_port

HELD_SECONDS = 60


class Taken:
    """What was handed over, by the message's own id."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.begun, self.released = threading.Event(), threading.Event()
        self.released.set()
        self.url = ""

    def hold(self) -> None:
        """From now on messages are read and not acknowledged."""
        self.released.clear()
        self.begun.clear()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Called by the server for every message that came whole."""
        if not self.released.is_set():
            self.begun.set()
            await asyncio.sleep(HELD_SECONDS)
            return "451 held back too long"
        self.counts[str(message_from_bytes(envelope.content)["Message-ID"])] += 1
        return "250 taken"


@contextlib.contextmanager
def mail_server() -> Iterator[Taken]:
    """It listens on a free port until the end of the block."""
    taken = Taken()
    controller = Controller(taken, hostname="127.0.0.1", port=free_port())
    controller.start()
    taken.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield taken
    finally:
        controller.stop()
