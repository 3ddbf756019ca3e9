"""Pages of authorities: the tree, one authority with its people, and what is done to its record."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.access.actions import Action
from portal.access.authorise import authorise, may
from portal.access.rules_notices import administers_the_commission
from portal.access.rules_registers import creating_authorities
from portal.identity import queries as identity
from portal.organisations import authorities, posts, registers
from portal.organisations import register_queries as reading
from portal.organisations.authorities import Circle, StillNeeded, WrongPlace
from portal.organisations.registers import CodeTaken, EditedMeanwhile, NameTaken, StateChanged
from portal.organisations.states import AUTHORITY_TRANSITIONS
from portal.paging import Page, Place
from portal.reference import queries as reference
from portal.roles import first_users
from portal.vocabulary import AuthorityRole
from portal.web import current, exporting, listings, register_words
from portal.web.authorities.forms import AuthorityForm, MoveForm, TreeForm
from portal.web.forms import ButtonForm
from portal.web.guard import nothing, requires
from portal.web.shell import page
from portal.workflow import allowed

blueprint = Blueprint("authorities", __name__)


@blueprint.errorhandler(StateChanged)
def in_another_state(_error: StateChanged) -> ResponseReturnValue:
    """Somebody was faster, or the record was deleted."""
    links = [{"label": _("Authorities"), "url": url_for("authorities.tree")}]
    return page("errors/wrong_state.html", 409, links=links)


@blueprint.get("")
@requires(Action.AUTHORITY_LIST, nothing)
def tree() -> ResponseReturnValue:
    """The authorities under one, those of a country, with the next level unfolded."""
    form = TreeForm(request.args if "country" in request.args else None, country=_own_country())
    form.validate()
    number = request.args.get("under", type=int)
    superior = authorities.authority_by_id(number) if number else reading.top_of_the_tree()
    country = "" if number else (form.country.data or "")
    place = Place(request.args.get("after", ""), request.args.get("before", ""))
    if file := exporting.file_of(listings.REGISTERED_AUTHORITIES, lambda at: _under(superior, country, at)):
        return file
    found = _under(superior, country, place)
    below = reading.unfolded([row.id for row in found.rows])
    shown = [*found.rows, *(row for rows in below.values() for row in rows)]
    return page(
        "authorities/tree.html", form=form, superior=superior, found=found, below=below, under=number,
        line=reading.line_above(superior.id) if number and superior else [],
        counts=reading.counts_below([row.id for row in shown]), country=country, unmanned=_unmanned(shown),
        may_create=_may_create(superior),
    )  # fmt: skip


def _under(superior: Any, country: str, place: Place) -> Page[Any]:
    return reading.authorities_under(superior.id, country, place) if superior else Page(())


def _own_country() -> str:
    actor = current.actor()
    return "" if actor.is_commission else next((role.country for role in actor.roles if role.country), "")


def _unmanned(rows: list[Any]) -> frozenset[int]:
    """The central authorities among these in which nobody works yet: the Commission validates their first user."""
    return first_users.without_users([row.id for row in rows if row.authority_role == AuthorityRole.CCA])


def _may_create(superior: Any) -> bool:
    if superior is None:
        return False
    return may(current.actor(), Action.AUTHORITY_CREATE, authorities.place_under(superior))


@blueprint.get("/<int:authority_id>")
@requires(Action.AUTHORITY_READ)
def show(authority_id: int) -> ResponseReturnValue:
    """One authority: its place, competences, designations, people and requests, history."""
    actor, authority = current.actor(), authorities.authority_by_id(authority_id)
    target = authorities.target_of(authority)
    authorise(actor, Action.AUTHORITY_READ, target)
    place = Place(request.args.get("after", ""), request.args.get("before", ""))
    people = first_users.people_in(authority_id, actor, place)
    return page(
        "authorities/show.html", authority=authority, people=people, line=reading.line_above(authority_id),
        accounts=identity.accounts_by_id({role.account_id for role in people.rows}),
        below=reading.authorities_under(authority_id, "", Place()), unmanned=_unmanned([authority]),
        designations=posts.designations_of(authority_id), words=_words(authority),
        **_acts(authority, target), **_history(authority_id),
    )  # fmt: skip


def _acts(authority: Any, target: Any) -> dict[str, Any]:
    actor, stands = current.actor(), authority.state != "deleted"
    suspends = may(actor, Action.AUTHORITY_SUSPEND, target)
    return {
        "may_edit": stands and may(actor, Action.AUTHORITY_EDIT, target),
        "may_create": stands and _may_create(authority),
        "may_move": stands and suspends,
        "acts": [row.name for row in allowed(AUTHORITY_TRANSITIONS.values(), authority.state)]
        if suspends
        else [],
    }


def _words(authority: Any) -> dict[str, str]:
    language = current.language()
    codes = {row.code for row in posts.designations_of(authority.id)}
    names = reference.competence_names(list(authority.competences), language)
    return names | reference.designation_names(codes, language)


def _history(authority_id: int) -> dict[str, Any]:
    events = registers.history_of(authority_id, register_words.EVENTS)
    people = identity.accounts_by_id({event.actor_account_id for event in events if event.actor_account_id})
    return {"events": events, "actors": people}


@blueprint.route("/<int:superior_id>/new", methods=["GET", "POST"])
@requires(Action.AUTHORITY_CREATE)
def new(superior_id: int) -> ResponseReturnValue:
    """An authority under another one."""
    actor = current.actor()
    superior = authorities.superior_to_create_under(superior_id, actor)
    form = _offered(AuthorityForm(), superior.authority_role)
    asks_country = superior.authority_role == AuthorityRole.COMMISSION
    if not asks_country:
        form.fix_country(superior.country)
    if form.validate_on_submit():
        try:
            created = authorities.create_authority(superior_id, form.to_authority(), actor)
        except (WrongPlace, CodeTaken, NameTaken) as refused:
            _refuse(form, refused)
        else:
            flash(_("The authority was created."), "success")
            return redirect(url_for(".show", authority_id=created.id))
    return page("authorities/new.html", form=form, superior=superior, asks_country=asks_country)


def _offered(form: AuthorityForm, superior_role: str | None) -> AuthorityForm:
    language = current.language()
    form.offer(superior_role, reference.competence_choices(language), reference.designation_choices(language))
    return form


def _refuse(form: AuthorityForm, refused: Exception) -> None:
    if isinstance(refused, CodeTaken):
        form.refuse_code()
    elif isinstance(refused, NameTaken):
        form.refuse_name()
    else:
        form.refuse_place()


@blueprint.route("/<int:authority_id>/edit", methods=["GET", "POST"])
@requires(Action.AUTHORITY_EDIT)
def edit(authority_id: int) -> ResponseReturnValue:
    """The record, changed; who finds it changed meanwhile sees the difference and decides."""
    authority = authorities.authority_to_edit(authority_id, current.actor())
    form = _edit_form(authority)
    if not form.validate_on_submit():
        return page("authorities/edit.html", form=form, authority=authority)
    try:
        changed = authorities.edit_authority(authority_id, form.to_authority(), form.seen(), current.actor())
    except (WrongPlace, CodeTaken) as refused:
        _refuse(form, refused)
        return page("authorities/edit.html", form=form, authority=authorities.authority_by_id(authority_id))
    except EditedMeanwhile:
        return _met(form, authorities.authority_by_id(authority_id))
    flash(_("The details were changed.") if changed else _("Nothing was changed."), "success")
    return redirect(url_for(".show", authority_id=authority_id))


def _edit_form(authority: Any) -> AuthorityForm:
    form = AuthorityForm(obj=authority, role=authority.authority_role)
    above = reading.line_above(authority.id)
    _offered(form, above[-1].authority_role if above else None)
    form.fix_country(authority.country)
    form.show(authority.competences, [row.code for row in posts.designations_of(authority.id)])
    return form


def _met(form: AuthorityForm, now: Any) -> ResponseReturnValue:
    form.meet(now)
    return page("authorities/edit.html", 409, form=form, authority=now, differing=form.differing(now))


@blueprint.route("/<int:authority_id>/move", methods=["GET", "POST"])
@requires(Action.AUTHORITY_MOVE)
def move(authority_id: int) -> ResponseReturnValue:
    """Hang the authority, with all below it, under another one; a circle is refused with its path."""
    authority, form = authorities.authority_by_id(authority_id), _move_form(authority_id)
    number = int(form.superior.data) if form.validate_on_submit() else authority.superior_id or authority.id
    authorities.authority_to_move(authority_id, number, current.actor())
    path: list[str] = []
    if form.is_submitted() and not form.errors:
        try:
            moved = authorities.move_authority(authority_id, number, form.seen(), current.actor())
        except Circle as refused:
            path = refused.names
        except (WrongPlace, EditedMeanwhile) as refused:
            form.superior.errors = [register_words.why_not_moved(refused)]
        else:
            flash(
                ngettext("%(num)d authority was moved.", "%(num)d authorities were moved.", moved), "success"
            )
            return redirect(url_for(".show", authority_id=authority_id))
    return page("authorities/move.html", 422 if path else 200, form=form, authority=authority, path=path)


def _move_form(authority_id: int) -> MoveForm:
    actor, form = current.actor(), MoveForm()
    authority = authorities.authority_by_id(authority_id)
    own = None if administers_the_commission(actor) else creating_authorities(actor)
    form.offer(reading.superiors_for(authority, own), authority.version)
    return form


@blueprint.route("/<int:authority_id>/<any(suspend, lift, delete):name>", methods=["GET", "POST"])
@requires(Action.AUTHORITY_SUSPEND)
def change(authority_id: int, name: str) -> ResponseReturnValue:
    """Suspend, lift or delete, after a page that says what it means."""
    form, actor = ButtonForm(), current.actor()
    authority = authorities.authority_by_id(authority_id)
    authorise(actor, Action.AUTHORITY_SUSPEND, authorities.target_of(authority))
    needs = authorities.needs_of(authority_id) if name == "delete" else None
    if form.validate_on_submit():
        try:
            authorities.change_authority(authority_id, name, actor)
        except StillNeeded as refused:
            form.form_errors.append(_("Something still leads to this authority: move it first."))
            needs = refused.needs
        else:
            flash(str(register_words.DONE[name]), "success")
            return redirect(url_for(".show", authority_id=authority_id))
    return page("authorities/change.html", form=form, authority=authority, name=name, needs=needs)
