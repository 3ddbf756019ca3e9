"""Pages of operators: those one keeps, finding one, creating one, one with its history, its details and addresses."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal.access.actions import Action
from portal.access.authorise import may
from portal.access.rules_operators import TwoOperators, decides, joins_what_it_creates
from portal.identity import queries as identity
from portal.organisations import queries as organisations
from portal.organisations import responsible, search
from portal.organisations.registering import DETAILS, SearchFirst, Unacceptable, details_of, proof_of_search
from portal.paging import Page, Place
from portal.reference import queries as reference
from portal.roles import editing_operator as editing
from portal.roles import founding_operator as founding
from portal.roles import operators as reading
from portal.roles.deciding_activities import decisions_for
from portal.roles.merging_operators import moved_by
from portal.roles.requesting import AlreadyRequested, KindHeld
from portal.web import current, exporting, labels, listings
from portal.web.guard import nothing, requires
from portal.web.operators.forms import (
    ConflictForm,
    EditForm,
    FindForm,
    NewOperatorForm,
    OwnForm,
)
from portal.web.shell import page

blueprint = Blueprint("operators", __name__)


@blueprint.errorhandler(SearchFirst)
def search_first(_error: SearchFirst) -> ResponseReturnValue:
    """«Create a new operator» opens after a search only (OP1): the way there."""
    flash(_("Search first: the operator may be registered already."), "info")
    joins = joins_what_it_creates(current.actor())
    return redirect(url_for("directory.operators" if joins else ".find"))


@blueprint.get("")
@requires(Action.OPERATOR_LIST, nothing)
def own() -> ResponseReturnValue:
    """«Find my operators», «Operators to validate»: whose activities the own organisations answer for."""
    form = OwnForm(request.args if "country" in request.args else None, country=_own_country())
    form.offer()
    wanted, actor = form.to_filter(), current.actor()
    place = Place(request.args.get("after", ""), request.args.get("before", ""))
    if file := exporting.file_of(listings.OWN_OPERATORS, lambda at: reading.own_operators(wanted, actor, at)):
        return file
    found = reading.own_operators(wanted, actor, place)
    return page("operators/own.html", form=form, found=found, wanted=wanted, **_names(found.rows))


def _own_country() -> str:
    return next((role.country for role in current.actor().roles if role.country), "")


def _names(rows: Any) -> dict[str, Any]:
    codes = {activity.activity_code for row in rows for activity in row.activities}
    names = reference.activity_names(codes, current.language())
    return {"names": names, "printed_code": reference.printed_code}


@blueprint.get("/find")
@requires(Action.OPERATOR_FIND, nothing)
def find() -> ResponseReturnValue:
    """Any operator of a country, before one is created as master data."""
    filters = request.args if "country" in request.args else None
    form = FindForm(filters, country=_own_country())
    searched = filters is not None and form.validate()
    place = Place(request.args.get("after", ""), request.args.get("before", ""))
    if searched and (file := exporting.file_of(listings.FOUND_OPERATORS, lambda at: _search(form, at))):
        return file
    found = _search(form, place) if searched else Page(())
    actor = current.actor()
    proof = None
    if searched and may(actor, Action.OPERATOR_CREATE):
        proof = proof_of_search(actor.account_id, form.country.data)
    more: dict[str, Any] = {
        "searched": searched,
        "proof": proof,
        "prefix_only": search.is_prefix_only(form.text.data or ""),
    }
    return page("operators/find.html", form=form, found=found, **more, **_names(found.rows))


def _search(form: FindForm, place: Place) -> Page[Any]:
    return search.search_operators(form.to_search(), place)


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.OPERATOR_CREATE, nothing)
def new() -> ResponseReturnValue:
    """«Create operator to join» (S3), or master data of an authority."""
    proof, form = request.args.get("search", ""), NewOperatorForm()
    country = founding.country_to_create_in(proof, current.actor())
    facts = _offer(form, country)
    likely: list[Any] = []
    if not form.update.data and form.validate_on_submit():
        try:
            return _created(form, proof)
        except Unacceptable as refused:
            form.refuse(refused.problems)
        except founding.LikelyDuplicates as refused:
            likely = refused.likely
            form.show_likely(one.organisation.id for one in likely)
    joins = joins_what_it_creates(current.actor())
    return page(
        "operators/new.html", form=form, likely=likely, proof=proof, country=country, joins=joins, **facts
    )


def _offer(form: NewOperatorForm, country: str) -> dict[str, Any]:
    """What can be chosen: activities of the country, and who answers for the one that was chosen."""
    keeps = not joins_what_it_creates(current.actor())
    form.offer(reference.activities_by_chapter(current.language(), country, listed=keeps))
    section = form.section
    chosen = bool(section) and responsible.is_chosen(section)
    form.offer_authorities(responsible.offered(section, country) if chosen else ())
    place = responsible.Place(country, form.postcode.data or "")
    found = responsible.found_for(section, place) if section and not chosen else None
    return {"is_chosen": chosen, "found_authority": found, "section": section}


def _created(form: NewOperatorForm, proof: str) -> ResponseReturnValue:
    wish = founding.NewOperator(
        proof, form.to_details(), form.to_activity(), form.denied(), form.message.data or ""
    )
    actor = current.actor()
    try:
        operator = founding.create_operator(wish, actor)
    except (KindHeld, AlreadyRequested):
        flash(_("You already hold another type of role here: one type of role for each person."), "error")
        return redirect(url_for("role_requests.profile"))
    if not joins_what_it_creates(actor):
        flash(_("The operator was created. Somebody else validates its activity."), "success")
        return redirect(url_for(".show", operator_id=operator.id))
    flash(_("The request to create the operator and your request for a role in it were recorded."), "success")
    return redirect(url_for("role_requests.profile"))


@blueprint.get("/<int:operator_id>")
@requires(Action.OPERATOR_READ)
def show(operator_id: int) -> ResponseReturnValue:
    """One operator: details, addresses, activities, history; a merged one leads to its survivor."""
    survivor = reading.survivor_of(operator_id)
    if survivor is not None:
        return redirect(url_for(".show", operator_id=survivor))
    actor = current.actor()
    operator, target = reading.operator_to_read(operator_id, actor)
    named = {one.responsible_id for one in operator.activities if one.responsible_id}
    rights: dict[str, Any] = {
        "may_edit": operator.state != "deleted" and may(actor, Action.OPERATOR_EDIT, target),
        "may_add": operator.state == "valid" and may(actor, Action.ACTIVITY_ADD, target),
        "may_decide": decides(actor, target),
        "may_merge": may(actor, Action.OPERATOR_MERGE, TwoOperators(target, target)),
        "decisions": decisions_for(operator, actor),
    }
    addresses = reading.addresses_of(operator_id)
    return page(
        "operators/show.html", operator=operator, addresses=addresses, by_id={one.id: one for one in addresses},
        responsible=organisations.organisations_by_id(named), **rights, **_history(operator), **_names([operator]),
    )  # fmt: skip


def _history(operator: Any) -> dict[str, Any]:
    events = [event for event in reading.history_of(operator) if event.name in labels.OPERATOR_EVENTS]
    merges = [(merge, moved_by(merge)) for merge in reading.merged_into_it(operator.id)]
    people = {event.actor_account_id for event in events} | {merge.merged_by for merge, _rows in merges}
    gone = organisations.organisations_by_id({merge.loser_id for merge, _rows in merges})
    found = identity.accounts_by_id({number for number in people if number})
    return {"events": events, "merges": merges, "people": found, "gone": gone}


@blueprint.route("/<int:operator_id>/edit", methods=["GET", "POST"])
@requires(Action.OPERATOR_EDIT)
def edit(operator_id: int) -> ResponseReturnValue:
    """«Operator Details», changed; the operator's own people send it back to validation by it."""
    operator, target = editing.operator_to_edit(operator_id, current.actor())
    form = EditForm(obj=operator)
    again = not decides(current.actor(), target)
    return _edited(operator, form, again) if form.validate_on_submit() else _edit_page(operator, form, again)


