"""The `portal` command: serve, worker, db, reference, demo, audit, generate-register, create-administrator."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import click
from flask import Flask

from portal import cli_blanks, cli_keys, cli_verify, config, create_app, migrating, serving, stamps
from portal.audit import roots
from portal.audit.chains import CHAINS
from portal.audit.verifying import verify_chain
from portal.config import SettingError
from portal.database import db, renew_statistics, writes_ahead
from portal.demo import bulk
from portal.demo import certificates as demo_certificates
from portal.demo import people as demo_people
from portal.demo import register as demo_register
from portal.demo.generator import SEED
from portal.environments.environment import Environment, using
from portal.exchange import training
from portal.identity import addresses, founding
from portal.jobs import queue
from portal.organisations import loading as organisations
from portal.reference import loading as reference
from portal.roles import granting, lifting


@contextmanager
def _application() -> Iterator[Flask]:
    os.umask(0o077)  # the database and the queue belong to their owner alone
    app = create_app()
    with app.app_context():
        writes_ahead.set(True)
        yield app


def main() -> None:
    """Entry point: a setting that is wrong is one line and exit code 2."""
    try:
        cli()
    except (SettingError, stamps.WrongMode) as error:
        click.echo(f"portal: {error}", err=True)
        sys.exit(2)


@click.group()
@click.pass_context
def cli(context: click.Context) -> None:
    """The TRACES access portal."""
    context.obj = _application


cli.add_command(cli_blanks.certificates_group)
cli.add_command(cli_keys.keys_group)
cli.add_command(cli_verify.verify)


@cli.command()
def serve() -> None:
    """Serve the portal on 127.0.0.1 with its worker, until Ctrl-C."""
    with _application():
        if config.current().is_demo:
            _prepare_demo()
        _check_database()
        db.engine.dispose()
    sys.exit(serving.run(config.current()))


def _check_database() -> None:
    db.session.rollback()  # the check has a connection of its own, and would wait for this one
    if not migrating.is_current(db.engine):
        raise SettingError("the database has not the newest shape: run `portal db upgrade` first")
    stamps.check_mode(config.current().mode)
    db.session.rollback()  # whoever goes on from here runs long: no lock is held meanwhile


def _prepare_demo() -> None:
    if not migrating.is_current(db.engine):
        click.echo("portal: preparing the database", err=True)
        migrating.upgrade(db.engine)
    stamps.set_mode("demo")
    if not stamps.is_loaded("demo"):
        click.echo("portal: loading reference data and the invented register (first start only)", err=True)
        _load_reference()
        _load_demo()
        stamps.set_loaded("demo")
    cli_keys.make_missing()


@cli.command()
def worker() -> None:
    """Run the jobs: mails, SMS, schedules."""
    with _application():
        _check_database()
        queue.work()


@cli.group("db")
def database() -> None:
    """The database."""


@database.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest shape and stamp it with its mode."""
    with _application():
        migrating.upgrade(db.engine)
        stamps.set_mode(config.current().mode)


@database.command("downgrade")
@click.argument("revision")
def db_downgrade(revision: str) -> None:
    """Bring the database back to REVISION."""
    with _application():
        migrating.downgrade(db.engine, revision)


@cli.group("reference")
def reference_group() -> None:
    """Reference data."""


@reference_group.command("load")
def reference_load() -> None:
    """Load the reference data of this version; can be run again."""
    with _application():
        _load_reference()


def _load_reference() -> None:
    for table, counts in reference.load_reference().items():
        click.echo(f"{table}: {counts}", err=True)
    for key in config.current().environments:
        with using(Environment(key)):
            for what, counts in organisations.load_organisations().items():
                click.echo(f"{key}, {what}: {counts}", err=True)
    renew_statistics()


@cli.group("demo")
def demo_group() -> None:
    """The invented people and organisations of the demo."""


@demo_group.command("load")
def demo_load() -> None:
    """Load them; can be run again."""
    with _application():
        stamps.check_mode("demo")
        _load_demo()


def _load_demo() -> None:
    for key in config.current().environments:
        with using(Environment(key)):
            click.echo(f"{key}: {demo_register.load_demo_register()}", err=True)
    click.echo(f"people: {demo_people.load_people()}", err=True)
    cli_keys.make_missing()
    for key in config.current().environments:
        with using(Environment(key)):
            click.echo(f"{key}, certificates: {demo_certificates.load_certificates()}", err=True)


