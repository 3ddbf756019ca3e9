"""Pages on which a second factor is shown: to complete a sign-in, or again in place before an act (step-up)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action, Freshness
from portal.identity import app_codes, approvals, challenges, factor_challenges, queries, text_codes
from portal.identity.challenges import CodeRejected
from portal.identity.sign_in import purpose_of
from portal.identity.states import (
    APP_CHALLENGE_MINUTES,
    APP_REQUEST_MINUTES,
    APP_REQUESTS_AT_ONCE,
    CODE_MINUTES,
    CODE_TRIES,
)
from portal.vocabulary import Method
from portal.web import current, labels
from portal.web.forms import ButtonForm, CodeForm
from portal.web.guard import own_account, public, requires
from portal.web.redirects import safe_next
from portal.web.second_factor.forms import AppCodeForm, StepUpForm
from portal.web.shell import offered_methods, page

if TYPE_CHECKING:
    from portal.identity.models import SignIn

blueprint = Blueprint("second_factor", __name__)
HALF = "whoever gave the right password, or is signed in, shows the second factor here"


def _begin_again() -> ResponseReturnValue:
    """Nothing is awaited in this browser: back to where the factor is chosen."""
    if "step_up" in session and current.sign_in_row() is not None:
        return redirect(url_for(".step_up"))
    return redirect(url_for("sign_in.begin", next=session.get("next") or None))


def _occasion() -> str:
    word = request.args.get("occasion", "")
    return word if word in {member.value for member in Freshness} else Freshness.SHOWN.value


@blueprint.route("/step-up", methods=["GET", "POST"])
@requires(Action.STEP_UP, own_account)
def step_up() -> ResponseReturnValue:
    """Confirm with a second factor in the open session, then go on where one was: no password, no new sign-in."""
    if request.method == "GET" and request.args.get("next"):
        target = safe_next(request.args.get("next")) or url_for("account.cards")
        current.step_up_to(target, _occasion())
    wish = session.get("step_up") or {"next": url_for("account.cards"), "occasion": Freshness.SHOWN.value}
    session["step_up"] = wish
    methods = offered_methods(wish["next"], decision=wish["occasion"] == Freshness.DECISIONS)
    form = StepUpForm().offer(methods)
    if form.validate_on_submit():
        method = Method(form.method.data)
        _ask_for(method, form, wish["occasion"])
        return redirect(url_for(labels.METHOD_PAGES[method]))
    help_texts = {method.value: labels.METHOD_HELP[method] for method in methods}
    return page("second_factor/step_up.html", form=form, explanations=help_texts, wish=wish)


def _ask_for(method: Method, form: StepUpForm, occasion: str) -> None:
    """The code or request that is sent before the page of the method."""
    if method is Method.SMS:
        text_codes.ask_to_step_up(form.checked_number, occasion, current.actor())
        session["number_end"] = form.checked_number[-2:]
    elif method in (Method.APP_QR, Method.APP_PIN):
        app_codes.ask_to_step_up(method, current.actor())


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public(HALF)
def code() -> ResponseReturnValue:
    """The code of the SMS; right, wrong and never sent look the same until it is typed."""
    row = current.awaiting_factor(Method.SMS)
    if row is None:
        return _begin_again()
    form = CodeForm()
    try:
        if form.validate_on_submit():
            token = text_codes.submit_code(row, form.typed, session.get("replacing"))
            return redirect(current.arrive(token) or url_for("sign_in.done"))
        challenges.check_is_open(queries.challenge_by_sign_in(row.id, purpose_of(row).value))
    except CodeRejected as rejected:
        if rejected.is_dead:
            return _dead_code()
        form.refuse(CODE_TRIES)
    ending = session.get("number_end", "")
    return page(
        "second_factor/code.html",
        form=form,
        button=ButtonForm(),
        ending=ending,
        minutes=CODE_MINUTES,
        stepping_up="step_up" in session,
    )


def _dead_code() -> ResponseReturnValue:
    again = url_for(".step_up") if "step_up" in session else url_for("sign_in.password")
    return page("second_factor/code_dead.html", 410, tries=CODE_TRIES, minutes=CODE_MINUTES, again=again)


@blueprint.post("/sign-in/code/again")
@public(HALF)
def code_again() -> ResponseReturnValue:
    """The same code once more; neither its life nor its tries begin anew."""
    row = current.awaiting_factor(Method.SMS)
    try:
        if row is None:
            raise CodeRejected(is_dead=True)
        text_codes.send_code_again(row)
    except CodeRejected:
        return _dead_code()
    flash(_("The same code is being sent again to the number you typed."), "info")
    return redirect(url_for(".code"))


def _other_method() -> str:
    """Where another method is chosen."""
    return url_for(".step_up") if "step_up" in session else url_for("sign_in.password")


@blueprint.route("/sign-in/app", methods=["GET", "POST"])
@public(HALF)
def app() -> ResponseReturnValue:
    """The QR code for the app, and the code it answers with; the same for people who have no app."""
    row = current.awaiting_factor(Method.APP_QR)
    if row is None:
        return _begin_again()
    form = AppCodeForm()
    answer = _answer_to_code(row, form) if form.validate_on_submit() else None
    if answer is not None:
        return answer
    shown = app_codes.shown(row)
    if shown.standing != factor_challenges.WAITING:
        return _too_many(".app_again") if shown.standing == factor_challenges.MANY else _qr_code_over()
    facts = {"minutes": APP_CHALLENGE_MINUTES, "stepping_up": "step_up" in session, "other": _other_method()}
    return page("second_factor/app.html", 200, form=form, shown=shown, **facts)


def _answer_to_code(row: SignIn, form: AppCodeForm) -> ResponseReturnValue | None:
    """Where the typed code leads; None where it may be typed once more."""
    try:
        token = app_codes.submit(row, form.typed, session.get("replacing"))
    except CodeRejected as rejected:
        form.refuse(CODE_TRIES)
        return _qr_code_over() if rejected.is_dead else None
    return redirect(current.arrive(token) or url_for("sign_in.done"))


def _qr_code_over() -> ResponseReturnValue:
    minutes, other = APP_CHALLENGE_MINUTES, _other_method()
    return page("second_factor/app_over.html", 410, minutes=minutes, tries=CODE_TRIES, other=other)


def _too_many(again: str) -> ResponseReturnValue:
    address, other = url_for(again), _other_method()
    return page(
        "second_factor/too_many_requests.html", 429, most=APP_REQUESTS_AT_ONCE, again=address, other=other
    )


@blueprint.post("/sign-in/app/again")
@public(HALF)
def app_again() -> ResponseReturnValue:
    """A new QR code; the one before is worth nothing from now on."""
    row = current.awaiting_factor(Method.APP_QR)
    if row is None:
        return _begin_again()
    return redirect(url_for(".app")) if app_codes.ask(row, Method.APP_QR) else _too_many(".app_again")


@blueprint.route("/sign-in/approval", methods=["GET", "POST"])
@public(HALF)
def approval() -> ResponseReturnValue:
    """A request is on the telephone; once it is accepted there, this page goes on by itself or by its button."""
    row = current.awaiting_factor(Method.APP_PIN)
    if row is None:
        return _begin_again()
    challenge, form = approvals.newest_of(row), ButtonForm()
    standing = approvals.standing(challenge)
    if standing == factor_challenges.MANY:
        return _too_many(".approval_again")
    if standing in (approvals.REFUSED, factor_challenges.OVER):
        return _over(standing)
    if form.validate_on_submit() and standing == approvals.APPROVED:
        return _completed(row)
    facts = {"standing": standing, "minutes": APP_REQUEST_MINUTES, "other": _other_method()}
    return page("second_factor/approval.html", 200, form=form, challenge=challenge, **facts)


def _completed(row: SignIn) -> ResponseReturnValue:
    try:
        token = approvals.complete(row, session.get("replacing"))
    except CodeRejected:
        return _over(factor_challenges.OVER)
    return redirect(current.arrive(token) or url_for("sign_in.done"))


def _over(standing: str) -> ResponseReturnValue:
    minutes, other = APP_REQUEST_MINUTES, _other_method()
    return page("second_factor/approval_over.html", 410, standing=standing, minutes=minutes, other=other)


@blueprint.get("/sign-in/approval/state")
@public(HALF)
def approval_state() -> ResponseReturnValue:
    """Asked by the page every two seconds: one word."""
    row = current.awaiting_factor(Method.APP_PIN)
    return jsonify(state=approvals.standing(approvals.newest_of(row)) if row is not None else "gone")


@blueprint.post("/sign-in/approval/again")
@public(HALF)
def approval_again() -> ResponseReturnValue:
    """Another request; the one before is worth nothing from now on."""
    row = current.awaiting_factor(Method.APP_PIN)
    if row is None:
        return _begin_again()
    made = app_codes.ask(row, Method.APP_PIN)
    return redirect(url_for(".approval")) if made else _too_many(".approval_again")
