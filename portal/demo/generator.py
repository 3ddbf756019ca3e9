"""Makes up operators, in the language and script of their country: the same ones for the same seed."""

from __future__ import annotations

import random
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from portal.reference.files import rows_of
from portal.reference.queries import country_groups

DATA = Path(__file__).parent / "data"
SEED = 2026

CHAPTER_SHARES = {"animal": 38, "food": 18, "organic": 22, "plants": 9, "byproducts": 5, "other": 8}
CHAPTER_GROUPS = {
    "veterinary": "animal",
    "germinal_products": "animal",
    "semen_and_embryo": "animal",
    "food": "food",
    "fishing": "food",
    "non_animal_origin_food_and_feed": "food",
    "organic": "organic",
    "plants": "plants",
    "animal_byproducts": "byproducts",
}
STATUS_SHARES = {"valid": 86, "requested": 6, "suspended": 4, "rejected": 2, "deleted": 2}
ACTIVITY_COUNTS = {1: 72, 2: 20, 3: 8}
NEAR_DUPLICATES, EXACT_DUPLICATES = 0.03, 0.005
REMEMBERED = 64
"""A duplicate copies one of that many operators before it."""
COMMON_SECTIONS = (
    "BOV-EST", "PORC-EST", "OV-EST", "EQU-EST", "POU-EST-AP", "REG-TRANS-AUTH-I", "REG-TRANS-AUTH-II",
    "ORGANIC IMPORTER", "ORGANIC OPERATOR", "ORGANIC EXPORTER", "ORGANIC PRODUCER", "ORGANIC TRADER",
    "RM", "RPM", "MMP", "FFP", "EEP", "EURPO", "EUPO", "PLANTS", "ABP-STORP", "ABP-PET", "ABP-BIOGP",
    "FLEGT", "RFL", "TRANSPORTER", "IMPORTER", "EXPORTER",
)  # fmt: skip
"""The sections that come first in Zipf's law; the source does not say how many operators each has."""
TRADERS = ("importer", "exporter", "_import", "export")


@dataclass(frozen=True)
class MadeUpOperator:
    """An operator that does not exist."""

    number: int
    name: str
    street: str
    postcode: str
    city: str
    country: str
    eori: str | None
    status: str
    activities: tuple[tuple[str, str], ...]
    """Pairs of section key and activity type code."""


@cache
def languages() -> dict[str, dict[str, Any]]:
    """The words of each language."""
    return tomllib.loads((DATA / "languages.toml").read_text(encoding="utf-8"))


@cache
def countries() -> dict[str, dict[str, Any]]:
    """The countries of the register, with their share, towns and legal forms."""
    return tomllib.loads((DATA / "countries.toml").read_text(encoding="utf-8"))


def generate_operators(count: int, seed: int = SEED, country: str | None = None) -> Iterator[MadeUpOperator]:
    """The first `count` operators of the endless register of that seed: fewer are a prefix of more."""
    return islice(_endless(f"{seed}/{country or 'all'}", country), count)


def made_up_name(language: str, number: int) -> str:
    """A made-up proper name in that language, for organisations that are no operators."""
    words = languages()[language]
    starts, ends = words["starts"], words["ends"]
    return str(starts[number % len(starts)] + ends[number * 3 % len(ends)])


def town_of(text: str) -> tuple[str, str]:
    """Postcode and town; the postcode ends at the last word with a digit: names of towns hold none."""
    words = text.split()
    last = max(place for place, word in enumerate(words) if any(c.isdigit() for c in word))
    return " ".join(words[: last + 1]), " ".join(words[last + 1 :])


def _endless(seed: str, country: str | None) -> Iterator[MadeUpOperator]:
    # One stream of random numbers read in order: that makes every register a prefix of the longer ones.
    chance = random.Random(seed)  # noqa: S311 - made-up data, not a secret
    recent: list[MadeUpOperator] = []
    number = 0
    while True:
        number += 1
        luck = chance.random()
        if recent and luck < NEAR_DUPLICATES + EXACT_DUPLICATES:
            original = chance.choice(recent)
            name = original.name if luck < EXACT_DUPLICATES else _misspelt(original.name, chance)
            yield replace(original, number=number, name=name)
            continue
        made = _new_operator(chance, number, country or _country(chance))
        recent.append(made)
        if len(recent) > REMEMBERED:
            recent.pop(0)
        yield made


