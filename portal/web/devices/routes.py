"""«Manage my mobile devices» (S4): phone apps and authenticator apps added, renamed, removed."""

from __future__ import annotations

from flask import Blueprint, abort, flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.identity import devices as telephones
from portal.identity import queries
from portal.identity.device_codes import app_address
from portal.identity.devices import NameTaken, TooManyDevices
from portal.identity.factors import LastFactor, NotThere
from portal.identity.states import DEVICE_MINUTES, DEVICES_AT_MOST
from portal.web import current
from portal.web.devices.forms import DeviceForm, NameForm
from portal.web.forms import ButtonForm
from portal.web.guard import own_account, requires
from portal.web.shell import page

blueprint = Blueprint("devices", __name__)
ENDED = frozenset({"expired", "dropped"})


@blueprint.get("")
@requires(Action.FACTOR_READ, own_account)
def devices() -> ResponseReturnValue:
    """«Manage my mobile devices»: what is on the account, and the ways to add more."""
    account_id = current.actor().account_id
    own, apps = queries.devices_of(account_id), queries.authenticators_of(account_id)
    return page("devices/devices.html", devices=own, authenticators=apps, at_most=DEVICES_AT_MOST)


@blueprint.route("/add", methods=["GET", "POST"])
@requires(Action.FACTOR_ADD, own_account)
def add() -> ResponseReturnValue:
    """«Add a mobile device»: its name and the PIN that will be typed on it (S4)."""
    form, actor = DeviceForm(), current.actor()
    if form.validate_on_submit():
        try:
            device = telephones.begin(form.name.data or "", form.pin.data or "", actor)
            return redirect(url_for(".wait", device_id=device.id))
        except (NameTaken, TooManyDevices) as refused:
            form.name.errors = [_why_not(refused)]
    return page("devices/add.html", form=form)


def _why_not(refused: Exception) -> str:
    if isinstance(refused, NameTaken):
        return _(
            "A device of this name is on your account. If you installed the app anew, delete that entry first; else "
            "choose another name."
        )
    most = DEVICES_AT_MOST
    return _(
        "Your account has %(count)d devices, which is the most it can have. Delete one first.", count=most
    )


@blueprint.get("/<int:device_id>/wait")
@requires(Action.ACCOUNT_READ, own_account)
def wait(device_id: int) -> ResponseReturnValue:
    """The QR code, then what to do on the telephone, then that the device is active."""
    try:
        device = telephones.begun(device_id, current.actor())
    except NotThere:
        abort(404)
    progress = telephones.progress_of(device)
    if progress in ENDED:
        return page("devices/ended.html", 410, progress=progress, minutes=DEVICE_MINUTES)
    return page(
        "devices/wait.html",
        device=device,
        progress=progress,
        picture=telephones.qr_picture(device) if progress == "pending" else "",
        minutes=DEVICE_MINUTES,
        app_address=app_address(),
    )


@blueprint.get("/<int:device_id>/state")
@requires(Action.ACCOUNT_READ, own_account)
def state(device_id: int) -> ResponseReturnValue:
    """Asked by that page every two seconds: one word."""
    try:
        return jsonify(state=telephones.progress_of(telephones.begun(device_id, current.actor())))
    except NotThere:
        abort(404)


@blueprint.post("/<int:device_id>/finish")
@requires(Action.ACCOUNT_READ, own_account)
def finish(device_id: int) -> ResponseReturnValue:
    """«Continue»: a first factor counts as shown in this session from now on."""
    try:
        current.keep_session(telephones.finish(device_id, current.actor()))
    except NotThere:
        abort(404)
    flash(_("The mobile device is on your account. You can sign in with its app now."), "success")
    return redirect(url_for(".devices"))


@blueprint.post("/<int:device_id>/cancel")
@requires(Action.FACTOR_CONFIRM, own_account)
def cancel(device_id: int) -> ResponseReturnValue:
    """«Cancel»: the QR code is worth nothing, nothing was added."""
    try:
        telephones.cancel(device_id, current.actor())
    except NotThere:
        abort(404)
    flash(_("The mobile device was not added."), "info")
    return redirect(url_for(".devices"))


@blueprint.route("/<int:device_id>/rename", methods=["GET", "POST"])
@requires(Action.FACTOR_RENAME, own_account)
def rename(device_id: int) -> ResponseReturnValue:
    """Another name."""
    actor = current.actor()
    try:
        device = telephones.own(device_id, actor)
        form = NameForm(name=device.name)
        if form.validate_on_submit():
            telephones.rename(device_id, form.name.data or "", actor)
            flash(_("The name was changed."), "success")
            return redirect(url_for(".devices"))
    except NotThere:
        abort(404)
    except NameTaken as refused:
        form.name.errors = [_why_not(refused)]
    return page("devices/rename.html", form=form, device=device)


@blueprint.route("/<int:device_id>/remove", methods=["GET", "POST"])
@requires(Action.FACTOR_REMOVE, own_account)
def remove(device_id: int) -> ResponseReturnValue:
    """The confirmation; the last factor of a person who holds a role stays."""
    form, actor = ButtonForm(), current.actor()
    try:
        device = telephones.own(device_id, actor)
        if form.validate_on_submit():
            telephones.remove(device_id, actor)
            flash(_("The mobile device is no longer on your account."), "success")
            return redirect(url_for(".devices"))
    except NotThere:
        abort(404)
    except LastFactor:
        return page("devices/last_factor.html", 403)
    return page("devices/remove.html", form=form, device=device)
