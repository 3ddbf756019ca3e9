"""Who acts: what the rules need to know of a signed-in person, and of what is acted on. Plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal.vocabulary import SECOND_FACTORS, Assurance, AuthorityRole, Method, OrganisationKind


@dataclass(frozen=True)
class RoleHeld:
    """One valid role of the actor in the current environment, in an organisation that is itself valid."""

    organisation_id: int
    kind: OrganisationKind
    authority_role: AuthorityRole | None = None
    is_administrator: bool = False
    country: str = ""
    is_deputy: bool = False
    """Whether the actor stands in today for an absent administrator of that organisation."""
    may_sign: bool = False
    """The personal flag of officers who certify; it rests while a changed name is not confirmed."""


@dataclass(frozen=True)
class MethodPolicy:
    """What the current environment asks of a sign-in, judged at each action: to enter, and to decide.

    A decision wants a factor shown, or an earlier decision made, within `decision_idle`, and the factor within
    `decision_total`.
    """

    second_factor_required: bool = True
    methods: frozenset[Method] = frozenset(SECOND_FACTORS)
    decision_methods: frozenset[Method] = frozenset(SECOND_FACTORS)
    decision_idle: timedelta = timedelta(minutes=15)
    decision_total: timedelta = timedelta(minutes=60)


@dataclass(frozen=True)
class Actor:
    """A signed-in person in this request; `kind` is the kind of role held here, open requests included.

    `is_suspended` holds for the current environment; `is_resting` for a day after a recovery code was used.
    `roles` are those of the profile acted as; `other_roles` those of the other profiles, which give no right.
    """

    account_id: int
    session_id: int
    assurance: Assurance
    method: Method
    second_factor_at: datetime | None = None
    acted_at: datetime | None = None
    is_suspended: bool = False
    is_resting: bool = False
    has_factor: bool = False
    holds_role_anywhere: bool = False
    mailbox_confirmed: bool = False
    policy: MethodPolicy = field(default_factory=MethodPolicy)
    roles: tuple[RoleHeld, ...] = ()
    other_roles: tuple[RoleHeld, ...] = ()
    kind: OrganisationKind | None = None
    strict_validators: bool = False

    @property
    def organisations_administered(self) -> frozenset[int]:
        """Organisations in which the actor holds the administrator flag."""
        return frozenset(role.organisation_id for role in self.roles if role.is_administrator)

    @property
    def organisations_decided(self) -> frozenset[int]:
        """Organisations whose requests one decides from inside: as administrator, or as deputy of an absent one."""
        return frozenset(
            role.organisation_id for role in self.roles if role.is_administrator or role.is_deputy
        )

    @property
    def authorities(self) -> frozenset[int]:
        """Authorities (and control bodies, for their operators) in whose name one may validate: all, or (strict)
        those administered."""
        return frozenset(
            role.organisation_id
            for role in self.roles
            if role.kind is not OrganisationKind.OPERATOR
            and (role.is_administrator or not self.strict_validators)
        )

    @property
    def authorities_decided(self) -> frozenset[int]:
        """Those in whose name one decides requests: as `authorities`, and where one stands in for an administrator."""
        outside = (role for role in self.roles if role.kind is not OrganisationKind.OPERATOR)
        return self.authorities | {role.organisation_id for role in outside if role.is_deputy}

    @property
    def is_commission(self) -> bool:
        """Whether the actor acts for the Commission here."""
        return any(role.authority_role is AuthorityRole.COMMISSION for role in self.roles)

    @property
    def belongs_to_commission(self) -> bool:
        """Whether the person holds a role in the Commission here, acted as or not."""
        return any(
            role.authority_role is AuthorityRole.COMMISSION for role in (*self.roles, *self.other_roles)
        )

    @property
    def acting_as(self) -> int | None:
        """The organisation of the profile acted as; None without a valid role here."""
        return self.roles[0].organisation_id if self.roles else None

    @property
    def superior_to(self) -> frozenset[int]:
        """Authorities in whose name one rules over those below: control bodies and customs only over themselves."""
        return self.authorities & frozenset(
            role.organisation_id
            for role in self.roles
            if role.authority_role not in (None, AuthorityRole.CUSTOMS)
        )


@dataclass(frozen=True)
class OwnAccount:
    """Target of what people do with their own account."""

    account_id: int


@dataclass(frozen=True)
class WantedRole:
    """Target of a role request about to be made."""

    account_id: int
    kind: OrganisationKind


@dataclass(frozen=True)
class RequestedRole:
    """Target of a decision: whose request, for which organisation, and which authorities may decide it."""

    role_id: int
    account_id: int
    organisation_id: int
    validating_authorities: frozenset[int]


@dataclass(frozen=True)
class Member:
    """Target of what administrators and authorities do for a person: the organisations where the person holds roles
    here, and the authorities that may decide those roles.

    `first_by` is who vouched first where two people are needed.
    """

    account_id: int
    organisations: frozenset[int]
    validating_authorities: frozenset[int]
    has_factor: bool = True
    first_by: int | None = None


@dataclass(frozen=True)
class OwnOrganisation:
    """Target of what the administrators of one organisation keep for it."""

    organisation_id: int


@dataclass(frozen=True)
class NewsFor:
    """Target of what is announced: the country it is meant for, empty for everybody."""

    country: str


Target = (
    OwnAccount | WantedRole | RequestedRole | Member | OwnOrganisation | NewsFor | OrganisationKind | None
)
