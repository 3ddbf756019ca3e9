"""`portal verify`: the seal of a file checked against a root, and its state where the portal's database is at hand."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from portal import config, migrating
from portal.certificates import checking
from portal.certificates.states import CertificateState
from portal.certificates.verification import Record, bare
from portal.config import SettingError
from portal.database import db, writes_ahead
from portal.environments.environment import Environment, using
from portal.seals import keys, validating
from portal.seals.validating import Verdict

Application = Callable[[], AbstractContextManager[Flask]]
GOOD, NOT_GOOD, NOT_IN_FORCE = 0, 1, 3
UNKNOWN = "unknown to the database"
NOT_CHECKED = "status not checked"


@click.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--root", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="PEM file of roots."
)
@click.option("--number", help="The number it was presented under: exit code 1 where it is another's file.")
@click.pass_obj
def verify(application: Application, file: Path, root: Path | None, number: str | None) -> None:
    """Check FILE: exit code 0 where seal and coverage hold, 1 where not, 3 where it is replaced, cancelled or unknown.

    Roots come from --root (several in one file: of seals, of time stamps), else from PORTAL_SEAL_ROOT, else from the
    seal folder. Without a database the state of the certificate is not checked.
    """
    with file.open("rb") as opened:
        pdf = opened.read(validating.BYTES + 1)
    sha256 = hashlib.sha256(pdf).hexdigest()
    with _whatever_is_there(application) as has_database:
        record = _recorded(sha256) if has_database else None
        verdict = _verdict(pdf, root, record)
    status = _status(record) if has_database else NOT_CHECKED
    _say(sha256, verdict, status, record)
    is_another = _is_another(record, number)
    if is_another:
        click.echo(f"presented as: {number}: this is not its file")
    sys.exit(NOT_GOOD if is_another else _exit_code(verdict, record, has_database))


@contextmanager
def _whatever_is_there(application: Application) -> Iterator[bool]:
    """Inside, settings are active; gives whether there is a database that can be asked."""
    try:
        opened = application()
        opened.__enter__()
    except SettingError:
        # Nothing is installed here: a root and the file are enough for the seal.
        config.activate(config.roots_alone())
        yield False
        return
    try:
        yield _has_database()
    finally:
        opened.__exit__(None, None, None)


def _has_database() -> bool:
    place = db.engine.url
    if place.drivername.startswith("sqlite") and not Path(place.database or "").is_file():
        return False  # asking would make an empty one
    db.session.rollback()  # the check has a connection of its own, and would wait for this one
    writes_ahead.set(False)  # nothing is written here: a portal that runs beside is not kept waiting
    try:
        return migrating.is_current(db.engine)
    except SQLAlchemyError:
        return False


def _recorded(sha256: str) -> Record | None:
    for key in config.current().environments:
        with using(Environment(key)):
            record = checking.recorded(sha256)
        if record:
            return record
    return None


def _verdict(pdf: bytes, root: Path | None, record: Record | None) -> Verdict:
    """By the roots; a recorded file is also judged by the keys of its environment, where a revocation stands."""
    try:
        roots = keys.pems_in(root) if root else validating.trusted_roots()
    except (OSError, ValueError):
        raise SettingError("the file of roots holds no certificate (PEM)") from None
    by_root = validating.verdict(pdf, roots=roots)
    if by_root.outcome != checking.Outcome.PASSED or record is None:
        return by_root
    return validating.verdict(pdf, record.environment)


def _exit_code(verdict: Verdict, record: Record | None, has_database: bool) -> int:
    if verdict.outcome != checking.Outcome.PASSED or not verdict.covers_whole_file:
        return NOT_GOOD
    if not has_database:
        return GOOD
    return GOOD if record and record.state is CertificateState.VALID else NOT_IN_FORCE


def _is_another(record: Record | None, number: str | None) -> bool:
    """Whether a recorded file belongs to another number; what its name says counts for nothing."""
    return bool(record and number and bare(record.number) != bare(number))


def _status(record: Record | None) -> str:
    if record is None:
        return UNKNOWN
    return f"replaced by {record.replaced_by}" if record.replaced_by else record.state.value


def _say(sha256: str, verdict: Verdict, status: str, record: Record | None) -> None:
    passed = verdict.outcome == checking.Outcome.PASSED
    click.echo(f"seal: {verdict.outcome}" + ("" if passed else f" ({verdict.reason})"))
    click.echo(f"whole file covered: {'yes' if verdict.covers_whole_file else 'no'}")
    click.echo(f"status: {status}" if status != NOT_CHECKED else status)
    if record:
        click.echo(f"certificate: {record.number} ({record.environment})")
    click.echo(f"sealed at, as it claims: {verdict.signed_at or '-'}")
    click.echo(f"time stamp: {verdict.stamped_at or '-'}")
    click.echo(f"key: {verdict.key_sha256 or '-'}")
    click.echo(f"file: {sha256}")
