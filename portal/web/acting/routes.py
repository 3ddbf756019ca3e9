"""Choosing which of several profiles one acts as; kept in the browser until the sign-in ends."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.access.actor import OwnOrganisation
from portal.access.authorise import authorise
from portal.web import current
from portal.web.acting.forms import ProfileForm
from portal.web.guard import requires

blueprint = Blueprint("acting", __name__)


@blueprint.post("")
@requires(Action.PROFILE_CHOOSE)
def choose() -> ResponseReturnValue:
    """Act as that profile from now on: lists and decisions are its own."""
    form = ProfileForm()
    if form.validate_on_submit():
        authorise(current.actor(), Action.PROFILE_CHOOSE, OwnOrganisation(form.chosen()))
        current.act_as(form.chosen())
        flash(_("You act as another profile now: lists show what it is responsible for."), "success")
    return redirect(url_for("role_requests.profile"))
