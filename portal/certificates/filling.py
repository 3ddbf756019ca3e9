"""Filling the boxes: checked, compared with what others wrote meanwhile, written, and what follows from them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal import clock
from portal.access.actor import Actor
from portal.certificates import parties, recognition, responsible
from portal.certificates.boxes import BoxRefused, Value, parsed
from portal.certificates.models import Certificate, CertificateBox
from portal.certificates.shapes import Box, Definition, Kind
from portal.certificates.states import CertificateState, Document, PartyRole
from portal.database import db
from portal.organisations.queries import organisation_by_id
from portal.vocabulary import OrganisationKind

ENTRY = "entry"
"""What the importer adds about the entry into the Union (COI, boxes 19 to 24); it may be known before the issue."""
PARTS = {True: ("I", "II", ENTRY), False: ("I", ENTRY)}
"""The parts that can be filled before a signature, by whether one certifies oneself."""
COUNTRIES = {"origin_country": ("I.7", "8"), "destination_country": ("I.9", "11")}
"""The boxes that say where the journey begins and ends, in INTRA and COI."""


@dataclass(frozen=True)
class Clash:
    """A box that somebody else wrote meanwhile: what stands there now, who wrote it and when."""

    box: str
    theirs: Value
    by: int
    at: datetime


class BoxesChanged(Exception):
    """Others wrote boxes since the page was made; nothing was saved."""

    def __init__(self, clashes: list[Clash]) -> None:
        super().__init__(", ".join(one.box for one in clashes))
        self.clashes = clashes


class BoxesRefused(Exception):
    """What was typed cannot stand: each refusal with its box and word; nothing was saved."""

    def __init__(self, refusals: list[BoxRefused]) -> None:
        super().__init__("; ".join(map(str, refusals)))
        self.refusals = refusals


def values_of(certificate: Certificate) -> dict[str, Value]:
    """What stands in the boxes, by box; those with nothing in them are left out."""
    values = {row.box: json.loads(row.value) for row in certificate.boxes}
    return {box: value for box, value in values.items() if value}


def versions_of(certificate: Certificate) -> dict[str, int]:
    """The versions of the boxes that were ever filled, for the form; all others have 0."""
    return {row.box: row.version for row in certificate.boxes}


def fillable(certificate: Certificate, definition: Definition, actor: Actor) -> list[Box]:
    """The boxes the actor may fill before the signature, in the order of the paper; the caller has authorised it."""
    certifies = any(role.organisation_id == certificate.issuer_id for role in actor.roles)
    return [box for box in definition.boxes(PARTS[certifies]) if box.is_typed]


def checked(boxes: list[Box], typed: Mapping[str, Any]) -> dict[str, Value]:
    """What is kept of what was typed, by box; raises BoxesRefused with everything that cannot stand."""
    there = {box.box: box for box in boxes}
    found: dict[str, Value] = {}
    refusals: list[BoxRefused] = []
    for name, text in typed.items():
        try:
            if name not in there:
                raise BoxRefused(name, "not-yours")
            found[name] = _checked(there[name], text)
        except BoxRefused as refused:
            refusals.append(refused)
    if refusals:
        raise BoxesRefused(refusals)
    return found


def _checked(box: Box, typed: Any) -> Value:
    return parsed(box, parties.chosen(box, typed) if box.kind is Kind.ORGANISATION else typed)


def write(
    certificate: Certificate, values: Mapping[str, Value], versions: Mapping[str, int], actor: Actor
) -> int:
    """Write what differs; returns how many boxes. Raises BoxesChanged where one of them is not of the version the page
    showed. The caller holds the certificate."""
    rows = {row.box: row for row in certificate.boxes}
    differing = {box: value for box, value in values.items() if _differs(rows.get(box), value)}
    stale = [box for box in differing if box in rows and rows[box].version != versions.get(box, 0)]
    if stale:
        raise BoxesChanged([_clash(rows[box]) for box in stale])
    for box, value in differing.items():
        put(certificate, box, value, actor)
    return len(differing)


def _clash(row: CertificateBox) -> Clash:
    return Clash(row.box, json.loads(row.value), row.changed_by, row.changed_at)


def _differs(row: CertificateBox | None, value: Value) -> bool:
    return bool(value) if row is None else json.loads(row.value) != value


def put(certificate: Certificate, box: str, value: Value, actor: Actor) -> None:
    """One box, whatever stood there before."""
    row = next((one for one in certificate.boxes if one.box == box), None)
    if row is None:
        row = CertificateBox(certificate_id=certificate.id, box=box, version=0)
        certificate.boxes.append(row)
    row.value = json.dumps(value, ensure_ascii=False, sort_keys=True)
    row.version += 1
    row.changed_by, row.changed_at = actor.account_id, clock.now()


def settle(
    certificate: Certificate, definition: Definition, actor: Actor, typed: Collection[str] = ()
) -> None:
    """What follows from the boxes, of which `typed` were just written: who certifies, where the journey leads, whom the
    certificate concerns.

    Raises BoxesRefused: `not-responsible` for an authority or a place that do not belong together. Commits nothing.
    """
    if certificate.document == Document.INTRA and certificate.state == CertificateState.DRAFT:
        _name_authorities(certificate, definition, actor, typed)
    values = values_of(certificate)
    issuer_id = parties.named_as(PartyRole.ISSUER, definition, values)
    if certificate.state == CertificateState.DRAFT and _may_name(certificate, issuer_id):
        certificate.issuer_id = issuer_id
    elif issuer_id != certificate.issuer_id:
        raise BoxesRefused([BoxRefused(_box_of(PartyRole.ISSUER, definition), "not-responsible")])
    for column, boxes in COUNTRIES.items():
        country = next((values[box] for box in boxes if values.get(box)), None)
        setattr(certificate, column, country or getattr(certificate, column))
    db.session.flush()
    parties.keep_in_step(certificate, definition, values)


def _may_name(certificate: Certificate, issuer_id: int | None) -> bool:
    """A body that certifies begins for itself alone; an operator names the one it works with."""
    is_operator = certificate.creator.kind == OrganisationKind.OPERATOR
    return is_operator or issuer_id == certificate.creator_id


def _name_authorities(
    certificate: Certificate, definition: Definition, actor: Actor, typed: Collection[str]
) -> None:
    """The authority that certifies answers for the place of dispatch, or is the one that begins and stands above it."""
    values = values_of(certificate)
    issuer_id, place = parties.named_as(PartyRole.ISSUER, definition, values), _place(definition, values)
    own = certificate.creator_id if certificate.creator.authority_role else None
    answering = responsible.authorities_of(place) if place is not None else []
    if own is not None:
        if answering and not any(responsible.is_under(one, own) for one in answering):
            raise BoxesRefused([BoxRefused(_box_of(PartyRole.DISPATCH, definition), "not-responsible")])
        answering = [own]
    if answering and issuer_id not in answering:
        if issuer_id is not None and _box_of(PartyRole.ISSUER, definition) in typed:
            raise BoxesRefused([BoxRefused(_box_of(PartyRole.ISSUER, definition), "not-responsible")])
        _put_authority(certificate, _box_of(PartyRole.ISSUER, definition), answering[0], actor)
        issuer_id = answering[0]
    _name_superior(certificate, definition, issuer_id, actor)


def _name_superior(
    certificate: Certificate, definition: Definition, issuer_id: int | None, actor: Actor
) -> None:
    superior = parties.named_as(PartyRole.ORIGIN_AUTHORITY, definition, values_of(certificate))
    if issuer_id is None or (superior is not None and responsible.is_under(issuer_id, superior)):
        return
    central = responsible.central_above(issuer_id)
    if central is not None:
        _put_authority(certificate, _box_of(PartyRole.ORIGIN_AUTHORITY, definition), central, actor)


def _place(definition: Definition, values: Mapping[str, Value]) -> int | None:
    return parties.named_as(PartyRole.DISPATCH, definition, values)


def _box_of(part: PartyRole, definition: Definition) -> str:
    return next((box.box for box in definition.boxes() if box.party == part), "")


def _put_authority(certificate: Certificate, box: str, authority_id: int, actor: Actor) -> None:
    organisation = organisation_by_id(authority_id)
    if box and organisation is not None:
        put(certificate, box, parties.snapshot(organisation), actor)


def refusals_of(certificate: Certificate, definition: Definition) -> list[BoxRefused]:
    """The organisations in the boxes that cannot stay: one was suspended, lost its activity, or is a control body that
    is not recognised for the countries of the consignment."""
    values = values_of(certificate)
    boxes = {box.box: box for box in definition.boxes(("I", "II"))}
    found = []
    for name, number in parties.organisations_in(boxes.values(), values).items():
        organisation = organisation_by_id(number)
        word = parties.why_not(boxes[name], organisation) if organisation else "organisation-unknown"
        if word:
            found.append(BoxRefused(name, word))
    refused = {one.box for one in found}
    return found + [one for one in recognition.refusals_of(definition, values) if one.box not in refused]
