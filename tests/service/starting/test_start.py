"""Starting for real, in a process of its own: one line says why not; what is made belongs to its owner alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.sources import ROOT

KEY, DATA = "Ab3dE5gH7jK9mN1pQ4rS6tU8vW0xY2zC", "zY2xW0vU8tS6rQ4pN1mK9jH7gE5dC3bA"
PRODUCTION = {
    "PORTAL_PUBLIC_URL": "https://portal.example",
    "PORTAL_SECRET_KEY": KEY,
    "PORTAL_DATA_KEY": DATA,
    "PORTAL_SMTP_URL": "smtp://127.0.0.1:9",
    "PORTAL_SMS_URL": "http://127.0.0.1:9/?to={to}",
    "PORTAL_BRAND_IDENTITY": "Sign-in",
    "PORTAL_BRAND_APPLICATION": "Access portal",
    "PORTAL_OPERATOR": "An operator",
    "PORTAL_CONTACT": "help@portal.example",
}


def portal(instance: Path, *arguments: str, **variables: str) -> tuple[int, list[str]]:
    """Run the command in an environment of these variables only: exit code and lines of standard error."""
    plain = {"PATH": os.environ["PATH"], "PORTAL_INSTANCE": str(instance), **variables}
    command = [sys.executable, "-m", "portal", *arguments]
    done = subprocess.run(
        command, env=plain, cwd=ROOT, capture_output=True, text=True, timeout=90, check=False
    )
    return done.returncode, done.stderr.strip().splitlines()


def test_production_says_in_one_line_which_setting_is_missing(tmp_path: Path) -> None:
    code, lines = portal(tmp_path / "new", "serve")
    assert (code, lines) == (2, ["portal: PORTAL_PUBLIC_URL is required in production"])
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_weak_key_starts_neither_server_nor_worker_and_is_not_repeated(
    tmp_path: Path, command: str
) -> None:
    code, lines = portal(tmp_path, command, **{**PRODUCTION, "PORTAL_SECRET_KEY": "changeme"})
    assert code == 2
    assert lines == ["portal: PORTAL_SECRET_KEY is weak: 32 random characters at least"]


def test_production_does_not_start_on_a_database_of_the_demo(tmp_path: Path) -> None:
    assert portal(tmp_path, "db", "upgrade", PORTAL_MODE="demo")[0] == 0
    for command in (("serve",), ("worker",), ("db", "upgrade")):
        code, lines = portal(tmp_path, *command, **PRODUCTION)
        assert code == 2, command
        assert lines == ["portal: the database is stamped demo: production does not start on it"], command


def test_production_does_not_start_on_an_old_shape(tmp_path: Path) -> None:
    code, lines = portal(tmp_path, "serve", **PRODUCTION)
    assert (code, len(lines)) == (2, 1)
    assert "portal db upgrade" in lines[0]


def test_what_the_start_makes_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    assert portal(instance, "db", "upgrade", PORTAL_MODE="demo")[0] == 0
    assert stat.S_IMODE(instance.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in instance.iterdir()}
    assert {"portal.sqlite3", "secret_key", "data_key"} <= set(modes)
    assert set(modes.values()) == {0o600}, modes
