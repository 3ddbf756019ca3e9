"""Providers of eIDs in the settings: named in one list, each described, checked before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.config import SettingError, load_settings
from tests.unit.test_config import PRODUCTION

FR = {
    "PORTAL_OIDC_FR_ISSUER": "https://eid.fr.example/api",
    "PORTAL_OIDC_FR_CLIENT_ID": "portal",
    "PORTAL_OIDC_FR_CLIENT_SECRET": "a,secret with commas",
    "PORTAL_OIDC_FR_NAME": "FranceIdentité",
    "PORTAL_OIDC_FR_ACR": "eidas2, eidas3",
}
BE = {name.replace("_FR_", "_BE_"): text for name, text in FR.items()}
BOTH = {**PRODUCTION, **FR, **BE, "PORTAL_OIDC_PROVIDERS": "fr, BE,fr"}


def test_providers_are_read_in_the_order_of_the_list() -> None:
    one, other = load_settings(BOTH).oidc_providers
    assert (one.key, other.key) == ("fr", "be")
    assert (one.name, one.issuer, one.client_id) == ("FranceIdentité", "https://eid.fr.example/api", "portal")
    assert (one.client_secret, one.acr) == ("a,secret with commas", ("eidas2", "eidas3"))
    assert "secret with" not in repr(load_settings(BOTH))


def test_without_the_list_there_is_no_provider() -> None:
    assert load_settings({**PRODUCTION, **FR}).oidc_providers == ()


@pytest.mark.parametrize("variable", sorted(FR))
def test_a_provider_that_is_not_described_does_not_start(variable: str) -> None:
    with pytest.raises(SettingError, match=variable):
        load_settings({**BOTH, variable: " "})


@pytest.mark.parametrize("name", ["f", "fr-1", "1fr", "x" * 21, "a b"])
def test_a_name_that_makes_no_variable_does_not_start(name: str) -> None:
    with pytest.raises(SettingError, match="PORTAL_OIDC_PROVIDERS"):
        load_settings({**PRODUCTION, "PORTAL_OIDC_PROVIDERS": name})


@pytest.mark.parametrize(
    "issuer", ["http://eid.fr.example", "https://", "https://eid.fr.example/?a=b", "eid.fr.example"]
)
def test_production_wants_an_issuer_over_https(issuer: str) -> None:
    with pytest.raises(SettingError, match="PORTAL_OIDC_FR_ISSUER"):
        load_settings({**BOTH, "PORTAL_OIDC_FR_ISSUER": issuer})


def test_demo_wants_an_issuer_on_loopback(tmp_path: Path) -> None:
    demo = {**FR, "PORTAL_OIDC_PROVIDERS": "fr", "PORTAL_MODE": "demo", "PORTAL_INSTANCE": str(tmp_path)}
    with pytest.raises(SettingError, match="loopback"):
        load_settings(demo)
    assert load_settings({**demo, "PORTAL_OIDC_FR_ISSUER": "http://127.0.0.1:9000"}).oidc_providers
