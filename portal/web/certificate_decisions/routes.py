"""Pages on which one decides about a certificate: submit, take back, open, refuse, cancel, delete, copy, control."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.certificates import changing, controls, definitions, drafting, queries, rights, submitting
from portal.certificates.changing import CertificateMoved
from portal.certificates.drafting import BeingReplaced
from portal.certificates.filling import BoxesRefused
from portal.certificates.states import CancelReason, CertificateState, RefusalReason
from portal.certificates.submitting import Incomplete
from portal.web import certificate_shown, current
from portal.web.box_form import BoxForm, form_for
from portal.web.certificate_decisions.forms import CancelForm, DeclarationForm, DeleteForm, RefusalForm
from portal.web.forms import ButtonForm
from portal.web.guard import requires
from portal.web.shell import page

blueprint = Blueprint("certificate_decisions", __name__)
BEFORE = (CertificateState.SUBMITTED, CertificateState.IN_PROGRESS)


def _asked(certificate_id: int, action: Action, *states: CertificateState) -> Any:
    """The certificate on whose page the question stands, where one may answer it."""
    actor = current.actor()
    certificate = queries.readable(certificate_id, actor)
    changing.authorise_now(certificate, rights.target_of(certificate, actor), action, actor)
    if certificate.state not in states:
        raise CertificateMoved(certificate)
    return certificate


def _back(certificate_id: int) -> ResponseReturnValue:
    return redirect(url_for("certificates.show", certificate_id=certificate_id))


@blueprint.route("/<int:certificate_id>/submit", methods=["GET", "POST"])
@requires(Action.CERTIFICATE_SUBMIT)
def submit(certificate_id: int) -> ResponseReturnValue:
    """The operator's declaration."""
    certificate, form = (
        _asked(certificate_id, Action.CERTIFICATE_SUBMIT, CertificateState.DRAFT),
        DeclarationForm(),
    )
    if form.validate_on_submit():
        try:
            submitting.submit(certificate_id, current.actor())
        except Incomplete:
            flash(_("Something is still missing; nothing was submitted."), "error")
        else:
            flash(_("The certificate was submitted. Whoever certifies it was told."), "success")
        return _back(certificate_id)
    return page("certificate_decisions/submit.html", form=form, certificate=certificate)


@blueprint.post("/<int:certificate_id>/take-back")
@requires(Action.CERTIFICATE_SUBMIT)
def take_back(certificate_id: int) -> ResponseReturnValue:
    """A submitted certificate that nobody opened is a draft again."""
    done = _("It is a draft again. Edit it and submit it anew.")
    return _pressed(certificate_id, submitting.take_back, done)


@blueprint.post("/<int:certificate_id>/open")
@requires(Action.CERTIFICATE_CERTIFY)
def open_it(certificate_id: int) -> ResponseReturnValue:
    """The certifier takes it up."""
    done = _("You took it up: it can no longer be taken back.")
    return _pressed(certificate_id, submitting.open_for_certification, done)


def _pressed(certificate_id: int, act: Callable[[int, Any], Any], done: str) -> ResponseReturnValue:
    if ButtonForm().validate_on_submit():
        act(certificate_id, current.actor())
        flash(done, "success")
    return _back(certificate_id)


@blueprint.route("/<int:certificate_id>/refuse", methods=["GET", "POST"])
@requires(Action.CERTIFICATE_CERTIFY)
def refuse(certificate_id: int) -> ResponseReturnValue:
    """Sent back for good, with the reason."""
    certificate, form = _asked(certificate_id, Action.CERTIFICATE_CERTIFY, *BEFORE), RefusalForm().offer()
    if form.validate_on_submit() and form.explains():
        reason = RefusalReason(form.reason.data)
        submitting.refuse(certificate_id, reason, form.text.data or "", current.actor())
        flash(_("The certificate was refused. Whoever drafted it was told."), "success")
        return _back(certificate_id)
    return page("certificate_decisions/refuse.html", form=form, certificate=certificate)


