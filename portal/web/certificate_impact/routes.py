"""Pages of an impact: which certificates a stolen key or a role found wrong touched, and telling their parties."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.access.actions import Action
from portal.certificates import impact, warning
from portal.certificates.impact import Cause, Touched
from portal.certificates.states import ImpactReason
from portal.certificates.touching import Window
from portal.certificates.warning import NobodyToTell
from portal.environments import environment
from portal.identity import queries as identity
from portal.paging import Page, Place
from portal.seals import publishing
from portal.web import current, exporting, listings, verification_words, work_words
from portal.web.certificate_impact.forms import ImpactForm
from portal.web.forms import ButtonForm
from portal.web.guard import requires
from portal.web.shell import page

blueprint = Blueprint("certificate_impact", __name__)
KEPT = ("cause", "first", "last", "act")
work_words.KINDS[warning.KIND] = _l("Messages about certificates to be checked")
work_words.OUTCOMES |= {
    "impact-told": _l("Those whom it concerns were told. Number of people: %(people)d."),
    "impact-told-before": _l("Those whom it concerns had been told already."),
    "impact-ended": _l("Its data were deleted after the retention date: nobody was told."),
    "impact-not-yours": _l("You may not tell of it any more, or it was not touched: nobody was told."),
}


@blueprint.get("")
@requires(Action.CERTIFICATE_IMPACT)
def show() -> ResponseReturnValue:
    """The certificates touched in the window that was asked for, the newest first."""
    actor, form = current.actor(), _form()
    if "first" not in request.args:
        return page("certificate_impact/show.html", form=form.suggest(), found=None)
    if not form.validate():
        return page("certificate_impact/show.html", form=form, found=None)
    cause, window = form.to_question()
    if file := exporting.file_of(listings.IMPACT, lambda at: impact.touched(cause, window, actor, at)):
        return file
    place = Place(request.args.get("after", ""), request.args.get("before", ""))
    found = impact.touched(cause, window, actor, place)
    return page(
        "certificate_impact/show.html", form=form, found=found, kept=_kept(), **_facts(cause, found),
        to_tell=warning.to_tell(cause, window, actor),
    )  # fmt: skip


@blueprint.route("/tell", methods=["GET", "POST"])
@requires(Action.CERTIFICATE_IMPACT)
def tell() -> ResponseReturnValue:
    """What the message says and of how many certificates; the button hands them to the worker."""
    actor, form = current.actor(), _form()
    if not form.validate():
        return redirect(url_for(".show", **_kept()))
    cause, window = form.to_question()
    if ButtonForm().validate_on_submit() and (work := _begun(cause, window)):
        return redirect(url_for("work.show", work_id=work.id))
    number = warning.to_tell(cause, window, actor)
    if not number:
        flash(_("No certificate is left of which somebody is still to be told."), "info")
        return redirect(url_for(".show", **_kept()))
    return page("certificate_impact/tell.html", form=form, cause=cause, number=number, kept=_kept(),
                name=form.names[cause.word], is_cut=number == warning.AT_MOST)  # fmt: skip


def _begun(cause: Cause, window: Window) -> Any:
    """The work; None where somebody else told everybody between the page and the press."""
    try:
        return warning.begin(cause, window, current.actor())
    except NobodyToTell:
        return None


def _kept() -> dict[str, Any]:
    return {name: request.args[name][:80] for name in KEPT if request.args.get(name)}


def _form() -> ImpactForm:
    """The form with the keys of this environment, the holders of the own office, and the role of the address."""
    actor, form = current.actor(), ImpactForm(request.args)
    holders = {role.id: role for role in impact.holders(actor)}
    asked = impact.cause_in(request.args.get("cause", ""))
    if asked and asked.reason is ImpactReason.ROLE_WRONG:
        role = impact.role_of(asked, actor)
        holders.setdefault(role.id, role)
    return form.offer(_keys() | _roles(list(holders.values())))


def _keys() -> dict[str, str]:
    """Each key as a choice; a hash in full would not fit a small screen."""
    states, form = verification_words.KEY_STATES, _("Key %(name)s, SHA-256 %(start)s… (%(state)s)")
    return {
        Cause(ImpactReason.KEY_STOLEN, one.sha256).word: form
        % {"name": one.name, "start": one.sha256[:16], "state": states[one.state]}
        for one in publishing.keys_of(environment.current().value)
    }


def _roles(holders: list[Any]) -> dict[str, str]:
    people = identity.accounts_by_id({role.account_id for role in holders})
    form = _("Role of %(person)s in %(organisation)s")
    return {
        Cause(ImpactReason.ROLE_WRONG, str(role.id)).word: form
        % {"person": people[role.account_id].full_name, "organisation": role.organisation.name}
        for role in holders
    }


def _facts(cause: Cause, found: Page[Touched]) -> dict[str, Any]:
    """What the rows of this page need: whom each names, and when they were told."""
    parties, offices = listings.issuers_and_parties(found.rows)
    told = impact.told_of(cause, {row.certificate.id for row in found.rows})
    return {"parties": parties, "names": offices, "told": told}
