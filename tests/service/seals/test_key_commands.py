"""`portal keys` as an operator types it: what it says, what it refuses in one line, and what never comes to light."""

from __future__ import annotations

import logging
import stat
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from flask import Flask

from portal import cli_keys, clock, config
from portal.config import SettingError, Settings
from portal.seals import keys, revocation
from tests.makers.seals import a_sealed

PASSPHRASE = "Zq8rT2vX5mB9nL4kJ7hG1fD3sA6pW0yE"
Run = Callable[..., Result]


@pytest.fixture
def folder(settings: Callable[..., Settings], tmp_path: Path) -> Path:
    """A folder of keys of this test alone."""
    settings(seal_folder=str(tmp_path / "seal"), seal_passphrase=PASSPHRASE)
    return tmp_path / "seal"


@pytest.fixture
def run(app: Flask, folder: Path) -> Run:
    """The command as somebody types it."""
    return lambda *words: CliRunner().invoke(cli_keys.keys_group, list(words), obj=lambda: nullcontext(app))


def refused(result: Result) -> str:
    """The one line of a refusal."""
    assert isinstance(result.exception, SettingError), result.output
    assert "\n" not in str(result.exception)
    return str(result.exception)


def states(environment: str = "training") -> list[str]:
    return sorted(key.state for key in keys.listed(environment))


def test_make_gives_each_environment_a_key_and_says_which(run: Run) -> None:
    lines = run("make").output.splitlines()
    made = {environment: keys.active(environment).sha256 for environment in config.current().environments}
    assert [line.split("\t") for line in lines] == [[key, "made", sha256] for key, sha256 in made.items()]
    assert "has an active key: rotate it" in refused(run("make", "--environment", "training"))


def test_rotate_makes_another_and_the_list_shows_both(run: Run) -> None:
    run("make", "--environment", "training")
    old = keys.active("training").sha256
    assert run("rotate", "--environment", "training").exit_code == 0
    new = keys.active("training").sha256
    words = {line.split("\t")[1]: line.split("\t")[2] for line in run("list").output.splitlines()}
    assert words == {old: "retired", new: "active"}
    assert f"until {clock.now():%Y-%m-%d}" in run("list").output


def test_retire_leaves_no_key_and_a_second_time_is_refused(run: Run) -> None:
    run("make", "--environment", "training")
    assert run("retire", "--environment", "training").output == "training\tretired\n"
    assert states() == ["retired"]
    assert "no active key" in refused(run("retire", "--environment", "training"))


def test_revoke_names_the_key_in_the_list_from_the_moment_that_was_said(run: Run) -> None:
    run("make", "--environment", "training")
    key = keys.active("training")
    options = ("--environment", "training", key.sha256, "--reason", "key-compromise", "--from", "2026-01-02")
    assert run("revoke", *options).output == "training\trevoked\n"
    serial = x509.load_pem_x509_certificate(key.certificate.encode()).serial_number
    entry = x509.load_der_x509_crl(revocation.crl("training")).get_revoked_certificate_by_serial_number(
        serial
    )
    assert entry is not None
    assert f"{entry.revocation_date_utc:%Y-%m-%d}" == "2026-01-02"
    assert "revoked already" in refused(run("revoke", *options))


@pytest.mark.parametrize(
    "words",
    [
        ("make", "--environment", "playground"),
        ("rotate",),
        ("revoke", "--environment", "training", "ab" * 32),
        ("revoke", "--environment", "training", "ab" * 32, "--reason", "mood"),
    ],
)
def test_what_is_typed_wrongly_ends_with_two_and_makes_nothing(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2
    assert states() == []


def test_without_a_folder_the_command_says_which_setting_is_missing(
    run: Run, settings: Callable[..., Settings]
) -> None:
    settings(seal_folder="")
    assert "PORTAL_SEAL_FOLDER" in refused(run("make", "--environment", "training"))


def test_files_are_for_their_owner_alone_and_nothing_secret_is_printed_or_logged(
    run: Run, folder: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str],
    settings: Callable[..., Settings],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    said = run("make", "--environment", "training").output
    a_sealed()
    said += run("rotate", "--environment", "training").output + run("list").output
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert all(PASSPHRASE.encode() not in path.read_bytes() for path in files)
    settings(seal_passphrase=PASSPHRASE[::-1])
    keys._opened.clear()
    with pytest.raises(SettingError) as wrong:
        a_sealed()
    printed = capfd.readouterr()
    everything = said + caplog.text + printed.out + printed.err + str(wrong.value) + repr(config.current())
    for secret in (PASSPHRASE, PASSPHRASE[::-1], "PRIVATE KEY"):
        assert secret not in everything