@blueprint.route("/<int:certificate_id>/cancellation", methods=["GET", "POST"])
@requires(Action.CERTIFICATE_CANCEL)
def cancel(certificate_id: int) -> ResponseReturnValue:
    """A valid certificate ends; its file and its public page stay and say so."""
    certificate, form = (
        _asked(certificate_id, Action.CERTIFICATE_CANCEL, CertificateState.VALID),
        CancelForm().offer(),
    )
    if form.validate_on_submit() and form.explains():
        reason = CancelReason(form.reason.data)
        submitting.cancel(certificate_id, reason, form.text.data or "", current.actor())
        flash(_("The certificate was cancelled. Everybody it names was told."), "success")
        return _back(certificate_id)
    return page("certificate_decisions/cancel.html", form=form, certificate=certificate)


@blueprint.route("/<int:certificate_id>/delete", methods=["GET", "POST"])
@requires(Action.CERTIFICATE_EDIT)
def delete(certificate_id: int) -> ResponseReturnValue:
    """A draft goes for good."""
    certificate, form = _asked(certificate_id, Action.CERTIFICATE_EDIT, CertificateState.DRAFT), DeleteForm()
    if form.validate_on_submit():
        drafting.delete(certificate_id, current.actor())
        flash(_("The draft was deleted."), "success")
        return redirect(url_for("certificates.overview"))
    return page("certificate_decisions/delete.html", form=form, certificate=certificate)


@blueprint.post("/<int:certificate_id>/copy")
@requires(Action.CERTIFICATE_CREATE)
def copy(certificate_id: int) -> ResponseReturnValue:
    """A new draft with what stands in this certificate."""
    if not ButtonForm().validate_on_submit():
        return _back(certificate_id)
    return _copied(drafting.copy_as_new(certificate_id, current.actor()))


@blueprint.post("/<int:certificate_id>/replace")
@requires(Action.CERTIFICATE_CERTIFY)
def replace(certificate_id: int) -> ResponseReturnValue:
    """A draft that takes the place of this certificate once it is signed."""
    if not ButtonForm().validate_on_submit():
        return _back(certificate_id)
    try:
        return _copied(drafting.copy_as_replacement(certificate_id, current.actor()))
    except BeingReplaced as met:
        flash(_("A replacement was begun already: this is it."), "info")
        return _back(met.certificate_id)


def _copied(certificate: Any) -> ResponseReturnValue:
    number = certificate.draft_number
    flash(
        _("The copy is a draft with the number %(number)s. Look through every box.", number=number), "success"
    )
    return _back(certificate.id)


@blueprint.route("/<int:certificate_id>/control/<part>", methods=["GET", "POST"])
@requires(Action.CERTIFICATE_CONTROL)
def control(certificate_id: int, part: str) -> ResponseReturnValue:
    """What was found at the border or at destination, or what the importer declares; only ever added."""
    certificate = _asked(certificate_id, Action.CERTIFICATE_CONTROL, CertificateState.VALID)
    definition = definitions.kept(certificate.definition_sha256)
    mine = controls.completed_by(certificate, definition, part, current.actor())
    if not mine:
        abort(404)
    form = form_for(mine, {}, {})
    if form.validate_on_submit() and not form.wants_another_look() and _was_added(certificate, part, form):
        flash(_("What you recorded stands with the certificate now."), "success")
        return _back(certificate_id)
    form.offer(certificate.destination_country, certificate.destination_country)
    title = next(
        certificate_shown.in_page_language(one.titles) for one in definition.parts if one.part == part
    )
    return page(
        "certificate_decisions/control.html", form=form, certificate=certificate, part=part, title=title
    )


def _was_added(certificate: Any, part: str, form: BoxForm) -> bool:
    try:
        submitting.add_control(certificate.id, part, form.typed(), current.actor())
    except BoxesRefused as refused:
        form.refuse(refused.refusals)
    except Incomplete as found:
        form.ask_for(found.missing)
    else:
        return True
    return False
