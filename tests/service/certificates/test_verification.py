"""What a file says of itself to the command `portal verify`, with a database, without one, and with a root alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from portal import cli_verify, clock, config
from portal.certificates.states import CertificateState
from portal.certificates.verification import bare
from portal.config import SettingError, Settings
from portal.seals import keys, publishing
from tests.makers.seals import a_key, a_pdf, a_sealed
from tests.web.verification.test_files import recorded


def run(app: Any, pdf: bytes, folder: Path, *options: str) -> Result:
    """`portal verify` about that file; `app` is what the command opens."""
    file = folder / "certificate.pdf"
    file.write_bytes(pdf)
    opened = app if callable(app) and not isinstance(app, Flask) else lambda: nullcontext(app)
    return CliRunner().invoke(cli_verify.verify, [str(file), *options], obj=opened)


@pytest.fixture
def nowhere() -> Iterator[Any]:
    """A machine on which nothing is installed; the settings of the test come back afterwards."""
    kept: Settings = config.current()

    @contextmanager
    def application() -> Iterator[None]:
        raise SettingError("PORTAL_SECRET_KEY is required")
        yield

    yield application
    config.activate(kept)


@pytest.fixture
def root(app: Flask, tmp_path: Path) -> Path:
    """A file with the root of Training and that of its time stamps."""
    a_key()
    file = tmp_path / "roots.pem"
    file.write_text(publishing.authorities_of("training")["root"].pem + publishing.roots_of_stamps())
    return file


def test_a_valid_recorded_file_is_good(app: Flask, tmp_path: Path) -> None:
    result = run(app, recorded(a_sealed()), tmp_path)
    assert (result.exit_code, "status: valid" in result.output) == (0, True), result.output
    assert "seal: passed" in result.output
    assert "whole file covered: yes" in result.output


def test_one_that_the_database_does_not_know_is_told_apart(app: Flask, tmp_path: Path) -> None:
    result = run(app, a_sealed().pdf, tmp_path)
    assert (result.exit_code, "status: unknown to the database" in result.output) == (3, True), result.output


@pytest.mark.parametrize("state", [CertificateState.CANCELLED, CertificateState.REPLACED])
def test_one_that_counts_no_more_is_told_apart(app: Flask, tmp_path: Path, state: CertificateState) -> None:
    result = run(app, recorded(a_sealed(), state=state.value), tmp_path)
    assert (result.exit_code, f"status: {state.value}" in result.output) == (3, True), result.output


def test_a_changed_file_fails_whatever_the_database_says(app: Flask, tmp_path: Path) -> None:
    result = run(app, a_sealed().pdf + b"\n% more", tmp_path)
    assert (result.exit_code, "seal: failed" in result.output) == (1, True), result.output


def test_a_renamed_file_answers_for_what_it_is_and_fails_under_the_number_of_another(
    app: Flask, tmp_path: Path
) -> None:
    mine = recorded(a_sealed(text="Mine"), number="INTRA.FR.2026.0000101")
    recorded(a_sealed(text="Another"), number="INTRA.FR.2026.0000102")
    folder = tmp_path / "INTRA.FR.2026.0000102"
    folder.mkdir()
    result = run(app, mine, folder)
    assert (result.exit_code, "INTRA.FR.2026.0000101" in result.output) == (0, True), result.output
    assert "certificate: INTRA.FR.2026.0000102" not in result.output
    as_another = run(app, mine, folder, "--number", "INTRA.FR.2026.0000102")
    assert (as_another.exit_code, "this is not its file" in as_another.output) == (1, True), as_another.output
    assert run(app, mine, folder, "--number", "intra.fr.2026.0000101").exit_code == 0


def test_a_file_without_a_seal_fails(app: Flask, tmp_path: Path) -> None:
    assert run(app, a_pdf(), tmp_path).exit_code == 1


def test_a_recorded_file_of_a_revoked_key_is_not_good(app: Flask, tmp_path: Path) -> None:
    sealed, before = a_sealed(), clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    pdf = recorded(sealed)
    keys.revoke("training", sealed.key_sha256, "key-compromise", before)
    assert run(app, pdf, tmp_path).exit_code == 1


def test_a_root_and_the_file_are_enough_and_the_status_is_not_checked(
    nowhere: Any, root: Path, tmp_path: Path
) -> None:
    result = run(nowhere, a_sealed().pdf, tmp_path, "--root", str(root))
    assert (result.exit_code, "status not checked" in result.output) == (0, True), result.output


def test_a_foreign_root_vouches_for_nothing(nowhere: Any, app: Flask, tmp_path: Path) -> None:
    pdf, file = a_sealed().pdf, tmp_path / "other.pem"
    a_key("acceptance")
    file.write_text(publishing.authorities_of("acceptance")["root"].pem + publishing.roots_of_stamps())
    result = run(nowhere, pdf, tmp_path, "--root", str(file))
    assert (result.exit_code, "seal: indeterminate" in result.output) == (1, True), result.output


def test_the_root_may_come_from_the_setting(
    nowhere: Any, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf = a_sealed().pdf
    monkeypatch.setenv("PORTAL_SEAL_ROOT", str(root))
    monkeypatch.setenv("PORTAL_TSA_ROOT", str(root))
    assert run(nowhere, pdf, tmp_path).exit_code == 0


def test_a_file_of_roots_without_a_certificate_is_one_line(app: Flask, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    result = run(app, a_pdf(), tmp_path, "--root", str(empty))
    assert isinstance(result.exception, SettingError)


@pytest.mark.parametrize("typed", ["2345abcd6789efgh", " 2345-ABCD 6789-efgh ", "２３４５ABCD6789EFGH"])
def test_a_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert bare(typed) == "2345ABCD6789EFGH"
