"""Makes the blank forms for an outage: those of the command; what is still missing by the worker, some in a turn."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import structlog
from flask import current_app

from portal import config
from portal.certificates import blanks, definitions
from portal.certificates.blanks import Blank
from portal.certificates.definitions import Current
from portal.certificates.shapes import in_language
from portal.database import db
from portal.environments.environment import Environment, using
from portal.printing.filling import blank_of
from portal.printing.printer import Printer, RenderingFailed
from portal.web import language
from portal.web.shell import language_labels

log = structlog.get_logger()
SECONDS = 120
"""For one form: its fonts are embedded whole."""
TURN_SECONDS = 40
PAGE = "print/blanks.html"


@dataclass(frozen=True)
class Wanted:
    """The form of a model in a language (a code)."""

    model: Current
    language: str

    @property
    def name(self) -> str:
        """Its file name."""
        return blanks.name_of(self.model.definition.document, self.model.definition.code, self.language)


def all_wanted(models: Iterable[Current], languages: Collection[str]) -> list[Wanted]:
    """Each model in each language, in the order in which they are offered."""
    return [Wanted(model, code) for model in models for code in languages]


def make(place: Path, wanted: Wanted, printer: Printer) -> Blank:
    """Print one form into the folder; raises RenderingFailed."""
    definition, settings = wanted.model.definition, config.current()
    paper = replace(
        blank_of(definition, (wanted.language,)),
        is_demo=settings.is_demo, run_by=settings.operator, is_commission_service=settings.commission_service,
    )  # fmt: skip
    sha256 = blanks.write(place, wanted.name, printer.pdf(paper))
    title = in_language(definition.names, wanted.language)
    return Blank(
        definition.document, definition.code, wanted.language, title, wanted.name, sha256,
        is_specimen=not definition.verified, model=wanted.model.sha256,
    )  # fmt: skip


def write_index(place: Path, made: list[Blank]) -> None:
    """Say which forms there are, for programs and for people; those of an earlier index go."""
    blanks.write_index(place, made)
    page = current_app.jinja_env.get_template(PAGE).render(blanks=made, languages=dict(language_labels()))
    blanks.write(place, "index.html", page.encode())


def make_missing(seconds: float = TURN_SECONDS) -> int:
    """Make forms that are missing, or of an earlier model, until the time is over; returns how many.

    They are those of the first environment's models. Where nothing can be printed none is made, and the log says why.
    """
    place = blanks.folder()
    with using(Environment(config.current().environments[0])):
        wanted = all_wanted(definitions.all_current(), language.served())
        db.session.rollback()
        kept = {one.name: one for one in blanks.listed(place)}
        due = [one for one in wanted if one.name not in kept or kept[one.name].model != one.model.sha256]
        fresh = _made_in_time(place, due, seconds) if due else {}
        if fresh:
            found = kept | fresh
            write_index(place, [found[one.name] for one in wanted if one.name in found])
    return len(fresh)


def _made_in_time(place: Path, due: list[Wanted], seconds: float) -> dict[str, Blank]:
    blanks.make_folder(place)
    printer, made, began = Printer(seconds=SECONDS), {}, time.monotonic()
    try:
        for one in due:
            made[one.name] = make(place, one, printer)
            if time.monotonic() - began > seconds:
                break
    except RenderingFailed as failed:
        log.warning("blank form not made", reason=failed.word)
    finally:
        printer.close()
    return made
