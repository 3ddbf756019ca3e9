"""The own notices of an environment, and how the person wants to be told by mail."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.access.actions import Action
from portal.environments import environment
from portal.messages import in_app, preferences
from portal.paging import LAST_ROW, Place
from portal.web import current, notice_words
from portal.web.forms import ButtonForm
from portal.web.guard import own_account, requires
from portal.web.notices.forms import PreferencesForm
from portal.web.shell import page

blueprint = Blueprint("notices", __name__)


@blueprint.get("/notices")
@requires(Action.NOTICE_READ, own_account)
def overview() -> ResponseReturnValue:
    """The person's notices, newest first."""
    place = Place(request.args.get("after", ""), request.args.get("before", ""))
    found = in_app.notices_of(current.actor(), place)
    messages = {notice.id: in_app.message_of(notice) for notice in found.rows}
    key = environment.current().value
    return page(
        "notices/overview.html",
        found=found,
        titles={number: notice_words.title_of(message, key) for number, message in messages.items()},
        about={number: notice_words.about(message) for number, message in messages.items()},
    )


@blueprint.post("/notices/<int:notice_id>/read")
@requires(Action.NOTICE_READ)
def read(notice_id: int) -> ResponseReturnValue:
    """One notice is read."""
    if ButtonForm().validate_on_submit():
        in_app.read(notice_id, current.actor())
    return redirect(url_for(".overview"))


@blueprint.post("/notices/read")
@requires(Action.NOTICE_READ, own_account)
def read_all() -> ResponseReturnValue:
    """All notices up to the newest one that the page showed are read."""
    up_to = request.form.get("up_to", 0, type=int)
    if not ButtonForm().validate_on_submit() or not 0 < up_to <= LAST_ROW:
        abort(400)
    count = in_app.read_all(up_to, current.actor())
    done = ngettext("%(num)d notice is marked as read.", "%(num)d notices are marked as read.", count)
    flash(done, "success")
    return redirect(url_for(".overview"))


@blueprint.route("/profile/notifications", methods=["GET", "POST"])
@requires(Action.NOTICE_CONFIGURE, own_account)
def configure() -> ResponseReturnValue:
    """Which mails come from this environment, and when."""
    actor = current.actor()
    form = PreferencesForm().fill(preferences.choices_of(actor.account_id))
    if form.validate_on_submit():
        preferences.keep(form.to_choices(), actor)
        flash(_("Your preferences are saved."), "success")
        return redirect(url_for(".configure"))
    return page("notices/configure.html", form=form, all_off=preferences.is_mail_unwanted(actor.account_id))
