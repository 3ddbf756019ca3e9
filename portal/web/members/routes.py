"""One role of a person, and what becomes of it: suspended, lifted, removed, limited, its administrator flag."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.access.authorise import authorise, may
from portal.certificates import impact
from portal.certificates.impact import Cause
from portal.certificates.states import ImpactReason
from portal.identity import queries as identity
from portal.roles import administrators, expiry, life, members, signatories
from portal.roles.changes import NotThere
from portal.roles.states import ENDING_REASONS, LIFTING_REASONS, RoleReason, RoleState
from portal.web import current
from portal.web.guard import requires
from portal.web.members.forms import LimitForm, ReasonForm, VersionedForm
from portal.web.shell import page

blueprint = Blueprint("members", __name__)


@blueprint.get("/roles/<int:role_id>")
@requires(Action.MEMBER_READ)
def role(role_id: int) -> ResponseReturnValue:
    """One role: how it stands, since when and why, and what the actor may do with it."""
    row, target = life.role_to_read(role_id, current.actor())
    shown = {row.account_id, row.changed_by or 0, row.decided_by or 0, row.proposed_by or 0}
    form = VersionedForm(formdata=None, version=row.version)
    cause = Cause(ImpactReason.ROLE_WRONG, str(row.id)).word
    return page(
        "members/role.html", form=form, people=identity.accounts_by_id(shown), **_facts(row, target),
        cause=cause if impact.may_look_at(row, current.actor()) else None,
    )  # fmt: skip


def _facts(row: Any, target: Any) -> dict[str, Any]:
    """The role with what the actor may do to it in its state, as every page about it needs them."""
    actor = current.actor()
    living = row.state in (RoleState.VALID, RoleState.SUSPENDED)
    return {
        "role": row,
        "person": identity.accounts_by_id([row.account_id])[row.account_id],
        "is_own": row.account_id == actor.account_id,
        "is_last": target.is_last,
        "certifies": target.certifies,
        "needs_two": members.naming_needs_two(row.organisation),
        "may": {
            action.value for action in Action if living and action in ACTS and may(actor, action, target)
        },
    }


ACTS = frozenset({
    Action.ADMINISTRATOR_NAME,
    Action.ADMINISTRATOR_REMOVE,
    Action.ROLE_LIFT,
    Action.ROLE_LIMIT,
    Action.ROLE_REMOVE,
    Action.ROLE_RENEW,
    Action.ROLE_SUSPEND,
    Action.SIGNING_ALLOW,
})  # fmt: skip


def _form_page(role_id: int, form: VersionedForm, action: Action, template: str) -> ResponseReturnValue:
    row, target = life.role_to_read(role_id, current.actor())
    authorise(current.actor(), action, target)
    if not form.is_submitted():
        form.version.data = str(row.version)
    return page(template, form=form, **_facts(row, target))


@blueprint.route("/roles/<int:role_id>/suspend", methods=["GET", "POST"])
@requires(Action.ROLE_SUSPEND)
def suspend(role_id: int) -> ResponseReturnValue:
    """Suspend the role, with a reason."""
    form = ReasonForm()
    form.offer(ENDING_REASONS)
    if not form.validate_on_submit():
        return _form_page(role_id, form, Action.ROLE_SUSPEND, "members/suspend.html")
    life.suspend(form.to_change(role_id), current.actor())
    flash(_("The role is suspended, and the person is told."), "success")
    return redirect(url_for(".role", role_id=role_id))


@blueprint.route("/roles/<int:role_id>/lift", methods=["GET", "POST"])
@requires(Action.ROLE_LIFT)
def lift(role_id: int) -> ResponseReturnValue:
    """Lift the suspension of the role, with a reason."""
    form = ReasonForm()
    form.offer(LIFTING_REASONS)
    if not form.validate_on_submit():
        return _form_page(role_id, form, Action.ROLE_LIFT, "members/lift.html")
    life.lift(form.to_change(role_id), current.actor())
    flash(_("The role is valid again, and the person is told."), "success")
    return redirect(url_for(".role", role_id=role_id))


@blueprint.route("/roles/<int:role_id>/remove", methods=["GET", "POST"])
@requires(Action.ROLE_REMOVE)
def remove(role_id: int) -> ResponseReturnValue:
    """Remove the role, with a reason; the last administrator's with a warning before."""
    form = ReasonForm()
    form.offer(ENDING_REASONS)
    if not form.validate_on_submit():
        return _form_page(role_id, form, Action.ROLE_REMOVE, "members/remove.html")
    life.remove(form.to_change(role_id), current.actor())
    flash(_("The role is removed, and the person is told."), "success")
    return redirect(url_for(".role", role_id=role_id))


