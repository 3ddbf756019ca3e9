"""The wizard: one screen of boxes after the other, each kept as it was typed; two tabs never overwrite each other."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.certificates import changing, definitions, drafting, filling, queries, rights
from portal.certificates.changing import CertificateMoved
from portal.certificates.states import EDITABLE
from portal.identity import queries as identity
from portal.web import current
from portal.web.box_form import BoxForm, form_for
from portal.web.certificate_boxes.forms import clash_form, clashing
from portal.web.certificate_steps import Step, neighbours, steps_of
from portal.web.guard import requires
from portal.web.shell import page

blueprint = Blueprint("certificate_boxes", __name__)


def _to_fill(certificate_id: int) -> tuple[Any, Any, list[Step]]:
    """The certificate, its model, and the screens that one may fill now."""
    actor = current.actor()
    certificate = queries.readable(certificate_id, actor)
    target = rights.target_of(certificate, actor)
    changing.authorise_now(certificate, target, Action.CERTIFICATE_EDIT, actor)
    if certificate.state not in EDITABLE:
        raise CertificateMoved(certificate)
    definition = definitions.kept(certificate.definition_sha256)
    return certificate, definition, steps_of(filling.fillable(certificate, definition, actor))


@blueprint.get("/<int:certificate_id>/boxes")
@requires(Action.CERTIFICATE_EDIT)
def begin(certificate_id: int) -> ResponseReturnValue:
    """The first screen."""
    _certificate, _definition, steps = _to_fill(certificate_id)
    return redirect(url_for(".step", certificate_id=certificate_id, word=steps[0].word))


@blueprint.route("/<int:certificate_id>/boxes/<word>", methods=["GET", "POST"])
@requires(Action.CERTIFICATE_EDIT)
def step(certificate_id: int, word: str) -> ResponseReturnValue:
    """One screen: saved, searched in, or with another row."""
    certificate, _definition, steps = _to_fill(certificate_id)
    mine = next((one for one in steps if one.word == word), None)
    if mine is None:
        abort(404)
    form = form_for(mine.boxes, filling.values_of(certificate), filling.versions_of(certificate))
    if form.validate_on_submit() and not form.wants_another_look():
        return _saved(certificate, mine, steps, form)
    return _step_page(certificate, mine, steps, form)


def _saved(certificate: Any, mine: Step, steps: list[Step], form: BoxForm) -> ResponseReturnValue:
    typed, number = form.typed(), certificate.id
    try:
        drafting.save_boxes(number, typed, form.versions(), current.actor())
    except filling.BoxesRefused as refused:
        form.refuse(refused.refusals)
        return _step_page(queries.readable(number, current.actor()), mine, steps, form)
    except filling.BoxesChanged as met:
        return _clash_page(number, met, typed, form.versions())
    flash(_("What you typed was saved."), "success")
    following = neighbours(steps, mine.word)[1]
    if request.form.get("next") and following:
        return redirect(url_for(".step", certificate_id=number, word=following.word))
    if request.form.get("next"):
        return redirect(url_for("certificates.show", certificate_id=number))
    return redirect(url_for(".step", certificate_id=number, word=mine.word))


def _step_page(certificate: Any, mine: Step, steps: list[Step], form: BoxForm) -> ResponseReturnValue:
    form.offer(certificate.origin_country, certificate.destination_country)
    before, after = neighbours(steps, mine.word)
    return page("certificate_boxes/step.html", form=form, certificate=certificate, step=mine, steps=steps,
                before=before, after=after)  # fmt: skip


def _clash_page(
    number: int, met: filling.BoxesChanged, typed: dict[str, Any], versions: dict[str, int]
) -> ResponseReturnValue:
    """Both versions; what nobody else touched goes along with the versions the first page showed."""
    certificate = queries.readable(number, current.actor())
    definition = definitions.kept(certificate.definition_sha256)
    clashes = clashing(met.clashes, typed, definition, current.language())
    now = filling.versions_of(certificate)
    form = clash_form(typed, versions | {one.box: now.get(one.box, 0) for one in met.clashes})
    people = identity.accounts_by_id({one.by for one in met.clashes})
    return page(
        "certificate_boxes/clash.html",
        409,
        form=form,
        certificate=certificate,
        clashes=clashes,
        people=people,
    )


@blueprint.post("/<int:certificate_id>/boxes/settle")
@requires(Action.CERTIFICATE_EDIT)
def settle(certificate_id: int) -> ResponseReturnValue:
    """What the person decided where two had written the same box."""
    certificate, _definition, _steps = _to_fill(certificate_id)
    form = clash_form({}, {})
    typed, versions = form.decided(request.form)
    if not form.validate_on_submit() or not typed:
        flash(_("What stood there was left as it is."), "info")
        return redirect(url_for("certificates.show", certificate_id=certificate.id))
    try:
        drafting.save_boxes(certificate_id, typed, versions, current.actor())
    except filling.BoxesRefused:
        flash(_("Something of yours cannot stand in its box. Open the box and type it again."), "error")
    except filling.BoxesChanged as met:
        return _clash_page(certificate_id, met, typed, versions)
    else:
        flash(_("What you typed was saved."), "success")
    return redirect(url_for("certificates.show", certificate_id=certificate_id))
