"""Pages that find an organisation and confirm the request for it: three searches, one confirmation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from babel.core import get_global
from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from portal.access.actions import Action
from portal.access.actor import Actor, WantedRole
from portal.access.authorise import may
from portal.organisations import search
from portal.organisations.queries import is_expired
from portal.organisations.registering import proof_of_search
from portal.paging import Page, Place
from portal.reference import queries as reference
from portal.roles import requesting
from portal.vocabulary import MEMBER_STATES, OrganisationKind
from portal.web import current, exporting, listings
from portal.web.directory.forms import AuthorityForm, ConfirmForm, ControlBodyForm, OperatorForm, SearchForm
from portal.web.exporting import Listing
from portal.web.guard import requires
from portal.web.shell import page

blueprint = Blueprint("directory", __name__)
SEARCHES = {
    OrganisationKind.OPERATOR: "directory.operators",
    OrganisationKind.AUTHORITY: "directory.authorities",
    OrganisationKind.CONTROL_BODY: "directory.control_bodies",
}
FILTERS = ("country", "section", "activity", "role", "competence", "text")
PLACES = ("after", "before")
ROWS_AT_MOST = 25


def _operator(_actor: Actor) -> OrganisationKind:
    return OrganisationKind.OPERATOR


def _authority(_actor: Actor) -> OrganisationKind:
    return OrganisationKind.AUTHORITY


def _control_body(_actor: Actor) -> OrganisationKind:
    return OrganisationKind.CONTROL_BODY


@blueprint.route("/operator", methods=["GET", "POST"])
@requires(Action.OPERATOR_SEARCH, _operator)
def operators() -> ResponseReturnValue:
    """«Select an existing operator» (S3)."""
    form = OperatorForm(_filters(), country=_preset_country())
    _offer_activities(form)

    def read(place: Place) -> Page[Any]:
        return search.search_operators(form.to_search(), place)

    if file := _file(listings.FOUND_OPERATORS, form, read):
        return file
    found = _found(form, read)
    codes = {activity.activity_code for row in found.rows for activity in row.activities}
    names = reference.activity_names(codes, current.language())
    more = {"names": names, "printed_code": reference.printed_code, "create_url": _create_url(form)}
    more["may_create"] = may(current.actor(), Action.OPERATOR_CREATE)
    return _answer("operators", OrganisationKind.OPERATOR, form, found, **more)


def _offer_activities(form: OperatorForm) -> None:
    language = current.language()
    sections = reference.section_choices(language)
    section = form.section.data if form.section.data in {choice.code for choice in sections} else None
    form.offer(sections, reference.activity_choices(language, section))


def _create_url(form: OperatorForm) -> str | None:
    """«Create a new operator» appears once a search was run (OP1): its address proves the search."""
    actor = current.actor()
    if _filters() is None or form.errors or not may(actor, Action.OPERATOR_CREATE):
        return None
    return url_for("operators.new", search=proof_of_search(actor.account_id, form.country.data))


@blueprint.route("/authority", methods=["GET", "POST"])
@requires(Action.AUTHORITY_SEARCH, _authority)
def authorities() -> ResponseReturnValue:
    """«Select an authority» (S3)."""
    form = AuthorityForm(_filters(), country=_preset_country())
    language = current.language()
    roles, competences = reference.authority_role_choices(language), reference.competence_choices(language)
    form.offer(roles, competences)

    def read(place: Place) -> Page[Any]:
        return search.search_authorities(form.to_search(), place)

    if file := _file(listings.FOUND_AUTHORITIES, form, read):
        return file
    found = _found(form, read)
    names = {choice.code: choice.name for choice in (*roles, *competences)}
    return _answer("authorities", OrganisationKind.AUTHORITY, form, found, names=names)


@blueprint.route("/control-body", methods=["GET", "POST"])
@requires(Action.CONTROL_BODY_SEARCH, _control_body)
def control_bodies() -> ResponseReturnValue:
    """«Select an organic control body» (S3): one row for each code and country."""
    form = ControlBodyForm(_filters(), country=_preset_country())

    def read(place: Place) -> Page[Any]:
        return search.search_control_bodies(form.to_search(), place)

    if file := _file(listings.FOUND_CONTROL_BODIES, form, read):
        return file
    found = _found(form, read)
    regimes = {row.regime for row in found.rows if row.categories}
    names = {regime: reference.category_names(regime, "ABCDEFG", current.language()) for regime in regimes}
    return _answer(
        "control_bodies", OrganisationKind.CONTROL_BODY, form, found, names=names, is_expired=is_expired
    )


def _filters() -> MultiDict[str, str] | None:
    return request.args if "country" in request.args else None


def _preset_country() -> str:
    """The region the browser names («fr-BE»), else the country that the page's language stands for."""
    for tag, _quality in request.accept_languages:
        region = tag.replace("_", "-").rpartition("-")[2].upper()
        if "-" in tag.replace("_", "-") and len(region) == 2:
            return region
    likely = str(get_global("likely_subtags").get(current.language(), "")).rpartition("_")[2]
    return likely if likely in MEMBER_STATES else "IE"


