"""Seal keys: made, changed, retired, revoked; encrypted on disk, known to everybody by their certificate."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from flask import Flask
from sqlalchemy import select

from portal import clock, config
from portal.audit.models import AuditEvent
from portal.config import SettingError, Settings
from portal.database import db
from portal.environments.environment import Environment, using
from portal.seals import authorities, keeping, keys, revocation
from portal.seals.keys import KeyRefused, NoKey
from tests.makers.seals import a_key, a_sealed

pytestmark = pytest.mark.usefixtures("app")


def states() -> list[str]:
    return sorted(key.state for key in keys.listed("training"))


def test_an_environment_without_a_key_cannot_seal() -> None:
    with pytest.raises(NoKey):
        keys.active("training")


def test_each_environment_has_a_key_and_roots_of_its_own() -> None:
    training, acceptance = a_key("training"), a_key("acceptance")
    assert len({training.certificate, acceptance.certificate, training.root, acceptance.root}) == 4
    assert keys.by_sha256("acceptance", training.sha256) is None


def test_a_second_first_key_is_refused() -> None:
    keys.make("training")
    with pytest.raises(KeyRefused):
        keys.make("training")


def test_rotation_retires_the_old_key_and_records_both() -> None:
    old = a_key().sha256
    new = keys.rotate("training")
    assert keys.active("training").sha256 == new != old
    assert states() == ["active", "retired"]
    with using(Environment.TRAINING):
        names = db.session.scalars(select(AuditEvent.name).where(AuditEvent.name.like("SealKey%"))).all()
    assert sorted(names) == ["SealKeyMade", "SealKeyMade", "SealKeyRetired"]


def test_after_retirement_nothing_is_sealed() -> None:
    a_key()
    keys.retire("training")
    with pytest.raises(NoKey):
        keys.active("training")
    with pytest.raises(KeyRefused):
        keys.retire("training")


def test_an_expired_key_seals_nothing() -> None:
    a_key()
    clock.advance(authorities.LIFE["seal"] + timedelta(minutes=1))
    with pytest.raises(NoKey):
        keys.active("training")


def test_a_revoked_key_stands_in_the_list_with_its_reason_and_day() -> None:
    key, since = a_key(), clock.now() - timedelta(days=3)
    keys.revoke("training", key.sha256, "key-compromise", since)
    found = x509.load_der_x509_crl(revocation.crl("training"))
    serial = x509.load_pem_x509_certificate(key.certificate.encode()).serial_number
    entry = found.get_revoked_certificate_by_serial_number(serial)
    assert entry is not None
    assert abs(entry.revocation_date_utc - since) < timedelta(seconds=1)
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.name == "key_compromise"
    with pytest.raises(NoKey):
        keys.active("training")


@pytest.mark.parametrize(("reason", "days"), [("bad mood", 0), ("superseded", 1)])
def test_a_key_is_revoked_for_a_known_reason_and_not_in_the_future(reason: str, days: int) -> None:
    key = a_key()
    with pytest.raises(KeyRefused):
        keys.revoke("training", key.sha256, reason, clock.now() + timedelta(days=days))


def test_a_key_is_revoked_once_and_only_where_it_is() -> None:
    key = a_key()
    with pytest.raises(KeyRefused):
        keys.revoke("acceptance", key.sha256, "superseded", clock.now())
    keys.revoke("training", key.sha256, "superseded", clock.now())
    with pytest.raises(KeyRefused):
        keys.revoke("training", key.sha256, "superseded", clock.now())


def test_the_list_is_signed_by_the_issuing_authority_and_made_anew_each_day() -> None:
    a_key()
    first = x509.load_der_x509_crl(revocation.crl("training"))
    assert first.is_signature_valid(authorities.certificate_of("training", "issuing").public_key())  # type: ignore[arg-type]
    assert revocation.crl("training") == revocation.crl("training")
    clock.advance(timedelta(days=1, minutes=1))
    later = x509.load_der_x509_crl(revocation.crl("training"))
    assert later.last_update_utc > first.last_update_utc
    assert later.next_update_utc is not None
    assert later.next_update_utc - later.last_update_utc == revocation.VALID


def test_key_files_are_encrypted_and_for_their_owner_alone() -> None:
    a_key()
    a_sealed()
    folder = Path(config.current().seal_folder)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    private = [path for path in files if path.suffix == ".key"]
    assert len(private) >= 5
    assert all(b"ENCRYPTED PRIVATE KEY" in path.read_bytes() for path in private)
    assert stat.S_IMODE((folder / "training").stat().st_mode) == 0o700


def test_a_wrong_passphrase_is_one_line(settings: Callable[..., Settings], app: Flask) -> None:
    key = a_key()
    path = keeping.folder_of("training") / f"{key.sha256}.key"
    settings(seal_passphrase="x" * 40)
    with pytest.raises(SettingError, match="PORTAL_SEAL_PASSPHRASE"):
        keeping.read_key(path)


def test_nothing_of_a_private_key_is_in_what_is_shown_of_it() -> None:
    key = a_key()
    assert "PRIVATE" not in repr(key)
    assert str(key.private) not in repr(key)
    assert len(repr(key)) < 60
