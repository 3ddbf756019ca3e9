"""Which model counts: the shipped one, then what an administrator of the Commission loaded, here and nowhere else."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.certificates import definitions, loading, shipped
from portal.certificates.definitions import NoSuchModel
from portal.certificates.loading import CountsAlready, LoadedMeanwhile
from portal.certificates.models import CertificateDefinition, CertificateModel
from portal.certificates.schema import NotAModel
from portal.database import db
from portal.environments.environment import Environment, using
from tests.makers.announcements import a_commissioner
from tests.makers.models import SOURCE, a_model_file
from tests.makers.organisations import a_country
from tests.makers.roles import a_member, acting

pytestmark = pytest.mark.usefixtures("production")
BOV = ("INTRA", "BOV-INTRA-X")


def rows(model: type) -> int:
    """How many rows there are here."""
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_the_shipped_model_counts_until_another_one_is_loaded() -> None:
    before = definitions.current(*BOV)
    assert before.definition == shipped.models()[BOV]
    assert before.loaded is None
    row = loading.load_model(a_model_file(), SOURCE, acting(a_commissioner()))
    after = definitions.current(*BOV)
    assert (after.sha256, after.loaded, after.definition.verified) == (row.sha256, row, True)
    assert after.sha256 != before.sha256


def test_a_model_counts_in_the_environment_in_which_it_was_loaded() -> None:
    loading.load_model(a_model_file(), SOURCE, acting(a_commissioner()))
    with using(Environment.TRAINING):
        assert definitions.current(*BOV).loaded is None


def test_what_was_begun_under_a_model_finds_it_after_another_one_came() -> None:
    old = definitions.keep(definitions.current(*BOV))
    assert definitions.keep(definitions.current(*BOV)) == old
    loading.load_model(a_model_file(), SOURCE, acting(a_commissioner()))
    assert definitions.kept(old) == shipped.models()[BOV]
    assert rows(CertificateDefinition) == 2


def test_the_newest_file_counts_and_an_older_one_can_come_back() -> None:
    actor = acting(a_commissioner())
    first = loading.load_model(a_model_file(), SOURCE, actor)
    second = loading.load_model(a_model_file(as_of="2026"), SOURCE, actor)
    assert definitions.current(*BOV).sha256 == second.sha256
    third = loading.load_prepared(first.sha256, SOURCE, 2, actor)
    assert (third.version, definitions.current(*BOV).sha256) == (3, first.sha256)


def test_the_same_text_is_not_loaded_twice_in_a_row() -> None:
    actor = acting(a_commissioner())
    loading.load_model(a_model_file(), SOURCE, actor)
    with pytest.raises(CountsAlready):
        loading.load_model(a_model_file(), SOURCE, actor)
    assert rows(CertificateModel) == 1


def test_of_two_who_load_after_the_same_version_the_second_is_told() -> None:
    actor = acting(a_commissioner())
    mine, theirs = loading.prepare(a_model_file(), actor), loading.prepare(a_model_file(as_of="2026"), actor)
    loading.load_prepared(mine, SOURCE, 0, actor)
    with pytest.raises(LoadedMeanwhile):
        loading.load_prepared(theirs, SOURCE, 0, actor)
    assert definitions.current(*BOV).sha256 == mine


def test_loading_is_recorded_and_looking_at_a_file_changes_nothing() -> None:
    chief = a_commissioner()
    loading.prepare(a_model_file(), acting(chief))
    assert rows(CertificateModel) == 0
    row = loading.load_model(a_model_file(), SOURCE, acting(chief))
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.name == "ModelLoaded")).one()
    assert (event.subject_id, event.actor_account_id) == (row.id, chief.id)
    assert event.facts == '{"verified": true, "version": 1}'


def test_a_central_authority_neither_prepares_nor_loads() -> None:
    sha256 = loading.prepare(a_model_file(), acting(a_commissioner()))
    chief = acting(a_member(a_country().central, administrator=True))
    with pytest.raises(Refused):
        loading.prepare(a_model_file(), chief)
    with pytest.raises(Refused):
        loading.load_prepared(sha256, SOURCE, 0, chief)
    assert rows(CertificateModel) == 0


@pytest.mark.parametrize("more", [{"attestation": None}, {"source": ""}], ids=["attestation", "source"])
def test_a_model_that_calls_itself_verified_without_what_that_needs_is_refused(
    more: dict[str, object],
) -> None:
    with pytest.raises(NotAModel):
        loading.load_model(a_model_file(**more), SOURCE, acting(a_commissioner()))  # type: ignore[arg-type]
    assert rows(CertificateDefinition) == 0


def test_a_model_of_a_new_code_is_offered_beside_the_shipped_ones() -> None:
    shipped_names = definitions.model_names("INTRA", "fr")
    assert len(shipped_names) == 65
    assert shipped_names[0] == ("BOV-INTRA-X", "bovins non destinés à l’abattage", "ungulates")
    loading.load_model(a_model_file("NEW-INTRA"), SOURCE, acting(a_commissioner()))
    assert ("NEW-INTRA", "modèle inventé", "ungulates") in definitions.model_names("INTRA", "fr")
    assert len(definitions.model_names("INTRA", "fr")) == 66
    assert [code for code, _name, _group in definitions.model_names("COI", "pl")] == ["COI"]


def test_a_model_nobody_knows_is_not_there() -> None:
    with pytest.raises(NoSuchModel):
        definitions.current("INTRA", "COI")
    with pytest.raises(NoSuchModel):
        definitions.kept("0" * 64)
