"""Makes up the people of the generated register: who works for which operator, and who waits for an answer."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import Any

from portal.crypto import digest
from portal.demo.generator import MadeUpOperator, countries, languages
from portal.roles.states import RejectReason, RoleState

MAIL_DOMAIN = "register.example"
"""A reserved domain: what is sent there reaches nobody."""
NEWEST = datetime(2026, 11, 1, 12, tzinfo=UTC)
"""No invented request is younger: one seed makes the same register on every day."""
USERS = {(0, 0): 35, (1, 1): 48, (2, 5): 15, (6, 60): 2}
"""How many users an operator has, from and to, with its share."""
ROLE_SHARES = {
    RoleState.VALID: 88,
    RoleState.SUSPENDED: 4,
    RoleState.REMOVED: 4,
    RoleState.REJECTED: 3,
    RoleState.WITHDRAWN: 1,
}
ENDED_WITH = {"rejected": RoleState.REJECTED, "deleted": RoleState.REMOVED}
"""The role of everybody in an operator of that state."""
BACKLOG = 0.006 / 0.86
"""For each valid operator: with it the open requests are 0.6 % of all operators."""
BACKLOG_DAYS, OLDEST_DAYS = 30, 2000
ADMINISTRATORS = 0.1
AGENTS, CLIENTS_OF_AN_AGENT = 0.15, 50
"""So often the first user works for others too: one agent for so many operators one after the other."""
FIRST_NAMES = {
    "bg": ("Албена", "Божидар", "Ваня", "Деян", "Женя", "Калин", "Миглена", "Румен"),
    "mk": ("Билјана", "Горан", "Елена", "Зоран", "Лидија", "Трајче"),
    "sr": ("Бојан", "Весна", "Јелена", "Милош", "Саша", "Вања"),
    "uk": ("Богдана", "Данило", "Женя", "Орест", "Олеся", "Саша"),
    "el": ("Αλέξης", "Βασιλική", "Δήμητρα", "Ζωή", "Λευτέρης", "Νίκη", "Φώτης", "Χάρις"),
    "": ("Alex", "Andrea", "Ariel", "Charlie", "Chris", "Dominique", "Jona", "Kim", "Luca", "Maxime",
         "Mika", "Nicola", "Noa", "Robin", "Sacha", "Sam", "Toni", "Vanja"),
}  # fmt: skip
USERNAME_LETTERS = "0123456789abcdefghjkmnpqrstuvwxyz"
USERNAME_LENGTH = 7
PEOPLE_PER_OPERATOR = 64


@dataclass(frozen=True)
class MadeUpPerson:
    """A person who does not exist; `key` is unique in the register of one seed."""

    key: str
    number: int
    first_name: str
    last_name: str
    language: str
    since: datetime


@dataclass(frozen=True)
class MadeUpRole:
    """What such a person asked for or holds in one operator."""

    person: MadeUpPerson
    state: RoleState
    is_administrator: bool
    requested_at: datetime
    decided_at: datetime | None

    @property
    def reason(self) -> str | None:
        """Why it was rejected, as a code."""
        return RejectReason.UNKNOWN_PERSON.value if self.state is RoleState.REJECTED else None


def roles_of(operator: MadeUpOperator, seed: int) -> Iterator[MadeUpRole]:
    """The users of an operator, and who asks to become one; they hang on its number and the seed alone."""
    # A stream for each operator: whoever continues a register need not make up everybody before.
    chance = random.Random(f"{seed}/people/{operator.number}")  # noqa: S311 - made-up data, not a secret
    count = _user_count(chance)
    for place in range(count):
        is_agent = place == 0 and operator.status == "valid" and chance.random() < AGENTS
        person = _agent(operator, seed) if is_agent else _person(chance, operator, place)
        yield _role(chance, operator, person, is_first=place == 0)
    if operator.status == "valid" and chance.random() < BACKLOG:
        asked = NEWEST - timedelta(minutes=chance.randrange(BACKLOG_DAYS * 24 * 60))
        yield MadeUpRole(_person(chance, operator, count), RoleState.REQUESTED, False, asked, None)


def email_of(person: MadeUpPerson, seed: int) -> str:
    """The address of such a person; nothing sent to it is ever delivered."""
    return f"{person.key}.{seed}@{MAIL_DOMAIN}"


def username_of(person: MadeUpPerson, seed: int) -> str:
    """A name that no other person of this register has, and begins as no name of a real account does."""
    number = (_offset(seed) + person.number) % len(USERNAME_LETTERS) ** USERNAME_LENGTH
    letters = ""
    for _place in range(USERNAME_LENGTH):
        number, rest = divmod(number, len(USERNAME_LETTERS))
        letters = USERNAME_LETTERS[rest] + letters
    return "z" + letters


@cache
def _offset(seed: int) -> int:
    return int(digest(f"register {seed}")[:12], 16)


def _user_count(chance: random.Random) -> int:
    first, last = _pick(chance, *_user_shares())
    return chance.randint(first, last)


@cache
def _user_shares() -> tuple[list[Any], list[int]]:
    return list(USERS), list(accumulate(USERS.values()))


@cache
def _state_shares() -> tuple[list[Any], list[int]]:
    return list(ROLE_SHARES), list(accumulate(ROLE_SHARES.values()))


def _pick(chance: random.Random, members: list[Any], limits: list[int]) -> Any:
    return chance.choices(members, cum_weights=limits)[0]


def _person(chance: random.Random, operator: MadeUpOperator, place: int) -> MadeUpPerson:
    number = operator.number * PEOPLE_PER_OPERATOR + place
    return _named(chance, f"user-{operator.number}-{place}", number, operator.country)


def _agent(operator: MadeUpOperator, seed: int) -> MadeUpPerson:
    block = operator.number // CLIENTS_OF_AN_AGENT
    chance = random.Random(f"{seed}/agent/{block}")  # noqa: S311 - made-up data, not a secret
    # The last place of the block's first operator: no user of it has that number.
    number = block * CLIENTS_OF_AN_AGENT * PEOPLE_PER_OPERATOR + PEOPLE_PER_OPERATOR - 1
    return _named(chance, f"agent-{block}", number, chance.choice(list(countries())))


def _named(chance: random.Random, key: str, number: int, country: str) -> MadeUpPerson:
    language = countries()[country]["language"]
    words = languages()[language]
    first = chance.choice(FIRST_NAMES.get(language, FIRST_NAMES[""]))
    last = chance.choice(words["starts"]) + chance.choice(words["ends"])
    return MadeUpPerson(key, number, first, last, language, NEWEST - timedelta(days=OLDEST_DAYS))


def _role(
    chance: random.Random, operator: MadeUpOperator, person: MadeUpPerson, *, is_first: bool
) -> MadeUpRole:
    state = ENDED_WITH.get(operator.status) or _pick(chance, *_state_shares())
    keeps = is_first and operator.status not in ENDED_WITH
    asked = NEWEST - timedelta(minutes=chance.randrange(BACKLOG_DAYS * 24 * 60, OLDEST_DAYS * 24 * 60))
    decided = asked + timedelta(minutes=chance.randrange(30, 10 * 24 * 60))
    administers = keeps or chance.random() < ADMINISTRATORS
    state = RoleState.VALID if keeps else state
    return MadeUpRole(person, state, administers and state is RoleState.VALID, asked, decided)
