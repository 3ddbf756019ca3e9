"""What the actions of certificates are asked about in the permission matrix: certificates in their states, by name."""

from __future__ import annotations

from typing import Any

from portal import clock
from portal.access.actor import Actor
from portal.access.rules_certificates import ImpactIn, WantedCertificate
from portal.certificates import definitions, numbers, rights
from portal.certificates.models import Certificate, CertificateParty
from portal.certificates.states import CertificateState
from portal.database import db
from portal.organisations.models import Organisation
from tests.security.matrix_world import World, actor_of

MODELS = {"INTRA": "BOV-INTRA-X", "COI": "COI"}
STATES = {
    "draft": CertificateState.DRAFT,
    "submitted": CertificateState.SUBMITTED,
    "valid": CertificateState.VALID,
    "rejected": CertificateState.REJECTED,
}
CERTIFICATES = (
    "intra-draft", "intra-submitted", "intra-valid", "coi-draft", "coi-submitted", "coi-valid", "foreign-submitted",
    "foreign-valid", "foreign-rejected",
)  # fmt: skip
"""Document and state. An INTRA goes from the operator to a foreign one, signed by the local authority; a COI of the
body, its draft its own, the others the operator's, comes in at the border post. A foreign INTRA names nobody here."""
DOCUMENTS = tuple(MODELS)


def certificate_target(world: World, kind: str, relation: str) -> Any:
    """That certificate as the rules see it when a person of that kind asks."""
    return rights.target_of(_certificate(world, relation), _actor(world, kind))


def wanted_certificate(world: World, kind: str, document: str) -> Any:
    """A certificate about to be begun for the profile of that person."""
    return WantedCertificate(document, rights.right_of(_actor(world, kind).acting_as, document))


def office_touched(world: World, kind: str, relation: str) -> Any:
    """The office whose certificates a key or a role touched; None where nothing stands in that relation."""
    place = world.authority_around(kind, relation)
    return ImpactIn(place.id, rights.above(place.id)) if place else None


def _actor(world: World, kind: str) -> Actor:
    if kind not in world.actors:
        world.actors[kind] = actor_of(world, kind, strict=False)
    return world.actors[kind]


def _certificate(world: World, name: str) -> Certificate:
    if name not in world.certificates:
        world.certificates[name] = _made(world, name)
    return db.session.get_one(Certificate, world.certificates[name])


def _made(world: World, name: str) -> int:
    group, word = name.split("-")
    document = "COI" if group == "coi" else "INTRA"
    creator, issuer, named = _who(world, group, word)
    certificate = Certificate(
        document=document, model_code=MODELS[document], definition_sha256=_definition(document),
        state=STATES[word].value, draft_number=numbers.draft_number(),
        verification_code=numbers.verification_code(), languages="en", creator_id=creator.id, issuer_id=issuer.id,
        created_by=world.people["OP"], created_at=clock.now(),
    )  # fmt: skip
    db.session.add(certificate)
    db.session.flush()
    for part, organisation in {"creator": creator, "issuer": issuer, **named}.items():
        row = CertificateParty(certificate_id=certificate.id, organisation_id=organisation.id, part=part)
        db.session.add(row)
    db.session.commit()
    return certificate.id


def _who(world: World, group: str, word: str) -> tuple[Organisation, Organisation, dict[str, Organisation]]:
    """Who began it, who certifies it, and whom it names besides."""
    if group == "coi":
        return world.body if word == "draft" else world.operator, world.body, {"post": world.country.post}
    if group == "intra":
        return world.operator, world.country.local, {"destination": world.foreign_operator}
    return world.foreign_operator, world.foreign_authority, {}


def _definition(document: str) -> str:
    return definitions.keep(definitions.current(document, MODELS[document]))
