"""The world of the permission matrix: twelve kinds of people in one country, and what lies around each of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.access.actor import Actor
from portal.database import db
from portal.identity.models import Account
from portal.organisations.models import Organisation
from portal.roles.models import Role
from portal.roles.states import RoleState
from portal.vocabulary import AuthorityRole
from tests.makers.certificates import may_sign
from tests.makers.operators import CATTLE
from tests.makers.organisations import (
    Country,
    a_control_body,
    a_country,
    a_scope,
    an_activity,
    an_authority,
    an_operator,
)
from tests.makers.roles import a_member, a_person, a_role, acting

KINDS = ("VI", "NR", "OP", "OA", "CB", "CA", "LA", "BC", "CU", "RC", "CC", "EC")
FOR_THE_LOAD = ("RFL", "responsible")
COMPETENCES = {"local": "VETERINARY", "regional": "VETERINARY", "post": "ORGANIC"}
SIGNERS = ("CB", "LA")
"""The people with the flag «may sign»; others of their organisation have none."""


@dataclass(frozen=True)
class Rows:
    """What stands in one organisation: a colleague's valid role and an open request."""

    role: Role
    request: Role


@dataclass
class World:
    """Organisations, people, and for each organisation a valid role and an open request of somebody."""

    country: Country
    operator: Organisation
    below_body: Organisation
    body: Organisation
    foreign_operator: Organisation
    foreign_authority: Organisation
    foreign_body: Organisation
    people: dict[str, int]
    rows: dict[int, Rows]
    certificates: dict[str, int] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def own(self, kind: str) -> Organisation | None:
        """The organisation in which that kind of person holds a role."""
        tree = self.country
        return {
            "OP": self.operator, "OA": self.operator, "CB": self.body, "CA": self.body, "LA": tree.local,
            "BC": tree.post, "CU": tree.customs, "RC": tree.regional, "CC": tree.central, "EC": tree.commission,
        }.get(kind)  # fmt: skip

    def below(self, kind: str) -> Organisation | None:
        """An organisation below: the operators, for the Commission the central authority."""
        if kind in ("CB", "CA"):
            return self.below_body
        if kind == "EC":
            return self.country.central
        return self.operator if kind in ("LA", "BC", "CU", "RC", "CC") else None

    def around(self, kind: str, relation: str) -> Organisation | None:
        """The organisation in that relation to that kind of person."""
        if relation == "foreign":
            return self.foreign_operator
        return self.own(kind) if relation in ("own", "self") else self.below(kind)

    def authority_around(self, kind: str, relation: str) -> Organisation | None:
        """The same among authorities."""
        tree = self.country
        below = {"LA": None, "RC": tree.local, "CC": tree.local, "EC": tree.central}
        found = {"foreign": self.foreign_authority, "subordinate": below.get(kind), "own": self.own(kind)}
        place = found.get(relation)
        return place if place is not None and place.authority_role else None


def a_world() -> World:
    """Everything in Production; the same people have no role in the other environments."""
    country, body = a_country(), a_control_body()
    for office, competence in COMPETENCES.items():
        getattr(country, office).competences.append(competence)
    scope = a_scope(body, supervisor=country.central)
    operator, below_body = an_operator(responsible=country.local), an_operator(responsible=body)
    an_activity(operator, country.local, CATTLE)
    an_activity(operator, country.local, FOR_THE_LOAD)
    foreign = an_authority("Foreign", AuthorityRole.CCA, above=country.commission, country="FR")
    foreign_local = an_authority("Foreign local", above=foreign, country="FR")
    foreign_operator = an_operator(responsible=foreign_local, country="FR")
    foreign_body = a_control_body(country="FR")
    foreign_scope = a_scope(foreign_body, supervisor=foreign, country="FR")
    world = World(country, operator, below_body, body, foreign_operator, foreign_local, foreign_body, {}, {})
    for kind in KINDS[2:]:
        place = world.own(kind)
        chief = kind in ("OA", "CA", "EC")
        assert place is not None
        person = a_member(place, administrator=chief, scope=scope if place is body else None)
        world.people[kind] = person.id
        if kind in SIGNERS:
            may_sign(person)
    world.people["NR"] = a_person().id
    places = {
        world.around(kind, relation) for kind in KINDS for relation in ("own", "subordinate", "foreign")
    }
    for place in sorted({one.id: one for one in places if one}.items()):
        row = scope if place[1] is body else foreign_scope if place[1] is foreign_body else None
        colleague = a_role(a_person(), place[1], scope=row)
        # Somebody else administers, so that nobody here is the last one.
        a_member(place[1], administrator=True, scope=row)
        world.rows[place[0]] = Rows(colleague, a_role(a_person(), place[1], RoleState.REQUESTED, scope=row))
    return world


def actor_of(world: World, kind: str, *, strict: bool) -> Actor:
    """That person, fully signed in, as the rules see them in the current environment."""
    return acting(db.session.get_one(Account, world.people[kind]), strict=strict)
