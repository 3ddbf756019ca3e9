"""A small SMS centre on loopback that speaks SMPP 3.4 and keeps what it gets."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

BIND, SUBMIT, DELIVER, ENQUIRE = 0x09, 0x04, 0x05, 0x15
ANSWER = 0x80000000
HEAD = struct.Struct(">IIII")


@dataclass(frozen=True)
class Part:
    """One submitted part."""

    source: str
    to: str
    esm_class: int
    wants_receipt: bool
    coding: int
    body: bytes


@dataclass
class Centre:
    """`bind_status` and `status` are what it answers, `delay` how long it takes; parts in the order they came."""

    port: int = 0
    bind_status: int = 0
    status: int = 0
    delay: float = 0.0
    binds: list[tuple[str, str]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    receipts_answered: int = 0
    lines: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        """For the setting."""
        return f"smpp://portal:secret@127.0.0.1:{self.port}?source=TRACES"

    def cut_lines(self) -> None:
        """Every line breaks."""
        for line in self.lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self.lines.clear()

    def send_receipt(self, gateway_id: str, state: str) -> None:
        """An SMS arrived, or did not."""
        text = f"id:{gateway_id} sub:001 dlvrd:001 submit date:2610011200 done date:2610011201 stat:{state} err:000"
        self._deliver(4, text.encode())

    def send_text(self, text: bytes) -> None:
        """Somebody sends an SMS to the portal."""
        self._deliver(0, text)

    def _deliver(self, esm_class: int, text: bytes) -> None:
        body = b"\0\1\1" + b"46701740605\0" + b"\5\0TRACES\0" + bytes((esm_class, 0, 0)) + b"\0\0"
        body += bytes((0, 0, 0, 0, len(text))) + text
        self.lines[-1].sendall(HEAD.pack(HEAD.size + len(body), DELIVER, 0, 900) + body)

    def serve(self, line: socket.socket) -> None:
        """One line until it is cut."""
        self.lines.append(line)
        with contextlib.suppress(OSError, struct.error), line:
            while True:
                length, command, _status, sequence = HEAD.unpack(_exactly(line, HEAD.size))
                self.answer(line, command, sequence, _exactly(line, length - HEAD.size))

    def answer(self, line: socket.socket, command: int, sequence: int, body: bytes) -> None:
        """To one message."""
        time.sleep(self.delay)
        status, told = 0, b""
        if command == BIND:
            user, password = body.split(b"\0")[:2]
            self.binds.append((user.decode(), password.decode()))
            status, told = self.bind_status, b"centre\0"
        elif command == SUBMIT:
            self.parts.append(_part(body))
            status, told = self.status, f"id-{len(self.parts)}\0".encode()
        elif command == DELIVER | ANSWER:
            self.receipts_answered += 1
            return
        elif command != ENQUIRE:
            return
        told = b"" if status else told
        line.sendall(HEAD.pack(HEAD.size + len(told), command | ANSWER, status, sequence) + told)


def _exactly(line: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size:
        more = line.recv(size - len(got))
        if not more:
            raise ConnectionError
        got += more
    return got


def _part(body: bytes) -> Part:
    _service, rest = body.split(b"\0", 1)
    source, rest = rest[2:].split(b"\0", 1)
    to, rest = rest[2:].split(b"\0", 1)
    esm_class, rest = rest[0], rest[3:]
    _schedule, rest = rest.split(b"\0", 1)
    _validity, rest = rest.split(b"\0", 1)
    receipt, coding, size = rest[0], rest[2], rest[4]
    return Part(source.decode(), to.decode(), esm_class, bool(receipt), coding, rest[5 : 5 + size])


@contextlib.contextmanager
def sms_centre() -> Iterator[Centre]:
    """A centre for the block."""
    centre = Centre()
    listener = socket.create_server(("127.0.0.1", 0))
    centre.port = listener.getsockname()[1]

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _address = listener.accept()
                threading.Thread(target=centre.serve, args=(line,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield centre
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        centre.cut_lines()
