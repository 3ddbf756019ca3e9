"""The catalogue of messages: names, channels, facts."""

from __future__ import annotations

import dataclasses

import pytest

from portal.messages.catalogue import Message, SignInCode, TelephoneCode, every_message
from portal.messages.security_notices import StepUpCode
from portal.vocabulary import Channel

MESSAGES = sorted(every_message().items())


def test_only_codes_go_by_sms() -> None:
    by_sms = {cls for _, cls in MESSAGES if cls.channel is Channel.SMS}
    assert by_sms == {TelephoneCode, SignInCode, StepUpCode}


def test_the_name_of_a_message_is_its_class_in_small_letters() -> None:
    assert SignInCode.name() == "sign_in_code"


@pytest.mark.parametrize(("name", "message"), MESSAGES, ids=[name for name, _ in MESSAGES])
def test_a_message_keeps_no_link_no_code_and_no_password(name: str, message: type[Message]) -> None:
    facts = {field.name for field in dataclasses.fields(message)}
    assert not facts & {"link", "code", "token", "password", "url", "number"}
    assert len(name) <= 40, "longer than the column of the outbox"


@pytest.mark.parametrize(("name", "message"), MESSAGES, ids=[name for name, _ in MESSAGES])
def test_the_facts_of_a_message_survive_json(name: str, message: type[Message]) -> None:
    assert {field.type for field in dataclasses.fields(message)} <= {"str", "int", "bool"}
