"""Duty phones of an organisation (S0): the list its administrator keeps; a lost one withdrawn from everybody."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.access.actions import Action
from portal.access.actor import OwnOrganisation
from portal.access.authorise import authorise
from portal.identity import challenges, duty_phones
from portal.identity.duty_phones import AlreadyListed, AlreadyLost
from portal.organisations import queries as organisations
from portal.roles import duty
from portal.web import current, exporting, listings
from portal.web.duty_phones.forms import DutyPhoneForm, PlaceForm
from portal.web.forms import ButtonForm
from portal.web.guard import nothing, requires
from portal.web.shell import page

blueprint = Blueprint("duty_phones", __name__)


@blueprint.get("")
@requires(Action.DUTY_PHONE_READ, nothing)
def phones() -> ResponseReturnValue:
    """The lists of the organisations the person belongs to; those administered can be changed."""
    actor = current.actor()
    ids = {role.organisation_id for role in actor.roles}
    rows = duty_phones.of_organisations(ids)
    if file := exporting.file_of_rows(listings.DUTY_PHONES, rows):
        return file
    return page(
        "duty_phones/phones.html",
        phones=rows,
        names=organisations.organisations_by_id(ids),
        administered=sorted(actor.organisations_administered),
    )


@blueprint.route("/<int:organisation_id>/add", methods=["GET", "POST"])
@requires(Action.DUTY_PHONE_KEEP)
def add(organisation_id: int) -> ResponseReturnValue:
    """A number for the list; members still prove it by its code before it is anything to their account."""
    actor, form = current.actor(), DutyPhoneForm()
    authorise(actor, Action.DUTY_PHONE_KEEP, OwnOrganisation(organisation_id))
    if form.validate_on_submit():
        try:
            duty_phones.put(organisation_id, form.to_phone(), actor)
            flash(_("The duty phone is on the list."), "success")
            return redirect(url_for(".phones"))
        except AlreadyListed:
            form.number.errors = [_("This number is on the list already.")]
        except challenges.CountryNotServed:
            form.number.errors = [
                _("Text messages are not sent to this country. Use a number of another country.")
            ]
    return page("duty_phones/add.html", form=form, organisation_id=organisation_id)


@blueprint.route("/phones/<int:duty_phone_id>/edit", methods=["GET", "POST"])
@requires(Action.DUTY_PHONE_KEEP)
def edit(duty_phone_id: int) -> ResponseReturnValue:
    """Another place or holder."""
    actor = current.actor()
    phone = duty_phones.kept(duty_phone_id, actor)
    form = PlaceForm(obj=phone)
    if form.validate_on_submit():
        duty_phones.change(duty_phone_id, form.place.data or "", form.holder.data or "", actor)
        flash(_("The list was changed."), "success")
        return redirect(url_for(".phones"))
    return page("duty_phones/edit.html", form=form, phone=phone)


@blueprint.route("/phones/<int:duty_phone_id>/remove", methods=["GET", "POST"])
@requires(Action.DUTY_PHONE_KEEP)
def remove(duty_phone_id: int) -> ResponseReturnValue:
    """Off the list; accounts that have it keep it."""
    form, actor = ButtonForm(), current.actor()
    phone = duty_phones.kept(duty_phone_id, actor)
    if form.validate_on_submit():
        duty_phones.take_off(duty_phone_id, actor)
        flash(_("The duty phone is no longer on the list."), "success")
        return redirect(url_for(".phones"))
    return page("duty_phones/remove.html", form=form, phone=phone)


@blueprint.route("/phones/<int:duty_phone_id>/lost", methods=["GET", "POST"])
@requires(Action.DUTY_PHONE_KEEP)
def lost(duty_phone_id: int) -> ResponseReturnValue:
    """Lost or stolen: withdrawn from every member at once."""
    form, actor = ButtonForm(), current.actor()
    phone = duty_phones.kept(duty_phone_id, actor)
    if form.validate_on_submit():
        try:
            count = duty.report_lost(duty_phone_id, actor)
        except AlreadyLost:
            flash(_("Somebody else was faster: look at how things stand now."), "info")
            return redirect(url_for(".phones"))
        done = ngettext(
            "The phone was withdrawn from %(num)d account.",
            "The phone was withdrawn from %(num)d accounts.",
            count,
        )
        flash(done, "success")
        return redirect(url_for(".phones"))
    return page("duty_phones/lost.html", form=form, phone=phone)
