"""SMS over SMPP 3.4: one bound line of the worker, kept open, bound anew when it breaks; receipts come back on it."""

from __future__ import annotations

import logging
import re
import secrets
import select
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from portal.adapters.sms import NeverDelivered
from portal.adapters.sms_parts import cut
from portal.adapters.smtp import NotDelivered

TIMEOUT_SECONDS = 5
LOOK_SECONDS = 1
STILL_THERE_SECONDS = 30
SILENT_SECONDS = 90
YOUNG_SECONDS = 300
PORT = 2775
NEVER = frozenset({0x01, 0x0A, 0x0B, 0x33, 0x34, 0x40, 0x48, 0x50, 0x51, 0xC2})
"""Answers that another try does not change: length, source or destination that the gateway does not know."""
RECEIPT = 0x04
IN_PARTS = 0x40
WORDS = {"DELIVRD": "delivered", "EXPIRED": "expired", "DELETED": "deleted", "UNDELIV": "undelivered",
         "ACCEPTD": "accepted", "UNKNOWN": "unknown", "REJECTD": "rejected"}  # fmt: skip
NUMBERS = {
    2: "delivered",
    3: "expired",
    4: "deleted",
    5: "undelivered",
    6: "accepted",
    7: "unknown",
    8: "rejected",
}
RECEIPT_ID = re.compile(rb"\bid:(\S{1,80})", re.IGNORECASE)
RECEIPT_STATE = re.compile(rb"\bstat:([A-Z]{7})", re.IGNORECASE)
Result = TypeVar("Result")


@dataclass(frozen=True)
class Receipt:
    """What the gateway says of an SMS afterwards: its own id, and a word of `WORDS`."""

    gateway_id: str
    word: str
    heard_at: float = field(default_factory=time.monotonic, compare=False)

    @property
    def is_young(self) -> bool:
        """Whether the row it is about may still be on its way into the database."""
        return time.monotonic() - self.heard_at < YOUNG_SECONDS


