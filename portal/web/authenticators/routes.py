"""Standard authenticator apps under «Manage my mobile devices»: added by QR code or typed secret, renamed, removed."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.identity import authenticators
from portal.identity.authenticators import AUTHENTICATORS_AT_MOST, TooManyAuthenticators
from portal.identity.challenges import CodeRejected
from portal.identity.factors import LastFactor, NotThere
from portal.web import current
from portal.web.authenticators.forms import AppCodeForm, NameForm
from portal.web.forms import ButtonForm
from portal.web.guard import own_account, requires
from portal.web.shell import page

blueprint = Blueprint("authenticators", __name__)


@blueprint.route("/add", methods=["GET", "POST"])
@requires(Action.FACTOR_ADD, own_account)
def add() -> ResponseReturnValue:
    """The name first; the secret is made when it is sent."""
    form = NameForm()
    if form.validate_on_submit():
        try:
            row = authenticators.begin(form.name.data or "", current.actor())
            return redirect(url_for(".confirm", authenticator_id=row.id))
        except TooManyAuthenticators:
            most = AUTHENTICATORS_AT_MOST
            form.name.errors = [
                _("Your account has %(count)d authenticator apps. Remove one first.", count=most)
            ]
    return page("authenticators/add.html", form=form)


@blueprint.route("/<int:authenticator_id>/confirm", methods=["GET", "POST"])
@requires(Action.FACTOR_CONFIRM, own_account)
def confirm(authenticator_id: int) -> ResponseReturnValue:
    """QR code and secret; the app's first code makes it a factor."""
    form, actor = AppCodeForm(), current.actor()
    try:
        row = authenticators.pending(authenticator_id, actor)
        if form.validate_on_submit():
            current.keep_session(authenticators.finish(authenticator_id, form.code.data, actor))
            flash(
                _("The authenticator app is on your account. You can sign in with its codes now."), "success"
            )
            return redirect(url_for("devices.devices"))
    except NotThere:
        return page("authenticators/expired.html", 410)
    except CodeRejected as rejected:
        if rejected.is_dead:
            return page("authenticators/expired.html", 410)
        form.refuse()
    secret, picture = authenticators.secret_of(row)
    return page("authenticators/confirm.html", form=form, row=row, secret=secret, picture=picture)


@blueprint.route("/<int:authenticator_id>/rename", methods=["GET", "POST"])
@requires(Action.FACTOR_RENAME, own_account)
def rename(authenticator_id: int) -> ResponseReturnValue:
    """Another name."""
    try:
        row = authenticators.own(authenticator_id, current.actor())
    except NotThere:
        abort(404)
    form = NameForm(name=row.name)
    if form.validate_on_submit():
        authenticators.rename(authenticator_id, form.name.data or "", current.actor())
        flash(_("The name was changed."), "success")
        return redirect(url_for("devices.devices"))
    return page("authenticators/rename.html", form=form, row=row)


@blueprint.route("/<int:authenticator_id>/remove", methods=["GET", "POST"])
@requires(Action.FACTOR_REMOVE, own_account)
def remove(authenticator_id: int) -> ResponseReturnValue:
    """The confirmation; the last factor of a person who holds a role stays."""
    form, actor = ButtonForm(), current.actor()
    try:
        row = authenticators.own(authenticator_id, actor)
        if form.validate_on_submit():
            authenticators.remove(authenticator_id, actor)
            flash(_("The authenticator app is no longer on your account."), "success")
            return redirect(url_for("devices.devices"))
    except NotThere:
        abort(404)
    except LastFactor:
        return page("authenticators/last_factor.html", 403)
    return page("authenticators/remove.html", form=form, row=row)
