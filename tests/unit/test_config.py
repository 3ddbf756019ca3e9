"""The start matrix: what production and demo refuse to start with, in one line that names the setting."""

from __future__ import annotations

import dataclasses
import stat
from datetime import date
from pathlib import Path

import pytest

from portal import config
from portal.config import SettingError, load_settings, variable_of

KEY, DATA = "Ab3dE5gH7jK9mN1pQ4rS6tU8vW0xY2zC", "zY2xW0vU8tS6rQ4pN1mK9jH7gE5dC3bA"
PRODUCTION = {
    "PORTAL_PUBLIC_URL": "https://portal.example",
    "PORTAL_SECRET_KEY": KEY,
    "PORTAL_DATA_KEY": DATA,
    "PORTAL_SMTP_URL": "smtp://mail.example",
    "PORTAL_SMS_URL": "https://sms.example/send?to={to}&text={text}",
    "PORTAL_BRAND_IDENTITY": "Sign-in",
    "PORTAL_BRAND_APPLICATION": "Access portal",
    "PORTAL_OPERATOR": "An operator",
    "PORTAL_CONTACT": "help@portal.example",
}


def refusal(**changes: str) -> str:
    """What the start says with these variables changed."""
    with pytest.raises(SettingError) as refused:
        load_settings({**PRODUCTION, **changes})
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_production_starts_with_everything_it_needs() -> None:
    settings = load_settings(PRODUCTION)
    assert (settings.mode, settings.is_secure, settings.trusted_hosts) == (
        "production",
        True,
        ("portal.example",),
    )


def test_production_is_what_one_gets_without_saying_anything() -> None:
    with pytest.raises(SettingError, match="required in production"):
        load_settings({})


@pytest.mark.parametrize("variable", sorted(PRODUCTION))
@pytest.mark.parametrize("value", ["", "   "])
def test_production_refuses_to_start_without(variable: str, value: str) -> None:
    assert variable in refusal(**{variable: value})


@pytest.mark.parametrize("variable", ["PORTAL_SECRET_KEY", "PORTAL_DATA_KEY"])
@pytest.mark.parametrize(
    "weak",
    ["changeme", "a" * 64, "ab" * 32, KEY[:31], f"{KEY[::-1]}x,short", "secret-secret-secret-secret-secre"],
)
def test_production_refuses_a_weak_key_also_among_the_older_ones(variable: str, weak: str) -> None:
    assert refusal(**{variable: weak}).startswith(f"{variable} is weak")


@pytest.mark.parametrize("data_key", [KEY, f"{DATA},{KEY}"])
def test_production_refuses_the_same_key_for_cookies_and_for_data(data_key: str) -> None:
    assert "must differ" in refusal(PORTAL_DATA_KEY=data_key)


@pytest.mark.parametrize("address", ["http://portal.example", "portal.example", "ftp://portal.example"])
def test_production_refuses_a_public_address_without_tls(address: str) -> None:
    assert "https://" in refusal(PORTAL_PUBLIC_URL=address)


def test_production_may_be_tried_on_loopback_without_tls() -> None:
    settings = load_settings({**PRODUCTION, "PORTAL_PUBLIC_URL": "http://127.0.0.1:5000"})
    assert not settings.is_secure


