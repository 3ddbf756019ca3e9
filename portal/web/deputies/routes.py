"""Pages of deputies: who stands in for whom, naming one, ending it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.access.actor import Actor, OwnOrganisation
from portal.access.authorise import authorise, may
from portal.access.rules_queue import NamedDeputy
from portal.identity import queries as identity
from portal.organisations import queries as organisations
from portal.roles import deputies
from portal.web import current
from portal.web.deputies.forms import DeputyForm
from portal.web.forms import ButtonForm
from portal.web.guard import nothing, requires
from portal.web.shell import page

blueprint = Blueprint("deputies", __name__)


@blueprint.get("")
@requires(Action.DEPUTY_READ, nothing)
def overview() -> ResponseReturnValue:
    """Who stands in for whom, now and later, in the organisations of this person."""
    actor = current.actor()
    rows = deputies.absences_seen_by(actor)
    found = organisations.organisations_by_id({row.organisation_id for row in rows})
    targets = {row.id: NamedDeputy(row.account_id, row.deputy_id, row.organisation_id) for row in rows}
    return page(
        "deputies/overview.html",
        absences=rows,
        names={number: one.name for number, one in found.items()},
        people=identity.accounts_by_id(
            {number for row in rows for number in (row.account_id, row.deputy_id)}
        ),
        ending={number for number, target in targets.items() if may(actor, Action.DEPUTY_END, target)},
        may_name=bool(_places(actor)),
    )


def _places(actor: Actor) -> frozenset[int]:
    """Where the person may name a deputy."""
    own = frozenset(role.organisation_id for role in actor.roles)
    return frozenset(one for one in own if may(actor, Action.DEPUTY_NAME, OwnOrganisation(one)))


@blueprint.route("/name", methods=["GET", "POST"])
@requires(Action.DEPUTY_NAME)
def name() -> ResponseReturnValue:
    """Name a colleague for the days of an own absence."""
    actor, form = current.actor(), DeputyForm()
    authorise(actor, Action.DEPUTY_NAME, OwnOrganisation(min(_places(actor), default=0)))
    found = deputies.colleagues_of(actor)
    form.offer((f"{place.id}-{person.id}", f"{person.full_name} – {place.name}") for place, person in found)
    if form.validate_on_submit():
        try:
            deputies.name(form.to_absence(), actor)
        except deputies.NotAColleague:
            form.colleague.errors = [_("This person is no colleague of yours any more.")]
        except deputies.AlreadyNamed:
            form.colleague.errors = [_("This colleague is named from that day on already.")]
        else:
            flash(_("Your deputy was told by e-mail."), "success")
            return redirect(url_for(".overview"))
    return page("deputies/name.html", form=form)


@blueprint.post("/<int:row_id>/end")
@requires(Action.DEPUTY_END)
def end(row_id: int) -> ResponseReturnValue:
    """The days of a deputy end now."""
    if ButtonForm().validate_on_submit() and deputies.end(row_id, current.actor()):
        flash(_("The deputy stands in no more."), "success")
    else:
        flash(_("It had ended already."), "info")
    return redirect(url_for(".overview"))