@blueprint.route("/roles/<int:role_id>/give-up", methods=["GET", "POST"])
@requires(Action.ROLE_REMOVE)
def give_up(role_id: int) -> ResponseReturnValue:
    """Give up an own role: no reason is asked."""
    form, actor = VersionedForm(), current.actor()
    row, target = life.role_to_read(role_id, actor)
    if row.account_id != actor.account_id:
        raise NotThere
    if form.validate_on_submit():
        life.remove(life.Change(role_id, form.seen(), RoleReason.OWN_WISH), actor)
        flash(_("You have given the role up."), "success")
        return redirect(url_for("role_requests.profile"))
    authorise(actor, Action.ROLE_REMOVE, target)
    form.version.data = str(row.version)
    return page("members/give_up.html", form=form, **_facts(row, target))


@blueprint.route("/roles/<int:role_id>/last-day", methods=["GET", "POST"])
@requires(Action.ROLE_LIMIT)
def limit(role_id: int) -> ResponseReturnValue:
    """Set, move or take away the last day of the role."""
    form, actor = LimitForm(), current.actor()
    if form.validate_on_submit():
        expiry.set_limit(form.to_limit(role_id), actor)
        flash(_("The last day is kept, and the person is told."), "success")
        return redirect(url_for(".role", role_id=role_id))
    row, target = life.role_to_read(role_id, actor)
    authorise(actor, Action.ROLE_LIMIT, target)
    if not form.is_submitted():
        form.version.data, form.last_day.data = str(row.version), row.valid_until
    return page("members/limit.html", form=form, **_facts(row, target))


@blueprint.post("/roles/<int:role_id>/renew")
@requires(Action.ROLE_RENEW)
def renew(role_id: int) -> ResponseReturnValue:
    """Ask that the role should go on after its last day."""
    form = VersionedForm()
    if form.validate_on_submit() and expiry.ask_renewal(role_id, current.actor()):
        flash(_("Those who may set another last day are told."), "success")
    else:
        flash(_("More time was asked for already, or the role has no last day."), "info")
    return redirect(url_for(".role", role_id=role_id))


@blueprint.route("/roles/<int:role_id>/administrator", methods=["GET", "POST"])
@requires(Action.ADMINISTRATOR_NAME)
def name(role_id: int) -> ResponseReturnValue:
    """Make the person administrator, or the first of the two steps to it."""
    form, actor = VersionedForm(), current.actor()
    if form.validate_on_submit():
        if administrators.name(role_id, form.seen(), actor):
            flash(_("The person is administrator now and is told."), "success")
        else:
            flash(_("You have proposed it. Another administrator must confirm it."), "success")
        return redirect(url_for(".role", role_id=role_id))
    return _form_page(role_id, form, Action.ADMINISTRATOR_NAME, "members/name.html")


@blueprint.route("/roles/<int:role_id>/no-administrator", methods=["GET", "POST"])
@requires(Action.ADMINISTRATOR_REMOVE)
def unname(role_id: int) -> ResponseReturnValue:
    """Take the administrator flag, or withdraw the proposal to give it; the last one's with a warning before."""
    form, actor = VersionedForm(), current.actor()
    if form.validate_on_submit():
        administrators.unname(role_id, form.seen(), actor)
        flash(_("It is done: this person does not administer the organisation."), "success")
        return redirect(url_for(".role", role_id=role_id))
    return _form_page(role_id, form, Action.ADMINISTRATOR_REMOVE, "members/unname.html")


@blueprint.route("/roles/<int:role_id>/may-sign", methods=["GET", "POST"])
@requires(Action.SIGNING_ALLOW)
def allow_signing(role_id: int) -> ResponseReturnValue:
    """Let the person sign certificates in the name of the organisation."""
    form, actor = VersionedForm(), current.actor()
    if form.validate_on_submit():
        signatories.allow(role_id, form.seen(), actor)
        flash(_("The person may sign certificates now and is told."), "success")
        return redirect(url_for(".role", role_id=role_id))
    return _form_page(role_id, form, Action.SIGNING_ALLOW, "members/allow_signing.html")


@blueprint.route("/roles/<int:role_id>/may-not-sign", methods=["GET", "POST"])
@requires(Action.SIGNING_ALLOW)
def end_signing(role_id: int) -> ResponseReturnValue:
    """The person no longer signs; what was signed stays valid."""
    form, actor = VersionedForm(), current.actor()
    if form.validate_on_submit():
        signatories.end(role_id, form.seen(), actor)
        flash(_("The person no longer signs certificates and is told."), "success")
        return redirect(url_for(".role", role_id=role_id))
    return _form_page(role_id, form, Action.SIGNING_ALLOW, "members/end_signing.html")
