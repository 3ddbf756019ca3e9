"""Many requests decided at once: what would happen to each, and each one decided alone when its turn comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import islice

from sqlalchemy import select

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor, RequestedRole
from portal.access.authorise import Refused, authorise, may
from portal.database import db
from portal.limits import ledger as limits
from portal.organisations.states import OrganisationState
from portal.roles import queries, service
from portal.roles.changes import AlreadyDecided, NotThere
from portal.roles.deciders import deciders, operators_decided_by
from portal.roles.evidence import evidence_of
from portal.roles.models import Role
from portal.roles.service import OrganisationNotValid, ReasonMissing, Rejection, Validation
from portal.roles.states import RejectReason, RoleState
from portal.vocabulary import OrganisationKind
from portal.work import ledger
from portal.work import service as work_service
from portal.work.ledger import Facts, Handler, ItemRefused, Outcome
from portal.work.models import Work

KIND = "decide-requests"
AT_MOST = 5000
LOOKED_AT_ONCE = 500
"""The ids stand once in each sentence of who decides: more would be too many parameters for one statement."""


class Decision(StrEnum):
    """What a batch does."""

    VALIDATE = "validate"
    REJECT = "reject"


class Verdict(StrEnum):
    """What would happen to a request of a batch, and if nothing, why."""

    VALIDATED = "request-validated"
    VALIDATED_WITH_OPERATOR = "request-validated-with-operator"
    REJECTED = "request-rejected"
    NOT_THERE = "request-not-there"
    NOT_YOURS = "request-not-yours"
    DECIDED = "request-decided"
    ORGANISATION_NOT_VALID = "request-organisation-not-valid"


DONE = frozenset({Verdict.VALIDATED, Verdict.VALIDATED_WITH_OPERATOR, Verdict.REJECTED})


@dataclass(frozen=True)
class Batch:
    """The requests ticked, in their order, and the one decision for all of them.

    With `administrators` a first user whose evidence is clear becomes administrator of the organisation.
    """

    role_ids: tuple[int, ...]
    decision: Decision
    reason: RejectReason | None = None
    text: str = ""
    administrators: bool = False


@dataclass(frozen=True)
class Looked:
    """One request of a batch before it is begun; `role` is None where the actor may not know of it."""

    role_id: int
    verdict: Verdict
    role: Role | None = None

    @property
    def label(self) -> str:
        """How the item is named on the page of progress: no person's name is kept there."""
        return f"{self.role.organisation.name} · {self.role_id}" if self.role else f"{self.role_id}"


def dry_run(role_ids: Sequence[int], decision: Decision, actor: Actor) -> list[Looked]:
    """What would happen to each request now, in the order given; changes nothing. Raises Refused."""
    authorise(actor, Action.ROLES_DECIDE)
    ids = iter(tuple(dict.fromkeys(role_ids))[:AT_MOST])
    looked: list[Looked] = []
    while piece := list(islice(ids, LOOKED_AT_ONCE)):
        looked += _looked_at(piece, decision, actor)
    return looked


def _looked_at(ids: list[int], decision: Decision, actor: Actor) -> Iterator[Looked]:
    roles = {role.id: role for role in queries.roles_by_id(ids)}
    targets = _targets(roles.values())
    new = {
        role.organisation_id
        for role in roles.values()
        if role.kind == OrganisationKind.OPERATOR
        and role.organisation.state == OrganisationState.NEW
        and role.organisation.created_by != actor.account_id
    }
    together = operators_decided_by(new, actor.authorities_decided)
    for role_id in ids:
        role = roles.get(role_id)
        if role is None or not may(actor, Action.ROLE_READ, targets[role_id]):
            yield Looked(role_id, Verdict.NOT_THERE)
        else:
            yield Looked(role_id, _verdict(role, targets[role_id], decision, actor, together), role)


