"""Which methods open an environment, and with which one decides there, by setting and by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from portal.config import SettingError, Settings, load_settings
from portal.config_rules import METHODS

TODAY = date(2026, 11, 21)
ALL = frozenset(METHODS)


def test_every_method_opens_every_environment_unless_said_otherwise() -> None:
    assert Settings().access_methods("production", TODAY) == ALL
    assert Settings().decision_methods("production", TODAY) == ALL


@pytest.mark.parametrize(
    ("word", "is_off"),
    [("allowed", False), ("off", True), ("2026-11-21", True), ("2026-11-22", False), ("2026-01-01", True)],
)
def test_text_messages_go_off_by_word_or_by_day_and_only_where_said(word: str, is_off: bool) -> None:
    settings = Settings(sms_policy_production=word)
    assert ("sms" not in settings.access_methods("production", TODAY)) is is_off
    assert "sms" in settings.access_methods("training", TODAY)


def test_the_own_account_opens_with_every_method_whatever_the_environments_ask() -> None:
    settings = Settings(sms_policy_production="off", access_methods_production=("security-key",))
    assert settings.access_methods("", TODAY) == ALL


def test_one_never_decides_with_a_method_that_does_not_open_the_environment() -> None:
    settings = Settings(access_methods_production=("app-pin", "security-key"))
    assert settings.decision_methods("production", TODAY) == {"app-pin", "security-key"}
    stricter = replace(settings, decision_methods_production=("security-key", "sms"))
    assert stricter.decision_methods("production", TODAY) == {"security-key"}


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORTAL_SMS_POLICY_PRODUCTION", "sometimes"),
        ("PORTAL_SMS_POLICY_TRAINING", "2026-13-01"),
        ("PORTAL_ACCESS_METHODS_PRODUCTION", "sms,pigeon"),
        ("PORTAL_DECISION_METHODS_ACCEPTANCE", "password"),
        ("PORTAL_STEP_UP_MINUTES", "61"),
        ("PORTAL_STEP_UP_AT_MOST_MINUTES", "10"),
    ],
)
def test_a_policy_that_cannot_be_is_named(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(SettingError, match="PORTAL_"):
        load_settings({"PORTAL_MODE": "demo", "PORTAL_INSTANCE": str(tmp_path), variable: value})
