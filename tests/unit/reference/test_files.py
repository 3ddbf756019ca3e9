"""The CSV files of the package: keys, links between files, translations, sources."""

from __future__ import annotations

from datetime import date

import pytest

from portal.reference.files import rows_of, source_titles
from portal.vocabulary import AuthorityRole

KEYS = {
    "chapters": ("code",),
    "sections": ("code",),
    "activity_types": ("code",),
    "required_identifiers": ("section", "activity_type", "identifier"),
    "section_activities": ("section", "activity_type"),
    "authority_roles": ("code",),
    "authority_competences": ("code",),
    "bcp_designations": ("group", "code"),
    "border_control_posts": ("code", "inspection_centre"),
    "organic_product_categories": ("regime", "code"),
    "control_bodies": ("key",),
    "control_body_scopes": ("body", "code", "country", "regime"),
    "guide_authorities": ("code",),
    "document_rights": ("holder", "competence", "activity", "document"),
}
NAMED = (
    "chapters",
    "sections",
    "activity_types",
    "authority_roles",
    "authority_competences",
    "bcp_designations",
    "organic_product_categories",
)


@pytest.mark.parametrize("file", KEYS)
def test_no_key_stands_twice(file: str) -> None:
    keys = [tuple(row[part] for part in KEYS[file]) for row in rows_of(file)]
    assert len(keys) == len(set(keys)) > 0


@pytest.mark.parametrize("file", KEYS)
def test_every_row_says_where_it_comes_from(file: str) -> None:
    assert {row["source"] for row in rows_of(file)} <= set(source_titles())
    assert all("as_of" in row for row in rows_of(file))


@pytest.mark.parametrize("file", NAMED)
@pytest.mark.parametrize("language", ["en", "fr", "de", "es"])
def test_every_name_is_translated(file: str, language: str) -> None:
    assert all(row[f"name_{language}"].strip() for row in rows_of(file))


def test_links_between_the_files_lead_somewhere() -> None:
    sections = {row["code"] for row in rows_of("sections")}
    assert {row["chapter"] for row in rows_of("sections")} <= {row["code"] for row in rows_of("chapters")}
    assert {row["section"] for row in rows_of("section_activities")} <= sections
    assert {row["activity_type"] for row in rows_of("section_activities")} == {
        row["code"] for row in rows_of("activity_types")
    }
    assert {row["body"] for row in rows_of("control_body_scopes")} == {
        row["key"] for row in rows_of("control_bodies")
    }


def test_offered_roles_are_those_of_the_vocabulary() -> None:
    offered = {row["code"] for row in rows_of("authority_roles") if row["offered"] == "true"}
    assert offered == {role.value for role in AuthorityRole}


def test_recognition_by_equivalence_ends_in_2024() -> None:
    rows = [row for row in rows_of("control_body_scopes") if row["recognition"] == "equivalence"]
    assert {date.fromisoformat(row["valid_until"]) for row in rows} == {date(2024, 12, 31)}


def test_french_words_of_the_guides_are_kept() -> None:
    french = {row["code"]: row["name_fr"] for row in rows_of("activity_types")}
    assert french["organic_importer"] == "Importateur de produits biologiques"
    assert french["timber_importer"] == "Importation de bois"
