"""Pages of signing in and out: name, password and method, code; then on to where the person wanted to go."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, flash, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.identity import queries, sessions, sign_in
from portal.vocabulary import Method
from portal.web import current, guard, labels
from portal.web.guard import public, requires
from portal.web.redirects import safe_next
from portal.web.shell import (
    environment_key_of,
    environments_served,
    home_of_keys,
    offered_methods,
    page,
)
from portal.web.sign_in.forms import NameForm, PasswordForm

blueprint = Blueprint("sign_in", __name__)
VISITORS = "visitors sign in here"


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public(VISITORS)
def begin() -> ResponseReturnValue:
    """The first screen: who; `next` is where to go afterwards."""
    form = NameForm(name=session.get("sign_in_name", ""))
    if form.validate_on_submit():
        session["sign_in_name"] = form.name.data
        return redirect(url_for(".password"))
    if request.method == "GET":
        session["next"] = safe_next(request.args.get("next")) or ""
        session.pop("step_up", None)
    return page("sign_in/begin.html", form=form, elsewhere=home_of_keys())


@blueprint.route("/sign-in/password", methods=["GET", "POST"])
@public(VISITORS)
def password() -> ResponseReturnValue:
    """The second screen (S1): password and method; the same for every name that is typed."""
    name = session.get("sign_in_name")
    if not name:
        return redirect(url_for(".begin", next=session.get("next") or None))
    methods = _methods()
    form = PasswordForm().offer(methods, lost="lost" in request.form)
    if form.validate_on_submit():
        if form.method.data == Method.EID:
            return redirect(url_for(labels.METHOD_PAGES[Method.EID]))
        token = _checked(form, name)
        if token:
            if form.method.data != Method.PASSWORD:
                return _await_factor(token, form)
            return redirect(current.arrive(token) or url_for(".done"))
    return page(
        "sign_in/password.html",
        form=form,
        name=name,
        next=session.get("next") or None,
        explanations={method.value: labels.METHOD_HELP[method] for method in methods},
        password_is_offered=Method.PASSWORD in methods,
    )


def _environment_key() -> str:
    return environment_key_of(str(session.get("next", "")))


def _methods() -> list[Method]:
    """The password alone opens «My Account»; where a second factor is asked for it is not in the list."""
    where = _environment_key()
    alone = not (where and current.method_policy(where).second_factor_required)
    return ([Method.PASSWORD] if alone else []) + offered_methods(str(session.get("next", "")))


def _checked(form: PasswordForm, name: str) -> str | None:
    """The token of the new sign-in; None when the form says why there is none."""
    attempt = sign_in.Attempt(
        name,
        form.password.data or "",
        Method(form.method.data),
        number=form.checked_number,
        network=current.network(),
        browser=current.browser(),
        environment_key=_environment_key(),
    )
    try:
        return sign_in.begin(attempt, replacing=current.session_token())
    except sign_in.PasswordRejected:
        form.password.errors = [_("The e-mail or user name, or the password, is not right.")]
    except sign_in.MethodRejected:
        form.method.errors = [
            _("You have chosen to be asked for a second factor always: choose another method.")
        ]
    return None


def _await_factor(token: str, form: PasswordForm) -> ResponseReturnValue:
    kept = {
        "next": session.get("next", ""),
        "sign_in_name": session["sign_in_name"],
        "replacing": current.session_token() if current.sign_in_row() else session.get("replacing"),
        "number_end": form.checked_number[-2:],
    }
    current.begin_session(token)
    session.update(kept)
    method = Method(form.method.data)
    return redirect(url_for(labels.METHOD_PAGES.get(method, "recovery.sign_in_with_code")))


@blueprint.get("/sign-in/done")
@requires(Action.ACCOUNT_READ, guard.own_account)
def done() -> ResponseReturnValue:
    """«Successful login» (S0), with the ways on from here."""
    actor, person = current.actor(), current.account()
    nudge = person is not None and bool(actor.second_factor_at) and queries.wants_nudge(person)
    return page(
        "sign_in/done.html", actor=actor, person=person, nudge=nudge, environments=environments_served()
    )


@blueprint.post("/sign-out")
@public("ends only the session of this browser")
def sign_out() -> ResponseReturnValue:
    """«Logout»: the session ends on the server, a copy of the cookie is worth nothing."""
    current.end_session()
    flash(_("You have signed out."), "success")
    return redirect(url_for("pages.home"))


@blueprint.post("/sign-in/extend")
@public("extends only the session of this browser")
def extend() -> ResponseReturnValue:
    """«Stay signed in»: the idle time begins anew, the total time does not."""
    row = current.sign_in_row()
    if row is not None:
        sessions.touch(row)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(seconds_left=guard.seconds_left() or 0), 200 if row is not None else 401
    back = safe_next(urlsplit(request.referrer or "").path) or url_for("account.cards")
    return redirect(back if row is not None else url_for(".begin", next=back))
