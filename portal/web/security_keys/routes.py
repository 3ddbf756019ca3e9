"""«Manage my Security Keys and Trusted Platforms»: keys added, renamed, removed."""

from __future__ import annotations

from flask import Blueprint, abort, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.identity import queries, security_keys
from portal.identity.factors import LastFactor, NotThere
from portal.identity.security_keys import KEYS_AT_MOST, KeyRejected, TooManyKeys, WishedKey
from portal.web import current
from portal.web.forms import ButtonForm
from portal.web.guard import own_account, requires
from portal.web.requests import sent_object
from portal.web.security_keys.forms import KeyNameForm
from portal.web.shell import home_of_keys, page

blueprint = Blueprint("security_keys", __name__)


@blueprint.get("")
@requires(Action.FACTOR_READ, own_account)
def keys() -> ResponseReturnValue:
    """What is registered, and the way to add one."""
    own = queries.every_security_key_of(current.actor().account_id)
    return page("security_keys/keys.html", keys=own, at_most=KEYS_AT_MOST)


@blueprint.get("/add")
@requires(Action.FACTOR_ADD, own_account)
def add() -> ResponseReturnValue:
    """A name, then the browser asks for the key."""
    return page("security_keys/add.html", form=KeyNameForm(), elsewhere=home_of_keys())


@blueprint.post("/options")
@requires(Action.FACTOR_ADD, own_account)
def options() -> ResponseReturnValue:
    """For the script: what the browser shall ask the key; the name is judged here already."""
    form = KeyNameForm()
    if not form.validate():
        return jsonify(error=str(form.name.errors[0])), 422
    try:
        return jsonify(security_keys.begin(current.actor()))
    except TooManyKeys:
        most = KEYS_AT_MOST
        return jsonify(error=_("Your account has %(count)d keys. Remove one first.", count=most)), 422


@blueprint.post("/finish")
@requires(Action.FACTOR_CONFIRM, own_account)
def finish() -> ResponseReturnValue:
    """For the script: the key's answer makes it a factor."""
    form = KeyNameForm()
    if not form.validate():
        return jsonify(error=str(form.name.errors[0])), 422
    wish = WishedKey(form.name.data or "", sent_object(request.form.get("answer", "")))
    try:
        token = security_keys.finish(wish, current.actor())
    except KeyRejected:
        return jsonify(error=_("This key could not be registered. Try again, or use another key.")), 422
    current.keep_session(token)
    flash(_("The key is on your account. You can sign in with it now."), "success")
    return jsonify(next=url_for(".keys"))


@blueprint.route("/<int:key_id>/rename", methods=["GET", "POST"])
@requires(Action.FACTOR_RENAME, own_account)
def rename(key_id: int) -> ResponseReturnValue:
    """Another name."""
    try:
        key = security_keys.own(key_id, current.actor())
    except NotThere:
        abort(404)
    form = KeyNameForm(name=key.name)
    if form.validate_on_submit():
        security_keys.rename(key_id, form.name.data or "", current.actor())
        flash(_("The name was changed."), "success")
        return redirect(url_for(".keys"))
    return page("security_keys/rename.html", form=form, key=key)


@blueprint.route("/<int:key_id>/remove", methods=["GET", "POST"])
@requires(Action.FACTOR_REMOVE, own_account)
def remove(key_id: int) -> ResponseReturnValue:
    """The confirmation; the last factor of a person who holds a role stays."""
    form, actor = ButtonForm(), current.actor()
    try:
        key = security_keys.own(key_id, actor)
        if form.validate_on_submit():
            security_keys.remove(key_id, actor)
            flash(_("The key is no longer on your account."), "success")
            return redirect(url_for(".keys"))
    except NotThere:
        abort(404)
    except LastFactor:
        return page("security_keys/last_factor.html", 403)
    return page("security_keys/remove.html", form=form, key=key)
