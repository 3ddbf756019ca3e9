"""Losing factors: recovery codes made and used, PANIC, and the page behind its link."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, session, url_for
from flask.typing import ResponseReturnValue

from portal.access.actions import Action
from portal.access.rules import has_a_fresh_second_factor
from portal.identity import links, panic, recovery
from portal.identity.challenges import CodeRejected
from portal.identity.links import LinkNotGood, LinkUnknown
from portal.identity.states import CODE_TRIES, LINK_MINUTES, RECOVERY_MINUTES, LinkPurpose
from portal.vocabulary import Method
from portal.web import current
from portal.web.forms import ButtonForm
from portal.web.guard import own_account, public, requires
from portal.web.recovery.forms import PanicForm, RecoveryForm
from portal.web.shell import page

blueprint = Blueprint("recovery", __name__)
PANIC = frozenset({LinkPurpose.PANIC})


@blueprint.get("/account/recovery-codes")
@requires(Action.FACTOR_READ, own_account)
def codes() -> ResponseReturnValue:
    """How many are left, and the button that makes ten new ones."""
    left = recovery.left(current.actor().account_id)
    return page("recovery/codes.html", left=left, most=recovery.CODES, form=ButtonForm())


@blueprint.post("/account/recovery-codes")
@requires(Action.RECOVERY_CODES_MAKE, own_account)
def make_codes() -> ResponseReturnValue:
    """Ten new codes, on this page and nowhere else ever again."""
    return page("recovery/make_codes.html", codes=recovery.make(current.actor()))


@blueprint.route("/sign-in/recovery", methods=["GET", "POST"])
@public("whoever gave the right password may type a recovery code here")
def sign_in_with_code() -> ResponseReturnValue:
    """A recovery code instead of the lost factor: the session only adds a new one."""
    row = current.awaiting_factor(Method.RECOVERY_CODE)
    if row is None or "step_up" in session:
        return redirect(url_for("sign_in.begin"))
    form = RecoveryForm()
    try:
        if form.validate_on_submit():
            current.arrive(recovery.submit(row, form.code.data, session.get("replacing")))
            return redirect(url_for("account.cards"))
    except CodeRejected as rejected:
        if rejected.is_dead:
            return page("recovery/code_dead.html", 410, tries=CODE_TRIES, minutes=RECOVERY_MINUTES)
        form.refuse(CODE_TRIES)
    return page("recovery/sign_in_with_code.html", form=form)


@blueprint.route("/account/panic", methods=["GET", "POST"])
@requires(Action.ACCOUNT_PANIC, own_account)
def press_panic() -> ResponseReturnValue:
    """«Delete all my devices and eID (PANIC)»: what happens, the word, and then at once or through the mailbox."""
    form, actor = PanicForm(), current.actor()
    at_once = has_a_fresh_second_factor(actor)
    if form.validate_on_submit():
        if not panic.press(current.network(), current.browser(), actor):
            return page("recovery/panic_sent.html", minutes=LINK_MINUTES)
        current.end_session()
        return page("recovery/panic_done.html")
    return page("recovery/press_panic.html", form=form, at_once=at_once)


@blueprint.route("/panic/<token>", methods=["GET", "POST"])
@public("whoever has the link of the mail opens it")
def follow_panic(token: str) -> ResponseReturnValue:
    """The page behind the link in the mailbox; only its button acts."""
    form, browser = ButtonForm(), current.browser_token()
    try:
        if not form.validate_on_submit():
            links.good_link(token, PANIC, browser)
            return page("recovery/follow_panic.html", form=form, token=token)
        panic.follow(token, current.network(), current.browser(), browser)
    except LinkUnknown:
        abort(404)
    except LinkNotGood:
        return page("recovery/panic_dead.html", 410, minutes=LINK_MINUTES)
    current.end_session()
    return page("recovery/panic_done.html")
