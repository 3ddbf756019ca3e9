"""Revocation lists are made anew each night: what stands at their addresses never ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from portal import clock
from portal.config import Settings
from portal.jobs import publishing, queue
from portal.seals import authorities, keeping, revocation
from tests.makers.seals import a_key

pytestmark = pytest.mark.usefixtures("own_folder")
NAMES = (authorities.ISSUING, authorities.ROOT)


@pytest.fixture
def own_folder(settings: Callable[..., Settings], tmp_path: Path) -> None:
    """A folder of keys of this test alone: the one of the application outlives its tests."""
    settings(seal_folder=str(tmp_path / "seal"))


def kept(environment: str, name: str) -> x509.CertificateRevocationList:
    """The list as it lies in the folder: nobody asked for it."""
    return x509.load_pem_x509_crl((keeping.folder_of(environment) / f"{name}.crl").read_bytes())


def ends(environment: str, name: str) -> datetime:
    end = kept(environment, name).next_update_utc
    assert end is not None
    return end


def test_lists_that_nobody_asks_for_are_current_for_a_month() -> None:
    a_key("training")
    a_key("production")
    for _night in range(30):
        queue._renew_lists()
        for environment in ("training", "production"):
            assert all(ends(environment, name) > clock.now() + timedelta(days=8) for name in NAMES)
        clock.advance(timedelta(days=1))


def test_a_list_of_today_stays_and_an_environment_without_keys_has_none() -> None:
    a_key("training")
    assert publishing.renew_lists() == len(NAMES)
    before = [kept("training", name) for name in NAMES]
    assert publishing.renew_lists() == len(NAMES)
    assert [kept("training", name) for name in NAMES] == before
    assert not authorities.is_made("production")


def test_an_authority_whose_key_is_away_keeps_no_other_list_from_being_renewed() -> None:
    a_key("training")
    a_key("production")
    publishing.renew_lists()
    (keeping.folder_of("production") / f"{authorities.ROOT}.key").unlink()
    clock.advance(revocation.RENEWED_AFTER + timedelta(minutes=1))
    assert publishing.renew_lists() == 3
    assert ends("production", authorities.ROOT) < ends("production", authorities.ISSUING)
    assert ends("training", authorities.ROOT) > clock.now() + timedelta(days=9)


def test_without_a_folder_of_keys_there_is_nothing_to_renew(settings: Callable[..., Settings]) -> None:
    settings(seal_folder="")
    assert publishing.renew_lists() == 0
