"""The words of certificates: documents, states, steps of the wizard, what is wrong in a box, reasons, failures."""

from __future__ import annotations

from typing import Any

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.certificates.boxes import BoxRefused
from portal.certificates.recognition import NotRecognised
from portal.certificates.states import CertificateState, Document, IntentFailure, IntentState
from portal.web import labels

DOCUMENTS: dict[str, Any] = {
    Document.COI: _l("Certificate of inspection for organic products (COI)"),
    Document.INTRA: _l("Certificate for movements within the Union (INTRA)"),
}
STATES: dict[str, Any] = {
    CertificateState.DRAFT: _l("Draft"),
    CertificateState.SUBMITTED: _l("Submitted"),
    CertificateState.IN_PROGRESS: _l("Being certified"),
    CertificateState.VALID: _l("Valid"),
    CertificateState.REJECTED: _l("Refused"),
    CertificateState.REPLACED: _l("Replaced"),
    CertificateState.CANCELLED: _l("Cancelled"),
    CertificateState.DELETED: _l("Deleted"),
}
TAGS: dict[str, str] = {
    CertificateState.DRAFT: "withdrawn",
    CertificateState.SUBMITTED: "requested",
    CertificateState.IN_PROGRESS: "requested",
    CertificateState.VALID: "valid",
    CertificateState.REJECTED: "rejected",
    CertificateState.REPLACED: "expired",
    CertificateState.CANCELLED: "rejected",
}
"""The look of a state: that of the roles it resembles."""
STEPS: dict[str, Any] = {
    "parties": _l("Parties and offices"),
    "places": _l("Countries and places"),
    "transport": _l("Transport"),
    "goods": _l("Animals or products"),
    "entry": _l("Arrival in the Union"),
    "certification": _l("Certification"),
}
NAMED_AS: dict[str, Any] = {
    "creator": _l("Drafted by"),
    "issuer": _l("To be certified by"),
}
REFUSALS: dict[str, Any] = {
    "activity-not-valid": _l("Only an operator with a valid activity can stand here."),
    "characters": _l("This text contains characters that cannot be shown. Type it again."),
    "missing": _l("Something is still missing here."),
    "no-name": _l("Type the name of the organisation."),
    "not-a-country": _l("Choose a country."),
    "not-a-date": _l("Type a date."),
    "not-a-moment": _l("Type a date with its time."),
    "not-a-number": _l("Type a whole number, in digits only."),
    "not-a-weight": _l("Type a weight with its unit, such as 500 kg."),
    "not-an-option": _l("Choose one of the answers."),
    "not-an-organisation": _l("Choose an organisation from the list."),
    "not-in-a-register": _l("Only an organisation from the register can stand here. Search it."),
    "not-responsible": _l(
        "This authority does not answer for the place of dispatch, or may not be named here."
    ),
    "organisation-not-valid": _l("This organisation is not valid at the moment. Choose another one."),
    "organisation-unknown": _l("There is no such organisation. Search it again."),
    "recognition-over": _l("The recognition of this control body has ended: it cannot issue certificates."),
    "too-long": _l("This text is too long: shorten it."),
    "too-many-rows": _l("This table has too many rows."),
    "wrong-register": _l("This organisation is of another kind than this box asks for."),
}
"""What is wrong in a box; a word that only a forged form can cause has the last sentence."""
STRANGE = _l("This cannot stand here. Open the page again.")
INTENTS: dict[str, Any] = {
    IntentState.WAITING: _l("Waiting for its turn"),
    IntentState.CLAIMED: _l("Being signed"),
    IntentState.SEALED: _l("Signed"),
    IntentState.FAILED: _l("Not signed"),
}
FAILURES: dict[str, Any] = {
    IntentFailure.ROLE: _l("You could not sign it any more when its turn came: your role, your organisation or the "
                           "right to sign had changed."),
    IntentFailure.CHANGED: _l("It was changed after you had confirmed it. Look at it again."),
    IntentFailure.SUSPENDED: _l("The organisation that began the certificate is suspended."),
    IntentFailure.RECOGNITION: _l("The control body is no longer recognised for the countries of the consignment."),
    IntentFailure.RENDERING: _l("The paper could not be made, for a reason on our side. Try again later."),
    IntentFailure.SEALING: _l("The seal could not be put on it, for a reason on our side. Try again later."),
    IntentFailure.INTERRUPTED: _l("The portal was interrupted several times while it was signing."),
}  # fmt: skip


def refusal(refused: BoxRefused) -> str:
    """What is wrong with what was typed, or with the organisation that stands there."""
    if isinstance(refused, NotRecognised):
        return _not_recognised(refused)
    return str(REFUSALS.get(refused.word, STRANGE))


def _not_recognised(refused: NotRecognised) -> str:
    names = [labels.country(code) for code in refused.countries]
    countries = format_list(names, style="or", locale=str(get_locale()))
    return _("%(body)s is not recognised today for %(countries)s.", body=refused.body, countries=countries)
