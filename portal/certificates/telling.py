"""Who is told of what happens to a certificate. Commits nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, true

from portal.certificates.models import Certificate, CertificateParty
from portal.certificates.rights import OWN_ONLY
from portal.certificates.states import Act, ImpactReason, IntentFailure
from portal.database import db
from portal.environments import environment
from portal.identity import queries as identity
from portal.identity.states import AccountState
from portal.messages import certificate_notices as notices
from portal.messages import outbox
from portal.organisations.queries import organisation_by_id
from portal.roles.models import Role
from portal.roles.states import RoleState

TOLD_AT_MOST = 50
"""So many people are told of one certificate; the others see it in their list."""


def named_in(certificate: Certificate) -> set[int]:
    """The organisations of the registers that a certificate names."""
    named = select(CertificateParty.organisation_id).where(CertificateParty.certificate_id == certificate.id)
    return set(db.session.scalars(named))


def people_of(organisations: Collection[int]) -> list[int]:
    """The accounts with a valid role in one of the organisations, up to TOLD_AT_MOST."""
    return _holding_roles(organisations, true())


def administrators_of(organisations: Collection[int]) -> list[int]:
    """Those of them who administer one of the organisations, up to TOLD_AT_MOST."""
    return _holding_roles(organisations, Role.is_administrator.is_(True))


def _holding_roles(organisations: Collection[int], which: ColumnElement[bool]) -> list[int]:
    people = select(Role.account_id).where(
        Role.organisation_id.in_(list(organisations)), Role.state == RoleState.VALID, which
    )
    return list(db.session.scalars(people.distinct().order_by(Role.account_id).limit(TOLD_AT_MOST)))


def tell_submitted(certificate: Certificate) -> None:
    """The people of the body that certifies."""
    told = people_of([certificate.issuer_id or 0])
    facts = (reference_of(certificate), _name(certificate.creator_id), path_of(certificate))
    _tell(told, notices.CertificateSubmittedNotice, facts)


def tell_refused(certificate: Certificate) -> None:
    """Who began it, and who submitted it."""
    _tell(
        {certificate.created_by, certificate.submitted_by or certificate.created_by},
        notices.CertificateRefusedNotice,
        _with_reason(certificate, certificate.issuer_id),
    )


def tell_cancelled(certificate: Certificate, by: int) -> None:
    """The people of every organisation it names; `by` is the organisation in whose name it was cancelled."""
    told = people_of(named_in(certificate))
    _tell(told, notices.CertificateCancelledNotice, _with_reason(certificate, by))


def tell_controlled(certificate: Certificate, by: int) -> None:
    """The people of its maker and of the body that certified it; `by` is the organisation that added to it."""
    told = people_of({certificate.creator_id, certificate.issuer_id or certificate.creator_id} - {by})
    facts = (reference_of(certificate), _name(by), path_of(certificate))
    _tell(told, notices.CertificateControlledNotice, facts)


def tell_signed(certificate: Certificate, replaced: Certificate | None) -> None:
    """The people of every organisation it names; `replaced` is the certificate whose place it takes.

    Whom only the replaced one names may still hold its paper: they are told that it is worth nothing any more.
    """
    named = named_in(certificate)
    told = people_of(named)
    before = reference_of(replaced) if replaced else ""
    facts = (reference_of(certificate), _name(certificate.issuer_id), before, path_of(certificate))
    _tell(told, notices.CertificateSignedNotice, facts)
    if replaced:
        left_out = set(people_of(named_in(replaced) - named)) - set(told)
        what = (before, _name(certificate.issuer_id), path_of(replaced))
        _tell(left_out, notices.CertificateReplacedNotice, what)


def tell_not_signed(certificate: Certificate, account_id: int, failure: IntentFailure) -> None:
    """The officer who confirmed it."""
    facts = (reference_of(certificate), failure.value, path_of(certificate))
    _tell([account_id], notices.CertificateNotSignedNotice, facts)


@dataclass(frozen=True)
class Finding:
    """What was found: a key or a role, what was done under the role, whether everybody named is told of it, and the
    account of the role's holder, who is not written to."""

    reason: ImpactReason
    acts: tuple[Act, ...]
    is_outward: bool
    holder_id: int | None = None


def tell_warned(certificate: Certificate, finding: Finding) -> int:
    """The people of the body that certifies and the administrators of the others; returns how many.

    Of the others everybody it names where something was issued and relied on; else its maker alone. Of a draft, which
    nobody else saw, the administrators of its maker.
    """
    told = set(_warned(certificate, finding)) - {finding.holder_id}
    is_draft = certificate.state in OWN_ONLY
    facts = (
        reference_of(certificate),
        _name(certificate.creator_id if is_draft else certificate.issuer_id),
        (certificate.signed_at or certificate.created_at).isoformat(),
        finding.reason.value,
        path_of(certificate),
        certificate.state,
        " ".join(finding.acts),
    )
    return _tell(told, notices.CertificateWarnedNotice, facts)


def _warned(certificate: Certificate, finding: Finding) -> set[int]:
    if certificate.state in OWN_ONLY:
        return set(administrators_of([certificate.creator_id]))
    others = named_in(certificate) if finding.is_outward else {certificate.creator_id}
    return {*people_of([certificate.issuer_id or 0]), *administrators_of(others)}


def reference_of(certificate: Certificate) -> str:
    """The official number, or that of the draft while there is none."""
    return certificate.number or certificate.draft_number


def path_of(certificate: Certificate) -> str:
    """The address of its page."""
    return f"/{environment.current().value}/certificates/{certificate.id}"


def _with_reason(certificate: Certificate, by: int | None) -> tuple[str, ...]:
    reason = (certificate.reason_code or "", certificate.reason_text)
    return (reference_of(certificate), _name(by), *reason, path_of(certificate))


def _name(organisation_id: int | None) -> str:
    organisation = organisation_by_id(organisation_id) if organisation_id is not None else None
    return organisation.name if organisation else ""


Notice = type[
    notices.CertificateSubmittedNotice
    | notices.CertificateRefusedNotice
    | notices.CertificateCancelledNotice
    | notices.CertificateControlledNotice
    | notices.CertificateSignedNotice
    | notices.CertificateReplacedNotice
    | notices.CertificateNotSignedNotice
    | notices.CertificateWarnedNotice
]


def _tell(people: Iterable[int], notice: Notice, facts: tuple[str, ...]) -> int:
    """Returns how many of them have an account that is open."""
    there = [one for one in identity.accounts_by_id(people).values() if one.state == AccountState.ACTIVE]
    outbox.put_each(
        (
            notice(one.first_name, one.last_name, *facts),
            outbox.Recipient(one.email, one.language, one.id),
        )
        for one in there
    )
    return len(there)
