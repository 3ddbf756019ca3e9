"""People of the organisations one administers or stands above: the list, one person, and vouching for a person."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.access.authorise import authorise, may
from portal.access.rules import is_responsible_for
from portal.audit import factor_events, trail
from portal.environments import environment
from portal.identity import queries as identity
from portal.identity import standing
from portal.identity.states import Recognised
from portal.paging import Place
from portal.roles import lifting, members
from portal.roles.changes import NotThere
from portal.roles.lifting import AlreadyLifted
from portal.roles.members import Which
from portal.web import current, exporting, labels, listings, menu
from portal.web.administration.forms import LiftForm
from portal.web.forms import ButtonForm
from portal.web.guard import allowed_commit, nothing, requires
from portal.web.shell import page, text_messages_end

blueprint = Blueprint("administration", __name__)


@blueprint.get("")
@requires(Action.PROFILE_READ, nothing)
def home() -> ResponseReturnValue:
    """Everything this person may open beside the menu bar, as cards."""
    return page("administration/home.html", groups=menu.cards_for(current.actor()))


@blueprint.get("/members")
@requires(Action.MEMBERS_READ, nothing)
def people() -> ResponseReturnValue:
    """Who holds or asks for a role in the actor's scope, and how each stands with the second factor."""
    word = request.args.get("which", Which.ALL.value)
    which = Which(word) if word in {member.value for member in Which} else Which.ALL
    place = Place(request.args.get("after", ""), request.args.get("before", ""))
    actor = current.actor()
    if file := exporting.file_of(listings.MEMBERS, lambda at: members.members_for(actor, which, at)):
        return file
    found = members.members_for(actor, which, place)
    ids = {role.account_id for role in found.rows}
    return page(
        "administration/people.html",
        found=found,
        which=which,
        filters=labels.MEMBER_FILTERS,
        people=identity.accounts_by_id(ids),
        standings=standing.of_people(ids, environment.current().value),
        ending=text_messages_end(),
        without=members.without_administrator({role.organisation_id for role in found.rows}),
    )


@blueprint.get("/members/<int:account_id>")
@requires(Action.SUSPENSION_READ, nothing)
def person(account_id: int) -> ResponseReturnValue:
    """One person: roles, how things stand, and what the actor may do about it."""
    answer = _person(account_id, LiftForm())
    with allowed_commit("evidence-read"):
        trail.record_apart(factor_events.StandingRead(account_id), current.actor())
    return answer


def _person(account_id: int, form: LiftForm) -> ResponseReturnValue:
    actor, target = current.actor(), members.member(account_id)
    if not is_responsible_for(actor, target):
        raise NotThere
    key = environment.current().value
    return page(
        "administration/person.html",
        form=form,
        button=ButtonForm(),
        person=identity.accounts_by_id([account_id])[account_id],
        roles=members.roles_held(account_id),
        standing=standing.of_people([account_id], key)[account_id],
        suspension=standing.open_suspension(account_id, key),
        name=standing.waiting_name(account_id),
        needs_two=members.needs_two(account_id),
        may_lift=may(actor, Action.SUSPENSION_LIFT, target),
        is_own=account_id == actor.account_id,
        vouched_by_actor=target.first_by == actor.account_id,
    )


@blueprint.post("/members/<int:account_id>/lift")
@requires(Action.SUSPENSION_LIFT)
def lift(account_id: int) -> ResponseReturnValue:
    """Let the person in again, or vouch as the first of two."""
    form = LiftForm()
    try:
        if not form.validate():
            authorise(current.actor(), Action.SUSPENSION_READ, None)
            return _person(account_id, form)
        lifted = lifting.lift(account_id, Recognised(form.recognised.data), current.actor())
    except AlreadyLifted:
        flash(_("Somebody else was faster: look at how things stand now."), "info")
        return redirect(url_for(".person", account_id=account_id))
    if lifted:
        flash(_("The suspension is lifted, and the person is told."), "success")
    else:
        flash(_("You have vouched. A second person must lift the suspension."), "success")
    return redirect(url_for(".person", account_id=account_id))


@blueprint.post("/members/<int:account_id>/confirm-name")
@requires(Action.NAME_CONFIRM)
def confirm_name(account_id: int) -> ResponseReturnValue:
    """The person is known under the new name."""
    lifting.confirm_name(account_id, current.actor())
    flash(_("The name is confirmed."), "success")
    return redirect(url_for(".person", account_id=account_id))


@blueprint.post("/members/<int:account_id>/vouch")
@requires(Action.RECOVERY_VOUCH)
def vouch(account_id: int) -> ResponseReturnValue:
    """The person who used a recovery code is known."""
    lifting.vouch(account_id, current.actor())
    flash(_("You have vouched, and the person is told."), "success")
    return redirect(url_for(".person", account_id=account_id))