def _file(listing: Listing, form: SearchForm, read: Callable[[Place], Page[Any]]) -> Response | None:
    """The list that was searched as a file, where the address asks for it."""
    return None if _filters() is None or not form.validate() else exporting.file_of(listing, read)


def _found(form: SearchForm, read: Callable[[Place], Page[Any]]) -> Page[Any]:
    if _filters() is None or not form.validate():
        return Page(())
    return read(Place(request.args.get("after", ""), request.args.get("before", "")))


def _answer(
    name: str, kind: OrganisationKind, form: SearchForm, found: Page[Any], **more: Any
) -> ResponseReturnValue:
    nothing_ticked = False
    if request.method == "POST":
        ticked = _ticked(kind, found)
        if ticked:
            return redirect(url_for(".confirm", kind=kind.value, row=ticked, **_kept()), 303)
        nothing_ticked = True
    actor = current.actor()
    more |= {
        "may_ask": may(actor, Action.ROLE_REQUEST, WantedRole(actor.account_id, kind)),
        "searched": _filters() is not None and not form.errors,
        "prefix_only": search.is_prefix_only(form.data.get("text") or ""),
        "here": url_for(f".{name}", **_kept(*FILTERS, *PLACES)),
        "next_url": url_for(f".{name}", after=found.next_key, **_kept()) if found.next_key else None,
        "previous_url": url_for(f".{name}", before=found.previous_key, **_kept())
        if found.previous_key
        else None,
    }
    status = 422 if nothing_ticked else 200
    return page(
        f"directory/{name}.html", status, form=form, found=found, nothing_ticked=nothing_ticked, **more
    )


def _kept(*names: str) -> dict[str, Any]:
    """The filters of this search, for the addresses of its other pages and of the way back."""
    return {name: request.args[name] for name in names or FILTERS if request.args.get(name)}


def _ticked(kind: OrganisationKind, found: Page[Any]) -> list[int]:
    """The rows ticked, in the order of the page; «Select all» without script means every row that can be asked for."""
    wanted = set(request.form.getlist("row"))
    rows = [row for row in found.rows if kind is not OrganisationKind.CONTROL_BODY or not is_expired(row)]
    return [row.id for row in rows if "all" in request.form or str(row.id) in wanted]


def _wanted_role(actor: Actor) -> WantedRole:
    return WantedRole(actor.account_id, OrganisationKind((request.view_args or {})["kind"]))


@blueprint.route('/<any("operator", "authority", "control-body"):kind>/confirm', methods=["GET", "POST"])
@requires(Action.ROLE_REQUEST, _wanted_role)
def confirm(kind: str) -> ResponseReturnValue:
    """«Confirm the authorisation request for …», with what may help the validator."""
    wanted, numbers = OrganisationKind(kind), _row_numbers()
    if not numbers:
        return redirect(url_for(SEARCHES[wanted], **_kept()))
    rows, form = requesting.wanted_rows(wanted, numbers), ConfirmForm()
    if form.validate_on_submit():
        refusal = _send(form.to_wish(wanted, numbers))
        if refusal is None:
            return redirect(url_for("role_requests.profile"))
        form.form_errors.append(refusal)
    names = [row.code or row.name for row in rows]
    back = url_for(SEARCHES[wanted], **_kept())
    return page(
        "directory/confirm.html", form=form, rows=rows, names=names, back=back, here=_confirm_address(kind)
    )


def _confirm_address(kind: str) -> str:
    return url_for(".confirm", kind=kind, row=list(_row_numbers()), **_kept())


def _row_numbers() -> tuple[int, ...]:
    texts = [text for text in request.args.getlist("row") if text.isdecimal() and len(text) < 10]
    return tuple(dict.fromkeys(int(text) for text in texts))[:ROWS_AT_MOST]


def _send(wish: requesting.RoleWish) -> str | None:
    """Send the requests; why not, in words, when that cannot be."""
    try:
        sent = requesting.request_roles(wish, current.actor())
    except requesting.AlreadyRequested as refused:
        return _(
            "You already have a role or an open request for %(organisation)s.", organisation=refused.row.name
        )
    except requesting.NotRequestable as refused:
        return _("No role can be requested for %(organisation)s any more.", organisation=refused.row.name)
    except requesting.KindHeld:
        return _("You already hold another type of role here: one type of role for each person.")
    message = ngettext("Your request was sent.", "Your %(num)d requests were sent.", len(sent))
    flash(message, "success")
    return None
