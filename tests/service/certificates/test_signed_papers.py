"""What is signed is what was shown: the text of the file against the boxes, the acts and the hash."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from portal.certificates import drafting, files
from portal.certificates.drafting import CertificateWish
from portal.certificates.models import Certificate
from portal.environments.environment import Environment
from tests.makers.certificates import an_officer, an_organic_journey, fill
from tests.makers.seals import a_key
from tests.makers.signing import an_office, signed

PDFTOTEXT = shutil.which("pdftotext")
pytestmark = pytest.mark.skipif(PDFTOTEXT is None, reason="poppler-utils is not installed")


def words_of(certificate: Certificate, folder: Path) -> str:
    """The text of its file, with single blanks."""
    place = folder / "certificate.pdf"
    place.write_bytes(files.first(certificate).content)
    text = subprocess.run(
        [str(PDFTOTEXT), "-layout", place, "-"], capture_output=True, check=True
    ).stdout.decode()
    return " ".join(text.split())


def test_an_intra_says_what_was_typed_who_declared_it_and_who_signed(
    production: Environment, tmp_path: Path
) -> None:
    office = an_office()
    done = signed(office.submitted(), office.officer)
    words = words_of(done, tmp_path)
    for word in ("Élevage Exemple", "Hof Beispiel", "Bos taurus", "FR1234567890", "AB-123-CD", "BOV-INTRA-X"):
        assert word in words
    assert done.number is not None
    assert words.count(done.number) >= 3
    assert done.data_hash in words.replace(" ", "")
    assert done.signatory_name in words
    assert done.signatory_username in words
    assert "Office FR" in words
    assert "/verify/" in words
    assert re.search(r"\(UTC\+0[12]:00, Europe/Brussels\)", words)


def test_a_coi_of_a_control_body_is_signed_without_a_submission(
    training: Environment, tmp_path: Path
) -> None:
    journey = an_organic_journey()
    a_key("training")
    officer = an_officer(journey.body)
    wish = CertificateWish("COI", "COI", None, "en", "AR", "BE")
    certificate = drafting.begin(wish, officer)
    fill(certificate, journey.boxes(), officer)
    done = signed(certificate, officer)
    assert (done.state, done.number) == ("valid", "DEMO.TRN.COI.AR.2026.0000001")
    words = words_of(done, tmp_path)
    for word in (
        "Granos del Sur",
        "Trigo",
        "Control Body of the South",
        "MV Exemple",
        "500 kg",
        str(done.number),
    ):
        assert word in words
