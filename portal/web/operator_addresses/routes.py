"""Pages of the further addresses of an operator: one more, changed, made the main one, taken away."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.access.rules_operators import decides
from portal.roles import editing_operator as editing
from portal.web import current
from portal.web.forms import ButtonForm, VersionForm
from portal.web.guard import requires
from portal.web.operator_addresses.forms import AddressForm
from portal.web.shell import page

blueprint = Blueprint("operator_addresses", __name__)


@blueprint.route("/<int:operator_id>/addresses/add", methods=["GET", "POST"])
@requires(Action.OPERATOR_EDIT)
def add(operator_id: int) -> ResponseReturnValue:
    """A further address."""
    actor = current.actor()
    operator, _target = editing.operator_to_edit(operator_id, actor)
    form = AddressForm(country=operator.country)
    if form.validate_on_submit():
        editing.add_address(operator_id, form.to_address(), actor)
        flash(_("The address was added."), "success")
        return redirect(url_for("operators.show", operator_id=operator_id))
    return page("operator_addresses/add.html", form=form, operator=operator)


@blueprint.route("/addresses/<int:address_id>/edit", methods=["GET", "POST"])
@requires(Action.OPERATOR_EDIT)
def edit(address_id: int) -> ResponseReturnValue:
    """A further address, changed."""
    actor = current.actor()
    address, operator, _target = editing.address_to_edit(address_id, actor)
    form = AddressForm(obj=address)
    if form.validate_on_submit():
        editing.edit_address(address_id, form.to_address(), actor)
        flash(_("The address was changed."), "success")
        return redirect(url_for("operators.show", operator_id=operator.id))
    return page("operator_addresses/edit.html", form=form, operator=operator, address=address)


@blueprint.route("/addresses/<int:address_id>/main", methods=["GET", "POST"])
@requires(Action.OPERATOR_EDIT)
def main(address_id: int) -> ResponseReturnValue:
    """Make it the main one (the star of the guide)."""
    actor = current.actor()
    address, operator, target = editing.address_to_edit(address_id, actor)
    form = VersionForm(obj=operator)
    if form.validate_on_submit():
        try:
            editing.choose_main_address(address_id, form.seen(), actor)
            flash(_("The operator has another main address."), "success")
        except editing.EditedMeanwhile:
            flash(_("Somebody else changed the operator meanwhile: look at how it stands now."), "info")
        return redirect(url_for("operators.show", operator_id=operator.id))
    again = not decides(actor, target)
    return page("operator_addresses/main.html", form=form, operator=operator, address=address, again=again)


@blueprint.route("/addresses/<int:address_id>/remove", methods=["GET", "POST"])
@requires(Action.OPERATOR_EDIT)
def remove(address_id: int) -> ResponseReturnValue:
    """Take a further address away."""
    form, actor = ButtonForm(), current.actor()
    address, operator, _target = editing.address_to_edit(address_id, actor)
    if form.validate_on_submit():
        try:
            editing.remove_address(address_id, actor)
            flash(_("The address was removed."), "success")
            return redirect(url_for("operators.show", operator_id=operator.id))
        except editing.AddressInUse:
            form.form_errors.append(_("An activity is done there: give it another address first."))
    return page("operator_addresses/remove.html", form=form, operator=operator, address=address)
