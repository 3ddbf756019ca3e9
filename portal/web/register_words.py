"""Words about the registers of authorities and control bodies: events, states, questions, refusals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.organisations.registers import EditedMeanwhile

EVENTS = {
    "AuthorityCreated": _l("Created"),
    "AuthorityEdited": _l("Details changed"),
    "AuthorityMoved": _l("Moved under another authority"),
    "AuthoritySuspended": _l("Suspended"),
    "AuthorityLifted": _l("Suspension lifted"),
    "AuthorityDeleted": _l("Deleted"),
    "ControlBodyCreated": _l("Created"),
    "ControlBodyEdited": _l("Details changed"),
    "ControlBodySuspended": _l("Suspended"),
    "ControlBodyLifted": _l("Suspension lifted"),
    "ControlBodyDeleted": _l("Deleted"),
    "ScopeAdded": _l("Scope added"),
    "ScopeChanged": _l("Scope changed"),
    "ScopeEnded": _l("Scope ended"),
    "ScopeRenewed": _l("Scope renewed"),
}
DONE = {
    "suspend": _l("It is suspended: the roles of its people have no effect until the suspension is lifted."),
    "lift": _l("The suspension was lifted: the roles of its people have effect again."),
    "delete": _l("It was deleted. Its history stays."),
}
ACTS = {"suspend": _l("Suspend"), "lift": _l("Lift the suspension"), "delete": _l("Delete")}
QUESTIONS = {
    "suspend": _l("Suspend %(name)s?"),
    "lift": _l("Lift the suspension of %(name)s?"),
    "delete": _l("Delete %(name)s?"),
}
MEANINGS = {
    "suspend": _l(
        "Nobody can ask for a role there, and the roles of its people have no effect. Their status stays as it is. "
        "Authorities above it go on deciding."
    ),
    "lift": _l("The roles of its people have effect again, and one can ask for roles there."),
    "delete": _l(
        "It leaves every search and the roles of its people have no effect any more. Its history stays."
    ),
}

DOCUMENTS = {
    "CHED-A": _l("CHED-A"),
    "CHED-P": _l("CHED-P"),
    "DOCOM": _l("DOCOM"),
    "EU EXPORT": _l("EU EXPORT"),
    "EU IMPORT": _l("EU IMPORT"),
    "INTRA": _l("INTRA"),
    "AJL": _l("AJL"),
    "COI": _l("COI"),
}
RIGHTS = {"rw": _l("read and write"), "r-": _l("read only"), "--": _l("nothing")}
COMPETENCES = {
    "VETERINARY": _l("Animal"),
    "FOOD": _l("Food"),
    "GERMINAL": _l("Germinal products"),
    "ANIMAL_BY_PRODUCTS": _l("Animal by-products"),
    "ORGANIC": _l("Organic"),
}
"""The short words of the profile; other competences by the name of the register."""
HOLDERS = {"operator": _l("Operator"), "control-body": _l("Organic Control Body")}


@dataclass(frozen=True)
class DocumentChip:
    """A document with the right on it, as code and in words."""

    label: str
    code: str
    meaning: str


def document_chips(rights: Mapping[str, str]) -> list[DocumentChip]:
    """The documents on which there is any right, in the order of the guide."""
    held = [(document, rights.get(document, "--")) for document in DOCUMENTS]
    return [
        DocumentChip(str(DOCUMENTS[document]), word, str(RIGHTS[word]))
        for document, word in held
        if word != "--"
    ]


def competence_words(codes: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """Competences as the profile shows them; `names` are those of the register."""
    return [str(COMPETENCES.get(code) or names.get(code, code)) for code in codes]


def why_not_moved(refused: Exception) -> str:
    """Why an authority stays where it is."""
    if isinstance(refused, EditedMeanwhile):
        return _("Somebody else changed this record meanwhile. Open the page again.")
    return _("An authority of this role cannot hang there, or not in that country.")
