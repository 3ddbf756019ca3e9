"""Name, e-mail address, language, password, options, deletion and download of the own account."""

from __future__ import annotations

import json

from flask import Blueprint, Response, abort, flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.environments.environment import Environment, using
from portal.identity import account as own
from portal.identity import deletion, links, own_data, personal_data, queries
from portal.identity.links import LinkNotGood, LinkUnknown
from portal.identity.registration import PasswordRefused
from portal.identity.sign_in import PasswordRejected
from portal.identity.states import UNDO_DAYS, LinkPurpose
from portal.messages import preferences
from portal.roles import people
from portal.web import current, labels
from portal.web.forms import ButtonForm
from portal.web.guard import own_account, public, requires
from portal.web.personal_data.forms import EmailForm, NameForm, OptionsForm, PasswordForm
from portal.web.shell import page

blueprint = Blueprint("personal_data", __name__)
UNDOING = frozenset({LinkPurpose.EMAIL_UNDO})
LINK = "whoever has the link of the mail opens it"


@blueprint.get("/personal-data")
@requires(Action.PERSONAL_DATA_READ, own_account)
def personal() -> ResponseReturnValue:
    """«My personal data»: what is kept, and the ways to change it."""
    person = queries.account_by_id(current.actor().account_id)
    return page("personal_data/personal.html", person=person, locale=get_locale(), form=ButtonForm())


@blueprint.post("/language")
@requires(Action.LANGUAGE_KEEP, own_account)
def keep_language() -> ResponseReturnValue:
    """The language of this page for mails and text messages too."""
    own.keep_language(current.language(), current.actor())
    session["language"] = current.language()
    flash(_("Mails and text messages will come in this language."), "success")
    return redirect(url_for(".personal"))


@blueprint.route("/name", methods=["GET", "POST"])
@requires(Action.PERSONAL_DATA_CHANGE, own_account)
def name() -> ResponseReturnValue:
    """Another first or last name; the administrators of the person's organisations are told."""
    form = NameForm(obj=current.account())
    if form.validate_on_submit():
        people.change_name(form.first_name.data or "", form.last_name.data or "", current.actor())
        flash(_name_is_changed(current.actor().holds_role_anywhere), "success")
        return redirect(url_for(".personal"))
    return page("personal_data/name.html", form=form)


def _name_is_changed(holds_role: bool) -> str:
    if holds_role:
        return _("Your name was changed. An administrator of your organisation confirms it.")
    return _("Your name was changed.")


@blueprint.route("/email", methods=["GET", "POST"])
@requires(Action.EMAIL_CHANGE, own_account)
def email() -> ResponseReturnValue:
    """Another address: a link goes there, the old one is told."""
    form = EmailForm()
    if form.validate_on_submit():
        try:
            personal_data.ask_email_change(form.checked, current.actor())
            flash(
                _("A link is on its way to the new address. Until it is followed, nothing changes."),
                "success",
            )
            return redirect(url_for(".personal"))
        except personal_data.SameAddress:
            form.email.errors = [_("This is the address of your account already.")]
    return page("personal_data/email.html", form=form)


@blueprint.route("/email/<token>", methods=["GET", "POST"])
@requires(Action.EMAIL_CHANGE, own_account)
def confirm_email(token: str) -> ResponseReturnValue:
    """The page behind the link at the new address; its button makes it the address of the account."""
    form, browser = ButtonForm(), current.browser_token()
    try:
        if not form.validate_on_submit():
            personal_data.link_to_confirm(token, browser, current.actor())
            return page("personal_data/confirm_email.html", form=form, token=token)
        personal_data.confirm_email(token, browser, current.actor())
    except LinkUnknown:
        abort(404)
    except (LinkNotGood, personal_data.AddressTaken):
        return page("personal_data/email_dead.html", 410)
    return page("personal_data/email_changed.html", days=UNDO_DAYS)


