"""Pages of the audit trail: search it, see its daily roots, take a part away with its proofs."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.access.actions import Action
from portal.access.authorise import may
from portal.audit import roots
from portal.audit.chains import IDENTITY
from portal.audit.exporting import NothingSealed, TooMuch
from portal.environments import environment
from portal.identity import queries as identity
from portal.organisations import queries as organisations
from portal.paging import Page, Place
from portal.roles import oversight
from portal.roles.oversight import Question
from portal.web import current, exporting, listings, trail_words
from portal.web.audit_trail.forms import ExportForm, SearchForm
from portal.web.guard import nothing, requires
from portal.web.shell import page

blueprint = Blueprint("audit_trail", __name__)


@blueprint.get("")
@requires(Action.AUDIT_READ)
def search() -> ResponseReturnValue:
    """Who did what and when, newest first, as far as this person oversees it."""
    actor, form = current.actor(), SearchForm(request.args).offer()
    question = form.to_question() if form.validate() else Question()
    place = Place(request.args.get("after", ""), request.args.get("before", ""))
    if file := exporting.file_of(listings.TRAIL, lambda at: oversight.read_trail(question, actor, at)):
        return file
    found = oversight.read_trail(question, actor, place)
    own = oversight.list_of(actor)
    return page(
        "audit_trail/search.html",
        form=form,
        found=found,
        kept={name: value for name, value in request.args.items() if name in form and value},
        own=organisations.organisation_by_id(own) if own else None,
        head=roots.head_of(IDENTITY if question.of_identity and own is None else environment.current().value),
        may_export=may(actor, Action.AUDIT_EXPORT),
        words=trail_words,
        **_names(found),
    )


def _names(found: Page[Any]) -> dict[str, Any]:
    # Names are read at the moment of looking: the trail itself holds numbers, and outlives them.
    people = {row.actor_account_id for row in found.rows} | {row.account_id for row in found.rows}
    shown = {row.organisation_id for row in found.rows if row.organisation_id}
    return {
        "people": identity.accounts_by_id(number for number in people if number),
        "organisations": organisations.organisations_by_id(shown),
    }


@blueprint.get("/roots")
@requires(Action.AUDIT_READ, nothing)
def daily_roots() -> ResponseReturnValue:
    """The signed root of each day: who keeps them elsewhere can prove later that nothing was changed."""
    here = environment.current().value
    chain = IDENTITY if request.args.get("accounts") and current.actor().is_commission else here
    return page(
        "audit_trail/daily_roots.html",
        rows=roots.newest_roots(chain),
        head=roots.head_of(chain),
        is_identity=chain == IDENTITY,
        may_see_identity=current.actor().is_commission,
    )


@blueprint.route("/export", methods=["GET", "POST"])
@requires(Action.AUDIT_EXPORT, nothing)
def export() -> ResponseReturnValue:
    """The own part of the trail as a file that can be checked without the portal."""
    form = ExportForm().suggest()
    if form.validate_on_submit():
        try:
            return _file(form)
        except NothingSealed:
            form.last_day.errors = [_("No day of these is over and has events. Choose other days.")]
        except TooMuch:
            form.last_day.errors = [_("Too many events lie in these days. Choose fewer days.")]
        return page("audit_trail/export.html", 422, form=form)
    return page("audit_trail/export.html", form=form)


def _file(form: ExportForm) -> ResponseReturnValue:
    first, last = form.days
    readme = render_template("audit_trail/readme.txt", first=first, last=last)
    file = oversight.export_trail(first, last, readme, current.actor())
    name = f"traces-{environment.current()}-audit-trail-{clock.now().date().isoformat()}.zip"
    return send_file(io.BytesIO(file), "application/zip", as_attachment=True, download_name=name, max_age=0)
