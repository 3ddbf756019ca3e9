"""Pages of control bodies: the list, one with its scopes and people, and what the Commission does to them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.access.actions import Action
from portal.access.authorise import may
from portal.identity import queries as identity
from portal.organisations import control_bodies, registers
from portal.organisations import queries as organisations
from portal.organisations import register_queries as reading
from portal.organisations.control_bodies import ScopeThere, Unfitting
from portal.organisations.registers import EditedMeanwhile, NameTaken, StateChanged
from portal.organisations.states import CONTROL_BODY_TRANSITIONS
from portal.paging import Place
from portal.reference import queries as reference
from portal.roles import first_users
from portal.web import current, exporting, listings, register_words
from portal.web.control_bodies.forms import (
    BodyForm,
    ListForm,
    NewScopeForm,
    RenewForm,
    ScopeForm,
    VersionForm,
)
from portal.web.forms import ButtonForm
from portal.web.guard import nothing, requires
from portal.web.record_form import RecordForm
from portal.web.shell import page
from portal.workflow import allowed

blueprint = Blueprint("control_bodies", __name__)
LETTERS = "ABCDEFG"


@blueprint.errorhandler(StateChanged)
@blueprint.errorhandler(EditedMeanwhile)
def changed_meanwhile(_error: Exception) -> ResponseReturnValue:
    """Somebody was faster: the page can be opened again."""
    links = [{"label": _("Control bodies"), "url": url_for("control_bodies.register")}]
    return page("errors/wrong_state.html", 409, links=links)


@blueprint.get("")
@requires(Action.CONTROL_BODY_LIST, nothing)
def register() -> ResponseReturnValue:
    """Every control body, by name."""
    form = ListForm(request.args)
    form.validate()
    country, text = form.country.data or "", form.text.data or ""
    if file := exporting.file_of(
        listings.REGISTERED_BODIES, lambda at: reading.control_bodies(country, text, at)
    ):
        return file
    found = reading.control_bodies(country, text, _place())
    may_keep = may(current.actor(), Action.CONTROL_BODY_KEEP)
    return page(
        "control_bodies/register.html", form=form, found=found, country=country, text=text, may_keep=may_keep
    )


def _place() -> Place:
    return Place(request.args.get("after", ""), request.args.get("before", ""))


@blueprint.get("/<int:body_id>")
@requires(Action.CONTROL_BODY_READ)
def show(body_id: int) -> ResponseReturnValue:
    """One control body: details, people, history, and its scopes page by page."""
    actor = current.actor()
    body = control_bodies.body_to_read(body_id, actor)
    scopes, keeps = reading.scopes_of(body_id, _place()), may(actor, Action.CONTROL_BODY_KEEP)
    people = first_users.people_in(body_id, actor, Place(request.args.get("people", "")))
    acts = allowed(CONTROL_BODY_TRANSITIONS.values(), body.state) if keeps else []
    supervisors = organisations.organisations_by_id(
        {one.supervisor_id for one in scopes.rows if one.supervisor_id}
    )
    return page(
        "control_bodies/show.html", body=body, scopes=scopes, people=people, supervisors=supervisors,
        accounts=identity.accounts_by_id({role.account_id for role in people.rows}),
        may_keep=keeps and body.state != "deleted", acts=[row.name for row in acts],
        is_expired=organisations.is_expired, **_history(body_id),
    )  # fmt: skip


def _history(body_id: int) -> dict[str, Any]:
    events = registers.history_of(body_id, register_words.EVENTS)
    people = identity.accounts_by_id({event.actor_account_id for event in events if event.actor_account_id})
    return {"events": events, "actors": people}


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.CONTROL_BODY_KEEP, nothing)
def new() -> ResponseReturnValue:
    """A control body; its scopes are added afterwards."""
    form = BodyForm()
    if form.validate_on_submit():
        try:
            body = control_bodies.create_body(form.to_record(), form.country.data, current.actor())
        except NameTaken:
            form.refuse_name()
        else:
            flash(_("The control body was created. Add its scopes."), "success")
            return redirect(url_for(".show", body_id=body.id))
    return page("control_bodies/new.html", form=form)


@blueprint.route("/<int:body_id>/edit", methods=["GET", "POST"])
@requires(Action.CONTROL_BODY_KEEP)
def edit(body_id: int) -> ResponseReturnValue:
    """The record, changed; who finds it changed meanwhile sees the difference and decides."""
    body = control_bodies.body_to_keep(body_id, current.actor())
    form = RecordForm(obj=body)
    if not form.validate_on_submit():
        return page("control_bodies/edit.html", form=form, body=body)
    try:
        control_bodies.edit_body(body_id, form.to_record(), form.seen(), current.actor())
    except EditedMeanwhile:
        now = control_bodies.body_by_id(body_id)
        form.meet(now)
        return page("control_bodies/edit.html", 409, form=form, body=now, differing=form.differing(now))
    flash(_("The details were changed."), "success")
    return redirect(url_for(".show", body_id=body_id))


@blueprint.route("/<int:body_id>/<any(suspend, lift, delete):name>", methods=["GET", "POST"])
@requires(Action.CONTROL_BODY_KEEP)
def change(body_id: int, name: str) -> ResponseReturnValue:
    """Suspend, lift or delete, after a page that says what it means."""
    body, form = control_bodies.body_to_keep(body_id, current.actor()), ButtonForm()
    if form.validate_on_submit():
        control_bodies.change_body(body_id, name, current.actor())
        flash(str(register_words.DONE[name]), "success")
        return redirect(url_for(".show", body_id=body_id))
    return page("control_bodies/change.html", form=form, body=body, name=name)


@blueprint.route("/<int:body_id>/scopes/add", methods=["GET", "POST"])
@requires(Action.CONTROL_BODY_KEEP)
def add_scope(body_id: int) -> ResponseReturnValue:
    """A code for one more country."""
    body = control_bodies.body_to_keep(body_id, current.actor())
    form = NewScopeForm()
    form.offer(
        _categories(form.regime.data or ""), reading.supervisors_for(form.country.data or body.country)
    )
    if form.validate_on_submit():
        try:
            control_bodies.add_scope(body_id, form.text(), current.actor())
        except ScopeThere:
            form.refuse_twice()
        except Unfitting as refused:
            form.refuse(refused.field)
        else:
            flash(_("The scope was added."), "success")
            return redirect(url_for(".show", body_id=body_id))
    return page("control_bodies/add_scope.html", form=form, body=body)


def _categories(regime: str) -> dict[str, str]:
    return reference.category_names(regime, LETTERS, current.language())


@blueprint.route("/scopes/<int:scope_id>/edit", methods=["GET", "POST"])
@requires(Action.CONTROL_BODY_KEEP)
def edit_scope(scope_id: int) -> ResponseReturnValue:
    """Categories, supervisor, last day."""
    scope = control_bodies.scope_to_keep(scope_id, current.actor())
    form = ScopeForm(obj=scope)
    form.offer(_categories(scope.regime), reading.supervisors_for(scope.country))
    form.show(scope)
    if form.validate_on_submit():
        try:
            return _scope_edited(scope, form)
        except Unfitting as refused:
            form.refuse(refused.field)
        except EditedMeanwhile as met:
            form.meet(met.version)
            now = control_bodies.scope_to_keep(scope_id, current.actor())
            return page(
                "control_bodies/edit_scope.html", 409, form=form, scope=now, differing=form.differing(now)
            )
    return page("control_bodies/edit_scope.html", form=form, scope=scope)


def _scope_edited(scope: Any, form: ScopeForm) -> ResponseReturnValue:
    text, body_id = form.to_scope(scope.code, scope.country, scope.regime), scope.organisation_id
    control_bodies.edit_scope(scope.id, text, form.seen(), current.actor())
    flash(_("The scope was changed."), "success")
    return redirect(url_for(".show", body_id=body_id))


@blueprint.route("/scopes/<int:scope_id>/close", methods=["GET", "POST"])
@requires(Action.CONTROL_BODY_KEEP)
def end_scope(scope_id: int) -> ResponseReturnValue:
    """It ends: shown as ended, not to be asked for."""
    scope = control_bodies.scope_to_keep(scope_id, current.actor())
    form = VersionForm(obj=scope)
    if form.validate_on_submit():
        control_bodies.end_scope(scope_id, form.seen(), current.actor())
        flash(_("The scope has ended. It is shown as such, and nobody can ask for it."), "success")
        return redirect(url_for(".show", body_id=scope.organisation_id))
    return page("control_bodies/end_scope.html", form=form, scope=scope)


@blueprint.route("/scopes/<int:scope_id>/renew", methods=["GET", "POST"])
@requires(Action.CONTROL_BODY_KEEP)
def renew_scope(scope_id: int) -> ResponseReturnValue:
    """It counts again, or longer."""
    scope = control_bodies.scope_to_keep(scope_id, current.actor())
    form = RenewForm(obj=scope)
    if request.method == "GET" and organisations.is_expired(scope):
        form.valid_until.data = None
    if form.validate_on_submit():
        try:
            control_bodies.renew_scope(scope_id, form.valid_until.data, form.seen(), current.actor())
        except Unfitting:
            form.valid_until.errors = [_("Choose a day that is not over, or none.")]
        else:
            flash(_("The scope was renewed."), "success")
            return redirect(url_for(".show", body_id=scope.organisation_id))
    return page("control_bodies/renew_scope.html", form=form, scope=scope, today=clock.now().date())
