"""Makers of roles and of people who hold them."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from portal import clock
from portal.access.actor import Actor
from portal.database import db
from portal.identity.models import Account
from portal.organisations.models import ControlBodyScope, Organisation
from portal.roles import queries
from portal.roles.models import Role, RoleKind
from portal.roles.states import HOLDING, RoleState
from tests.makers.identity import a_sign_in, a_telephone, a_user, an_actor

_numbers = itertools.cycle(range(10, 99))


def a_person(first_name: str = "Robin", last_name: str = "Modele", **more: str) -> Account:
    """A user with a telephone of their own, shared with nobody."""
    account = a_user(first_name, last_name, **more)
    a_telephone(account, f"+467017406{next(_numbers)}")
    return account


def a_role(
    account: Account, organisation: Organisation, state: RoleState = RoleState.VALID, *,
    scope: ControlBodyScope | None = None, administrator: bool = False, **more: Any,
) -> Role:  # fmt: skip
    """A role in that state, with the kind it holds."""
    role = Role(
        account_id=account.id, organisation_id=organisation.id, scope_id=scope.id if scope else None,
        scope_key=scope.id if scope else 0, kind=organisation.kind, state=state.value,
        is_administrator=administrator, requested_at=more.pop("requested_at", clock.now()), **more,
    )  # fmt: skip
    db.session.add(role)
    kinds = db.session.query(RoleKind).filter_by(account_id=account.id, kind=organisation.kind)
    if state in HOLDING and kinds.first() is None:
        db.session.add(RoleKind(account_id=account.id, kind=organisation.kind, active=True))
    db.session.commit()
    return role


def a_request(
    organisation: Organisation,
    account: Account | None = None,
    *,
    scope: ControlBodyScope | None = None,
    **more: Any,
) -> Role:
    """An open request of somebody."""
    return a_role(account or a_person(), organisation, RoleState.REQUESTED, scope=scope, **more)


def a_member(
    organisation: Organisation,
    *,
    administrator: bool = False,
    scope: ControlBodyScope | None = None,
    **person: str,
) -> Account:
    """A person with a valid role in the organisation."""
    account = a_person(**person)
    a_role(account, organisation, administrator=administrator, scope=scope)
    return account


def acting(account: Account, *, strict: bool = False) -> Actor:
    """That person as the rules see them here, after a full sign-in."""
    row, _token = a_sign_in(account)
    actor = an_actor(account.id, *queries.held_roles(account.id), session_id=row.id, strict=strict)
    return replace(actor, kind=queries.kind_held(account.id))
