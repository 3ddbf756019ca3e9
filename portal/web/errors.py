"""From a refusal to its page, once: what happened, why, and who can help; the data stay as they were."""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from portal import workflow
from portal.access import rules, rules_queue
from portal.access.actions import Action
from portal.access.actor import Actor, OwnAccount, RequestedRole
from portal.access.authorise import Hidden, Refused, StepUpNeeded, may
from portal.audit import trail
from portal.environments import environment
from portal.environments.announced import EnvironmentClosed
from portal.identity.factors import NotThere as NoSuchFactor
from portal.identity.security_keys import MalformedAnswer
from portal.limits.ledger import TooMany
from portal.notices.announcing import ChangedMeanwhile
from portal.organisations.queries import organisations_by_id
from portal.roles import members
from portal.roles.changes import AlreadyDecided, NotThere, RoleChanged
from portal.vocabulary import SECOND_FACTORS
from portal.web import certificate_refusals, closed, current, denials, faster
from portal.web.guard import SAFE_METHODS
from portal.web.redirects import safe_next
from portal.web.shell import Shell, page
from portal.web.shown import Entry

log = structlog.get_logger()
PROTECTION = frozenset({
    Action.EMAIL_CHANGE,
    Action.FACTOR_REMOVE,
    Action.PASSWORD_CHANGE,
    Action.PERSONAL_DATA_CHANGE,
    Action.RECOVERY_CODES_MAKE,
    Action.TELEPHONE_REMOVE,
})  # fmt: skip
DECISIONS = frozenset({Action.ROLE_VALIDATE, Action.ROLE_REJECT, Action.ROLE_WITHDRAW, Action.ROLE_READ})
DECISIONS |= {Action.ROLE_ASK, Action.ROLE_ANSWER, Action.ROLE_FOLLOW}


def register_errors(app: Flask) -> None:
    """Every refusal has its page."""
    app.register_error_handler(current.NotSignedIn, to_sign_in)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(StepUpNeeded, step_up)
    app.register_error_handler(TooMany, too_many)
    app.register_error_handler(NotThere, no_such_request)
    app.register_error_handler(workflow.NotThere, no_such_request)
    app.register_error_handler(NoSuchFactor, no_such_request)
    app.register_error_handler(AlreadyDecided, faster.already_decided)
    app.register_error_handler(RoleChanged, faster.role_changed)
    app.register_error_handler(EnvironmentClosed, closed.closed)
    app.register_error_handler(ChangedMeanwhile, closed.changed_meanwhile)
    certificate_refusals.register(app)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(MalformedAnswer, malformed)
    app.register_error_handler(SecurityError, foreign_host)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, failure)


def to_sign_in(_error: Exception) -> ResponseReturnValue:
    """The page needs a person: sign in, then come back."""
    return redirect(url_for("sign_in.begin", next=_way_back()))


def _way_back() -> str:
    return request.full_path.rstrip("?") if request.method in SAFE_METHODS else _entrance()


def _entrance() -> str:
    here = environment.current_or_none()
    return url_for("role_requests.profile") if here else url_for("account.cards")


def refused(error: Refused) -> ResponseReturnValue:
    """A rule said no: 404 for what one may not know of, a second factor where that is what is missing, else 403."""
    actor = current.actor_or_none()
    if actor is None:
        return to_sign_in(error)
    denials.record(actor, error.action, error.target)
    if place := current.profile_that_may(actor, error.action, error.target):
        found = organisations_by_id([place])
        return page("errors/other_profile.html", 403, organisation=found[place])
    if _is_hidden(error, actor):
        return page("errors/not_found.html", 404)
    if _wants_mailbox(error, actor):
        return page("account/mailbox.html", 403)
    if error.action in PROTECTION:
        return _not_now(actor)
    if certificate_refusals.is_for_want_of_a_factor(error, actor):
        return certificate_refusals.without_a_factor(_way_back(), actor)
    if environment.current_or_none() is not None and not rules.has_passed_the_gate(actor):
        return _at_the_gate(actor)
    return page("errors/refused.html", 403)


def step_up(error: StepUpNeeded) -> ResponseReturnValue:
    """The second factor is not fresh enough: it is shown in place, then the person is back on the same page."""
    actor = current.actor()
    if not may(actor, Action.STEP_UP, OwnAccount(actor.account_id)):
        if request.method in SAFE_METHODS and session.get("_flashes"):
            # A factor was just added and its list is closed to this session: told on the page that is open.
            return redirect(url_for("account.cards"))
        return page("errors/recovery_session.html", 403)
    if request.method in SAFE_METHODS:
        back = request.full_path.rstrip("?")
    else:
        if error.action in certificate_refusals.NEEDS_A_FACTOR:
            denials.record(actor, error.action, error.target)
        own_page = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
        back = request.path if own_page else safe_next(urlsplit(request.referrer or "").path) or _entrance()
        if "_flashes" not in session:  # said once, however often a script asks
            flash(
                _("Nothing has been done yet. Confirm with your second factor, then press the button again."),
                "info",
            )
    return redirect(url_for("second_factor.step_up", next=back, occasion=error.action.freshness.value))


def _at_the_gate(actor: Actor) -> ResponseReturnValue:
    """What closes this environment (S0, S2), and the way on."""
    back = _way_back()
    title, reason, advice = _why_closed(actor)
    links = [Entry(_("My Account"), url_for("account.cards"))]
    if actor.has_factor and not actor.is_suspended:
        step_up = url_for("second_factor.step_up", next=back)
        links.insert(0, Entry(_("Confirm with a second factor"), step_up))
    return page("errors/refused.html", 403, title=title, reason=reason, advice=advice, links=links)


