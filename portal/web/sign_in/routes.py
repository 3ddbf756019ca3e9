"""Pages of signing in and out: name, password and method, code; then on to where the person wanted to go."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, flash, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import config
from portal.access.actions import Action
from portal.identity import challenges, queries, sign_in
from portal.identity.challenges import CodeRejected
from portal.identity.states import CODE_MINUTES, CODE_TRIES, ChallengePurpose
from portal.vocabulary import Method
from portal.web import current, guard, labels
from portal.web.forms import ButtonForm, CodeForm
from portal.web.guard import public, requires
from portal.web.redirects import safe_next
from portal.web.shell import environments_served, page
from portal.web.sign_in.forms import NameForm, PasswordForm

blueprint = Blueprint("sign_in", __name__)
VISITORS = "visitors sign in here"


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public(VISITORS)
def begin() -> ResponseReturnValue:
    """The first screen: who; `next` is where to go afterwards, `again` asks for a factor anew."""
    form = NameForm(name=session.get("sign_in_name", ""))
    if form.validate_on_submit():
        session["sign_in_name"] = form.name.data
        return redirect(url_for(".password"))
    if request.method == "GET":
        session["next"] = safe_next(request.args.get("next")) or ""
        account = current.account() if request.args.get("again") else None
        session["again"] = account is not None
        if account:
            session["sign_in_name"] = account.email
            return redirect(url_for(".password"))
    return page("sign_in/begin.html", form=form)


@blueprint.route("/sign-in/password", methods=["GET", "POST"])
@public(VISITORS)
def password() -> ResponseReturnValue:
    """The second screen (S1): password and method; the same for every name that is typed."""
    name = session.get("sign_in_name")
    if not name:
        return redirect(url_for(".begin", next=session.get("next") or None))
    methods = _methods()
    form = PasswordForm().offer(methods)
    if form.validate_on_submit():
        token = _checked(form, name)
        if token:
            return _await_code(token, form) if form.method.data == Method.SMS else _arrive(token)
    return page(
        "sign_in/password.html",
        form=form,
        name=name,
        next=session.get("next") or None,
        again=session.get("again"),
        explanations={method.value: labels.METHOD_HELP[method] for method in methods},
        password_is_offered=Method.PASSWORD in methods,
    )


def _environment_key() -> str:
    word = str(session.get("next", "")).split("/")[1:2]
    return word[0] if word and word[0] in config.current().environments else ""


def _methods() -> list[Method]:
    """The password alone opens «My Account»; where a second factor is asked for it is not in the list."""
    where = _environment_key()
    needed = session.get("again") or (where and current.method_policy(where).second_factor_required)
    return [Method.SMS] if needed else [Method.PASSWORD, Method.SMS]


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


def _await_code(token: str, form: PasswordForm) -> ResponseReturnValue:
    kept = {
        "next": session.get("next", ""),
        "sign_in_name": session["sign_in_name"],
        "replacing": current.session_token() if current.sign_in_row() else session.get("replacing"),
        "number_end": form.checked_number[-2:],
    }
    current.begin_session(token)
    session.update(kept)
    return redirect(url_for(".code"))


def _arrive(token: str) -> ResponseReturnValue:
    """Signed in: the account's language unless the browser chose one, then where the person wanted to go."""
    target, chosen = session.get("next"), session.get("language")
    current.begin_session(token)
    account = current.account()
    if account and not chosen:
        session["language"] = account.language
    return redirect(target or url_for(".done"))


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public("whoever gave the right password types the code here")
def code() -> ResponseReturnValue:
    """The code of the SMS; right, wrong and never sent look the same until it is typed."""
    token = current.session_token() or ""
    half = sign_in.half_sign_in(token)
    if half is None:
        return redirect(url_for(".begin", next=session.get("next") or None))
    form = CodeForm()
    try:
        if form.validate_on_submit():
            return _arrive(sign_in.submit_code(token, form.typed, session.get("replacing")))
        challenges.check_is_open(queries.challenge_by_sign_in(half.id, ChallengePurpose.SIGN_IN.value))
    except CodeRejected as rejected:
        if rejected.is_dead:
            return _dead_code()
        form.refuse(CODE_TRIES)
    ending = session.get("number_end", "")
    return page("sign_in/code.html", form=form, button=ButtonForm(), ending=ending, minutes=CODE_MINUTES)


def _dead_code() -> ResponseReturnValue:
    return page("sign_in/code_dead.html", 410, tries=CODE_TRIES, minutes=CODE_MINUTES)


@blueprint.post("/sign-in/code/again")
@public("whoever gave the right password may ask for the code again")
def code_again() -> ResponseReturnValue:
    """The same code once more; neither its life nor its tries begin anew."""
    try:
        sign_in.send_code_again(current.session_token() or "")
    except CodeRejected:
        return _dead_code()
    flash(_("The same code is being sent again to the number you typed."), "info")
    return redirect(url_for(".code"))


@blueprint.get("/sign-in/done")
@requires(Action.ACCOUNT_READ, guard.own_account)
def done() -> ResponseReturnValue:
    """«Successful login» (S0), with the ways on from here."""
    actor = current.actor()
    return page("sign_in/done.html", actor=actor, environments=environments_served())


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
        sign_in.touch(row)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(seconds_left=guard.seconds_left() or 0), 200 if row is not None else 401
    back = safe_next(urlsplit(request.referrer or "").path) or url_for("account.cards")
    return redirect(back if row is not None else url_for(".begin", next=back))
