"""Who oversees whom at this moment, for many at once: an organisation itself and all that stand above it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from portal.audit.subjects import Concerned
from portal.database import db
from portal.organisations.models import AuthorityAncestor, ControlBodyScope, OperatorActivity, Organisation
from portal.roles.models import Role
from portal.roles.states import HOLDING
from portal.vocabulary import AuthorityRole

Above = aliased(Organisation)


def overseers_of(concerned: Collection[Concerned]) -> Mapping[Concerned, frozenset[int]]:
    """The organisations in whose lists each stands; what names a person alone belongs to the person's organisations."""
    homes = _homes({one.account_id for one in concerned if one.organisation_id is None and one.account_id})
    own = {
        one: {one.organisation_id} if one.organisation_id else homes.get(one.account_id or 0, set())
        for one in concerned
    }
    above = _above({number for numbers in own.values() for number in numbers})
    return {
        one: frozenset(numbers.union(*(above[number] for number in numbers))) for one, numbers in own.items()
    }


def _homes(account_ids: Collection[int]) -> dict[int, set[int]]:
    query = select(Role.account_id, Role.organisation_id).where(
        Role.account_id.in_(account_ids), Role.state.in_(HOLDING)
    )
    return _grouped(query) if account_ids else {}


def _above(organisation_ids: Collection[int]) -> dict[int, set[int]]:
    """All organisations above each of these, the Commission apart: it sees the whole trail without lists."""
    found: dict[int, set[int]] = defaultdict(set)
    if organisation_ids:
        for query in _ways_up(organisation_ids):
            for number, above in _grouped(query).items():
                found[number] |= above
    return found


def _ways_up(ids: Collection[int]) -> tuple[Any, ...]:
    """Authorities by their tree, operators by their activities, control bodies by who supervises them."""
    activities = OperatorActivity.organisation_id.in_(ids)
    body = aliased(ControlBodyScope)
    return (
        _tree(AuthorityAncestor.authority_id).where(AuthorityAncestor.authority_id.in_(ids)),
        select(OperatorActivity.organisation_id, OperatorActivity.responsible_id).where(
            activities, OperatorActivity.responsible_id.is_not(None)
        ),
        _tree(OperatorActivity.organisation_id)
        .join(OperatorActivity, OperatorActivity.responsible_id == AuthorityAncestor.authority_id)
        .where(activities),
        _tree(OperatorActivity.organisation_id)
        .join(body, body.supervisor_id == AuthorityAncestor.authority_id)
        .join(OperatorActivity, OperatorActivity.responsible_id == body.organisation_id)
        .where(activities),
        _tree(ControlBodyScope.organisation_id)
        .join(ControlBodyScope, ControlBodyScope.supervisor_id == AuthorityAncestor.authority_id)
        .where(ControlBodyScope.organisation_id.in_(ids)),
    )


def _tree(start: Any) -> Select[Any]:
    top = Above.authority_role.is_distinct_from(AuthorityRole.COMMISSION.value)
    query = select(start, Above.id).select_from(AuthorityAncestor)
    return query.join(Above, Above.id == AuthorityAncestor.ancestor_id).where(top).distinct()


def _grouped(query: Any) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for number, other in db.session.execute(query):
        found[number].add(other)
    return found
