"""Pages of the models of certificates: which there are and where each comes from, one of them, and loading a file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.access.authorise import may
from portal.certificates import definitions, loading
from portal.certificates.definitions import NoSuchModel
from portal.certificates.schema import BYTES_AT_MOST, NotAModel
from portal.certificates.shapes import Definition, in_language
from portal.certificates.states import Document
from portal.web import current, model_words, register_words
from portal.web.certificate_models.forms import ConfirmForm, UploadForm
from portal.web.guard import nothing, requires
from portal.web.shell import language_labels, page

blueprint = Blueprint("certificate_models", __name__)
DOCUMENT = f'<any("{Document.COI}", "{Document.INTRA}"):document>'


@blueprint.get("")
@requires(Action.MODEL_READ, nothing)
def overview() -> ResponseReturnValue:
    """Every model with its source and whether it is verified."""
    return page(
        "certificate_models/overview.html",
        models=definitions.all_current(),
        may_load=may(current.actor(), Action.MODEL_LOAD),
        documents=register_words.DOCUMENTS,
        words=model_words,
        in_language=in_language,
    )


@blueprint.get(f"/{DOCUMENT}/<path:code>")
@requires(Action.MODEL_READ, nothing)
def show(document: str, code: str) -> ResponseReturnValue:
    """One model, box by box."""
    try:
        model = definitions.current(document, code)
    except NoSuchModel:
        abort(404)
    return page(
        "certificate_models/show.html",
        origin=model.loaded,
        sha256=model.sha256,
        **_shown(model.definition),
    )


@blueprint.route("/load", methods=["GET", "POST"])
@requires(Action.MODEL_LOAD, nothing)
def upload() -> ResponseReturnValue:
    """A model file, checked; nothing counts before it was looked at."""
    form = UploadForm()
    if form.validate_on_submit():
        try:
            # One byte more than may be: a larger file is refused as such.
            sha256 = loading.prepare(form.file.data.stream.read(BYTES_AT_MOST + 1), current.actor())
            return redirect(url_for(".confirm", sha256=sha256))
        except NotAModel as refused:
            form.refuse(model_words.sentences(refused.problems))
    return page("certificate_models/upload.html", form=form, kilobytes=BYTES_AT_MOST // 1024)


@blueprint.route("/load/<sha256>", methods=["GET", "POST"])
@requires(Action.MODEL_LOAD, nothing)
def confirm(sha256: str) -> ResponseReturnValue:
    """The model of the file as it would be shown, and the button that lets it count."""
    definition = _kept(sha256)
    form = ConfirmForm(version=loading.newest_version(definition), source=definition.source)
    if form.validate_on_submit():
        try:
            loading.load_prepared(sha256, form.source.data or "", form.seen(), current.actor())
            flash(
                _("The model counts from now on. Certificates begun before keep the one they had."), "success"
            )
        except loading.CountsAlready:
            flash(_("This very model counts here already."), "info")
        except loading.LoadedMeanwhile:
            return _met(definition, sha256)
        return redirect(url_for(".show", document=definition.document, code=definition.code))
    return page("certificate_models/confirm.html", form=form, sha256=sha256, **_shown(definition))


def _met(definition: Definition, sha256: str) -> ResponseReturnValue:
    """Another file came first: the same page, with the version that counts by now."""
    form = ConfirmForm(formdata=None, version=loading.newest_version(definition), source=definition.source)
    return page(
        "certificate_models/confirm.html", 409, form=form, sha256=sha256, met=True, **_shown(definition)
    )


def _kept(sha256: str) -> Definition:
    try:
        return definitions.kept(sha256)
    except NoSuchModel:
        abort(404)


def _shown(definition: Definition) -> dict[str, Any]:
    language = current.language()
    return {
        "model": definition,
        "name": in_language(definition.names, language),
        "language": language,
        "languages": dict(language_labels()),
        "in_language": in_language,
        "document_name": register_words.DOCUMENTS[definition.document],
        "words": model_words,
    }
