"""What a profile may do with a document, and a certificate as the rules see it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from portal.access.actor import Actor
from portal.access.rules_certificates import CertificateTarget
from portal.certificates.models import Certificate, CertificateParty
from portal.certificates.states import CertificateState
from portal.database import db
from portal.organisations import document_rights
from portal.organisations.models import AuthorityAncestor
from portal.organisations.queries import organisation_by_id

OWN_ONLY = frozenset({CertificateState.DRAFT, CertificateState.DELETED})
"""In these states nobody but its maker's people sees a certificate, whomever it names already."""


def right_of(organisation_id: int | None, document: str) -> str:
    """`rw`, `r-` or `--`: the best of the competences or the valid activities of the organisation."""
    organisation = organisation_by_id(organisation_id) if organisation_id is not None else None
    if organisation is None:
        return document_rights.NOTHING
    return document_rights.rights_of([organisation])[organisation.id].get(document, document_rights.NOTHING)


def target_of(certificate: Certificate, actor: Actor) -> CertificateTarget:
    """The certificate with whom it concerns now, and the right of the profile acted as on its document."""
    return CertificateTarget(
        certificate.id,
        certificate.document,
        certificate.state,
        certificate.creator_id,
        certificate.issuer_id,
        right_of(actor.acting_as, certificate.document),
        _concerned(certificate),
        above(certificate.issuer_id) if certificate.issuer_id else frozenset(),
    )


def above(organisation_id: int) -> frozenset[int]:
    """The authorities above that authority; nothing for other organisations."""
    return _above([organisation_id]) - {organisation_id}


def _concerned(certificate: Certificate) -> frozenset[int]:
    if certificate.state in OWN_ONLY:
        return frozenset({certificate.creator_id})
    named = select(CertificateParty.organisation_id).where(CertificateParty.certificate_id == certificate.id)
    there = frozenset(db.session.scalars(named))
    return there | _above(there)


def _above(organisations: Collection[int]) -> frozenset[int]:
    """Those of them that are authorities, with all above them."""
    line = select(AuthorityAncestor.ancestor_id).where(
        AuthorityAncestor.authority_id.in_(list(organisations))
    )
    return frozenset(db.session.scalars(line))
