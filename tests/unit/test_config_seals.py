"""The settings of seals and time stamps: what production and demo refuse to start with, in one line that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.config import SettingError, load_settings
from tests.unit.test_config import PRODUCTION, refusal

PASSPHRASE = "Zq8rT2vX5mB9nL4kJ7hG1fD3sA6pW0yE"
SEALS = {"PORTAL_SEAL_FOLDER": "/etc/portal/seal", "PORTAL_SEAL_PASSPHRASE": PASSPHRASE}
TOKEN = {
    **SEALS,
    "PORTAL_SEAL_TOKEN": "/usr/lib/softhsm/libsofthsm2.so",
    "PORTAL_SEAL_TOKEN_LABEL": "portal",
    "PORTAL_SEAL_TOKEN_PIN": "1234567890",
}


def test_production_starts_with_keys_in_files_in_a_token_and_without_any() -> None:
    assert load_settings(PRODUCTION).seal_folder == ""
    assert load_settings({**PRODUCTION, **SEALS}).seal_folder == "/etc/portal/seal"
    assert load_settings({**PRODUCTION, **TOKEN}).seal_token_label == "portal"


@pytest.mark.parametrize("passphrase", ["", "changeme", PASSPHRASE[:31], "ab" * 32])
def test_a_missing_or_weak_passphrase_is_refused_and_not_repeated(passphrase: str) -> None:
    said = refusal(**{**SEALS, "PORTAL_SEAL_PASSPHRASE": passphrase})
    assert said.startswith("PORTAL_SEAL_PASSPHRASE is weak")
    assert not passphrase or passphrase not in said


def test_passphrase_and_pin_are_not_shown_with_the_settings() -> None:
    shown = repr(load_settings({**PRODUCTION, **TOKEN}))
    assert PASSPHRASE not in shown
    assert "1234567890" not in shown


def test_the_folder_of_keys_is_an_absolute_path_outside_the_instance(tmp_path: Path) -> None:
    assert "absolute" in refusal(**{**SEALS, "PORTAL_SEAL_FOLDER": "seal"})
    inside = {"PORTAL_INSTANCE": str(tmp_path), "PORTAL_SEAL_FOLDER": str(tmp_path / "keys")}
    assert "outside PORTAL_INSTANCE" in refusal(**{**SEALS, **inside})


@pytest.mark.parametrize(
    "missing", ["PORTAL_SEAL_FOLDER", "PORTAL_SEAL_TOKEN_LABEL", "PORTAL_SEAL_TOKEN_PIN"]
)
def test_a_token_needs_its_folder_label_and_pin(missing: str) -> None:
    assert missing in refusal(**{**TOKEN, missing: ""})


def test_the_module_of_a_token_is_an_absolute_path() -> None:
    assert "PORTAL_SEAL_TOKEN must be" in refusal(**{**TOKEN, "PORTAL_SEAL_TOKEN": "libsofthsm2.so"})


@pytest.mark.parametrize("address", ["ftp://stamps.example", "stamps.example", "http://"])
def test_a_time_stamp_service_is_an_http_address(address: str) -> None:
    assert "PORTAL_TSA_URL must be" in refusal(PORTAL_TSA_URL=address, PORTAL_TSA_ROOT="/etc/portal/tsa.pem")


def test_a_time_stamp_service_needs_the_root_that_its_stamps_are_traced_to() -> None:
    assert "PORTAL_TSA_ROOT is required" in refusal(PORTAL_TSA_URL="https://stamps.example")
    more = {"PORTAL_TSA_URL": "https://stamps.example", "PORTAL_TSA_ROOT": "/etc/portal/tsa.pem"}
    assert load_settings({**PRODUCTION, **more}).tsa_url == "https://stamps.example"


@pytest.mark.parametrize(
    "address",
    ["https://stamps.example", "http://127.0.0.1@stamps.example", "http://localhost.stamps.example"],
)
def test_the_demo_asks_a_time_stamp_service_on_loopback_only(tmp_path: Path, address: str) -> None:
    demo = {"PORTAL_MODE": "demo", "PORTAL_INSTANCE": str(tmp_path), "PORTAL_TSA_ROOT": "/etc/portal/tsa.pem"}
    with pytest.raises(SettingError, match="PORTAL_TSA_URL must be on loopback"):
        load_settings({**demo, "PORTAL_TSA_URL": address})
    assert load_settings({**demo, "PORTAL_TSA_URL": "http://127.0.0.1:3318/"}).is_demo