def _edit_page(operator: Any, form: EditForm, again: bool) -> ResponseReturnValue:
    return page("operators/edit.html", form=form, operator=operator, again=again)


def _edited(operator: Any, form: EditForm, again: bool) -> ResponseReturnValue:
    """Saved; or the page again with what cannot stand; or both versions side by side."""
    mine = form.to_details()
    try:
        sent_back = editing.edit_details(operator.id, mine, form.seen(), current.actor())
    except Unacceptable as refused:
        form.refuse(refused.problems)
        return _edit_page(operator, form, again)
    except editing.EditedMeanwhile as met:
        conflict = ConflictForm(formdata=None).show(mine, met.theirs, met.version)
        return page(
            "operators/conflict.html",
            409,
            form=conflict,
            operator=operator,
            fields=_differing(mine, met.theirs),
        )
    flash(
        _("The details were changed. The authority validates the operator again.")
        if sent_back
        else _("The details were changed."),
        "success",
    )
    return redirect(url_for(".show", operator_id=operator.id))


def _differing(mine: Any, theirs: Any) -> list[str]:
    return [name for name in DETAILS if getattr(mine, name) != getattr(theirs, name)]


@blueprint.post("/<int:operator_id>/edit/conflict")
@requires(Action.OPERATOR_EDIT)
def settle(operator_id: int) -> ResponseReturnValue:
    """Two changed the operator at once: the second decides field by field."""
    operator, target = editing.operator_to_edit(operator_id, current.actor())
    form, theirs = ConflictForm(), details_of(operator)
    values = form.chosen(theirs) if form.validate_on_submit() else None
    if values is None:
        mine = form.mine()
        form.show(mine, theirs, operator.version)
        return page(
            "operators/conflict.html", 422, form=form, operator=operator, fields=_differing(mine, theirs)
        )
    settled = EditForm(MultiDict({**values, "version": form.version.data}), meta={"csrf": False})
    again = not decides(current.actor(), target)
    return _edited(operator, settled, again) if settled.validate() else _edit_page(operator, settled, again)