def test_refusals_do_not_repeat_the_secret() -> None:
    assert "changeme" not in refusal(PORTAL_SECRET_KEY="changeme")
    assert KEY not in repr(load_settings(PRODUCTION))
    assert "mail.example" not in repr(load_settings(PRODUCTION))


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORTAL_MODE", "debug"),
        ("PORTAL_MODE", "Production"),
        ("PORTAL_ENVIRONMENTS", "production,playground"),
        ("PORTAL_ENVIRONMENTS", ","),
        ("PORTAL_VALIDATORS", "all"),
        ("PORTAL_SMS_POLICY_PRODUCTION", "yes"),
        ("PORTAL_SMS_POLICY_ACCEPTANCE", "never"),
        ("PORTAL_SMS_POLICY_TRAINING", "on"),
        ("PORTAL_SESSION_IDLE_MINUTES", "0"),
        ("PORTAL_SESSION_IDLE_MINUTES", "61"),
        ("PORTAL_SESSION_IDLE_MINUTES", "half an hour"),
        ("PORTAL_SESSION_TOTAL_HOURS", "25"),
        ("PORTAL_PROXY_COUNT", "-1"),
        ("PORTAL_PROXY_COUNT", "5"),
        ("PORTAL_MFA_REQUIRED_FROM", "11/06/2024"),
        ("PORTAL_COMMISSION_SERVICE", "perhaps"),
        ("PORT", "http"),
    ],
)
def test_a_value_outside_its_list_is_named(variable: str, value: str) -> None:
    assert variable in refusal(**{variable: value})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORTAL_PUBLIC_URL", "http://portal.example:5000"),
        ("PORTAL_TRUSTED_HOSTS", "localhost,portal.example"),
        ("PORTAL_SMTP_URL", "smtp://mail.example:25"),
        ("PORTAL_SMTP_URL", "smtp://127.0.0.1@mail.example"),
        ("PORTAL_SMTP_URL", "smtp://localhost.mail.example"),
        ("PORTAL_SMS_URL", "https://sms.example/send?to={to}"),
        ("PORTAL_SMS_URL", "http://10.0.0.1/send?from=localhost"),
        ("PORTAL_SMS_URL", "http://sms.example?to=/@localhost"),
        ("PORTAL_SMS_URL", "http://sms.example#@localhost/"),
    ],
)
def test_the_demo_stays_on_loopback(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"{variable} must be on loopback"):
        load_settings({"PORTAL_MODE": "demo", "PORTAL_INSTANCE": str(tmp_path), variable: value})


def test_the_demo_may_send_to_servers_on_loopback(tmp_path: Path) -> None:
    more = {
        "PORTAL_SMTP_URL": "smtp://user:word@127.0.0.1:2525",
        "PORTAL_SMS_URL": "http://localhost:9/?to={to}",
    }
    assert load_settings({"PORTAL_MODE": "demo", "PORTAL_INSTANCE": str(tmp_path), **more}).is_demo


def test_the_demo_makes_its_own_secrets_once_for_its_owner_alone(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    variables = {"PORTAL_MODE": "demo", "PORTAL_INSTANCE": str(instance)}
    first, second = load_settings(variables), load_settings(variables)
    assert (first.secret_key, first.data_key) == (second.secret_key, second.data_key)
    assert first.secret_key != first.data_key
    assert len(first.secret_key[0]) >= 32
    assert stat.S_IMODE(instance.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in instance.iterdir()} == {0o600}


def test_two_demos_have_different_secrets(tmp_path: Path) -> None:
    one, two = (
        load_settings({"PORTAL_MODE": "demo", "PORTAL_INSTANCE": str(tmp_path / name)})
        for name in ("one", "two")
    )
    assert one.secret_key != two.secret_key


def test_lists_days_flags_and_paths_are_read_from_text(tmp_path: Path) -> None:
    settings = load_settings({
        **PRODUCTION, "PORTAL_SECRET_KEY": f" {KEY} , {KEY[::-1]}X ", "PORTAL_MFA_REQUIRED_FROM": "2025-01-02",
        "PORTAL_COMMISSION_SERVICE": "True", "PORTAL_INSTANCE": str(tmp_path), "PORT": "8080",
    })  # fmt: skip
    assert settings.secret_key == (KEY, f"{KEY[::-1]}X")
    assert (settings.mfa_required_from, settings.commission_service) == (date(2025, 1, 2), True)
    assert settings.database_url == f"sqlite:///{tmp_path}/portal.sqlite3"
    assert settings.port == 8080


def test_settings_cannot_be_changed_while_running() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        load_settings(PRODUCTION).mode = "demo"  # type: ignore[misc]


def test_variables_are_the_names_in_capitals() -> None:
    assert (variable_of("port"), variable_of("smtp_url")) == ("PORT", "PORTAL_SMTP_URL")


def test_reading_the_settings_before_they_are_active_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "_current", None)
    with pytest.raises(SettingError):
        config.current()
