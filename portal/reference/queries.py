"""Reads the reference tables: choices for filters and the printed names of codes, in a language."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select, true

from portal.database import db
from portal.reference.files import rows_of
from portal.reference.models import (
    ActivityType,
    AuthorityRoleWord,
    Chapter,
    Competence,
    Designation,
    ProductCategory,
    ReferenceWord,
    RequiredIdentifier,
    Section,
    SectionActivity,
)
from portal.vocabulary import MEMBER_STATES, AuthorityRole

EFTA = frozenset({"CH", "IS", "LI", "NO"})


@dataclass(frozen=True)
class Choice:
    """One line of a filter."""

    code: str
    name: str


def chapter_choices(language: str) -> list[Choice]:
    """The chapters, by name."""
    return _choices(db.session.scalars(select(Chapter).where(Chapter.active)), language)


def section_choices(language: str, chapter: str | None = None, country: str | None = None) -> list[Choice]:
    """The sections, by name; of one chapter, or for operators of one country, where these are given."""
    query = select(Section).where(Section.active)
    if chapter:
        query = query.where(Section.chapter_code == chapter)
    groups = country_groups(country) if country else None
    rows = db.session.scalars(query)
    fitting = (row for row in rows if groups is None or groups & set(row.country_scope.split(";")))
    return _choices(fitting, language)


def country_groups(country: str) -> frozenset[str]:
    """The words of `country_scope` that include the country."""
    if country in MEMBER_STATES:
        return frozenset({"ALL_COUNTRIES", "EU", "EEA"})
    if country in EFTA:
        return frozenset({"ALL_COUNTRIES", "EFTA"} | ({"EEA"} if country != "CH" else set()))
    return frozenset({"ALL_COUNTRIES", "THIRD_COUNTRIES"})


def activity_choices(language: str, section: str | None = None) -> list[Choice]:
    """The activity types, by name; of one section where it is given."""
    query = select(ActivityType).where(ActivityType.active)
    if section:
        offered = select(SectionActivity.activity_code).where(
            SectionActivity.section_code == section, SectionActivity.active
        )
        query = query.where(ActivityType.code.in_(offered))
    return _choices(db.session.scalars(query), language)


def authority_role_choices(language: str) -> list[Choice]:
    """The roles that authorities in the search have, by name: the Commission does not stand in it."""
    query = select(AuthorityRoleWord).where(
        AuthorityRoleWord.active, AuthorityRoleWord.code != AuthorityRole.COMMISSION
    )
    return _choices(db.session.scalars(query), language)


def competence_choices(language: str) -> list[Choice]:
    """The competences of authorities, by name."""
    return _choices(db.session.scalars(select(Competence).where(Competence.active)), language)


def designation_choices(language: str) -> list[Choice]:
    """What border control posts and control points may be designated for, in the order of the regulation."""
    rows = db.session.scalars(select(Designation).where(Designation.active)).all()
    given = {f"{row['group']}/{row['code']}": place for place, row in enumerate(rows_of("bcp_designations"))}
    offered = [row for row in rows if not row.code.startswith("specification/")]
    offered.sort(key=lambda row: given.get(row.code, len(given)))
    return [Choice(row.code, f"{row.code.partition('/')[2]} – {row.name_in(language)}") for row in offered]


def designation_names(codes: Collection[str], language: str) -> dict[str, str]:
    """The names of these designations, each after its code."""
    names = _names(Designation, codes, language)
    return {code: f"{code.partition('/')[2]} – {name}" for code, name in names.items()}


def section_names(codes: Collection[str], language: str) -> dict[str, str]:
    """The names of these sections, those no longer active too."""
    return _names(Section, codes, language)


def activity_names(codes: Collection[str], language: str) -> dict[str, str]:
    """The names of these activity types."""
    return _names(ActivityType, codes, language)


def authority_role_names(codes: Collection[str], language: str) -> dict[str, str]:
    """The names of these roles of authorities."""
    return _names(AuthorityRoleWord, codes, language)


def competence_names(codes: Collection[str], language: str) -> dict[str, str]:
    """The names of these competences."""
    return _names(Competence, codes, language)


def category_names(regime: str, letters: str, language: str) -> dict[str, str]:
    """The names of organic product categories by letter, under that regulation."""
    names = _names(ProductCategory, [f"{regime}-{letter}" for letter in letters], language)
    return {code.rpartition("-")[2]: name for code, name in names.items()}


def printed_code(section: str) -> str:
    """The code as people know it: of two sections that share it, ours carries the countries behind an @."""
    return section.partition("@")[0]


def is_offered(section: str, activity: str) -> bool:
    """Whether operators can take up that activity in that section."""
    link = db.session.get(SectionActivity, (section, activity))
    return link is not None and link.active


def required_identifiers(section: str, activity: str) -> frozenset[str]:
    """The numbers an operator must have for that activity: `eori`, `vat`."""
    rule = RequiredIdentifier.section_code == section, RequiredIdentifier.activity_code == activity
    rows = db.session.scalars(select(RequiredIdentifier.identifier).where(*rule, RequiredIdentifier.active))
    return frozenset(rows)


def is_listed(section: str) -> bool:
    """Whether authorities keep the list of the section: operators do not register themselves in it (OP8)."""
    return bool(db.session.scalar(select(Section.listed).where(Section.code == section)))


def activities_by_chapter(language: str, country: str, *, listed: bool = True) -> dict[str, list[Choice]]:
    """What operators of a country can take up: «section – activity» by the name of the chapter, code
    `SECTION|activity`; without the sections whose lists authorities keep, where they are not asked for."""
    chapters = {choice.code: choice.name for choice in chapter_choices(language)}
    sections = {choice.code: choice.name for choice in section_choices(language, country=country)}
    rows = db.session.execute(
        select(Section.chapter_code, SectionActivity.section_code, SectionActivity.activity_code)
        .join(Section, Section.code == SectionActivity.section_code)
        .where(SectionActivity.active, Section.active, true() if listed else Section.listed.is_(False))
    ).all()
    names = activity_names({activity for _chapter, _section, activity in rows}, language)
    found: dict[str, list[Choice]] = {name: [] for name in chapters.values()}
    for chapter, section, activity in rows:
        if section in sections and chapter in chapters:
            name = f"{sections[section]} – {names[activity]}"
            found[chapters[chapter]].append(Choice(f"{section}|{activity}", name))
    for choices in found.values():
        choices.sort(key=lambda choice: (_without_accents(choice.name), choice.code))
    return {chapter: choices for chapter, choices in found.items() if choices}


def chapter_of(section: str) -> str:
    """The chapter of a section, empty for one that is unknown."""
    return db.session.scalar(select(Section.chapter_code).where(Section.code == section)) or ""


def chapters_of(sections: Collection[str]) -> dict[str, str]:
    """The chapters of these sections, in one statement."""
    rows = db.session.execute(
        select(Section.code, Section.chapter_code).where(Section.code.in_(set(sections)))
    )
    return dict(rows.all()) if sections else {}


def _names(model: type[ReferenceWord], codes: Collection[str], language: str) -> dict[str, str]:
    if not codes:
        return {}
    rows = db.session.scalars(select(model).where(model.code.in_(set(codes))))
    return {row.code: row.name_in(language) for row in rows}


def _choices(rows: Iterable[ReferenceWord], language: str) -> list[Choice]:
    choices = [Choice(row.code, row.name_in(language)) for row in rows]
    return sorted(choices, key=lambda choice: (_without_accents(choice.name), choice.code))


@lru_cache(maxsize=4096)
def _without_accents(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
