"""What a stolen key or a role found wrong touched: the certificates sealed or signed with it in a window of time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select, true

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise, authorise_to_see, may
from portal.access.rules_certificates import ImpactIn, impact_of_own_office
from portal.certificates import rights
from portal.certificates.models import Certificate, CertificateFile, CertificateParty, CertificateWarning
from portal.certificates.states import SIGNED, CertificateState, ImpactReason
from portal.database import db
from portal.environments import environment
from portal.organisations.models import AuthorityAncestor
from portal.paging import LAST_ROW, Page, Place, read_page
from portal.roles import queries as roles
from portal.roles.life import AFTER_VALIDATION
from portal.roles.models import Role
from portal.seals import keys
from portal.workflow import NotThere

SIGNATORIES_AT_MOST = 200
"""So many people of an office are offered; every other one is reached from the page of the role."""


@dataclass(frozen=True)
class Cause:
    """A key, by the SHA-256 of its certificate (hexadecimal), or a role, by its number; `subject` is either."""

    reason: ImpactReason
    subject: str

    @property
    def word(self) -> str:
        """The cause as it stands in an address: «key-stolen.3f…», «role-wrong.12»."""
        return f"{self.reason.value}.{self.subject}"


@dataclass(frozen=True)
class Window:
    """From one aware moment on, up to the other one, which lies outside."""

    start: datetime
    end: datetime


def cause_in(word: str) -> Cause | None:
    """The cause that an address names; None where it names none. Says nothing of whether it is there."""
    reason, _, subject = word.partition(".")
    if reason == ImpactReason.ROLE_WRONG and subject.isascii() and subject.isdecimal() and len(subject) <= 10:
        return Cause(ImpactReason.ROLE_WRONG, subject)
    is_hash = len(subject) == 64 and set(subject) <= set("0123456789abcdef")
    return Cause(ImpactReason.KEY_STOLEN, subject) if reason == ImpactReason.KEY_STOLEN and is_hash else None


def may_look(actor: Actor) -> bool:
    """Whether the profile acted as lists what a key touched, among its own certificates or among all."""
    return may(actor, Action.CERTIFICATE_IMPACT, impact_of_own_office(actor))


def may_look_at(role: Role, actor: Actor) -> bool:
    """Whether the actor lists what was signed under that role."""
    return may(actor, Action.CERTIFICATE_IMPACT, _office_of(role))


def signatories(actor: Actor) -> Sequence[Role]:
    """One role of each person who signed for the office of the profile acted as; raises Refused."""
    authorise(actor, Action.CERTIFICATE_IMPACT, impact_of_own_office(actor))
    signed = select(Certificate.id).where(
        Certificate.signed_by == Role.account_id, Certificate.issuer_id == Role.organisation_id
    )
    first = (
        select(func.min(Role.id))
        .where(Role.organisation_id == actor.acting_as, Role.state.in_(AFTER_VALIDATION), signed.exists())
        .group_by(Role.account_id)
        .limit(SIGNATORIES_AT_MOST)
    )
    return roles.roles_by_id(list(db.session.scalars(first)))


def role_of(cause: Cause, actor: Actor) -> Role:
    """The role of that cause; raises NotThere, and Hidden for who may not know of it."""
    role = roles.role_by_id(int(cause.subject)) if int(cause.subject) <= LAST_ROW else None
    if role is None or role.state not in AFTER_VALIDATION:
        raise NotThere
    authorise_to_see(actor, Action.CERTIFICATE_IMPACT, _office_of(role))
    return role


def _office_of(role: Role) -> ImpactIn:
    return ImpactIn(role.organisation_id, rights.above(role.organisation_id))


def touched(cause: Cause, window: Window, actor: Actor, place: Place) -> Page[Certificate]:
    """One page of the certificates touched, the newest signature first; raises NotThere, Hidden, Refused."""
    query = _touched(cause, window, actor)
    return read_page(query, Certificate.signed_at, Certificate.id, place, newest_first=True)


def untold(cause: Cause, window: Window, actor: Actor, at_most: int) -> list[tuple[int, str]]:
    """Id and number of those that are valid and whose parties were not told of it yet, the oldest first."""
    told = select(CertificateWarning.told_at).where(
        CertificateWarning.certificate_id == Certificate.id, _of(cause)
    )
    query = _touched(cause, window, actor).where(
        Certificate.state == CertificateState.VALID, Certificate.erased_at.is_(None), ~told.exists()
    )
    query = query.order_by(Certificate.signed_at, Certificate.id).limit(at_most)
    rows = db.session.execute(query.with_only_columns(Certificate.id, Certificate.number))
    return [(number, reference or "") for number, reference in rows]


def check_touched(cause: Cause, certificate_id: int, actor: Actor) -> None:
    """Raise NotThere, Hidden or Refused where the cause did not touch the certificate, or the actor may not see it."""
    query = select(Certificate.id).where(Certificate.id == certificate_id, _behind(cause, actor))
    if db.session.scalar(query) is None:
        raise NotThere


def told_of(cause: Cause, certificates: Collection[int]) -> dict[int, datetime]:
    """When the parties of which of them were told of that cause."""
    query = select(CertificateWarning).where(
        CertificateWarning.certificate_id.in_(list(certificates)), _of(cause)
    )
    return {row.certificate_id: row.told_at for row in db.session.scalars(query)}


def parties_of(certificates: Collection[int]) -> dict[int, list[int]]:
    """The organisations that each of the certificates names, by certificate, each once."""
    named = CertificateParty.certificate_id.in_(list(certificates))
    pairs = select(CertificateParty.certificate_id, CertificateParty.organisation_id).where(named).distinct()
    found: dict[int, list[int]] = {}
    for certificate_id, organisation_id in db.session.execute(pairs.order_by(*pairs.selected_columns)):
        found.setdefault(certificate_id, []).append(organisation_id)
    return found


def subject_of(cause: Cause) -> str:
    """What a warning says beside its reason: which key; of a role nothing, since one person signed."""
    return cause.subject if cause.reason is ImpactReason.KEY_STOLEN else ""


def _of(cause: Cause) -> ColumnElement[bool]:
    return (CertificateWarning.reason == cause.reason.value) & (
        CertificateWarning.subject == subject_of(cause)
    )


def _touched(cause: Cause, window: Window, actor: Actor) -> Select[Certificate]:
    return select(Certificate).where(
        _behind(cause, actor),
        Certificate.state.in_(SIGNED),
        Certificate.signed_at >= window.start,
        Certificate.signed_at < window.end,
    )


def _behind(cause: Cause, actor: Actor) -> ColumnElement[bool]:
    return _by_role(cause, actor) if cause.reason is ImpactReason.ROLE_WRONG else _by_key(cause, actor)


def _by_role(cause: Cause, actor: Actor) -> ColumnElement[bool]:
    role = role_of(cause, actor)
    return (Certificate.signed_by == role.account_id) & (Certificate.issuer_id == role.organisation_id)


def _by_key(cause: Cause, actor: Actor) -> ColumnElement[bool]:
    authorise(actor, Action.CERTIFICATE_IMPACT, impact_of_own_office(actor))
    if keys.by_sha256(environment.current().value, cause.subject) is None:
        raise NotThere
    sealed = select(CertificateFile.id).where(
        CertificateFile.certificate_id == Certificate.id, CertificateFile.seal_key == cause.subject
    )
    return sealed.exists() & _overseen(actor)


def _overseen(actor: Actor) -> ColumnElement[bool]:
    """All for the Commission; else what the own office certified, or an office below it."""
    if actor.is_commission:
        return true()
    below = select(AuthorityAncestor.authority_id).where(AuthorityAncestor.ancestor_id == actor.acting_as)
    return or_(Certificate.issuer_id == actor.acting_as, Certificate.issuer_id.in_(below))
