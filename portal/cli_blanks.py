"""`portal certificates blanks`: the blank forms of all models as files, to be handed out before an outage."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import click
from flask import Flask

from portal import config
from portal.certificates import blanks, definitions
from portal.certificates.blanks import Blank
from portal.certificates.definitions import Current
from portal.config import SettingError
from portal.environments.environment import Environment, using
from portal.jobs import outage_forms
from portal.jobs.outage_forms import Wanted
from portal.printing.printer import Printer, RenderingFailed
from portal.web import language

Application = Callable[[], AbstractContextManager[Flask]]


@click.group("certificates")
def certificates_group() -> None:
    """Certificates."""


@certificates_group.command("blanks")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
@click.option(
    "--environment", type=click.Choice(config.ENVIRONMENTS), help="Whose models; default: the first."
)
@click.option(
    "--language", "chosen", multiple=True, help="Code of a language; several times for several. Default: all."
)
@click.option("--model", "codes", multiple=True, help="Code of a model; default: all.")
@click.pass_obj
def make_blanks(
    application: Application,
    folder: Path | None,
    environment: str | None,
    chosen: tuple[str, ...],
    codes: tuple[str, ...],
) -> None:
    """Write a fillable PDF of each model in each language into FOLDER, with an index as JSON and as a page.

    Without FOLDER they go where the portal itself hands them out. Some seconds for each form.
    """
    with application(), using(Environment(environment or config.current().environments[0])):
        place = folder or blanks.folder()
        languages = _languages(chosen)
        models = _models(codes)
        blanks.make_folder(place)
        made = _made(place, outage_forms.all_wanted(models, languages))
        outage_forms.write_index(place, made)
        click.echo(f"{len(made)} forms in {place}", err=True)


def _languages(chosen: tuple[str, ...]) -> tuple[str, ...]:
    if unknown := set(chosen) - set(language.served()):
        raise SettingError(f"this portal does not speak {', '.join(sorted(unknown))}")
    return chosen or language.served()


def _models(codes: tuple[str, ...]) -> list[Current]:
    models = definitions.all_current()
    if unknown := set(codes) - {one.definition.code for one in models}:
        raise SettingError(f"no model has the code {', '.join(sorted(unknown))}")
    return [one for one in models if not codes or one.definition.code in codes]


def _made(place: Path, wanted: list[Wanted]) -> list[Blank]:
    printer, made = Printer(seconds=outage_forms.SECONDS), []
    try:
        for one in wanted:
            made.append(outage_forms.make(place, one, printer))
            click.echo(one.name, err=True)
    except RenderingFailed as failed:
        raise SettingError(f"a form could not be made: {failed.word}") from None
    finally:
        printer.close()
    return made