def _why_closed(actor: Actor) -> tuple[str, str, str]:
    """Title, reason and advice: a suspension, a method that is not accepted, or a password alone."""
    title = _("A second factor is needed here")
    alone = _(
        "You signed in with your password alone. This environment opens with two-factor authentication only."
    )
    if actor.is_suspended:
        return (
            _("Your access here is suspended"),
            _(
                "All your second factors were removed. Until somebody vouches for you, this environment stays closed."
            ),
            _who_lifts(actor),
        )
    if actor.second_factor_at and actor.method in SECOND_FACTORS and actor.method not in actor.policy.methods:
        refused = _("This environment does not accept the method you signed in with.")
        return title, refused, _("Confirm with another second factor, and you come back to this page.")
    if actor.has_factor:
        return title, alone, _("Confirm with your second factor, and you come back to this page.")
    return title, alone, _("Add a second factor in «My Account», then confirm with it.")


def _who_lifts(actor: Actor) -> str:
    names = members.who_can_lift(actor.account_id)
    if not names:
        return _("Add a new second factor in «My Account», then ask the authority above your organisation.")
    return _(
        "Add a new second factor in «My Account», then ask one of these to lift the suspension, the nearest first: "
        "%(organisations)s.",
        organisations=", ".join(names),
    )


def _is_hidden(error: Refused, actor: Actor) -> bool:
    if isinstance(error, Hidden):
        return rules.has_passed_the_gate(actor)
    if error.action not in DECISIONS or not isinstance(error.target, RequestedRole):
        return False
    known = may(actor, Action.ROLE_READ, error.target) or rules_queue.is_colleague_of(actor, error.target)
    return rules.has_passed_the_gate(actor) and not known


def _not_now(actor: Actor) -> ResponseReturnValue:
    """Why what identifies and protects the person cannot be changed at this moment."""
    cards = Entry(_("My Account"), url_for("account.cards"))
    if actor.is_resting:
        title = _("This rests for a day")
        reason = _(
            "You used a recovery code less than 24 hours ago. Until then nothing that protects your account changes."
        )
        advice = _("An administrator of your organisation who recognises you can end the wait.")
    else:
        title, reason = _("Add a second factor first"), _("A password alone cannot change this.")
        advice = _("Add a second factor in «My Account», then come back.")
    return page("errors/refused.html", 403, title=title, reason=reason, advice=advice, links=[cards])


def _wants_mailbox(error: Refused, actor: Actor) -> bool:
    adds = error.action in (Action.TELEPHONE_ADD, Action.FACTOR_ADD)
    return adds and not actor.has_factor and actor.holds_role_anywhere


def too_many(error: TooMany) -> ResponseReturnValue:
    """A limit is reached: when to try again, in the header and in words."""
    seconds = max(1, math.ceil(error.retry_after.total_seconds()))
    log.warning("limit reached", limit=error.name, retry_after=seconds)
    body, status = page("errors/too_many.html", 429, retry_at=_waiting_time(seconds))
    return body, status, {"Retry-After": str(seconds)}


def _waiting_time(seconds: int) -> str:
    if seconds < 90:
        return ngettext(
            "You can try again in %(num)d second.", "You can try again in %(num)d seconds.", seconds
        )
    minutes = math.ceil(seconds / 60)
    return ngettext("You can try again in %(num)d minute.", "You can try again in %(num)d minutes.", minutes)


def no_such_request(_error: Exception) -> ResponseReturnValue:
    """Unknown, of another environment, or of somebody whose requests one may not see: all the same."""
    return page("errors/not_found.html", 404)


def stale_form(_error: CSRFError) -> ResponseReturnValue:
    """The form's token is missing or old: nothing was done, the page can be opened again."""
    return page("errors/bad_request.html", 400, stale=True)


def malformed(error: MalformedAnswer) -> ResponseReturnValue:
    """What a key's script sent has not the shape of an answer: logged by the name of the part, nothing changed."""
    log.warning("malformed answer of a key", part=str(error))
    return page("errors/bad_request.html", 400)


def foreign_host(_error: SecurityError) -> ResponseReturnValue:
    """The request names a host that is not ours: no page, because no link could be made for it."""
    return "400 Bad Request\n", 400, {"Content-Type": "text/plain"}


def http_error(error: HTTPException) -> ResponseReturnValue:
    """The few answers that Werkzeug gives, as pages of ours."""
    if error.response is not None or error.code is None or error.code < 400:
        return error
    template = {404: "not_found", 405: "bad_request", 403: "refused", 410: "expired"}.get(error.code)
    if template is None:
        template = "failure" if error.code >= 500 else "bad_request"
    headers = [(k, v) for k, v in error.get_headers() if k in ("Allow", "Retry-After")]
    body, status = page(f"errors/{template}.html", error.code, incident=trail.correlation.get())
    return body, status, headers


def failure(error: Exception) -> ResponseReturnValue:
    """A fault of ours: logged with its id; the page shows the id and nothing else."""
    log.error("failure", exc_info=error, route=str(request.url_rule or ""))
    return _bare("errors/failure.html", 500)


def unavailable(error: Exception) -> ResponseReturnValue:
    """The database is locked or gone: nothing half done, try again."""
    log.error("database unavailable", error=type(error).__name__)
    body, status = _bare("errors/unavailable.html", 503)
    return body, status, {"Retry-After": "10"}


def _bare(template: str, status: int) -> tuple[str, int]:
    # Rendered without the person: asking the database again could fail again.
    shell: Any = Shell(without_person=True)
    return render_template(template, shell=shell, incident=trail.correlation.get()), status
