"""What a profile may do with each document: the row of the guide, the defaults, what the Commission decided."""

from __future__ import annotations

import pytest

from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.environments.environment import Environment, using
from portal.organisations import document_rights
from portal.organisations.document_rights import DOCUMENTS, Profile
from portal.organisations.models import Organisation
from portal.organisations.registers import EditedMeanwhile
from portal.vocabulary import AuthorityRole
from tests.makers.organisations import a_control_body, a_country, an_activity, an_authority, an_operator
from tests.makers.roles import a_member, acting

pytestmark = pytest.mark.usefixtures("production")
GUIDE = ["VETERINARY", "FOOD", "GERMINAL", "ANIMAL_BY_PRODUCTS"]


def words_of(organisation: Organisation) -> str:
    """Its rights in the order of the guide."""
    rights = document_rights.rights_of([organisation])[organisation.id]
    return " ".join(rights[document] for document in DOCUMENTS)


def test_the_local_authority_of_the_guide_has_the_rights_of_the_guide() -> None:
    assert words_of(an_authority(competences=GUIDE)) == "rw rw rw rw r- rw rw --"
    line = document_rights.line_of(Profile("LAU", "FOOD"))
    assert line.source.startswith("Guide to the profile")
    assert document_rights.line_of(Profile("CUSTOMS")).source == "default of this portal"


@pytest.mark.parametrize(
    ("role", "competences", "expected"),
    [
        (AuthorityRole.BCP, GUIDE, "rw rw r- r- r- r- r- --"),
        (AuthorityRole.BCP, ["ORGANIC"], "-- -- -- -- -- -- -- rw"),
        (AuthorityRole.BCP, ["ORGANIC", "FOOD"], "rw rw r- r- r- r- r- rw"),
        (AuthorityRole.CUSTOMS, [], "r- r- -- -- r- -- -- r-"),
        (AuthorityRole.CCA, ["ORGANIC"], "rw rw rw rw rw rw rw r-"),
        (AuthorityRole.LAU, [], "-- -- -- -- -- -- -- --"),
    ],
)
def test_role_and_competences_of_an_authority_say_what_its_people_may(
    role: AuthorityRole, competences: list[str], expected: str
) -> None:
    assert words_of(an_authority("Office", role, competences=competences)) == expected


def test_control_bodies_write_certificates_of_inspection() -> None:
    assert words_of(a_control_body()) == "-- -- -- -- -- -- -- rw"


def test_the_valid_activities_of_an_operator_say_what_its_people_may() -> None:
    operator = an_operator(activity=("RFL", "responsible"))
    assert words_of(operator) == "rw rw r- -- -- r- -- --"
    an_activity(operator, None, ("ORGANIC IMPORTER", "organic_importer"))
    assert words_of(operator).endswith("rw")
    cattle = an_operator(activity=("BOV-EST", "bovine_establishment"))
    assert words_of(cattle) == "r- r- rw -- -- rw rw --"
    assert set(words_of(an_operator(state="new")).split()) == {"--"}


def test_the_commission_decides_otherwise_for_one_environment() -> None:
    country = a_country()
    actor = acting(a_member(country.commission, administrator=True))
    customs = Profile("CUSTOMS")
    with pytest.raises(Refused):
        document_rights.change_rights(customs, {"COI": "rw"}, 0, acting(a_member(country.central)))
    document_rights.change_rights(customs, {"COI": "rw"}, 0, actor)
    assert words_of(country.customs) == "-- -- -- -- -- -- -- rw"
    with using(Environment.TRAINING):
        assert document_rights.line_of(customs).version == 0
    (event,) = db.session.query(AuditEvent).filter_by(name="DocumentRightsChanged")
    assert "CUSTOMS" in event.facts


def test_the_second_of_two_who_change_a_line_is_told() -> None:
    country = a_country()
    actor = acting(a_member(country.commission, administrator=True))
    customs = Profile("CUSTOMS")
    document_rights.change_rights(customs, {"COI": "rw"}, 0, actor)
    for version in (0, 7):
        with pytest.raises(EditedMeanwhile):
            document_rights.change_rights(customs, {"COI": "--"}, version, actor)
    document_rights.change_rights(customs, {"COI": "r-"}, 1, actor)
    assert document_rights.line_of(customs).version == 2
