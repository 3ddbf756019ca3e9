"""A seal key in a PKCS#11 token (SoftHSM2): made there, used there, believed by our verdict and by pdfsig."""

from __future__ import annotations

import dataclasses
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal import config
from portal.config import SettingError
from portal.seals import keeping, keys, tokens, validating
from tests.makers.seals import a_sealed

pytestmark = pytest.mark.long
MODULE = "/usr/lib/softhsm/libsofthsm2.so"
LABEL, PIN = "portal", "1234567890"


def told(*command: str | Path) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture(scope="module")
def token_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A token of this module alone: SoftHSM2 reads where its tokens are once in a process."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    place = folder / "softhsm2.conf"
    place.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(place))
        told("softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", PIN)
        yield
        tokens._sessions.clear()


@pytest.fixture
def with_token(app: Flask, token_store: None, tmp_path: Path) -> Iterator[None]:
    """The application keeps its seal keys in that token."""
    before = config.current()
    config.activate(
        dataclasses.replace(
            before,
            seal_token=MODULE,
            seal_token_label=LABEL,
            seal_token_pin=PIN,
            seal_folder=str(tmp_path / "seal"),
        )
    )
    yield
    config.activate(before)


@pytest.mark.usefixtures("with_token")
def test_a_key_of_a_token_seals_and_never_stands_in_a_file(tmp_path: Path) -> None:
    sha256 = keys.make("training")
    assert keys.active("training").private is None
    folder = keeping.folder_of("training")
    assert (folder / f"{sha256}.token").exists()
    assert not (folder / f"{sha256}.key").exists()
    sealed = a_sealed()
    assert sealed.key_sha256 == sha256
    assert validating.verdict(sealed.pdf, "training").outcome == "passed"
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed.pdf)
    words = told("pdfsig", path)
    assert "Signature Validation: Signature is Valid." in words
    changed = sealed.pdf.replace(b"(Certificate)", b"(Certificatf)", 1)
    assert validating.verdict(changed, "training").outcome == "failed"


@pytest.mark.usefixtures("with_token")
def test_a_rotated_key_of_a_token_is_another_one_and_the_first_stays_verifiable() -> None:
    keys.make("training")
    before = a_sealed().pdf
    keys.rotate("training")
    after = a_sealed()
    assert validating.verdict(before, "training").outcome == "passed"
    assert validating.verdict(after.pdf, "training").outcome == "passed"
    assert after.key_sha256 == keys.active("training").sha256


@pytest.mark.usefixtures("with_token")
@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"seal_token_label": "another"}, "PORTAL_SEAL_TOKEN"),
        ({"seal_token_pin": "0" * 8}, "PORTAL_SEAL_TOKEN_PIN"),
    ],
)
def test_a_token_that_cannot_be_opened_is_one_line(changed: dict[str, str], named: str) -> None:
    tokens._sessions.clear()
    config.activate(dataclasses.replace(config.current(), **changed))  # type: ignore[arg-type]
    with pytest.raises(SettingError, match=named) as refused:
        keys.make("training")
    assert PIN not in str(refused.value)
    assert "\n" not in str(refused.value)
