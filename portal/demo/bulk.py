"""The generated register: operators, their users and the requests that wait, in bulk, each row marked synthetic."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select

from portal.database import db, renew_statistics
from portal.demo.generator import SEED, MadeUpOperator, generate_operators
from portal.demo.inserting import duties_of, insert_operators
from portal.demo.local_units import load_local_units
from portal.demo.made_up_people import MadeUpPerson, MadeUpRole, email_of, roles_of, username_of
from portal.identity.models import Account
from portal.identity.states import AccountState
from portal.organisations.models import Organisation
from portal.roles.models import Role, RoleKind
from portal.roles.states import HOLDING
from portal.vocabulary import OrganisationKind

CHUNK = 2000
Values = dict[str, Any]
Held = tuple[int, MadeUpRole]
"""The id of an operator, and a role in it."""


def generate_register(count: int, seed: int = SEED) -> Iterator[int]:
    """Brings the made-up register up to `count` operators, chunk by chunk; yields how many there are."""
    there = already_generated(seed)
    operators = islice(generate_operators(count, seed), there, None)
    duties = duties_of(load_local_units())
    renew_statistics()
    while chunk := list(islice(operators, CHUNK)):
        ids = insert_operators([(_key(operator, seed), operator) for operator in chunk], duties)
        _insert_people(chunk, ids, seed)
        db.session.commit()
        there += len(chunk)
        yield there
    renew_statistics()


def already_generated(seed: int) -> int:
    """How many operators of that seed there are."""
    mine = Organisation.source_key.startswith(f"synthetic/{seed}/", autoescape=True)
    query = select(func.count()).select_from(Organisation).where(Organisation.origin == "synthetic", mine)
    return db.session.scalars(query).one()


def _key(operator: MadeUpOperator, seed: int) -> str:
    return f"synthetic/{seed}/{operator.number}"


def _insert_people(operators: list[MadeUpOperator], ids: dict[str, int], seed: int) -> None:
    held = [(ids[_key(operator, seed)], role) for operator in operators for role in roles_of(operator, seed)]
    if held:
        accounts = _accounts({role.person.key: role.person for _operator, role in held}, seed)
        _insert_kinds({accounts[role.person.key] for _operator, role in held if role.state in HOLDING})
        rows = [_role_values(one, accounts[one[1].person.key]) for one in held]
        db.session.execute(insert(Role), rows, execution_options={"render_nulls": True})


def _accounts(people: dict[str, MadeUpPerson], seed: int) -> dict[str, int]:
    """The ids of these people's accounts by their key: one account each, whatever the environments they work in."""
    keys = {email_of(person, seed): key for key, person in people.items()}
    found = _account_ids(keys)
    missing = [person for key, person in people.items() if key not in found]
    if missing:
        db.session.execute(insert(Account), [_account_values(person, seed) for person in missing])
        found = _account_ids(keys)
    return found


def _account_ids(keys: dict[str, str]) -> dict[str, int]:
    query = select(Account.email_key, Account.id).where(Account.email_key.in_(keys))
    return {keys[email]: number for email, number in db.session.execute(query)}


def _account_values(person: MadeUpPerson, seed: int) -> Values:
    """Without a password nobody can sign in as somebody invented."""
    return {
        "username": username_of(person, seed),
        "email": email_of(person, seed),
        "email_key": email_of(person, seed),
        "first_name": person.first_name,
        "last_name": person.last_name,
        "language": person.language,
        "state": AccountState.ACTIVE.value,
        "always_second_factor": False,
        "created_at": person.since,
    }


def _insert_kinds(account_ids: set[int]) -> None:
    have = select(RoleKind.account_id).where(RoleKind.account_id.in_(account_ids))
    missing = sorted(account_ids - set(db.session.scalars(have)))
    rows = [
        {"account_id": number, "kind": OrganisationKind.OPERATOR.value, "active": True} for number in missing
    ]
    if rows:
        db.session.execute(insert(RoleKind), rows)


def _role_values(held: Held, account_id: int) -> Values:
    organisation_id, role = held
    return {
        "account_id": account_id,
        "organisation_id": organisation_id,
        "kind": OrganisationKind.OPERATOR.value,
        "state": role.state.value,
        "is_administrator": role.is_administrator,
        "requested_at": role.requested_at,
        "decided_at": role.decided_at,
        "reason_code": role.reason,
        # Who is told of requests that wait is real: of the invented ones nobody is.
        "reminded_at": role.requested_at if role.decided_at is None else None,
        "escalated_at": role.requested_at if role.decided_at is None else None,
    }
