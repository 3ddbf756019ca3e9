"""Pages on which a second factor is shown: to complete a sign-in, or again in place before an act (step-up)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action, Freshness
from portal.identity import challenges, queries, text_codes
from portal.identity.challenges import CodeRejected
from portal.identity.sign_in import purpose_of
from portal.identity.states import CODE_MINUTES, CODE_TRIES
from portal.vocabulary import Method
from portal.web import current, labels
from portal.web.forms import ButtonForm, CodeForm
from portal.web.guard import own_account, public, requires
from portal.web.redirects import safe_next
from portal.web.second_factor.forms import StepUpForm
from portal.web.shell import offered_methods, page

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
        if method is Method.SMS:
            text_codes.ask_to_step_up(form.checked_number, wish["occasion"], current.actor())
            session["number_end"] = form.checked_number[-2:]
        return redirect(url_for(labels.METHOD_PAGES[method]))
    help_texts = {method.value: labels.METHOD_HELP[method] for method in methods}
    return page("second_factor/step_up.html", form=form, explanations=help_texts, wish=wish)


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