@cli.group("audit")
def audit_group() -> None:
    """The audit trail."""


CHAIN = click.option(
    "--environment", "chains", type=click.Choice(CHAINS), multiple=True, default=CHAINS, help="Default: all."
)


@audit_group.command("roots")
@CHAIN
def audit_roots(chains: tuple[str, ...]) -> None:
    """Print the signed daily roots, one JSON line each: keep them where nobody of the database can write."""
    with _application():
        for chain in chains:
            for root in roots.roots_of(chain):
                click.echo(json.dumps(roots.shown(root), sort_keys=True))


@audit_group.command("verify")
@CHAIN
@click.option("--against", type=click.File(), help="Roots that were printed and kept before.")
def audit_verify(chains: tuple[str, ...], against: TextIO | None) -> None:
    """Compute every chain anew; exit code 1 where an event or root is not as it was sealed."""
    kept = [json.loads(line) for line in against or ()]
    whole = True
    with _application():
        for chain in chains:
            published = {root["day"]: root["root_hash"] for root in kept if root["chain"] == chain}
            report = verify_chain(chain, published)
            whole = whole and not report.wrong
            for sentence in report.wrong:
                click.echo(f"{chain}: WRONG: {sentence}")
            click.echo(
                f"{chain}: sealed up to position {report.position}, {report.roots} daily roots; "
                f"{report.unsealed} events wait for the seal"
            )
    sys.exit(0 if whole else 1)


@cli.command("generate-register")
@click.argument("count", type=click.IntRange(1, 10_000_000))
@click.option("--seed", default=SEED, show_default=True)
@click.option("--environment", type=click.Choice(config.ENVIRONMENTS), default="training", show_default=True)
def generate_register(count: int, seed: int, environment: str) -> None:
    """Fill an environment with COUNT plausible operators and their users, each marked synthetic."""
    with _application(), using(Environment(environment)):
        for there in bulk.generate_register(count, seed):
            click.echo(f"{there} operators", err=True)


@cli.group("training")
def training_group() -> None:
    """The training environment."""


@training_group.command("reset")
@click.option("--template", type=click.Choice(["demo", "production"]), default="demo", show_default=True)
@click.confirmation_option(prompt="Everything in Training is deleted, its people's roles too. Go on?")
def training_reset(template: str) -> None:
    """Empty Training and fill it with a template; can be run again after it was stopped."""
    _reset_training(template)


@training_group.command("from-production")
@click.confirmation_option(prompt="Everything in Training is deleted, its people's roles too. Go on?")
def training_from_production() -> None:
    """Empty Training and copy the organisations of Production into it, without their people."""
    _reset_training("production")


def _reset_training(template: str) -> None:
    with _application(), using(Environment.TRAINING):
        stamps.check_mode(config.current().mode)
        try:
            for what, rows in training.reset_by_command(template):
                click.echo(f"{what}: {rows}", err=True)
        except training.NotResettable:
            raise SettingError("the database does not say that Training may be emptied") from None


@cli.command("create-administrator")
@click.argument("email")
@click.argument("first_name")
@click.argument("last_name")
@click.option("--language", default="en", show_default=True)
def create_administrator(email: str, first_name: str, last_name: str, language: str) -> None:
    """Make one of the first two Commission administrators; the password link goes to EMAIL."""
    with _application():
        try:
            address = addresses.checked(email)
        except addresses.NotAnAddress:
            raise SettingError("that is not one e-mail address") from None
        account = founding.open_account(first_name, last_name, address, language)
        for key in config.current().environments:
            with using(Environment(key)):
                if granting.commission_administrators() >= founding.FIRST_ADMINISTRATORS:
                    raise SettingError(f"{key} has its first two administrators: others are named by them")
                granting.grant(account.id, organisations.commission(), administrator=True)
        founding.send_link(account)
        click.echo(f"{account.username}: the link to choose a password is in the outbox")


@cli.command("lift-suspension")
@click.argument("email")
@click.option("--environment", type=click.Choice(config.ENVIRONMENTS), required=True)
def lift_suspension(email: str, environment: str) -> None:
    """Let in again the person with EMAIL, whom nobody is left to vouch for; a new factor must be there."""
    with _application(), using(Environment(environment)):
        if not lifting.lift_by_command(email):
            raise SettingError("no suspended person with that address has a second factor there")
        click.echo(f"{email}: the suspension in {environment} is lifted")
