"""The own profile in an environment: roles and requests, the way to a new one, the way back from one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.access.actor import Actor, WantedRole
from portal.access.authorise import authorise, may
from portal.identity import queries as identity
from portal.roles import deciders, queries, questions, requesting, whereabouts
from portal.roles.states import RejectReason, RoleState
from portal.vocabulary import OrganisationKind
from portal.web import current, labels, queue_words
from portal.web.guard import nothing, requires
from portal.web.profiles import profiles_of
from portal.web.role_requests.forms import AnswerForm, WithdrawForm
from portal.web.shell import page

blueprint = Blueprint("role_requests", __name__)
SEARCHES = {
    OrganisationKind.OPERATOR: "directory.operators",
    OrganisationKind.CONTROL_BODY: "directory.control_bodies",
    OrganisationKind.AUTHORITY: "directory.authorities",
}
ALWAYS = (RoleState.REQUESTED, RoleState.SUSPENDED, RoleState.VALID)
"""The chips of S3; «Rejected» joins them when there is one."""


@dataclass(frozen=True)
class Chip:
    """One filter of the table with its count, which stays whatever is filtered."""

    label: str
    count: int
    is_on: bool
    url: str


@blueprint.get("/")
@requires(Action.PROFILE_READ, nothing)
def entrance() -> ResponseReturnValue:
    """The environment's own address leads to the profile."""
    return redirect(url_for(".profile"))


@blueprint.get("/profile")
@requires(Action.PROFILE_READ, nothing)
def profile() -> ResponseReturnValue:
    """The roles of a person here; without any, the page that offers the three types of organisation."""
    actor = current.actor()
    roles = queries.roles_of(actor.account_id)
    if not roles:
        return _choice(actor)
    chips, shown = _chips(roles)
    waiting = [role.id for role in roles if role.state == RoleState.REQUESTED]
    return page(
        "role_requests/profile.html",
        roles=[role for role in roles if role.state in shown],
        chips=chips,
        deciders=deciders.nearest_deciders(waiting) if waiting else {},
        account=current.account(),
        may_ask=_may_ask(actor),
        profiles=profiles_of(
            [role.organisation for role in roles if role.state == "valid"], current.language()
        ),
    )


def _chips(roles: Sequence[Any]) -> tuple[list[Chip], list[str]]:
    counts = Counter(role.state for role in roles)
    states = [*ALWAYS, *([RoleState.REJECTED] if counts[RoleState.REJECTED] else [])]
    asked = request.args.getlist("status")
    shown = [state.value for state in states if not asked or state.value in asked]
    return [_chip(state, counts[state], states, shown) for state in states], shown


def _chip(state: RoleState, count: int, states: list[RoleState], shown: list[str]) -> Chip:
    left = [one.value for one in states if (one.value in shown) != (one is state)]
    url = url_for(".profile", status=left or "none")
    return Chip(str(labels.ROLE_STATES[state]), count, state.value in shown, url)


def _may_ask(actor: Actor) -> bool:
    kind = actor.kind or OrganisationKind.OPERATOR
    return may(actor, Action.ROLE_REQUEST, WantedRole(actor.account_id, kind))


def _choice(actor: Actor) -> ResponseReturnValue:
    addresses = {kind.value: url_for(endpoint) for kind, endpoint in SEARCHES.items()}
    has_role = actor.kind is not None
    return page("role_requests/new.html", account=current.account(), addresses=addresses, has_role=has_role)


@blueprint.get("/role-requests/new")
@requires(Action.PROFILE_READ, nothing)
def new() -> ResponseReturnValue:
    """«Request authorisation»: three types, or straight to the search of the type that is held (S3)."""
    actor = current.actor()
    return redirect(url_for(SEARCHES[actor.kind])) if actor.kind else _choice(actor)


@blueprint.route("/role-requests/<int:role_id>/withdraw", methods=["GET", "POST"])
@requires(Action.ROLE_WITHDRAW)
def withdraw(role_id: int) -> ResponseReturnValue:
    """Asks whether to take a request back; the button does it."""
    form = WithdrawForm()
    if form.validate_on_submit():
        role = requesting.withdraw_role(role_id, current.actor())
        flash(
            _("Your request for %(organisation)s was withdrawn.", organisation=role.organisation.name),
            "success",
        )
        return redirect(url_for(".profile"))
    role = requesting.request_to_withdraw(role_id, current.actor())
    return page("role_requests/withdraw.html", form=form, role=role)


@blueprint.get("/role-requests/<int:role_id>")
@requires(Action.ROLE_FOLLOW)
def show(role_id: int) -> ResponseReturnValue:
    """Where the own request is and what happens next; after its end, what to do."""
    return _show(role_id, AnswerForm(formdata=None))


def _show(role_id: int, form: AnswerForm, status: int = 200) -> ResponseReturnValue:
    role = whereabouts.own_request(role_id, current.actor())
    found = whereabouts.whereabouts(role) if role.state == RoleState.REQUESTED else None
    messages = questions.thread(role.id)
    return page(
        "role_requests/show.html",
        status,
        form=form,
        role=role,
        found=found,
        usual=format_timedelta(found.usual) if found and found.usual is not None else "",
        messages=messages,
        people=identity.accounts_by_id({message.author_id for message in messages}),
        reason=labels.REJECT_REASONS[RejectReason(role.reason_code)]
        if role.state == RoleState.REJECTED and role.reason_code
        else None,
        **_after_the_end(role),
    )


def _after_the_end(role: Any) -> dict[str, Any]:
    """What to do after a refusal or one's own withdrawal, with the way to ask again where one may."""
    if role.state not in (RoleState.REJECTED, RoleState.WITHDRAWN):
        return {}
    own = _("You withdrew this request. You can ask again whenever you like.")
    withdrawn = role.state == RoleState.WITHDRAWN
    kind = OrganisationKind(role.kind)
    again = may(current.actor(), Action.ROLE_REQUEST, WantedRole(role.account_id, kind))
    row = role.scope_id or role.organisation_id
    return {
        "advice": own
        if withdrawn
        else queue_words.ADVICE.get(role.reason_code, queue_words.ADVICE[RejectReason.OTHER]),
        "ask_again": url_for("directory.confirm", kind=kind.value, row=row) if again else None,
    }


@blueprint.post("/role-requests/<int:role_id>/answer")
@requires(Action.ROLE_ANSWER)
def answer(role_id: int) -> ResponseReturnValue:
    """The answer to what a validator asked; the request is to be decided again."""
    form, actor = AnswerForm(), current.actor()
    if not form.validate_on_submit():
        authorise(actor, Action.ROLE_ANSWER, queries.target_of(whereabouts.own_request(role_id, actor)))
        return _show(role_id, form, 422)
    try:
        questions.answer(role_id, form.text.data or "", actor)
    except questions.NothingAsked:
        flash(_("No question waits for an answer any more."), "info")
    else:
        flash(_("Your answer was sent. The request is to be decided again."), "success")
    return redirect(url_for(".show", role_id=role_id))
