"""The organisations a certificate names: chosen from the registers, written down as they are, and kept as parties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, select

from portal.certificates import responsible
from portal.certificates.boxes import BoxRefused, Value
from portal.certificates.models import Certificate, CertificateControl, CertificateParty
from portal.certificates.shapes import Box, Definition, Kind, Register
from portal.certificates.states import Document, PartyRole
from portal.database import db
from portal.organisations.models import Organisation
from portal.organisations.queries import has_scope_in_force, organisation_by_id
from portal.organisations.states import EFFECTIVE
from portal.paging import LAST_ROW
from portal.vocabulary import AuthorityRole, OrganisationKind

PLACES = frozenset({PartyRole.DISPATCH, PartyRole.DESTINATION, PartyRole.LOADING})
"""I.11 to I.13: only an operator with a valid activity can stand there."""
POSTS = frozenset({AuthorityRole.BCP, AuthorityRole.CP})
RECOGNITION_OVER = "recognition-over"
Named = set[tuple[int, str]]


def snapshot(organisation: Organisation) -> dict[str, Any]:
    """An organisation as it is now: what was chosen stays on the paper, whatever the register says later."""
    place = " ".join(filter(None, (organisation.postcode, organisation.city)))
    return {
        "id": organisation.id,
        "name": organisation.name,
        "address": "\n".join(filter(None, (organisation.street, place))),
        "country": organisation.country,
        "code": organisation.code or organisation.eori,
    }


def chosen(box: Box, typed: Any) -> Any:
    """What was typed with the register's own words in place of an id's; what was typed by hand stays as it is.

    `typed` is a number, or a mapping with `id`. Raises BoxRefused: `organisation-unknown`, `wrong-register`,
    `organisation-not-valid`, `activity-not-valid`, `recognition-over`.
    """
    number = typed.get("id") if isinstance(typed, Mapping) else typed
    if not number or isinstance(number, bool) or not isinstance(number, int):
        return typed
    organisation = organisation_by_id(number) if 0 < number <= LAST_ROW else None
    if organisation is None:
        raise BoxRefused(box.box, "organisation-unknown")
    if word := why_not(box, organisation):
        raise BoxRefused(box.box, word)
    return snapshot(organisation)


def why_not(box: Box, organisation: Organisation) -> str:
    """Why an organisation cannot stand in that box today; empty where it can."""
    if not any(_is_in(Register(word), organisation) for word in box.registers):
        return "wrong-register"
    if organisation.state not in EFFECTIVE:
        return "organisation-not-valid"
    if box.party in PLACES and not responsible.has_valid_activity(organisation.id):
        return "activity-not-valid"
    if box.party == PartyRole.ISSUER and not _is_recognised(organisation):
        return RECOGNITION_OVER  # for which countries, `recognition` asks once they are known
    return ""


def _is_recognised(organisation: Organisation) -> bool:
    """Only a control body that is recognised today issues (Regulation (EU) 2018/848, Articles 45 and 46)."""
    return organisation.kind != OrganisationKind.CONTROL_BODY or has_scope_in_force(organisation.id)


def _is_in(register: Register, organisation: Organisation) -> bool:
    if register is Register.POST:
        return organisation.authority_role in POSTS
    return register is not Register.TYPED and organisation.kind == OrganisationKind(register.value)


def organisations_in(boxes: Iterable[Box], values: Mapping[str, Value]) -> dict[str, int]:
    """The ids of the organisations of the registers, by box."""
    wanted = (box for box in boxes if box.kind is Kind.ORGANISATION and values.get(box.box))
    return {box.box: values[box.box]["id"] for box in wanted if values[box.box]["id"] is not None}


def named_as(part: str, definition: Definition, values: Mapping[str, Value]) -> int | None:
    """The organisation of the registers that stands in the box of that party."""
    boxes = [box for box in definition.boxes() if box.party == part]
    return next(iter(organisations_in(boxes, values).values()), None)


def keep_in_step(certificate: Certificate, definition: Definition, values: Mapping[str, Value]) -> None:
    """The rows of parties say what the certificate says now. Commits nothing."""
    wanted = _named(certificate, definition, values)
    query = select(CertificateParty).where(CertificateParty.certificate_id == certificate.id)
    for row in db.session.scalars(query).all():
        if (row.organisation_id, row.part) in wanted:
            wanted.remove((row.organisation_id, row.part))
        else:
            db.session.delete(row)
    db.session.flush()
    db.session.add_all(
        CertificateParty(certificate_id=certificate.id, organisation_id=organisation, part=part)
        for organisation, part in sorted(wanted)
    )
    db.session.flush()


def add_from_control(
    control: CertificateControl, definition: Definition, values: Mapping[str, Value]
) -> None:
    """Whoever a later part names is a party too; nobody leaves by it. Commits nothing."""
    query = select(CertificateParty).where(CertificateParty.certificate_id == control.certificate_id)
    there = {(row.organisation_id, row.part) for row in db.session.scalars(query)}
    db.session.add_all(
        CertificateParty(certificate_id=control.certificate_id, organisation_id=organisation, part=part)
        for organisation, part in sorted(_from_boxes(definition, values) - there)
    )
    db.session.flush()


def forget(certificate_id: int) -> None:
    """Whom a draft named is nobody's business once it is deleted. Commits nothing."""
    mine = CertificateParty.certificate_id == certificate_id
    db.session.execute(delete(CertificateParty).where(mine).execution_options(synchronize_session=False))


def _named(certificate: Certificate, definition: Definition, values: Mapping[str, Value]) -> Named:
    named = {(certificate.creator_id, PartyRole.CREATOR.value)} | _from_boxes(definition, values)
    if certificate.issuer_id is not None:
        named.add((certificate.issuer_id, PartyRole.ISSUER.value))
    if certificate.document == Document.INTRA:
        named |= _receiving(definition, values)
    return named


def _from_boxes(definition: Definition, values: Mapping[str, Value]) -> Named:
    boxes = {box.box: box.party for box in definition.boxes() if box.party}
    there = organisations_in(definition.boxes(), values)
    return {(number, boxes[box] or "") for box, number in there.items() if box in boxes}


def _receiving(definition: Definition, values: Mapping[str, Value]) -> Named:
    """The authorities of the place of destination; that of the place of dispatch is the issuer, or names itself."""
    found: Named = set()
    ends = {
        PartyRole.DISPATCH: PartyRole.ORIGIN_AUTHORITY,
        PartyRole.DESTINATION: PartyRole.DESTINATION_AUTHORITY,
    }
    for place, authority in ends.items():
        operator_id = named_as(place, definition, values)
        if operator_id is not None:
            found |= {(number, authority.value) for number in responsible.authorities_of(operator_id)}
    return found
