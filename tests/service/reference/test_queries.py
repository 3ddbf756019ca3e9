"""Choices and names of reference words, in the languages of the portal."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.reference import queries
from portal.reference.loading import load_reference


@pytest.fixture(autouse=True)
def _loaded(app: Flask) -> None:
    load_reference()


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("fr", "Importateur de produits biologiques"),
        ("de", "Einführer ökologischer Erzeugnisse"),
        ("es", "Importador de productos ecológicos"),
        ("en", "Organic Importer"),
        ("fi", "Organic Importer"),
    ],
)
def test_an_activity_has_its_name_in_each_language(language: str, name: str) -> None:
    assert queries.activity_names(["organic_importer"], language) == {"organic_importer": name}


def test_choices_stand_in_the_order_of_their_names_without_accents() -> None:
    names = [choice.name for choice in queries.activity_choices("fr")]
    assert names.index("Distribution") < names.index("Établissement") < names.index("Exportateur")


def test_a_section_offers_only_its_own_activities() -> None:
    assert [choice.code for choice in queries.activity_choices("fr", "FLEGT")] == ["timber_importer"]
    assert queries.is_offered("FLEGT", "timber_importer")
    assert not queries.is_offered("FLEGT", "organic_importer")


def test_sections_can_be_narrowed_to_a_chapter_and_a_country() -> None:
    french = {choice.code for choice in queries.section_choices("fr", "veterinary", "FR")}
    moroccan = {choice.code for choice in queries.section_choices("fr", "veterinary", "MA")}
    assert "BIRD-EST" in french
    assert "BIRD-EST" not in moroccan
    assert "BIRD-EST@THIRD_COUNTRIES" in moroccan
    assert "ORGANIC IMPORTER" not in french


def test_sections_that_are_closed_are_not_offered_but_keep_their_name() -> None:
    assert "ABP-TRADER" not in {choice.code for choice in queries.section_choices("fr")}
    assert queries.section_names(["ABP-TRADER"], "fr") == {"ABP-TRADER": "Négociant en sous-produits animaux"}


def test_roles_are_offered_once_and_without_the_commission() -> None:
    codes = {choice.code for choice in queries.authority_role_choices("fr")}
    assert codes == {"CCA", "RCA", "LAU", "BCP", "CP", "CUSTOMS"}
    assert queries.authority_role_names(["COMMISSION"], "fr") == {"COMMISSION": "Commission européenne"}


def test_product_categories_are_named_by_regulation_and_letter() -> None:
    assert queries.category_names("2018/848", "FE", "de") == {"E": "Futtermittel", "F": "Wein"}
    assert queries.category_names("834/2007", "", "de") == {}


def test_the_competence_organic_has_the_word_of_the_guide() -> None:
    assert queries.competence_names(["ORGANIC"], "fr") == {"ORGANIC": "Biologique"}


def test_a_code_is_printed_without_the_countries_we_added() -> None:
    assert queries.printed_code("BIRD-EST@THIRD_COUNTRIES") == "BIRD-EST"
    assert queries.printed_code("ORGANIC IMPORTER") == "ORGANIC IMPORTER"
