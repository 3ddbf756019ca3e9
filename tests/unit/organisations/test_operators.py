"""What two names share without accents and legal form; how an operator follows its activities."""

from __future__ import annotations

import pytest

from portal.organisations.duplicates import bare_name
from portal.organisations.states import (
    ACTIVITY_TRANSITIONS,
    ActivityState,
    OrganisationState,
    state_of_operator,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Fret Exemple S.A.S.", "FRET EXEMPLE"),
        ("Élevage Modèle GAEC", "Elevage modele"),
        ("Muster Viehhandel GmbH", "MUSTER-VIEHHANDEL"),
        ("SARL Ferme Test", "Ferme Test SARL"),
    ],
)
def test_names_that_differ_by_accents_signs_and_legal_form_are_the_same(one: str, other: str) -> None:
    assert bare_name(one) == bare_name(other)


def test_a_name_that_is_nothing_but_a_legal_form_stays_as_it_is() -> None:
    assert bare_name("SA") == "sa"
    assert bare_name("Fret Exemple Nord") != bare_name("Fret Exemple")


@pytest.mark.parametrize(
    ("activities", "operator"),
    [
        ({"valid", "suspended", "new"}, OrganisationState.VALID),
        ({"new", "suspended"}, OrganisationState.NEW),
        ({"suspended", "rejected"}, OrganisationState.SUSPENDED),
        ({"rejected", "deleted"}, OrganisationState.REJECTED),
        ({"deleted"}, OrganisationState.DELETED),
        (set(), OrganisationState.DELETED),
    ],
)
def test_an_operator_is_what_speaks_most_for_it(activities: set[str], operator: OrganisationState) -> None:
    assert state_of_operator(activities) is operator


def test_no_decision_leads_out_of_an_end() -> None:
    for row in ACTIVITY_TRANSITIONS.values():
        assert not {ActivityState.REJECTED, ActivityState.DELETED} & row.sources
