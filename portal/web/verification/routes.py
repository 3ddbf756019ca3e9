"""The public check of a certificate, by number and code of its paper or by its file, and what seals are made with."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from portal import config
from portal.certificates import checking, impact, verification
from portal.certificates.shapes import in_language
from portal.certificates.states import ImpactReason
from portal.certificates.verification import FILE_BYTES_AT_MOST
from portal.environments import environment
from portal.environments.environment import Environment
from portal.seals import publishing
from portal.web import certificate_words, current, labels, verification_words
from portal.web.guard import allowed_commit, public
from portal.web.shell import environments_served, page
from portal.web.verification.forms import MEGABYTE, FileForm, PaperForm

PAPER = "whoever has the paper or the file of a certificate checks it, without an account"
PUBLISHED = "certificates of keys and revocation lists, which every program that checks a file reads"
HERE = "/<environment:environment>"
PRODUCTION = {"environment": Environment.PRODUCTION}
PEM, CRL = "application/x-pem-file", "application/pkix-crl"
blueprint = Blueprint("verification", __name__)


@blueprint.before_request
def only_where_served() -> None:
    """The short address is that of Production, which this portal may not serve."""
    if environment.current() not in config.current().environments:
        abort(404)


@blueprint.get("/verify", defaults=PRODUCTION)
@blueprint.get(f"{HERE}/verify")
@public(PAPER)
def ask() -> ResponseReturnValue:
    """Number and code of a paper, or a file; other environments have pages of their own."""
    form = PaperForm(request.args if "number" in request.args else None)
    if "number" in request.args and form.validate():
        return redirect(url_for(".certificate", number=form.address_part, code=form.code.data))
    others = [
        (key, labels.ENVIRONMENTS[key]) for key in environments_served() if key != environment.current()
    ]
    return page(
        "verification/ask.html", form=form, file_form=FileForm(formdata=None), others=others,
        megabytes=FILE_BYTES_AT_MOST // MEGABYTE,
    )  # fmt: skip


@blueprint.get("/verify/<number>", defaults=PRODUCTION)
@blueprint.get(f"{HERE}/verify/<number>")
@public(PAPER)
def certificate(number: str) -> ResponseReturnValue:
    """What the QR code of a paper leads to; an unknown number and a wrong code have the same answer."""
    code = request.args.get("code", "")
    if not code:
        return redirect(url_for(".ask", number=number))
    verification.check_may_ask(current.network())
    record = verification.record_of(number, code)
    if record is None:
        with allowed_commit("verification-miss"):
            verification.count_miss(current.network())
        return page("verification/not_found.html", 404)
    return page("verification/certificate.html", record=record, **_words())


@blueprint.route("/verify/file", methods=["GET", "POST"], defaults=PRODUCTION)
@blueprint.route(f"{HERE}/verify/file", methods=["GET", "POST"])
@public(PAPER)
def file() -> ResponseReturnValue:
    """A file in three values with the reason; it is read in memory and kept nowhere."""
    form = FileForm()
    if form.validate_on_submit():
        answer = checking.check_for(current.network(), form.content)
        return page("verification/result.html", answer=answer, record=answer.record, **_words())
    return page("verification/file.html", form=form, megabytes=FILE_BYTES_AT_MOST // MEGABYTE)


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """More than was read: the form again, with the sentence at its field."""
    form = FileForm(formdata=None)
    form.refuse_size()
    return page("verification/file.html", form=form, megabytes=FILE_BYTES_AT_MOST // MEGABYTE)


@blueprint.get(f"{HERE}/seals")
@public(PUBLISHED)
def keys() -> ResponseReturnValue:
    """The keys that seal and sealed here, their authorities, and the lists of what was withdrawn."""
    here, actor = environment.current().value, current.actor_or_none()
    return page(
        "verification/keys.html",
        keys=publishing.keys_of(here),
        stolen=ImpactReason.KEY_STOLEN if actor is not None and impact.may_look(actor) else None,
        authorities=publishing.authorities_of(here),
        has_stamps=bool(publishing.roots_of_stamps()),
        words=verification_words,
        is_qualified=config.current().seal_qualified,
    )


@blueprint.get(f"{HERE}/seals/keys/<sha256>.pem")
@public(PUBLISHED)
def key_file(sha256: str) -> ResponseReturnValue:
    """The certificate of one key, as PEM."""
    here = environment.current().value
    found = publishing.key_of(here, sha256)
    return _sent(found.pem.encode(), f"{here}-seal-{sha256[:16]}.pem", PEM) if found else abort(404)


@blueprint.get(f"{HERE}/seals/<name>.pem")
@public(PUBLISHED)
def authority_file(name: str) -> ResponseReturnValue:
    """The certificate of the root or of an issuing authority, as PEM."""
    here = environment.current().value
    found = publishing.authorities_of(here).get(name)
    return _sent(found.pem.encode(), f"{here}-{name}.pem", PEM) if found else abort(404)


@blueprint.get(f"{HERE}/seals/time-stamps.pem")
@public(PUBLISHED)
def stamps_file() -> ResponseReturnValue:
    """The roots of whoever stamps the files, as PEM."""
    found = publishing.roots_of_stamps()
    return _sent(found.encode(), "time-stamps.pem", PEM) if found else abort(404)


@blueprint.get(f"{HERE}/seals/<name>.crl")
@public(PUBLISHED)
def revocation_list(name: str) -> ResponseReturnValue:
    """The revocation list of the root or of an issuing authority (DER), at the address that the certificates name."""
    here = environment.current().value
    found = publishing.list_of(here, name)
    return _sent(found, f"{here}-{name}.crl", CRL) if found else abort(404)


def _sent(content: bytes, name: str, media_type: str) -> Response:
    return Response(
        content, mimetype=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _words() -> dict[str, Any]:
    return {
        "words": verification_words,
        "certificate_words": certificate_words,
        "in_language": in_language,
        "is_qualified": config.current().seal_qualified,
    }
