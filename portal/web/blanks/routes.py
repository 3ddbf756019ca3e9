"""Public pages of the blank forms for an outage: which there are, and each as a file."""

from __future__ import annotations

import itertools
from io import BytesIO

from flask import Blueprint, abort, send_file
from flask.typing import ResponseReturnValue

from portal.certificates import blanks
from portal.certificates.blanks import NoSuchBlank
from portal.web import current
from portal.web.guard import public
from portal.web.shell import language_labels, page

OUTAGE = "whoever has to issue a certificate while the portal cannot be reached keeps its blank form (IMSOC Art. 46)"
blueprint = Blueprint("blanks", __name__)


@blueprint.get("/blanks")
@public(OUTAGE)
def overview() -> ResponseReturnValue:
    """Every model with its forms, one in each language."""
    models = [
        (key[1], list(forms))
        for key, forms in itertools.groupby(blanks.listed(), lambda one: (one.document, one.code))
    ]
    return page(
        "blanks/overview.html", models=models, language=current.language(), languages=dict(language_labels())
    )


@blueprint.get("/blanks/<name>")
@public(OUTAGE)
def form(name: str) -> ResponseReturnValue:
    """One form, the same bytes for everybody."""
    try:
        content = blanks.read(name)
    except NoSuchBlank:
        abort(404)
    return send_file(BytesIO(content), "application/pdf", as_attachment=True, download_name=name)
