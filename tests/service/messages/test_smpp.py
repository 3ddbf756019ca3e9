"""SMS over SMPP: bound once, cut into parts, receipts kept, and every way in which the line may fail."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock, delivery
from portal.adapters import smpp
from portal.adapters.smpp import SmppLine
from portal.adapters.sms import NeverDelivered
from portal.adapters.smtp import NotDelivered
from portal.config import Settings
from portal.database import db
from portal.identity import challenges
from portal.identity.models import Challenge
from portal.identity.states import ChallengePurpose
from portal.messages import outbox
from portal.messages.models import Delivery, OutgoingMessage
from tests.makers.identity import NUMBER, a_sign_in, a_user
from tests.service.messages.smsc import Centre, sms_centre


@pytest.fixture
def centre() -> Iterator[Centre]:
    """A centre on loopback."""
    with sms_centre() as one:
        yield one


@pytest.fixture
def line(centre: Centre) -> Iterator[SmppLine]:
    """A line to it."""
    one = SmppLine(centre.url, "unused")
    yield one
    one.close()


def until(is_so: Callable[[], bool]) -> None:
    """Wait for what another thread does, five seconds at most."""
    ends = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.02)


def test_the_line_is_bound_once_and_tells_the_gateways_ids(line: SmppLine, centre: Centre) -> None:
    assert [line.send(NUMBER, "code ABCD-2345", "m") for _number in range(3)] == ["id-1", "id-2", "id-3"]
    assert centre.binds == [("portal", "secret")]
    part = centre.parts[0]
    assert (part.source, part.to, part.coding, part.esm_class) == ("TRACES", NUMBER.lstrip("+"), 0, 0)
    assert part.wants_receipt
    assert part.body == b"code ABCD-2345"


def test_a_long_text_goes_in_parts_and_the_last_one_asks_for_the_receipt(
    line: SmppLine, centre: Centre
) -> None:
    assert line.send(NUMBER, "a" * 200, "m") == "id-2"
    assert [part.esm_class for part in centre.parts] == [0x40, 0x40]
    assert [part.wants_receipt for part in centre.parts] == [False, True]
    assert [len(part.body) for part in centre.parts] == [6 + 153, 6 + 47]
    assert centre.parts[0].body[:3] == b"\5\0\3"
    assert centre.parts[0].body[3] == centre.parts[1].body[3]


def test_other_scripts_go_as_ucs2(line: SmppLine, centre: Centre) -> None:
    line.send(NUMBER, "код ABCD", "m")
    assert (centre.parts[0].coding, centre.parts[0].body) == (8, "код ABCD".encode("utf-16-be"))


def test_a_line_that_was_cut_is_bound_anew_for_the_next_sms(line: SmppLine, centre: Centre) -> None:
    line.send(NUMBER, "one", "m")
    centre.cut_lines()
    assert line.send(NUMBER, "two", "m") == "id-2"
    assert len(centre.binds) == 2


def test_a_wrong_password_and_a_centre_that_is_down_are_worth_another_try(centre: Centre) -> None:
    line = SmppLine(centre.url, "")
    centre.bind_status = 0x0E
    with pytest.raises(NotDelivered):
        line.send(NUMBER, "one", "m")
    centre.bind_status = 0
    assert line.send(NUMBER, "one", "m") == "id-1"
    line.close()
    with pytest.raises(NotDelivered):
        SmppLine("smpp://portal:secret@127.0.0.1:9", "").send(NUMBER, "one", "m")


@pytest.mark.parametrize(("status", "never"), [(0x58, False), (0x14, False), (0x08, False), (0x0B, True)])
def test_what_the_centre_refuses_for_good_is_told_apart_from_busy(
    line: SmppLine, centre: Centre, status: int, never: bool
) -> None:
    centre.status = status
    with pytest.raises(NotDelivered) as refused:
        line.send(NUMBER, "one", "m")
    assert isinstance(refused.value, NeverDelivered) is never
    assert NUMBER not in str(refused.value)
    centre.status = 0
    assert line.send(NUMBER, "two", "m") == "id-2"


def test_a_slow_centre_is_given_up_after_five_seconds(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smpp, "TIMEOUT_SECONDS", 0.3)
    line = SmppLine(centre.url, "")
    line.send(NUMBER, "one", "m")
    centre.delay = 2
    begun = time.monotonic()
    with pytest.raises(NotDelivered):
        line.send(NUMBER, "two", "m")
    assert time.monotonic() - begun < 1.5
    line.close()


def test_receipts_are_answered_while_nothing_is_sent(line: SmppLine, centre: Centre) -> None:
    line.send(NUMBER, "one", "m")
    centre.send_text(b"STOP id:id-1 stat:DELIVRD")
    centre.send_receipt("id-1", "DELIVRD")
    centre.send_receipt("id-9", "UNDELIV")
    centre.send_receipt("id-1", "ENROUTE")
    until(lambda: centre.receipts_answered == 4)
    assert [(r.gateway_id, r.word) for r in line.take_receipts()] == [
        ("id-1", "delivered"),
        ("id-9", "undelivered"),
    ]
    assert line.take_receipts() == []


def a_code() -> None:
    """A code waits for delivery."""
    sign_in, _token = a_sign_in(a_user(), second_factor=False)
    challenges.send_challenge(sign_in, ChallengePurpose.SIGN_IN, number=NUMBER)
    db.session.commit()


def the_row() -> OutgoingMessage:
    """The only row, as the database has it."""
    db.session.expire_all()
    return db.session.scalars(select(OutgoingMessage)).one()


def test_the_receipt_stands_on_the_row_of_the_sms(
    app: Flask, settings: Callable[..., Settings], centre: Centre
) -> None:
    settings(sms_url=centre.url)
    a_code()
    assert delivery.deliver_due() == 1
    assert (the_row().gateway_id, the_row().receipt) == ("id-1", None)
    assert (centre.parts[0].source, centre.parts[0].to) == ("TRACES", NUMBER.lstrip("+"))
    centre.send_receipt("id-1", "DELIVRD")
    until(lambda: centre.receipts_answered == 1)
    delivery.deliver_due()
    assert the_row().receipt == "delivered"
    assert the_row().receipt_at is not None
    smpp.line_for(centre.url, "TRACES").close()


def test_a_receipt_that_is_quicker_than_the_row_is_kept_for_it(
    app: Flask, settings: Callable[..., Settings], centre: Centre
) -> None:
    settings(sms_url=centre.url)
    line = smpp.line_for(centre.url, "TRACES")
    line.give_back(smpp.Receipt("id-1", "delivered"))
    delivery.deliver_due()
    a_code()
    delivery.deliver_due()
    assert the_row().receipt == "delivered"
    line.close()


def test_a_receipt_changes_no_old_row_with_the_same_id(app: Flask) -> None:
    a_code()
    row = the_row()
    outbox.sent(row, "id-1")
    clock.advance(timedelta(days=8))
    assert not outbox.keep_receipt("id-1", "delivered")
    assert the_row().receipt is None


def test_a_refusal_for_good_ends_the_row_and_costs_no_try_of_the_code(
    app: Flask, settings: Callable[..., Settings], centre: Centre
) -> None:
    centre.status = 0x0B
    settings(sms_url=centre.url)
    a_code()
    assert delivery.deliver_due() == 0
    assert (the_row().state, the_row().attempts) == (Delivery.FAILED, 1)
    challenge = db.session.scalars(select(Challenge)).one()
    assert (challenge.state, challenge.tries) == ("open", 0)
    smpp.line_for(centre.url, "TRACES").close()
