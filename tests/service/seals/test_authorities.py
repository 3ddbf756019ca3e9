"""Another issuing authority under one root: files from before and after are believed, the old one certifies no key."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner
from cryptography import x509
from flask import Flask
from sqlalchemy import select

from portal import clock, config
from portal.audit.models import AuditEvent
from portal.cli_keys import keys_group
from portal.config import Settings
from portal.database import db
from portal.environments.environment import Environment, using
from portal.jobs import publishing, queue
from portal.seals import authorities, issuing, keeping, keys, pades, revocation, rotation, validating
from portal.seals.authorities import ISSUING, LIFE, ROOT, YEAR
from portal.seals.keys import KeyRefused
from tests.makers.seals import a_key, a_pdf, a_sealed

pytestmark = pytest.mark.usefixtures("own_folder")
SECOND = "issuing-2"


@pytest.fixture
def own_folder(settings: Callable[..., Settings], tmp_path: Path) -> None:
    """A folder of keys of this test alone: the one of the application outlives its tests."""
    settings(seal_folder=str(tmp_path / "seal"))


def told(*command: str | Path) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    return done.stdout + done.stderr


def a_rotated_key() -> keys.ActiveKey:
    """Under another issuing authority than any before."""
    rotation.rotate_authority("training")
    keys.rotate("training")
    return keys.active("training")


def events() -> list[str]:
    with using(Environment.TRAINING):
        query = select(AuditEvent.name).where(AuditEvent.name.like("SealAuthority%"))
        return sorted(db.session.scalars(query))


def trusting(root: str, folder: Path) -> Path:
    """A store of certificates, as `pdfsig` reads it, with that root."""
    store = folder / "store"
    store.mkdir()
    told("certutil", "-N", "--empty-password", "-d", f"sql:{store}")
    (folder / "root.pem").write_text(root)
    told("certutil", "-A", "-n", "root", "-t", "CT,C,C", "-i", folder / "root.pem", "-d", f"sql:{store}")
    return store


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_files_of_the_old_and_of_the_new_authority_pass_and_the_old_one_is_prolonged(tmp_path: Path) -> None:
    old = a_sealed()
    key = a_rotated_key()
    new = pades.seal(a_pdf(), key, "Test")
    later = pades.extend(old.pdf, key)
    assert key.issuing != key.root
    assert later.key_sha256 == old.key_sha256 != new.key_sha256
    store = trusting(key.root, tmp_path)
    for number, done in enumerate((old, new, later, pades.extend(later.pdf, key))):
        assert validating.verdict(done.pdf, "training").outcome == "passed"
        assert validating.verdict(done.pdf, roots=(key.root,)).outcome == "passed"
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(done.pdf)
        assert "Certificate is Trusted" in told("pdfsig", "-nssdir", store, path)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_key_of_the_old_authority_is_withdrawn_in_its_list_alone() -> None:
    old = a_sealed()
    new = pades.seal(a_pdf(), a_rotated_key(), "Test")
    keys.revoke("training", old.key_sha256, "key-compromise", clock.now() - timedelta(days=1))
    assert validating.verdict(old.pdf, "training").reason == "revoked"
    assert validating.verdict(new.pdf, "training").outcome == "passed"
    lists = [x509.load_der_x509_crl(revocation.crl("training", name)) for name in (ISSUING, SECOND)]
    assert [len(list(each)) for each in lists] == [1, 0]


def test_new_keys_are_certified_by_the_new_authority_and_by_no_other() -> None:
    old = a_key()
    # Who certifies is looked up when it is done: without its key the old one could not if it were asked.
    (keeping.folder_of("training") / f"{ISSUING}.key").rename(keeping.folder_of("training") / "away")
    new = a_rotated_key()
    certificate = x509.load_pem_x509_certificate(new.certificate.encode())
    above = x509.load_pem_x509_certificate(new.issuing.encode())
    certificate.verify_directly_issued_by(above)
    above.verify_directly_issued_by(x509.load_pem_x509_certificate(new.root.encode()))
    points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert points[0].full_name[0].value.endswith(f"/training/seals/{SECOND}.crl")
    assert (new.root, new.issuing != old.issuing) == (old.root, True)
    assert above.subject != x509.load_pem_x509_certificate(old.issuing.encode()).subject
    assert events() == ["SealAuthorityMade", "SealAuthorityRetired"]


def test_an_authority_that_certified_no_key_is_not_followed_by_another() -> None:
    a_key()
    rotation.rotate_authority("training")
    with pytest.raises(KeyRefused, match="certified no key yet"):
        rotation.rotate_authority("training")
    assert issuing.names("training") == [ISSUING, SECOND]
    assert len(events()) == 2


def test_two_rotations_of_the_same_moment_make_one(app: Flask) -> None:
    a_key()
    db.session.remove()
    settings = config.current()

    def rotated(_turn: int) -> str:
        with app.app_context():
            config.activate(settings)
            try:
                return rotation.rotate_authority("training")
            except KeyRefused:
                return "refused"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(rotated, range(2))) == [SECOND, "refused"]
    assert events() == ["SealAuthorityMade", "SealAuthorityRetired"]


def test_without_authority_without_the_key_of_the_root_or_without_time_there_is_no_other() -> None:
    with pytest.raises(KeyRefused, match="make a key first"):
        rotation.rotate_authority("training")
    a_key()
    root = keeping.folder_of("training") / f"{ROOT}.key"
    root.rename(root.with_name("away"))
    with pytest.raises(config.SettingError, match=r"root\.key"):
        rotation.rotate_authority("training")
    root.with_name("away").rename(root)
    clock.advance(LIFE[ROOT] + timedelta(days=1))
    with pytest.raises(KeyRefused, match="leaves another issuing authority no time"):
        rotation.rotate_authority("training")
    assert (issuing.names("training"), events()) == ([ISSUING], [])


def test_an_authority_that_has_ended_certifies_nothing() -> None:
    a_key()
    clock.advance(LIFE[ISSUING] + timedelta(minutes=1))
    with pytest.raises(config.SettingError, match="rotate-authority"):
        keys.rotate("training")
    db.session.rollback()
    rotation.rotate_authority("training")
    keys.rotate("training")
    assert keys.active("training").sha256


def test_lists_of_both_are_read_by_openssl_and_made_anew_until_the_last_key_has_ended(tmp_path: Path) -> None:
    a_key()
    a_rotated_key()
    for name in (ISSUING, SECOND, ROOT):
        (tmp_path / "list.crl").write_bytes(revocation.crl("training", name))
        above = keeping.folder_of("training") / f"{name}.pem"
        words = told("openssl", "crl", "-inform", "DER", "-in", tmp_path / "list.crl", "-CAfile", above,
                     "-noout", "-lastupdate")  # fmt: skip
        assert "verify OK" in words
        assert "lastUpdate" in words
    clock.advance(LIFE["seal"] - timedelta(days=1))
    assert publishing.renew_lists() == 3
    before = revocation.crl("training", ISSUING)
    clock.advance(timedelta(days=2))
    assert publishing.renew_lists() == 3
    last = revocation.crl("training", ISSUING)
    assert last != before
    (keeping.folder_of("training") / f"{ISSUING}.key").unlink()
    clock.advance(timedelta(days=2))
    assert publishing.renew_lists() == 3
    assert revocation.crl("training", ISSUING) == last


def test_where_the_key_of_an_authority_is_away_its_last_list_stays_published_and_files_pass() -> None:
    done = a_sealed()
    before = revocation.crl("training")
    for path in keeping.folder_of("training").glob("*g.key"):
        path.unlink()
    clock.advance(timedelta(days=2))
    assert revocation.at_hand("training", ISSUING) == before
    assert publishing.renew_lists() == 1
    assert validating.verdict(done.pdf, "training").outcome == "passed"


def test_what_ends_soon_is_said_each_night_and_no_more_after_the_rotation() -> None:
    a_key()
    assert rotation.ending("training") == []
    clock.advance(LIFE[ISSUING] - YEAR + timedelta(days=1))
    keys.rotate("training")
    with structlog.testing.capture_logs() as lines:
        queue._renew_lists()
    assert [line["what"] for line in lines if "ends" in line] == ["training/issuing"]
    assert [each.what for each in rotation.ending("training")] == [ISSUING]
    a_rotated_key()
    assert publishing.warn_of_ends() == 0
    clock.advance(LIFE[ISSUING] - 2 * YEAR)
    assert [each.what for each in rotation.ending("training")] == [ROOT, "seal"]


def test_the_commands_rotate_and_say_which_key_is_still_needed(app: Flask) -> None:
    def run(*words: str) -> str:
        return CliRunner().invoke(keys_group, list(words), obj=lambda: nullcontext(app)).output

    run("make", "--environment", "training")
    until = authorities.certificate_of("training", ISSUING).not_valid_after_utc
    assert run("rotate-authority", "--environment", "training") == f"training\tmade\t{SECOND}\n"
    lines = [line.split("\t") for line in run("authorities").splitlines()]
    assert [line[1] for line in lines] == [ROOT, SECOND, ISSUING]
    assert [line[3] for line in lines] == ["root", "active", "retired"]
    assert lines[2][4].endswith(f"{until:%Y-%m-%d}")
    assert lines[2][5].startswith("key needed until ")
