"""Pages of «My Account»: the nine cards, personal data, telephones, mailbox, sessions."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import clock
from portal.access.actions import Action
from portal.identity import challenges, enrolment, links, numbers, queries, recovery
from portal.identity.challenges import CodeRejected
from portal.identity.enrolment import TelephoneAlreadyThere, TooManyTelephones
from portal.identity.factors import LastFactor, NotThere
from portal.identity.links import LinkNotGood, LinkUnknown
from portal.identity.states import CODE_MINUTES, CODE_TRIES, LINK_MINUTES, TELEPHONES_AT_MOST, LinkPurpose
from portal.roles import duty
from portal.web import current
from portal.web.account.forms import TelephoneForm, usual_dialling_code
from portal.web.forms import ButtonForm, CodeForm
from portal.web.guard import own_account, requires, seconds_left
from portal.web.shell import page

blueprint = Blueprint("account", __name__)
MAILBOX = frozenset({LinkPurpose.MAILBOX})


@blueprint.get("")
@requires(Action.ACCOUNT_READ, own_account)
def cards() -> ResponseReturnValue:
    """«My Account»: nine cards in the order of S0."""
    actor, person = current.actor(), current.account()
    nudge = person is not None and queries.wants_nudge(person)
    left, row = recovery.left(actor.account_id), current.sign_in_row()
    added = row is not None and queries.has_added_factor_since(actor.account_id, row.begun_at)
    return page("account/cards.html", actor=actor, person=person, nudge=nudge, codes_left=left, added=added)


@blueprint.get("/telephones")
@requires(Action.TELEPHONE_READ, own_account)
def telephones() -> ResponseReturnValue:
    """«Manage my mobile phone numbers»: two tiles and what is registered."""
    actor = current.actor()
    own = queries.telephones_of(actor.account_id)
    return page("account/telephones.html", actor=actor, telephones=own, at_most=TELEPHONES_AT_MOST)


@blueprint.route("/telephones/add", methods=["GET", "POST"])
@requires(Action.TELEPHONE_ADD, own_account)
def add_telephone() -> ResponseReturnValue:
    """«Add a mobile phone number»: the code goes to it before it is anything to the account."""
    listed = duty.suggestions(current.actor().account_id)
    chosen = next((number for row, number in listed if str(row.id) == request.args.get("duty")), "")
    form = TelephoneForm(number=chosen or usual_dialling_code())
    if form.validate_on_submit():
        try:
            enrolment.ask_to_add_telephone(form.checked_number, current.actor())
            return redirect(url_for(".challenge"))
        except (challenges.CountryNotServed, TelephoneAlreadyThere, TooManyTelephones) as refused:
            form.number.errors = [_why_not(refused)]
    shown = [(row, numbers.for_people(number)) for row, number in listed]
    return page("account/add_telephone.html", form=form, suggestions=shown)


def _why_not(refused: Exception) -> str:
    if isinstance(refused, challenges.CountryNotServed):
        return _("Text messages are not sent to this country. Use a number of another country.")
    if isinstance(refused, TelephoneAlreadyThere):
        return _("This number is on your account already.")
    most = TELEPHONES_AT_MOST
    return _(
        "Your account has %(count)d numbers, which is the most it can have. Delete one first.", count=most
    )


@blueprint.route("/telephones/challenge", methods=["GET", "POST"])
@requires(Action.TELEPHONE_CONFIRM, own_account)
def challenge() -> ResponseReturnValue:
    """The code of the SMS in two boxes (S0); «Finalise» puts the number on the account."""
    form, actor = CodeForm(), current.actor()
    pending = enrolment.pending_telephone(actor)
    try:
        challenges.check_is_open(pending[0] if pending else None)
        if form.validate_on_submit():
            telephone, token = enrolment.add_telephone(form.typed, actor)
            current.keep_session(token)
            return _added(telephone.last_digits)
    except CodeRejected as rejected:
        if rejected.is_dead or not pending:
            return _dead_challenge()
        form.refuse(CODE_TRIES)
    except (TelephoneAlreadyThere, TooManyTelephones) as refused:
        form.part1.errors = [_why_not(refused)]
    number = numbers.for_people(pending[1]) if pending else ""
    return page("account/challenge.html", form=form, number=number, minutes=CODE_MINUTES)


def _added(last_digits: str) -> ResponseReturnValue:
    done = _(
        "The number ending in %(digits)s is on your account. You can sign in with it now.", digits=last_digits
    )
    flash(done, "success")
    return redirect(url_for(".telephones"))


def _dead_challenge() -> ResponseReturnValue:
    return page("account/challenge_dead.html", 410, tries=CODE_TRIES, minutes=CODE_MINUTES)


@blueprint.post("/telephones/challenge/again")
@requires(Action.TELEPHONE_CONFIRM, own_account)
def challenge_again() -> ResponseReturnValue:
    """The same code once more; neither its life nor its tries begin anew."""
    try:
        enrolment.send_telephone_code_again(current.actor())
    except CodeRejected:
        return _dead_challenge()
    flash(_("The same code is being sent again to the number you typed."), "info")
    return redirect(url_for(".challenge"))


@blueprint.post("/telephones/challenge/cancel")
@requires(Action.TELEPHONE_CONFIRM, own_account)
def cancel_challenge() -> ResponseReturnValue:
    """«Cancel»: the code dies, the number is not added."""
    enrolment.cancel_telephone(current.actor())
    flash(_("The number was not added."), "info")
    return redirect(url_for(".telephones"))


@blueprint.get("/telephones/remove")
@requires(Action.TELEPHONE_REMOVE, own_account)
def remove_telephone() -> ResponseReturnValue:
    """«Delete a mobile phone number»: which one."""
    return page("account/remove_telephone.html", telephones=queries.telephones_of(current.actor().account_id))


@blueprint.route("/telephones/<int:telephone_id>/remove", methods=["GET", "POST"])
@requires(Action.TELEPHONE_REMOVE, own_account)
def remove_one_telephone(telephone_id: int) -> ResponseReturnValue:
    """The confirmation; the last number of a person who holds a role stays."""
    form, actor = ButtonForm(), current.actor()
    own = queries.telephones_of(actor.account_id)
    telephone = next((one for one in own if one.id == telephone_id), None) or abort(404)
    if len(own) == 1 and actor.holds_role_anywhere:
        return page("account/last_factor.html", 403, telephone=telephone)
    if form.validate_on_submit():
        return _removed(telephone_id, telephone.last_digits)
    return page("account/remove_one_telephone.html", form=form, telephone=telephone, is_last=len(own) == 1)


def _removed(telephone_id: int, last_digits: str) -> ResponseReturnValue:
    try:
        enrolment.remove_telephone(telephone_id, current.actor())
    except (LastFactor, NotThere):
        # Another browser was quicker: the page shows how things stand now.
        return redirect(url_for(".remove_one_telephone", telephone_id=telephone_id))
    flash(_("The number ending in %(digits)s is no longer on your account.", digits=last_digits), "success")
    return redirect(url_for(".telephones"))


@blueprint.post("/mailbox")
@requires(Action.MAILBOX_CONFIRM, own_account)
def mailbox() -> ResponseReturnValue:
    """Before a first second factor of a person who holds a role: a link to the mailbox."""
    enrolment.send_mailbox_link(current.actor())
    flash(
        _("A link is on its way to your mailbox. Open it in this browser while you are signed in."), "success"
    )
    return redirect(url_for(".cards"))


@blueprint.route("/mailbox/<token>", methods=["GET", "POST"])
@requires(Action.MAILBOX_CONFIRM, own_account)
def confirm_mailbox(token: str) -> ResponseReturnValue:
    """The page of that link: its button confirms the mailbox for this session."""
    form, browser = ButtonForm(), current.browser_token()
    try:
        if not form.validate_on_submit():
            links.good_link(token, MAILBOX, browser)
            return page("account/confirm_mailbox.html", form=form, token=token)
        enrolment.confirm_mailbox(token, browser, current.actor())
    except LinkUnknown:
        abort(404)
    except LinkNotGood as error:
        return page("account/mailbox_dead.html", 410, state=error.state.value, minutes=LINK_MINUTES)
    flash(_("Your mailbox is confirmed. You can add your mobile phone number now."), "success")
    return redirect(url_for(".add_telephone"))


@blueprint.get("/sessions")
@requires(Action.SESSION_READ, own_account)
def sessions() -> ResponseReturnValue:
    """«View my sessions»: where this account is signed in."""
    actor, own = current.actor(), queries.open_sign_ins(current.actor().account_id)
    ends_at = clock.now() + timedelta(seconds=seconds_left() or 0)
    return page("account/sessions.html", sessions=own, here=actor.session_id, ends_at=ends_at)


@blueprint.post("/sessions/<int:sign_in_id>/end")
@requires(Action.SESSION_END, own_account)
def end_session(sign_in_id: int) -> ResponseReturnValue:
    """End one of the own sessions; one's own is a sign-out."""
    actor = current.actor()
    try:
        enrolment.end_session(sign_in_id, actor)
    except NotThere:
        abort(404)
    if sign_in_id == actor.session_id:
        current.end_session()
        flash(_("You have signed out."), "success")
        return redirect(url_for("pages.home"))
    flash(_("The session was ended."), "success")
    return redirect(url_for(".sessions"))


@blueprint.post("/sessions/end-others")
@requires(Action.SESSION_END, own_account)
def end_other_sessions() -> ResponseReturnValue:
    """End all own sessions but this one."""
    count = enrolment.end_other_sessions(current.actor())
    flash(
        ngettext("%(num)d other session was ended.", "%(num)d other sessions were ended.", count), "success"
    )
    return redirect(url_for(".sessions"))