@blueprint.route("/email-undo/<token>", methods=["GET", "POST"])
@public(LINK)
def undo_email(token: str) -> ResponseReturnValue:
    """The page behind the link at the old address; its button brings it back."""
    form, browser = ButtonForm(), current.browser_token()
    try:
        if not form.validate_on_submit():
            links.good_link(token, UNDOING, browser)
            return page("personal_data/undo_email.html", form=form, token=token)
        is_back = personal_data.undo_email(token, browser)
    except LinkUnknown:
        abort(404)
    except (LinkNotGood, personal_data.AddressTaken):
        return page("personal_data/email_dead.html", 410)
    return page("personal_data/email_undone.html", is_back=is_back)


@blueprint.route("/password", methods=["GET", "POST"])
@requires(Action.PASSWORD_CHANGE, own_account)
def password() -> ResponseReturnValue:
    """«Change password»: the old one, then the new one twice; the other sessions end."""
    form, attempt = PasswordForm(), personal_data.attempt_of(current.network(), current.browser())
    if not personal_data.has_password(current.actor()):
        return redirect(url_for("registration.lost_password"))
    if form.validate_on_submit():
        try:
            old, new = form.old.data or "", form.new.data or ""
            current.keep_session(personal_data.change_password(old, new, attempt, current.actor()))
            flash(_("Your password was changed. Your other sessions have ended."), "success")
            return redirect(url_for("account.cards"))
        except PasswordRejected:
            form.old.errors = [_("This is not your current password.")]
        except PasswordRefused as refused:
            form.new.errors = [labels.weakness(refused.weakness)]
    return page("personal_data/password.html", form=form)


@blueprint.route("/configure", methods=["GET", "POST"])
@requires(Action.ACCOUNT_CONFIGURE, own_account)
def configure() -> ResponseReturnValue:
    """«Configure my account»: four options."""
    wanted = not preferences.is_mail_unwanted(current.actor().account_id)
    form = OptionsForm(obj=current.account(), email_notices=wanted)
    if form.validate_on_submit():
        personal_data.configure(form.to_options(), current.actor())
        flash(_("Your options are saved."), "success")
        return redirect(url_for("account.cards"))
    return page("personal_data/configure.html", form=form, actor=current.actor())


@blueprint.post("/nudge/hide")
@requires(Action.ACCOUNT_READ, own_account)
def hide_nudge() -> ResponseReturnValue:
    """The hint to add a second method rests for a month."""
    personal_data.hide_nudge(current.actor())
    return redirect(url_for("account.cards"))


@blueprint.route("/delete", methods=["GET", "POST"])
@requires(Action.ACCOUNT_DELETE, own_account)
def delete() -> ResponseReturnValue:
    """«Delete my account»: what goes, what stays and why; nothing happens before the waiting time is over."""
    form, actor = ButtonForm(), current.actor()
    last = people.last_administrations(actor.account_id)
    if form.validate_on_submit():
        people.ask_deletion(_told(last), actor)
        flash(_("Your account will be deleted. Until then you can keep it on this page."), "success")
        return redirect(url_for(".delete"))
    days = deletion.LAST_ADMINISTRATOR_DAYS if last else deletion.DELETION_DAYS
    return page(
        "personal_data/delete.html", form=form, person=current.account(), organisations=last, days=days
    )


def _told(last: list[tuple[str, int, str]]) -> dict[str, list[int]]:
    told: dict[str, list[int]] = {}
    for place, number, name in last:
        with using(Environment(place)):
            told.setdefault(name, []).extend(people.superiors_of(number))
    return told


@blueprint.post("/delete/keep")
@requires(Action.ACCOUNT_DELETE, own_account)
def keep() -> ResponseReturnValue:
    """«Keep my account»."""
    deletion.keep(current.actor())
    flash(_("Your account stays."), "success")
    return redirect(url_for("account.cards"))


@blueprint.post("/data")
@requires(Action.PERSONAL_DATA_EXPORT, own_account)
def data() -> ResponseReturnValue:
    """«Download my data»: a JSON file; a button, because it is recorded."""
    actor = current.actor()
    content = own_data.own_data(people.roles_everywhere(actor.account_id), actor)
    text = json.dumps(content, ensure_ascii=False, indent=2)
    disposition = {"Content-Disposition": 'attachment; filename="my-data.json"'}
    return Response(text, mimetype="application/json", headers=disposition)