def _targets(roles: Iterable[Role]) -> dict[int, RequestedRole]:
    """The requests as the rules see them, with one statement for all."""
    by_id = {role.id: role for role in roles}
    above: dict[int, set[int]] = {role_id: set() for role_id in by_id}
    pairs = deciders()
    query = select(pairs.c.role_id, pairs.c.decider_id)
    for role_id, decider_id in db.session.execute(query, {"role_ids": list(by_id)}) if by_id else ():
        above[role_id].add(decider_id)
    return {
        number: RequestedRole(number, role.account_id, role.organisation_id, frozenset(above[number]))
        for number, role in by_id.items()
    }


def _verdict(
    role: Role, target: RequestedRole, decision: Decision, actor: Actor, together: frozenset[int]
) -> Verdict:
    validates = decision is Decision.VALIDATE
    if not may(actor, Action.ROLE_VALIDATE if validates else Action.ROLE_REJECT, target):
        return Verdict.NOT_YOURS
    if role.state != RoleState.REQUESTED:
        return Verdict.DECIDED
    if not validates:
        return Verdict.REJECTED
    if role.organisation.state == OrganisationState.VALID:
        return Verdict.VALIDATED
    mine = role.organisation_id in together
    return Verdict.VALIDATED_WITH_OPERATOR if mine else Verdict.ORGANISATION_NOT_VALID


def begin(batch: Batch, actor: Actor) -> Work:
    """Put the batch for the worker, every request ticked with it; raises Refused, ReasonMissing, NotThere.

    The same batch sent again in the same minute, by a button pressed twice, is the one that was begun.
    """
    looked = dry_run(batch.role_ids, batch.decision, actor)
    if not looked:
        raise NotThere
    words_missing = batch.reason is RejectReason.OTHER and not batch.text.strip()
    if batch.decision is Decision.REJECT and (batch.reason is None or words_missing):
        raise ReasonMissing
    if not limits.spend(f"{KIND}-{actor.account_id}-{clock.now():%Y%m%d%H%M}-{batch!r}", timedelta(days=1)):
        return _begun_before(actor)
    parameters = {
        "decision": batch.decision.value,
        "reason": batch.reason.value if batch.reason else "",
        "text": batch.text.strip(),
        "administrators": batch.administrators,
    }
    items = ({"role": one.role_id, "label": one.label} for one in looked)
    work = work_service.begin(KIND, actor, parameters, items)
    db.session.commit()
    return work


def _begun_before(actor: Actor) -> Work:
    db.session.rollback()
    begun = next((work for work in ledger.own_work(actor.account_id) if work.kind == KIND), None)
    if begun is None:
        raise NotThere
    return begun


def decide(actor: Actor, parameters: Facts, payload: Facts) -> Outcome:
    """One request of a batch, judged anew with the rights of this moment; raises ItemRefused with a Verdict."""
    role_id = int(payload["role"])
    try:
        if parameters["decision"] == Decision.REJECT:
            reason = RejectReason(parameters["reason"])
            service.reject_role(Rejection(role_id, reason, parameters["text"]), actor)
            return Outcome(Verdict.REJECTED.value, role_id)
        return _validated(role_id, actor, administrators=bool(parameters["administrators"]))
    except AlreadyDecided:
        raise ItemRefused(Verdict.DECIDED.value) from None
    except OrganisationNotValid:
        raise ItemRefused(Verdict.ORGANISATION_NOT_VALID.value) from None
    except NotThere:
        raise ItemRefused(Verdict.NOT_THERE.value) from None
    except Refused as refused:
        hidden = refused.action in (Action.ROLE_READ, Action.PROFILE_READ)
        raise ItemRefused((Verdict.NOT_THERE if hidden else Verdict.NOT_YOURS).value) from None


def _validated(role_id: int, actor: Actor, *, administrators: bool) -> Outcome:
    role = queries.role_by_id(role_id)
    if role is None:
        raise NotThere
    was_new = role.organisation.state == OrganisationState.NEW
    chief = administrators and _becomes_administrator(role)
    service.validate_role(Validation(role_id, administrator=chief, with_operator=True), actor)
    verdict = Verdict.VALIDATED_WITH_OPERATOR if was_new else Verdict.VALIDATED
    return Outcome(verdict.value, role_id)


def _becomes_administrator(role: Role) -> bool:
    return evidence_of(role).proposes_administrator


HANDLER = Handler(KIND, decide)
