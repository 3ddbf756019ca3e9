"""Reading certificates: one of them as far as one may see it, and the list of those that concern a profile."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise, authorise_to_see
from portal.access.rules_certificates import READ
from portal.certificates import numbers
from portal.certificates.models import Certificate, CertificateParty
from portal.certificates.rights import right_of, target_of
from portal.certificates.states import CertificateState, Document
from portal.database import db
from portal.organisations.models import AuthorityAncestor
from portal.paging import Page, Place, read_page
from portal.vocabulary import OrganisationKind
from portal.workflow import NotThere

NUMBER_AT_MOST = numbers.TYPED_AT_MOST
"""Characters of a number that is sought."""


@dataclass(frozen=True)
class CertificateFilter:
    """What the list is narrowed to; empty words narrow nothing.

    `text` is a number, of a draft or official. `mine` are those one's own organisation began, `refused`
    those that any authority sent back, which every authority may see (Art. 36), `outage` those that were issued on
    paper while the portal did not answer.
    """

    state: str = ""
    document: str = ""
    origin_country: str = ""
    destination_country: str = ""
    text: str = ""
    mine: bool = False
    refused: bool = False
    outage: bool = False


def by_id(certificate_id: int) -> Certificate | None:
    """The certificate of this environment, whatever its state; says nothing of who may see it."""
    return db.session.get(Certificate, certificate_id, populate_existing=True)


def by_ids(ids: Collection[int]) -> dict[int, Certificate]:
    """The certificates by their id, in one statement; says nothing of who may see them."""
    rows = db.session.scalars(select(Certificate).where(Certificate.id.in_(list(ids))))
    return {row.id: row for row in rows}


def by_number(number: str) -> Certificate | None:
    """The certificate with that official number; the caller asks the code that stands beside it, or the rule."""
    return db.session.scalar(select(Certificate).where(Certificate.number.in_(numbers.meant(number))))


def readable(certificate_id: int, actor: Actor) -> Certificate:
    """The certificate, for the page that shows it; raises NotThere, and Hidden where it does not concern the actor."""
    certificate = by_id(certificate_id)
    if certificate is None or certificate.state == CertificateState.DELETED:
        raise NotThere
    authorise_to_see(actor, Action.CERTIFICATE_READ, target_of(certificate, actor))
    return certificate


def certificates_for(actor: Actor, wanted: CertificateFilter, place: Place) -> Page[Certificate]:
    """One page of the certificates the profile acted as may see, newest first."""
    authorise(actor, Action.CERTIFICATE_LIST)
    query = select(Certificate).where(Certificate.state != CertificateState.DELETED)
    query = _narrowed(query, wanted, actor).where(_visible(actor, wanted))
    return read_page(query, Certificate.id, Certificate.id, place, newest_first=True)


def _narrowed(query: Select[Certificate], wanted: CertificateFilter, actor: Actor) -> Select[Certificate]:
    for column, word in (
        (Certificate.state, wanted.state),
        (Certificate.document, wanted.document),
        (Certificate.origin_country, wanted.origin_country),
        (Certificate.destination_country, wanted.destination_country),
    ):
        if word:
            query = query.where(column == word)
    if wanted.text:
        query = query.where(_is_numbered(wanted.text))
    if wanted.mine:
        query = query.where(Certificate.creator_id.in_(_own(actor)))
    if wanted.outage:
        query = query.where(Certificate.outage_reference != "")
    return query


def _is_numbered(text: str) -> ColumnElement[bool]:
    typed = numbers.meant(text)
    return or_(Certificate.number.in_(typed), Certificate.draft_number.in_(typed))


def _own(actor: Actor) -> list[int]:
    return [role.organisation_id for role in actor.roles]


def _visible(actor: Actor, wanted: CertificateFilter) -> ColumnElement[bool]:
    """The rule of reading, as a statement: they are to say the same of every certificate."""
    if wanted.refused and any(role.kind is OrganisationKind.AUTHORITY for role in actor.roles):
        return Certificate.state == CertificateState.REJECTED
    if actor.is_commission:
        return Certificate.state != CertificateState.DRAFT
    documents = [one.value for one in Document if READ in right_of(actor.acting_as, one)]
    if not documents:
        return false()
    rights = Certificate.document.in_(documents) if len(documents) < len(Document) else true()
    drafts = or_(Certificate.state != CertificateState.DRAFT, Certificate.creator_id.in_(_own(actor)))
    return rights & drafts & Certificate.id.in_(_naming(actor))


def _naming(actor: Actor) -> Select[int]:
    """The certificates that name the actor's organisation, or an authority below it."""
    own = _own(actor)
    named = select(CertificateParty.certificate_id)
    if not any(role.kind is OrganisationKind.AUTHORITY for role in actor.roles):
        return named.where(CertificateParty.organisation_id.in_(own))
    below = select(AuthorityAncestor.authority_id).where(AuthorityAncestor.ancestor_id.in_(own))
    return named.where(CertificateParty.organisation_id.in_(below))
