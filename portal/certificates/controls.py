"""The parts that are added after the signature, row by row: who completes which boxes of them, and what was added."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import select

from portal.access.actor import Actor, RoleHeld
from portal.certificates import responsible
from portal.certificates.boxes import Value
from portal.certificates.models import Certificate, CertificateControl, CertificateParty
from portal.certificates.parties import POSTS
from portal.certificates.shapes import CERTIFIED, Box, By, Definition
from portal.certificates.states import PartyRole
from portal.database import db
from portal.vocabulary import OrganisationKind

NAMED_AS = {PartyRole.IMPORTER: By.IMPORTER, PartyRole.CONSIGNEE: By.FIRST_CONSIGNEE}
"""What an operator completes, beside what any operator named does."""


def controls_of(certificate_id: int) -> Sequence[CertificateControl]:
    """What was added, oldest first; the caller has authorised reading the certificate."""
    mine = select(CertificateControl).where(CertificateControl.certificate_id == certificate_id)
    return db.session.scalars(mine.order_by(CertificateControl.id)).all()


def values_of(control: CertificateControl) -> dict[str, Value]:
    """What stands in the boxes of one row, by box."""
    values: dict[str, Value] = json.loads(control.values)
    return values


def completed_by(certificate: Certificate, definition: Definition, part: str, actor: Actor) -> list[Box]:
    """The boxes of a later part that the profile acted as completes, in the order of the paper."""
    if part in CERTIFIED:
        return []
    words = {word for role in actor.roles for word in _words(certificate, role)}
    return [box for box in definition.boxes([part]) if box.is_typed and words & set(box.completed_by)]


def parts_for(certificate: Certificate, definition: Definition, actor: Actor) -> list[str]:
    """The later parts of which the profile acted as completes something; may it be asked, says the rule."""
    later = (one.part for one in definition.parts if one.part not in CERTIFIED)
    return [part for part in later if completed_by(certificate, definition, part, actor)]


def _words(certificate: Certificate, role: RoleHeld) -> set[str]:
    parts = _named_as(certificate, role)
    if not parts:
        return set()
    if role.kind is OrganisationKind.OPERATOR:
        return {By.OPERATOR} | {word for part, word in NAMED_AS.items() if part in parts}
    if role.kind is not OrganisationKind.AUTHORITY:
        return set()
    words: set[str] = {By.AUTHORITY}
    if role.authority_role in POSTS:
        words.add(By.POST)
    if PartyRole.DESTINATION_AUTHORITY in parts:
        words.add(By.DESTINATION_AUTHORITY)
    return words


def _named_as(certificate: Certificate, role: RoleHeld) -> set[str]:
    """As what the certificate names the organisation, or an authority below it."""
    rows = select(CertificateParty).where(CertificateParty.certificate_id == certificate.id)
    return {
        row.part
        for row in db.session.scalars(rows)
        if row.organisation_id == role.organisation_id
        or (
            role.kind is OrganisationKind.AUTHORITY
            and responsible.is_under(row.organisation_id, role.organisation_id)
        )
    }