class SmppLine:
    """`smpp://user:password@host:port?source=TRACES`; used by several threads, one at a time."""

    def __init__(self, url: str, sender: str) -> None:
        self.url = urlsplit(url)
        self.source = parse_qs(self.url.query).get("source", [sender])[0]
        self._lock = threading.Lock()
        self._client: Any = None
        self._answers: dict[int, tuple[int, str]] = {}
        self._receipts: list[Receipt] = []
        self._heard = self._asked = 0.0

    def send(self, to: str, text: str, message_id: str) -> str:
        """Hand it over; returns the gateway's id of the last part. Raises NotDelivered, NeverDelivered."""
        with self._lock:
            was_bound = self._client is not None
            try:
                return self._guarded(lambda: self._submitted(to, text))
            except NeverDelivered:
                raise
            except _Broken:
                if not was_bound:
                    raise
                # The line of an earlier SMS was cut off meanwhile: a new one at once.
                return self._guarded(lambda: self._submitted(to, text))

    def take_receipts(self) -> list[Receipt]:
        """What came since the last call."""
        with self._lock:
            taken, self._receipts = self._receipts, []
        return taken

    def give_back(self, receipt: Receipt) -> None:
        """No row has that id yet: it was quicker than the commit of the SMS, or another worker sent that."""
        if receipt.is_young:
            with self._lock:
                self._receipts.append(receipt)

    def close(self) -> None:
        """Hang up."""
        with self._lock:
            self._drop()

    def _guarded(self, work: Callable[[], Result]) -> Result:
        from smpplib import exceptions

        broken = (exceptions.ConnectionError, exceptions.PDUError, exceptions.UnknownCommandError,
                  OSError, ValueError, struct.error)  # fmt: skip
        try:
            return work()
        except broken as error:
            self._drop()
            raise _Broken(type(error).__name__) from error

    def _submitted(self, to: str, text: str) -> str:
        client = self._bound()
        message = cut(text, secrets.randbelow(256))
        named = not self.source.lstrip("+").isdecimal()
        sent = []
        for number, part in enumerate(message.parts, start=1):
            pdu = client.send_message(
                source_addr_ton=5 if named else 1, source_addr_npi=0 if named else 1,
                source_addr=self.source.lstrip("+"), dest_addr_ton=1, dest_addr_npi=1,
                destination_addr=to.lstrip("+"), short_message=part, data_coding=message.coding,
                esm_class=IN_PARTS if len(message.parts) > 1 else 0,
                registered_delivery=number == len(message.parts),
            )  # fmt: skip
            sent.append(int(pdu.sequence))
        self._await(sent)
        answers = [self._answers.pop(sequence) for sequence in sent]
        for status, _gateway_id in answers:
            if status:
                raise (NeverDelivered if status in NEVER else NotDelivered)(f"smpp {status:#x}")
        return answers[-1][1]

    def _bound(self) -> Any:
        if self._client is not None:
            return self._client
        # Imported here: only the worker sends, and the web process starts earlier without it.
        from smpplib import client as smpp

        # Its lines would hold numbers and texts.
        logging.getLogger("portal.smpp").setLevel(logging.ERROR)
        line = smpp.Client(
            self.url.hostname or "localhost", self.url.port or PORT, timeout=TIMEOUT_SECONDS,
            logger_name="portal.smpp", allow_unknown_opt_params=True,
        )  # fmt: skip
        line.set_message_sent_handler(self._answered)
        line.set_error_pdu_handler(self._answered)
        line.set_message_received_handler(self._received)
        self._client, self._heard = line, time.monotonic()
        line.connect()
        line.bind_transceiver(
            system_id=unquote(self.url.username or ""), password=unquote(self.url.password or "")
        )
        threading.Thread(target=self._listen, args=(line,), daemon=True, name="smpp").start()
        return line

    def _await(self, sequences: list[int]) -> None:
        ends = time.monotonic() + TIMEOUT_SECONDS
        while not all(sequence in self._answers for sequence in sequences):
            left = ends - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._read(left)

    def _read(self, seconds: float) -> bool:
        """Whether a message of the gateway came within the time; it is acted upon."""
        readable, _writable, _failed = select.select([self._client._socket], [], [], max(0.0, seconds))
        if readable:
            self._client.read_once(auto_send_enquire_link=False)
            self._heard = time.monotonic()
        return bool(readable)

    def _listen(self, line: Any) -> None:
        """Receipts and «are you still there» are answered while nothing is sent."""
        while True:
            time.sleep(LOOK_SECONDS)
            with self._lock:
                if self._client is not line:
                    return
                try:
                    self._guarded(self._look)
                except _Broken:
                    return

    def _look(self) -> None:
        while self._read(0):
            pass
        silent = time.monotonic() - self._heard
        if silent > SILENT_SECONDS:
            raise TimeoutError
        if silent > STILL_THERE_SECONDS and time.monotonic() - self._asked > STILL_THERE_SECONDS:
            from smpplib import smpp

            self._asked = time.monotonic()
            self._client.send_pdu(smpp.make_pdu("enquire_link", client=self._client))

    def _answered(self, pdu: Any) -> None:
        self._answers[int(pdu.sequence)] = int(pdu.status), _text(getattr(pdu, "message_id", b""))[:80]

    def _received(self, pdu: Any) -> None:
        if not int(pdu.esm_class or 0) & RECEIPT:
            return  # an SMS that somebody sent to us: nobody reads it
        receipt = receipt_in(pdu)
        if receipt is not None:
            self._receipts.append(receipt)

    def _drop(self) -> None:
        line, self._client = self._client, None
        self._answers.clear()
        if line is not None:
            line.disconnect()


class _Broken(NotDelivered):
    """The line is cut, or what comes over it is no SMPP."""


def receipt_in(pdu: Any) -> Receipt | None:
    """The receipt that a deliver_sm carries: in its own fields, or in the text that SMPP 3.4 describes (appendix B)."""
    text = pdu.short_message or b""
    found_id, found_state = RECEIPT_ID.search(text), RECEIPT_STATE.search(text)
    own_id = _text(getattr(pdu, "receipted_message_id", None)) or (_text(found_id[1]) if found_id else "")
    number = getattr(pdu, "message_state", None)
    word = NUMBERS.get(number) if isinstance(number, int) else None
    if word is None and found_state:
        word = WORDS.get(_text(found_state[1]).upper())
    return Receipt(own_id[:80], word) if own_id and word else None


def _text(value: object) -> str:
    text = value.decode("ascii", "replace") if isinstance(value, bytes) else str(value or "")
    return text.rstrip("\0")


_lines: dict[tuple[str, str], SmppLine] = {}


def line_for(url: str, sender: str) -> SmppLine:
    """The line of this process to that gateway; made once, bound with the first SMS."""
    return _lines.setdefault((url, sender), SmppLine(url, sender))
