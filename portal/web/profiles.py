"""The profiles of a person in words: organisation, competences, and rights on documents (S2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.organisations import document_rights
from portal.reference import queries as reference
from portal.web import register_words
from portal.web.shown import Profile


def profiles_of(organisations: Sequence[Any], language: str) -> dict[int, Profile]:
    """The profile that comes with each of these organisations, by its id."""
    rights = document_rights.rights_of(organisations)
    codes = {code for one in organisations for code in one.competences} - register_words.COMPETENCES.keys()
    names = reference.competence_names(codes, language)
    return {
        one.id: Profile(
            one.name,
            register_words.competence_words(one.competences, names),
            list(register_words.document_chips(rights[one.id])),
        )
        for one in organisations
    }