def _new_operator(chance: random.Random, number: int, country: str) -> MadeUpOperator:
    profile = countries()[country]
    words = languages()[profile["language"]]
    group = _pick(chance, *_shares("chapters"))
    activities = _activities(chance, group, country)
    postcode, city = town_of(chance.choice(profile["towns"]))
    street = words["street"].format(street=chance.choice(words["streets"]), number=chance.randint(1, 180))
    trades = any(activity.endswith(TRADERS) for _section, activity in activities)
    return MadeUpOperator(
        number=number,
        name=_name(chance, words, profile["forms"], group, city),
        street=street,
        postcode=postcode,
        city=city,
        country=country,
        eori=f"{country}DEMO{number:07}" if trades or chance.random() < 0.3 else None,
        status=_pick(chance, *_shares("statuses")),
        activities=activities,
    )


def _name(chance: random.Random, words: dict[str, Any], forms: list[str], group: str, city: str) -> str:
    first, second = (chance.choice(words["starts"]) + chance.choice(words["ends"]) for _ in range(2))
    trade, form = chance.choice(words[group]), chance.choice(forms)
    shape = chance.random()
    if shape < 0.25:
        return f"{trade} {first} {form}"
    if shape < 0.4:
        return f"{trade} {first} {city} {form}"
    if shape < 0.7:
        return f"{first} & {second} {form}"
    return f"{trade} {first} & {second} {form}"


def _misspelt(name: str, chance: random.Random) -> str:
    way = chance.randrange(4)
    if way == 0:
        return name.upper()
    if way == 1:
        return " ".join(name.split()[:-1]) or name
    if way == 2:
        return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    place = chance.randrange(1, len(name) - 1)
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def _activities(chance: random.Random, group: str, country: str) -> tuple[tuple[str, str], ...]:
    pairs, limits = _offered(group, country_groups(country))
    count = _pick(chance, *_shares("activity counts"))
    chosen = dict.fromkeys(_pick(chance, pairs, limits) for _ in range(count))
    return tuple(chosen)


@cache
def _offered(group: str, scopes: frozenset[str]) -> tuple[list[tuple[str, str]], list[float]]:
    """The activities of a group of chapters for such a country, with Zipf's law among them."""
    sections = {
        row["code"]
        for row in rows_of("sections")
        if row["active"] == "true"
        and CHAPTER_GROUPS.get(row["chapter"], "other") == group
        and scopes & set(row["country_scope"].split(";"))
    }
    rows = [row for row in rows_of("section_activities") if row["section"] in sections]
    rows.sort(key=lambda row: _place(row["section"].partition("@")[0]))
    pairs = [(row["section"], row["activity_type"]) for row in rows]
    return pairs, list(accumulate(1 / rank for rank in range(1, len(pairs) + 1)))


def _place(section: str) -> int:
    return COMMON_SECTIONS.index(section) if section in COMMON_SECTIONS else len(COMMON_SECTIONS)


@cache
def _shares(what: str) -> tuple[list[Any], list[float]]:
    tables: dict[str, dict[Any, int]] = {
        "chapters": CHAPTER_SHARES,
        "statuses": STATUS_SHARES,
        "activity counts": ACTIVITY_COUNTS,
        "countries": {code: profile["weight"] for code, profile in countries().items()},
    }
    shares = tables[what]
    return list(shares), list(accumulate(shares.values()))


def _country(chance: random.Random) -> str:
    return str(_pick(chance, *_shares("countries")))


def _pick(chance: random.Random, members: list[Any], limits: list[float]) -> Any:
    return chance.choices(members, cum_weights=limits)[0]
