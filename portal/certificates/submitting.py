"""From a draft to its certification and after: declared, taken back, opened, sent back, cancelled, controlled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import Refused
from portal.audit import certificate_events as events
from portal.audit import trail
from portal.certificates import boxes, canonical, changing, controls, definitions, filling, parties, telling
from portal.certificates.boxes import BoxRefused
from portal.certificates.canonical import Signatory
from portal.certificates.changing import CertificateMoved
from portal.certificates.models import Certificate, CertificateControl
from portal.certificates.shapes import CERTIFIED, Box, Definition
from portal.certificates.states import (
    CANCEL,
    OPEN,
    REFUSE,
    SUBMIT,
    TAKE_BACK,
    CancelReason,
    CertificateState,
    RefusalReason,
)
from portal.database import db
from portal.identity import queries as identity
from portal.workflow import Transition

TEXT_AT_MOST = 2000


class Incomplete(Exception):
    """What still has to be done before it can be submitted or signed: boxes that need something, and those in which an
    organisation stands that cannot be chosen any more."""

    def __init__(self, missing: list[Box], refusals: list[BoxRefused]) -> None:
        super().__init__(", ".join([*(box.box for box in missing), *(one.box for one in refusals)]))
        self.missing, self.refusals = missing, refusals


def check_complete(certificate: Certificate, definition: Definition) -> None:
    """Raise Incomplete unless every box of Parts I and II is there and every organisation can still be chosen.

    To be asked before a submission and again before a signature: nothing blank is signed.
    """
    missing = boxes.missing(definition, filling.values_of(certificate), parts=CERTIFIED)
    refusals = filling.refusals_of(certificate, definition)
    if missing or refusals:
        raise Incomplete(missing, refusals)


def submit(certificate_id: int, actor: Actor) -> Certificate:
    """The operator's declaration: account, class of the method, time, SHA-256 of the data; the certifier is told.

    Raises NotThere, Hidden, Refused, StepUpNeeded, CertificateMoved, Frozen, Incomplete.
    """
    certificate = _held(certificate_id, Action.CERTIFICATE_SUBMIT, SUBMIT, actor)
    changing.check_not_frozen(certificate)
    definition = definitions.kept(certificate.definition_sha256)
    with changing.all_or_nothing():
        check_complete(certificate, definition)
        declared = _declared(certificate, definition, actor)
    changing.move(
        certificate, SUBMIT, submitted_by=actor.account_id, submitted_at=clock.now(),
        submitted_method=actor.method.value, submitted_hash=declared,
    )  # fmt: skip
    event = events.CertificateSubmitted(certificate.id, actor.acting_as or 0, actor.method.value, declared)
    trail.record(event, actor)
    telling.tell_submitted(certificate)
    db.session.commit()
    return certificate


def _declared(certificate: Certificate, definition: Definition, actor: Actor) -> str:
    """SHA-256 of what is declared, with the name of whoever declares it and the organisation."""
    account = identity.account_by_id(actor.account_id)
    assert account is not None  # noqa: S101 - accounts are closed, never deleted
    who = Signatory(account.full_name, account.username, certificate.creator.name)
    content = canonical.canonical(certificate, definition, filling.values_of(certificate), who)
    return canonical.data_hash(content)


def take_back(certificate_id: int, actor: Actor) -> Certificate:
    """A submitted certificate that nobody opened yet is a draft again. Raises as `submit`, but Incomplete."""
    certificate = _held(certificate_id, Action.CERTIFICATE_SUBMIT, TAKE_BACK, actor)
    changing.check_not_frozen(certificate)
    none = {"submitted_by": None, "submitted_at": None, "submitted_method": "", "submitted_hash": ""}
    changing.move(certificate, TAKE_BACK, **none)
    trail.record(events.CertificateTakenBack(certificate.id, actor.acting_as or 0), actor)
    db.session.commit()
    return certificate


def open_for_certification(certificate_id: int, actor: Actor) -> Certificate:
    """The certifier takes it up: from now on its maker cannot take it back. Raises as `take_back`."""
    certificate = _held(certificate_id, Action.CERTIFICATE_CERTIFY, OPEN, actor)
    changing.check_not_frozen(certificate)
    changing.move(certificate, OPEN, opened_by=actor.account_id, opened_at=clock.now())
    trail.record(events.CertificateOpened(certificate.id, actor.acting_as or 0), actor)
    db.session.commit()
    return certificate


def refuse(certificate_id: int, reason: RefusalReason, text: str, actor: Actor) -> Certificate:
    """The certifier sends it back for good, and its maker is told why. Raises as `take_back`; only a signature that is
    being made stands in the way."""
    certificate = _held(certificate_id, Action.CERTIFICATE_CERTIFY, REFUSE, actor)
    changing.check_not_being_signed(certificate)
    changing.move(certificate, REFUSE, **_decision(reason, text, actor))
    trail.record(events.CertificateRefused(certificate.id, actor.acting_as or 0, reason.value), actor)
    telling.tell_refused(certificate)
    db.session.commit()
    return certificate


def cancel(certificate_id: int, reason: CancelReason, text: str, actor: Actor) -> Certificate:
    """The issuer, or an authority above it, ends a valid certificate; everybody it names is told.

    Raises NotThere, Hidden, Refused, StepUpNeeded, CertificateMoved."""
    certificate = _held(certificate_id, Action.CERTIFICATE_CANCEL, CANCEL, actor)
    changing.move(certificate, CANCEL, **_decision(reason, text, actor))
    by = actor.acting_as or 0
    trail.record(events.CertificateCancelled(certificate.id, by, reason.value), actor)
    telling.tell_cancelled(certificate, by)
    db.session.commit()
    return certificate


def _decision(reason: RefusalReason | CancelReason, text: str, actor: Actor) -> dict[str, Any]:
    return {
        "decided_by": actor.account_id, "decided_at": clock.now(), "reason_code": reason.value,
        "reason_text": text.strip()[:TEXT_AT_MOST],
    }  # fmt: skip


def _held(certificate_id: int, action: Action, row: Transition, actor: Actor) -> Certificate:
    certificate = changing.held_for(certificate_id, action, actor)
    if certificate.state not in row.sources:
        db.session.rollback()
        raise CertificateMoved(certificate)
    return certificate


def add_control(certificate_id: int, part: str, typed: Mapping[str, Any], actor: Actor) -> CertificateControl:
    """Add what was found at the border or at destination, or what the importer declares, to a valid certificate.

    Nothing is ever overwritten: each call is a row of its own, with the boxes of one part that the actor completes.
    Raises NotThere, Hidden, Refused, StepUpNeeded, CertificateMoved, BoxesRefused, Incomplete.
    """
    certificate = changing.held_for(certificate_id, Action.CERTIFICATE_CONTROL, actor)
    if certificate.state != CertificateState.VALID:
        raise CertificateMoved(certificate)
    definition = definitions.kept(certificate.definition_sha256)
    mine = controls.completed_by(certificate, definition, part, actor)
    if not mine:
        raise Refused(Action.CERTIFICATE_CONTROL)
    values = {box: value for box, value in filling.checked(mine, typed).items() if value}
    missing = [box for box in boxes.missing(definition, values, parts=[part]) if box.box in values]
    if missing or not values:
        raise Incomplete(missing or mine, [])
    control = CertificateControl(
        certificate_id=certificate.id, organisation_id=actor.acting_as, account_id=actor.account_id, part=part,
        values=json.dumps(values, ensure_ascii=False, sort_keys=True), made_at=clock.now(),
    )  # fmt: skip
    db.session.add(control)
    db.session.flush()
    parties.add_from_control(control, definition, values)
    event = events.CertificateControlled(certificate.id, control.organisation_id, control.id)
    trail.record(event, actor)
    telling.tell_controlled(certificate, control.organisation_id)
    db.session.commit()
    return control
