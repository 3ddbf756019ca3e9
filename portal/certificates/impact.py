"""What a stolen key sealed, and what was done to certificates under a role found wrong, in a window of time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise, authorise_to_see, may
from portal.access.rules_certificates import ImpactIn, impact_of_own_office
from portal.certificates import rights, touching
from portal.certificates.models import Certificate, CertificateFile, CertificateParty, CertificateWarning
from portal.certificates.rights import OWN_ONLY
from portal.certificates.states import OUTWARD, SIGNED, Act, CertificateState, ImpactReason
from portal.certificates.touching import Done, Holder, Window
from portal.database import db
from portal.environments import environment
from portal.organisations.models import AuthorityAncestor
from portal.paging import LAST_ROW, Page, Place, read_page
from portal.roles import queries as roles
from portal.roles.deciders import deciders_of
from portal.roles.life import AFTER_VALIDATION
from portal.roles.models import Role
from portal.seals import keys
from portal.workflow import NotThere

HOLDERS_AT_MOST = 200
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
class Touched:
    """A certificate, what was done to it in the window, and whether its page is more than the reader may see.

    `is_own_only`: nobody but the people of its maker sees it, whomever it names already.
    """

    certificate: Certificate
    done: Sequence[Done]
    is_closed: bool

    @property
    def is_own_only(self) -> bool:
        """A draft, or one that was deleted."""
        return self.certificate.state in OWN_ONLY


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
    """Whether the actor lists what was done under that role."""
    return may(actor, Action.CERTIFICATE_IMPACT, _office_of(role))


def holders(actor: Actor) -> Sequence[Role]:
    """One role of each person who did something for the office of the profile acted as; raises Refused."""
    authorise(actor, Action.CERTIFICATE_IMPACT, impact_of_own_office(actor))
    did_something = touching.by_anybody(Role.account_id, Role.organisation_id)
    first = (
        select(func.min(Role.id))
        .where(Role.organisation_id == actor.acting_as, Role.state.in_(AFTER_VALIDATION), did_something)
        .group_by(Role.account_id)
        .limit(HOLDERS_AT_MOST)
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
    return ImpactIn(role.organisation_id, rights.above(role.organisation_id) | deciders_of(role))


def touched(cause: Cause, window: Window, actor: Actor, place: Place) -> Page[Touched]:
    """One page of the certificates touched, the newest first: for a key by their signature, for a role by their draft.

    Raises NotThere, Hidden, Refused.
    """
    query = _touched(cause, window, actor)
    page = read_page(query, _order(cause), Certificate.id, place, newest_first=True)
    done = done_to(cause, window, page.rows)
    rows = [Touched(row, done[row.id], _is_closed(row, actor)) for row in page.rows]
    return Page(rows, page.next_key, page.previous_key)


def done_to(cause: Cause, window: Window, certificates: Sequence[Certificate]) -> dict[int, list[Done]]:
    """What was done to each of them in the window, by id, the oldest first; with a key they were signed."""
    if cause.reason is ImpactReason.ROLE_WRONG:
        return touching.done(holder_of(cause), window, [row.id for row in certificates])
    return {row.id: [Done(Act.SIGNED, 1, row.signed_at)] for row in certificates if row.signed_at}


def is_outward(cause: Cause, certificate: Certificate, done: Collection[Done]) -> bool:
    """Whether everybody whom the certificate names is told: something was issued, and they relied on what was done."""
    acts = {one.act for one in done}
    return certificate.state in SIGNED and (cause.reason is ImpactReason.KEY_STOLEN or bool(acts & OUTWARD))


def untold(cause: Cause, window: Window, actor: Actor, at_most: int) -> list[tuple[int, str]]:
    """Id and number of those about which somebody is still to be told, the oldest first.

    Replaced and cancelled ones are among them: somebody may still hold the paper. Who works on a certificate is told
    once, and once more with all others where more was done to it than was known then.
    """
    query = _touched(cause, window, actor).where(
        Certificate.erased_at.is_(None), ~_told(cause, is_desk=False)
    )
    if cause.reason is ImpactReason.ROLE_WRONG:
        relied_on = touching.ids(holder_of(cause), replace(window, act=None), OUTWARD)
        outward = Certificate.state.in_(SIGNED) & Certificate.id.in_(relied_on)
        query = query.where(or_(outward, ~_told(cause, is_desk=True)))
    query = query.order_by(_order(cause), Certificate.id).limit(at_most)
    columns = (Certificate.id, Certificate.number, Certificate.draft_number)
    rows = db.session.execute(query.with_only_columns(*columns))
    return [(number, reference or draft) for number, reference, draft in rows]


def check_touched(cause: Cause, window: Window, certificate_id: int, actor: Actor) -> None:
    """Raise NotThere, Hidden or Refused where the cause did not touch the certificate, or the actor may not see it."""
    query = _touched(cause, window, actor).where(Certificate.id == certificate_id)
    if db.session.scalar(query.with_only_columns(Certificate.id)) is None:
        raise NotThere


def told_of(cause: Cause, certificates: Collection[int]) -> dict[int, datetime]:
    """When somebody was last told of which of them because of that cause."""
    query = select(CertificateWarning.certificate_id, func.max(CertificateWarning.told_at)).where(
        CertificateWarning.certificate_id.in_(list(certificates)),
        CertificateWarning.reason == cause.reason.value,
        CertificateWarning.subject.in_([subject_of(cause, is_desk=is_desk) for is_desk in (False, True)]),
    )
    rows = db.session.execute(query.group_by(CertificateWarning.certificate_id))
    return dict(iter(rows))


def parties_of(certificates: Collection[int]) -> dict[int, list[int]]:
    """The organisations that may see each of the certificates, by certificate, each once; of a draft only its maker."""
    named = CertificateParty.certificate_id.in_(list(certificates))
    seen = or_(Certificate.state.not_in(OWN_ONLY), CertificateParty.organisation_id == Certificate.creator_id)
    pairs = (
        select(CertificateParty.certificate_id, CertificateParty.organisation_id)
        .join(Certificate, Certificate.id == CertificateParty.certificate_id)
        .where(named, seen)
        .distinct()
    )
    found: dict[int, list[int]] = {}
    for certificate_id, organisation_id in db.session.execute(pairs.order_by(*pairs.selected_columns)):
        found.setdefault(certificate_id, []).append(organisation_id)
    return found


def holder_of(cause: Cause) -> Holder:
    """Whose role it is; the caller has authorised it. Raises NotThere."""
    role = roles.role_by_id(int(cause.subject))
    if role is None:
        raise NotThere
    return Holder(role.account_id, role.organisation_id)


def subject_of(cause: Cause, *, is_desk: bool) -> str:
    """What a warning says beside its reason: which key, or who and where; `is_desk` where not everybody was told.

    Two roles of one person in one organisation are told of as one: what was done under which of them nobody kept.
    """
    if cause.reason is ImpactReason.KEY_STOLEN:
        return cause.subject
    holder = holder_of(cause)
    return f"{holder.account_id}.{holder.organisation_id}{'.desk' if is_desk else ''}"


def _told(cause: Cause, *, is_desk: bool) -> ColumnElement[bool]:
    told = select(CertificateWarning.told_at).where(
        CertificateWarning.certificate_id == Certificate.id,
        CertificateWarning.reason == cause.reason.value,
        CertificateWarning.subject == subject_of(cause, is_desk=is_desk),
    )
    return told.exists()


def _order(cause: Cause) -> Any:
    return Certificate.id if cause.reason is ImpactReason.ROLE_WRONG else Certificate.signed_at


def _is_closed(certificate: Certificate, actor: Actor) -> bool:
    is_own = any(role.organisation_id == certificate.creator_id for role in actor.roles)
    is_deleted = certificate.state == CertificateState.DELETED
    return is_deleted or (certificate.state in OWN_ONLY and not is_own)


def _touched(cause: Cause, window: Window, actor: Actor) -> Select[Certificate]:
    if cause.reason is ImpactReason.ROLE_WRONG:
        role = role_of(cause, actor)
        held = Holder(role.account_id, role.organisation_id)
        return select(Certificate).where(Certificate.id.in_(touching.ids(held, window)))
    return select(Certificate).where(_by_key(cause, actor), _signed_in(window))


def _signed_in(window: Window) -> ColumnElement[bool]:
    if window.act not in (None, Act.SIGNED):
        return false()
    return and_(
        Certificate.state.in_(SIGNED),
        Certificate.signed_at >= window.start,
        Certificate.signed_at < window.end,
    )


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
