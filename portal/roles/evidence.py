"""The facts a validator sees beside a request: all from inside the validator's own scope, none of them a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from portal.adapters import identifier_numbers
from portal.database import db
from portal.environments import environment
from portal.identity import addresses
from portal.identity import queries as identity
from portal.identity.factor_models import DutyPhone
from portal.identity.models import Telephone
from portal.organisations.duplicates import Likely, Sought, likely_duplicates
from portal.organisations.folding import looks_like_another_name
from portal.organisations.models import Organisation
from portal.organisations.states import OrganisationState
from portal.roles import queries
from portal.roles.models import Role
from portal.roles.states import RoleState
from portal.vocabulary import Method, OrganisationKind


class NumberCheck(StrEnum):
    """What the check of an identifier says."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"


@dataclass(frozen=True)
class Evidence:
    """What speaks for and against a request; a shared telephone is yes or no, never whose."""

    mailbox_looks_functional: bool
    earlier_refusals: int
    is_first_user: bool
    organisation_state: OrganisationState
    methods: tuple[Method, ...]
    shares_telephone: bool
    has_duty_phone: bool
    name_looks_like_another: bool
    account_opened_at: datetime
    created_the_organisation: bool = False

    @property
    def has_second_factor(self) -> bool:
        """Whether any kind of second factor is enrolled."""
        return bool(self.methods)

    @property
    def is_green(self) -> bool:
        """Nothing speaks against the person."""
        shared = self.shares_telephone and not self.has_duty_phone
        doubts = (
            self.mailbox_looks_functional or self.earlier_refusals or shared or self.name_looks_like_another
        )
        return self.has_second_factor and not doubts

    @property
    def proposes_administrator(self) -> bool:
        """Whether the tick «administrator» is set beforehand: the first user, who asked together with the creation of
        the organisation, or against whom nothing speaks."""
        return self.is_first_user and (self.created_the_organisation or self.is_green)


@dataclass(frozen=True)
class OrganisationFacts:
    """What speaks for and against the organisation itself; duplicates are looked for while it is new."""

    eori: NumberCheck
    vat: NumberCheck
    name_looks_like_another: bool
    duplicates: list[Likely]


def evidence_of(role: Role) -> Evidence:
    """The facts about the requester of that role, as they are now."""
    account = identity.accounts_by_id([role.account_id])[role.account_id]
    return Evidence(
        mailbox_looks_functional=addresses.looks_functional(account.email),
        earlier_refusals=_refusals(role),
        is_first_user=not queries.has_valid_role(role.organisation_id),
        organisation_state=OrganisationState(role.organisation.state),
        methods=tuple(identity.methods_of(account.id)),
        shares_telephone=_shares_telephone(account.id),
        has_duty_phone=_has_duty_phone(account.id, role.organisation_id),
        name_looks_like_another=looks_like_another_name(account.full_name),
        account_opened_at=account.created_at,
        created_the_organisation=role.organisation.created_by == role.account_id,
    )


def facts_of(organisation: Organisation) -> OrganisationFacts | None:
    """The facts about an operator; None for others, which nobody makes by asking for a role."""
    if organisation.kind != OrganisationKind.OPERATOR:
        return None
    sought = Sought(
        organisation.country, organisation.name, organisation.eori, organisation.vat, organisation.street,
        organisation.postcode, organisation.id,
    )  # fmt: skip
    is_new = organisation.state == OrganisationState.NEW
    return OrganisationFacts(
        eori=_checked(organisation.eori, identifier_numbers.eori_number),
        vat=_checked(organisation.vat, partial(identifier_numbers.vat_number, country=organisation.country)),
        name_looks_like_another=looks_like_another_name(organisation.name),
        duplicates=likely_duplicates(sought) if is_new else [],
    )


def _checked(number: str, check: Callable[[str], str]) -> NumberCheck:
    if not number:
        return NumberCheck.MISSING
    try:
        check(number)
    except identifier_numbers.NotANumber:
        return NumberCheck.WRONG
    return NumberCheck.RIGHT


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


def _has_duty_phone(account_id: int, organisation_id: int) -> bool:
    """Whether a number of the person is one of those this organisation keeps for its people on duty."""
    listed = exists().where(
        Telephone.account_id == account_id,
        DutyPhone.number_index == Telephone.number_index,
        DutyPhone.environment_key == environment.current().value,
        DutyPhone.organisation_id == organisation_id,
        DutyPhone.lost_at.is_(None),
    )
    return bool(db.session.scalar(select(listed)))
