"""`portal certificates blanks`: the blank forms of all models as files, to be handed out before an outage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import click
from flask import Flask, current_app

from portal import config
from portal.certificates import blanks, definitions
from portal.certificates.blanks import Blank
from portal.certificates.shapes import Definition, in_language
from portal.config import SettingError
from portal.environments.environment import Environment, using
from portal.printing.filling import blank_of
from portal.printing.printer import Printer, RenderingFailed
from portal.web import language
from portal.web.shell import language_labels

Application = Callable[[], AbstractContextManager[Flask]]
SECONDS = 120
"""For one form: its fonts are embedded whole."""
PAGE = "print/blanks.html"


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
        _make(place)
        made = list(_made(place, models, languages))
        blanks.write_index(place, made)
        page = current_app.jinja_env.get_template(PAGE).render(blanks=made, languages=dict(language_labels()))
        blanks.write(place, "index.html", page.encode())
        click.echo(f"{len(made)} forms in {place}", err=True)


def _make(place: Path) -> None:
    if not place.is_dir():
        place.mkdir(parents=True)
        place.chmod(0o755)  # to be handed out: the command itself keeps everything to its owner


def _languages(chosen: tuple[str, ...]) -> tuple[str, ...]:
    if unknown := set(chosen) - set(language.served()):
        raise SettingError(f"this portal does not speak {', '.join(sorted(unknown))}")
    return chosen or language.served()


def _models(codes: tuple[str, ...]) -> list[Definition]:
    models = [one.definition for one in definitions.all_current()]
    if unknown := set(codes) - {one.code for one in models}:
        raise SettingError(f"no model has the code {', '.join(sorted(unknown))}")
    return [one for one in models if not codes or one.code in codes]


def _made(place: Path, models: list[Definition], languages: tuple[str, ...]) -> Iterator[Blank]:
    printer = Printer(seconds=SECONDS)
    try:
        for definition in models:
            for code in languages:
                yield _one(place, definition, code, printer)
            click.echo(definition.code, err=True)
    except RenderingFailed as failed:
        raise SettingError(f"a form could not be made: {failed.word}") from None
    finally:
        printer.close()


def _one(place: Path, definition: Definition, code: str, printer: Printer) -> Blank:
    settings = config.current()
    paper = replace(
        blank_of(definition, (code,)),
        is_demo=settings.is_demo, run_by=settings.operator, is_commission_service=settings.commission_service,
    )  # fmt: skip
    name = blanks.name_of(definition.document, definition.code, code)
    sha256 = blanks.write(place, name, printer.pdf(paper))
    title = in_language(definition.names, code)
    return Blank(definition.document, definition.code, code, title, name, sha256, not definition.verified)
