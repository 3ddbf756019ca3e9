"""`portal keys`: the keys that seal certificates, made, changed, retired, revoked and listed by the operator."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial

import click
from flask import Flask

from portal import clock, config
from portal.config import SettingError
from portal.seals import keys, publishing, revocation, rotation
from portal.seals.keys import KeyRefused, NoKey

Application = Callable[[], AbstractContextManager[Flask]]
ENVIRONMENT = click.option("--environment", type=click.Choice(config.ENVIRONMENTS), required=True)


def make_missing() -> None:
    """The demo's own: a key for each environment that has none yet."""
    for environment in config.current().environments:
        try:
            keys.active(environment)
        except NoKey:
            keys.rotate(environment)


@click.group("keys")
def keys_group() -> None:
    """The keys that seal certificates: one is active in each environment."""


@keys_group.command("make")
@click.option("--environment", "chosen", type=click.Choice(config.ENVIRONMENTS), multiple=True)
@click.pass_obj
def make(application: Application, chosen: tuple[str, ...]) -> None:
    """Make the first key of each environment (or of those named), with its certificate authorities."""
    with application():
        for environment in chosen or config.current().environments:
            _say(environment, "made", partial(keys.make, environment))


@keys_group.command("rotate")
@ENVIRONMENT
@click.pass_obj
def rotate(application: Application, environment: str) -> None:
    """Retire the active key and make the next one; what it sealed stays verifiable."""
    with application():
        _say(environment, "made", lambda: keys.rotate(environment))


@keys_group.command("rotate-authority")
@ENVIRONMENT
@click.pass_obj
def rotate_authority(application: Application, environment: str) -> None:
    """Make the next issuing authority under the same root; then `portal keys rotate` for a key under it."""
    with application():
        _say(environment, "made", lambda: rotation.rotate_authority(environment))


@keys_group.command("authorities")
@click.pass_obj
def list_authorities(application: Application) -> None:
    """Every authority: environment, name, SHA-256, state, its days; until when a retired one's key is needed."""
    with application():
        for environment in config.current().environments:
            for name, one in publishing.authorities_of(environment).items():
                needed = revocation.needed_until(environment, name)
                kept = f"key needed until {needed:%Y-%m-%d}" if needed else ""
                days = f"{one.valid_from:%Y-%m-%d} to {one.valid_until:%Y-%m-%d}"
                click.echo(
                    "\t".join((environment, name, one.sha256, one.state or "root", days, kept)).rstrip()
                )
            for each in rotation.ending(environment):
                click.echo(f"{environment}: {each.what} ends on {each.ends:%Y-%m-%d}", err=True)


@keys_group.command("retire")
@ENVIRONMENT
@click.pass_obj
def retire(application: Application, environment: str) -> None:
    """Retire the active key without another: nothing is signed there until `portal keys make`."""
    with application():
        _say(environment, "retired", lambda: keys.retire(environment))


@keys_group.command("revoke")
@ENVIRONMENT
@click.argument("sha256")
@click.option("--reason", type=click.Choice(revocation.REASONS), required=True)
@click.option(
    "--from", "since", type=click.DateTime(), help="From when it is not to be believed (UTC); default: now."
)
@click.pass_obj
def revoke(
    application: Application, environment: str, sha256: str, reason: str, since: datetime | None
) -> None:
    """Withdraw the key with that SHA-256, for everybody to see in the revocation list."""
    with application():
        moment = since.replace(tzinfo=UTC) if since else clock.now()
        _say(environment, "revoked", lambda: keys.revoke(environment, sha256, reason, moment))


@keys_group.command("list")
@click.pass_obj
def list_keys(application: Application) -> None:
    """Every key: environment, SHA-256 of its certificate, state, when it was made and ended."""
    with application():
        for environment in config.current().environments:
            for key in keys.listed(environment):
                ended = f" until {key.ended_at:%Y-%m-%d}" if key.ended_at else ""
                click.echo(f"{environment}\t{key.sha256}\t{key.state}\t{key.made_at:%Y-%m-%d}{ended}")


def _say(environment: str, done: str, act: Callable[[], str | None]) -> None:
    try:
        sha256 = act()
    except KeyRefused as refused:
        raise SettingError(str(refused)) from None
    click.echo(f"{environment}\t{done}" + (f"\t{sha256}" if sha256 else ""))
