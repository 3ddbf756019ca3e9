"""A certificate as its page shows it: boxes in words, what one may do with it, what is missing, what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import may
from portal.access.rules_certificates import CertificateTarget, WantedCertificate
from portal.certificates import boxes, changing, controls, rights, submitting, versions
from portal.certificates.boxes import Table, Value
from portal.certificates.changing import Frozen
from portal.certificates.shapes import Box, Definition, Kind, in_language
from portal.certificates.states import EDITABLE, SIGNED, CertificateState
from portal.organisations.queries import organisations_by_id
from portal.web import certificate_words, current


@dataclass(frozen=True)
class ShownBox:
    """One box: its title, and what stands in it as lines, or as a table."""

    box: str
    title: str
    lines: list[str]
    table: Table | None = None


@dataclass(frozen=True)
class Added:
    """What was added after the signature: by which office, when, and its boxes."""

    by: str
    at: datetime
    boxes: list[ShownBox]


@dataclass(frozen=True)
class Acts:
    """What the person may do with the certificate now; `frozen` says why nothing can be changed for the moment."""

    edits: bool = False
    submits: bool = False
    takes_back: bool = False
    opens: bool = False
    refuses: bool = False
    signs: bool = False
    deletes: bool = False
    cancels: bool = False
    copies: bool = False
    replaces: bool = False
    adds: list[str] = field(default_factory=list)
    frozen: str = ""


@dataclass(frozen=True)
class Gaps:
    """What stands in the way of submitting or signing: boxes with nothing in them, and those that cannot stay."""

    missing: list[Box]
    refused: list[tuple[Box, str]]


def in_page_language(titles: Mapping[str, str]) -> str:
    """The words in the language of the page."""
    return in_language(titles, current.language())


def name_of(definition: Definition) -> str:
    """«Certificate for movements within the Union (INTRA)»."""
    return str(certificate_words.DOCUMENTS[definition.document])


def parts_of(
    certificate: Any, definition: Definition, values: Mapping[str, Value]
) -> list[tuple[str, list[ShownBox]]]:
    """The parts that were filled before the signature, each with its boxes in the order of the paper."""
    found = []
    for part in definition.parts:
        shown = [_shown(box, _value(box, certificate, values)) for box in part.boxes]
        filled = [one for one in shown if one.lines or one.table]
        if filled:
            found.append((in_page_language(part.titles), filled))
    return found


def _value(box: Box, certificate: Any, values: Mapping[str, Value]) -> Value:
    if box.kind is Kind.SIGNATURE and certificate.state in SIGNED:
        return [certificate.signatory_name, certificate.signatory_office]
    return values.get(box.box)


def _shown(box: Box, value: Value) -> ShownBox:
    title = f"{box.box} {in_page_language(box.titles)}"
    if box.kind is Kind.SIGNATURE:
        return ShownBox(box.box, title, list(filter(None, value or ())))
    if box.kind is Kind.TABLE and value:
        return ShownBox(box.box, title, [], boxes.table_of(box, value, current.language()))
    return ShownBox(box.box, title, boxes.lines_of(box, value, current.language()))


def added_to(certificate: Any, definition: Definition, rows: Sequence[Any]) -> list[Added]:
    """What was added after the signature, oldest first."""
    names = organisations_by_id({row.organisation_id for row in rows})
    found = []
    for row in rows:
        values = controls.values_of(row)
        shown = [_shown(box, values[box.box]) for box in definition.boxes() if box.box in values]
        found.append(Added(names[row.organisation_id].name, row.made_at, shown))
    return found


def acts_for(certificate: Any, definition: Definition, actor: Actor) -> Acts:
    """What the rules and the state allow at this moment; the services ask again."""
    target, state = rights.target_of(certificate, actor), certificate.state
    frozen = _frozen(certificate)
    may_begin = may(actor, Action.CERTIFICATE_CREATE, WantedCertificate(certificate.document, target.right))
    return Acts(
        cancels=state == CertificateState.VALID and may(actor, Action.CERTIFICATE_CANCEL, target),
        copies=may_begin,
        replaces=may_begin
        and state == CertificateState.VALID
        and may(actor, Action.CERTIFICATE_CERTIFY, target),
        adds=_adds(certificate, definition, actor, target),
        frozen=frozen,
        **({} if frozen else _before(certificate, actor, target)),
    )


def _before(certificate: Any, actor: Actor, target: CertificateTarget) -> dict[str, bool]:
    """What may be done until it is signed."""
    state, edits = certificate.state, may(actor, Action.CERTIFICATE_EDIT, target)
    submits, certifies = (
        may(actor, Action.CERTIFICATE_SUBMIT, target),
        may(actor, Action.CERTIFICATE_CERTIFY, target),
    )
    is_draft, is_submitted = state == CertificateState.DRAFT, state == CertificateState.SUBMITTED
    own = is_draft and certificate.creator_id == certificate.issuer_id
    signable = own or is_submitted or state == CertificateState.IN_PROGRESS
    return {
        "edits": edits and state in EDITABLE,
        "submits": submits and is_draft,
        "takes_back": submits and is_submitted,
        "opens": certifies and is_submitted,
        "refuses": certifies and (is_submitted or state == CertificateState.IN_PROGRESS),
        "signs": signable and may(actor, Action.CERTIFICATE_SIGN, target),
        "deletes": edits and is_draft,
    }


def _adds(certificate: Any, definition: Definition, actor: Actor, target: CertificateTarget) -> list[str]:
    if certificate.state != CertificateState.VALID or not may(actor, Action.CERTIFICATE_CONTROL, target):
        return []
    return controls.parts_for(certificate, definition, actor)


def _frozen(certificate: Any) -> str:
    if certificate.state not in EDITABLE:
        return ""
    try:
        changing.check_not_frozen(certificate)
    except Frozen as error:
        return error.word
    return ""


def gaps_of(certificate: Any, definition: Definition) -> Gaps | None:
    """What is missing; None where nothing is."""
    try:
        submitting.check_complete(certificate, definition)
    except submitting.Incomplete as found:
        by_name = {box.box: box for box in definition.boxes()}
        refused = [(by_name[one.box], certificate_words.refusal(one)) for one in found.refusals]
        return Gaps(found.missing, refused)
    return None


def has_files(certificate: Any) -> bool:
    """Whether its sealed file can be downloaded; after the retention date it is gone."""
    return any(version.erased_at is None for version in versions.of(certificate))


def history_of(certificate: Any) -> list[tuple[datetime, str, str]]:
    """What happened to it, oldest first: when, what, and which organisation or signatory."""
    names = organisations_by_id({one for one in (certificate.creator_id, certificate.issuer_id) if one})
    maker = names[certificate.creator_id].name
    issuer = names[certificate.issuer_id].name if certificate.issuer_id else ""
    signed = " – ".join(filter(None, (certificate.signatory_name, certificate.signatory_office)))
    steps = [
        (certificate.created_at, _("The draft was begun"), maker),
        (certificate.submitted_at, _("Submitted with the operator's declaration"), maker),
        (certificate.opened_at, _("Opened for certification"), issuer),
        (certificate.signed_at, _("Signed"), signed or issuer),
        (certificate.decided_at, _ended(certificate.state), ""),
    ]
    return [one for one in steps if one[0] is not None and one[1]]


def _ended(state: str) -> str:
    words = {
        CertificateState.REJECTED: _("Refused"),
        CertificateState.CANCELLED: _("Cancelled"),
        CertificateState.REPLACED: _("Replaced by another certificate"),
    }
    return words.get(CertificateState(state), "")
