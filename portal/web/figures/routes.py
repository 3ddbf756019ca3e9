"""Figures about requests, decisions and roles for authorities and the Commission."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.access.actions import Action
from portal.roles import figures
from portal.web import current, exporting, figure_words, listings
from portal.web.guard import nothing, requires
from portal.web.shell import page

blueprint = Blueprint("figures", __name__)


@blueprint.get("")
@requires(Action.FIGURES_READ, nothing)
def overview() -> ResponseReturnValue:
    """What waits and for how long, decisions by week, how long they took, roles by state, administrators."""
    found = figures.figures_for(current.actor())
    file = exporting.file_of_rows(listings.FIGURES, listings.figure_rows(found))
    return file or page("figures/overview.html", found=found, words=figure_words)
