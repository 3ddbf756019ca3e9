"""Pages of opening an account, of links in mails and of lost passwords; open to visitors."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.identity import captchas, links, passwords, registration, sign_in
from portal.identity.links import LinkNotGood, LinkUnknown
from portal.identity.states import LINK_MINUTES, LinkPurpose
from portal.web import current, labels
from portal.web.forms import ButtonForm
from portal.web.guard import public
from portal.web.registration.forms import LostPasswordForm, PasswordForm, RegisterForm
from portal.web.shell import page

blueprint = Blueprint("registration", __name__)
NOT_ME = frozenset({LinkPurpose.NOT_ME})
WITH_A_LINK = "the link in the mail is the proof"


@blueprint.route("/register", methods=["GET", "POST"])
@public("people without an account open one here")
def register() -> ResponseReturnValue:
    """«Create an account» (S3); the answer is the same for known and unknown addresses."""
    form = RegisterForm(language=current.language())
    if form.another.data:
        return _with_new_code(form)
    if form.is_submitted():
        form.code_is_right = captchas.is_right(
            session.pop("captcha", None), form.code.data or "", current.network()
        )
    if form.validate_on_submit():
        registration.register(form.to_wish(), current.network())
        return redirect(url_for(".sent"))
    return _with_new_code(form)


def _with_new_code(form: RegisterForm) -> ResponseReturnValue:
    captcha = session["captcha"] = captchas.new_captcha()
    form.code.data = ""
    return page("registration/register.html", form=form, captcha=captcha["nonce"][:8], minutes=LINK_MINUTES)


@blueprint.get("/register/code.png")
@public("part of the registration page")
def captcha_image() -> ResponseReturnValue:
    """The code as a picture."""
    captcha = session.get("captcha") or abort(404)
    return Response(captchas.picture(captcha), mimetype="image/png")


@blueprint.get("/register/code.wav")
@public("part of the registration page")
def captcha_sound() -> ResponseReturnValue:
    """The code as a sound, for people who do not see the picture."""
    captcha = session.get("captcha") or abort(404)
    return Response(captchas.sound(captcha, current.language()), mimetype="audio/wav")


@blueprint.get("/register/sent")
@public("says what happens next, the same for everybody")
def sent() -> ResponseReturnValue:
    """A mail is on its way, whatever the address."""
    return page("registration/sent.html", minutes=LINK_MINUTES)


@blueprint.route("/password/lost", methods=["GET", "POST"])
@public("people who cannot sign in ask for a link here")
def lost_password() -> ResponseReturnValue:
    """«Lost your password?»; also «Change password» of the gear menu."""
    account, typed = current.account(), session.get("sign_in_name", "")
    form = LostPasswordForm(email=account.email if account else typed if "@" in typed else "")
    if form.validate_on_submit():
        registration.send_password_link(form.email.checked, current.network(), current.language())  # type: ignore[attr-defined]
        return redirect(url_for(".link_sent"))
    return page("registration/lost_password.html", form=form, minutes=LINK_MINUTES)


@blueprint.get("/password/lost/sent")
@public("says what happens next, the same for everybody")
def link_sent() -> ResponseReturnValue:
    """A mail is on its way, whatever the address."""
    return page("registration/link_sent.html", minutes=LINK_MINUTES)


@blueprint.route("/password/link/<token>", methods=["GET", "POST"])
@public(WITH_A_LINK)
def link(token: str) -> ResponseReturnValue:
    """The page of the link: its button opens it, and the token leaves the address."""
    form = ButtonForm()
    try:
        if not form.validate_on_submit():
            found = links.good_link(token, registration.PASSWORD_LINKS, current.browser_token())
            return page(
                "registration/link.html", form=form, person=found.registration or found.account, token=token
            )
        links.open_link(token, registration.PASSWORD_LINKS, current.browser_token())
    except (LinkNotGood, LinkUnknown) as error:
        return _dead_link(error, token)
    session["link"] = token
    return redirect(url_for(".choose_password"))


def _dead_link(error: LinkNotGood | LinkUnknown, token: str) -> ResponseReturnValue:
    """Why the link does nothing, and what to do; 404 for one that never existed."""
    session.pop("link", None)
    if isinstance(error, LinkUnknown):
        return page("registration/link_unknown.html", 404)
    renewable = LinkPurpose(error.link.purpose) in registration.PASSWORD_LINKS
    return page(
        f"registration/link_{error.state.value}.html",
        410,
        form=ButtonForm(),
        token=token if renewable else None,
        replaced_by_at=error.replaced_by_at,
        minutes=LINK_MINUTES,
    )


@blueprint.post("/password/link/<token>/again")
@public(WITH_A_LINK)
def ask_again(token: str) -> ResponseReturnValue:
    """The button on the page of a dead link: a new mail to the same mailbox; the old link stays dead."""
    try:
        links.good_link(token, registration.PASSWORD_LINKS, current.browser_token())
    except LinkUnknown as error:
        return _dead_link(error, token)
    except LinkNotGood as error:
        registration.ask_again(error.link, current.network())
        return redirect(url_for(".link_sent"))
    return redirect(url_for(".link", token=token))


@blueprint.route("/password/new", methods=["GET", "POST"])
@public(WITH_A_LINK)
def choose_password() -> ResponseReturnValue:
    """The new password, reached only through an opened link of this browser."""
    token, form = session.get("link"), PasswordForm()
    if not token:
        flash(_("Open the link in your e-mail first, or ask for a new one here."), "info")
        return redirect(url_for(".lost_password"))
    try:
        if form.validate_on_submit() and _is_set(token, form):
            return redirect(url_for("sign_in.done"))
        found = links.good_link(token, registration.PASSWORD_LINKS, current.browser_token())
    except (LinkNotGood, LinkUnknown) as error:
        return _dead_link(error, token)
    person = found.registration or found.account
    rule = {"least": passwords.LENGTH_AT_LEAST, "most": passwords.LENGTH_AT_MOST}
    return page(
        "registration/choose_password.html", form=form, person=person, is_new=found.registration, **rule
    )


def _is_set(token: str, form: PasswordForm) -> bool:
    """Set it and sign the person in (RG8): with the password alone, also where the account has factors."""
    try:
        account = registration.set_password(token, current.browser_token(), form.password.data or "")
    except registration.PasswordRefused as refused:
        form.password.errors = [labels.weakness(refused.weakness)]
        return False
    chosen = session.get("language")
    current.begin_session(sign_in.begin_after_link(account, current.network(), current.browser()))
    session["language"] = chosen or account.language
    return True


@blueprint.route("/not-me/<token>", methods=["GET", "POST"])
@public(WITH_A_LINK)
def not_me(token: str) -> ResponseReturnValue:
    """«This was not me»: ends every session and makes the password unusable; removes no factor."""
    form = ButtonForm()
    try:
        if not form.validate_on_submit():
            links.good_link(token, NOT_ME, current.browser_token())
            return page("registration/not_me.html", form=form, token=token)
        registration.disown(token, current.browser_token())
    except (LinkNotGood, LinkUnknown) as error:
        return _dead_link(error, token)
    return redirect(url_for(".not_me_done"))


@blueprint.get("/not-me-done")
@public("says what was done and what to do next")
def not_me_done() -> ResponseReturnValue:
    """Sessions are ended, a new link is on its way."""
    return page("registration/not_me_done.html", minutes=LINK_MINUTES)
