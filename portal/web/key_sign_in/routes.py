"""Security keys at the sign-in: after the password, in place, or a passkey alone from the first screen."""

from __future__ import annotations

import secrets

from flask import Blueprint, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.identity import key_assertions, sign_in
from portal.identity.security_keys import KeyRejected
from portal.vocabulary import Method
from portal.web import current
from portal.web.forms import ButtonForm
from portal.web.guard import public
from portal.web.requests import sent_object
from portal.web.shell import environment_key_of, home_of_keys, page

blueprint = Blueprint("key_sign_in", __name__)
HALF = "whoever gave the right password, or is signed in, shows a key here"


def _rejected() -> ResponseReturnValue:
    return jsonify(error=_("The key was not accepted. Try again, or choose another method.")), 422


@blueprint.get("/sign-in/key")
@public(HALF)
def security_key() -> ResponseReturnValue:
    """The page whose button asks for the key; needs script, and says so."""
    if current.awaiting_factor(Method.SECURITY_KEY) is None:
        return redirect(url_for("sign_in.begin", next=session.get("next") or None))
    other = url_for("second_factor.step_up") if "step_up" in session else url_for("sign_in.password")
    return page("key_sign_in/security_key.html", form=ButtonForm(), other=other, elsewhere=home_of_keys())


@blueprint.post("/sign-in/key/options")
@public(HALF)
def options() -> ResponseReturnValue:
    """For the script: what the browser shall ask the key."""
    row = current.awaiting_factor(Method.SECURITY_KEY)
    return jsonify(key_assertions.ask(row)) if row is not None else _rejected()


@blueprint.post("/sign-in/key/finish")
@public(HALF)
def finish() -> ResponseReturnValue:
    """For the script: the key's answer."""
    row = current.awaiting_factor(Method.SECURITY_KEY)
    answer = sent_object(request.form.get("answer", ""))
    try:
        if row is None:
            raise KeyRejected
        token = key_assertions.show(row, answer, session.get("replacing"))
    except KeyRejected:
        return _rejected()
    return jsonify(next=current.arrive(token) or url_for("sign_in.done"))


@blueprint.post("/sign-in/passkey/options")
@public("visitors sign in with a passkey alone")
def passkey_options() -> ResponseReturnValue:
    """For the script: a challenge that any passkey may answer, kept in the visitor's sealed cookie."""
    session["passkey"] = secrets.token_urlsafe(32)
    return jsonify(key_assertions.ask_for_passkey(session["passkey"]))


@blueprint.post("/sign-in/passkey/finish")
@public("visitors sign in with a passkey alone")
def passkey_finish() -> ResponseReturnValue:
    """For the script: a passkey that verified its user opens a whole sign-in."""
    nonce, answer = session.pop("passkey", ""), sent_object(request.form.get("answer", ""))
    attempt = sign_in.Attempt(
        name="",
        password="",
        method=Method.SECURITY_KEY,
        number="",
        network=current.network(),
        browser=current.browser(),
        environment_key=environment_key_of(str(session.get("next", ""))),
    )
    try:
        if not nonce:
            raise KeyRejected
        token = key_assertions.sign_in_with_passkey(answer, nonce, attempt, current.session_token())
    except KeyRejected:
        return _rejected()
    return jsonify(next=current.arrive(token) or url_for("sign_in.done"))
