"""The facts a validator sees beside a request: all from inside the validator's own scope, none of them a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from portal.database import db
from portal.identity import addresses
from portal.identity import queries as identity
from portal.identity.models import Telephone
from portal.organisations.states import OrganisationState
from portal.roles import queries
from portal.roles.models import Role
from portal.roles.states import RoleState


@dataclass(frozen=True)
class Evidence:
    """What speaks for and against a request; a shared telephone is yes or no, never whose."""

    mailbox_looks_functional: bool
    earlier_refusals: int
    is_first_user: bool
    organisation_state: OrganisationState
    has_second_factor: bool
    shares_telephone: bool
    account_opened_at: datetime

    @property
    def is_green(self) -> bool:
        """Nothing speaks against the person: the tick «administrator» of a first user is then set beforehand."""
        doubts = self.mailbox_looks_functional or self.earlier_refusals or self.shares_telephone
        return self.has_second_factor and not doubts


def evidence_of(role: Role) -> Evidence:
    """The facts about the requester of that role, as they are now."""
    account = identity.accounts_by_id([role.account_id])[role.account_id]
    return Evidence(
        mailbox_looks_functional=addresses.looks_functional(account.email),
        earlier_refusals=_refusals(role),
        is_first_user=not queries.has_valid_role(role.organisation_id),
        organisation_state=OrganisationState(role.organisation.state),
        has_second_factor=identity.has_factor(account.id),
        shares_telephone=_shares_telephone(account.id),
        account_opened_at=account.created_at,
    )


def _refusals(role: Role) -> int:
    # Inside the same organisation only: what others decided is not this validator's business.
    refused = (
        select(func.count())
        .select_from(Role)
        .where(
            Role.account_id == role.account_id,
            Role.organisation_id == role.organisation_id,
            Role.state == RoleState.REJECTED,
            Role.id != role.id,
        )
    )
    return db.session.scalar(refused) or 0


def _shares_telephone(account_id: int) -> bool:
    own, other = aliased(Telephone), aliased(Telephone)
    shared = exists().where(
        own.account_id == account_id, other.number_index == own.number_index, other.account_id != account_id
    )
    return bool(db.session.scalar(select(shared)))
