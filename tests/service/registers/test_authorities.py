"""Authorities are created, changed, moved and deleted; who may, what is refused, and what the trail says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.organisations import authorities, posts, tree
from portal.organisations.authorities import AuthorityText, Circle, StillNeeded, WrongPlace
from portal.organisations.models import Organisation
from portal.organisations.registers import CodeTaken, EditedMeanwhile, NameTaken, RecordText, StateChanged
from portal.roles.queries import held_roles
from portal.vocabulary import AuthorityRole
from portal.workflow import NotThere
from tests.makers.organisations import Country, a_control_body, a_country, a_scope, an_authority, an_operator
from tests.makers.roles import a_member, acting

pytestmark = pytest.mark.usefixtures("production")
LAU, BCP = AuthorityRole.LAU, AuthorityRole.BCP


@pytest.fixture
def country(production: None) -> Country:
    """The tree."""
    return a_country()


def an_office(role: AuthorityRole = LAU, *, country: str = "BE", **more: Any) -> AuthorityText:
    """An authority as typed."""
    lists = {name: more.pop(name, ()) for name in ("competences", "designations")}
    return AuthorityText(RecordText(more.pop("name", "Office of Neupré"), **more), role, country, **lists)


def events(name: str) -> list[AuditEvent]:
    """The events of that name."""
    return db.session.query(AuditEvent).filter_by(name=name).all()


def test_the_commission_creates_everywhere_and_others_below_themselves(country: Country) -> None:
    commission = acting(a_member(country.commission, administrator=True))
    central, regional = acting(a_member(country.central)), acting(a_member(country.regional))
    made = authorities.create_authority(
        country.local.id, an_office(code="BE1", competences=("FOOD",)), commission
    )
    assert tree.line_of(made.id)[1:] == tree.line_of(country.local.id)
    assert list(made.competences) == ["FOOD"]
    assert (made.origin, made.state) == ("portal", "valid")
    authorities.create_authority(country.local.id, an_office(name="Second office"), central)
    authorities.create_authority(country.regional.id, an_office(), regional)
    with pytest.raises(Refused):
        authorities.create_authority(country.central.id, an_office(), regional)
    assert len(events("AuthorityCreated")) == 3
    assert tree.rebuild_ancestors() == 0


@pytest.mark.parametrize("who", ["local", "post", "customs"])
def test_other_authorities_create_nothing(country: Country, who: str) -> None:
    own: Organisation = getattr(country, who)
    with pytest.raises(Refused):
        authorities.create_authority(own.id, an_office(), acting(a_member(own, administrator=True)))


def test_a_simple_user_of_the_commission_keeps_no_register(country: Country) -> None:
    with pytest.raises(Refused):
        authorities.create_authority(country.central.id, an_office(), acting(a_member(country.commission)))


@pytest.mark.parametrize(
    ("above", "text"),
    [
        ("local", an_office(AuthorityRole.CCA)),
        ("central", an_office(AuthorityRole.COMMISSION)),
        ("post", an_office(LAU)),
        ("central", an_office(LAU, country="FR")),
    ],
)
def test_what_does_not_fit_a_place_is_refused(country: Country, above: str, text: AuthorityText) -> None:
    actor = acting(a_member(country.commission, administrator=True))
    with pytest.raises(WrongPlace):
        authorities.create_authority(getattr(country, above).id, text, actor)
    assert not events("AuthorityCreated")


def test_customs_and_control_points_hang_under_posts(country: Country) -> None:
    actor = acting(a_member(country.central))
    for role in (AuthorityRole.CUSTOMS, AuthorityRole.CP):
        made = authorities.create_authority(country.post.id, an_office(role), actor)
        assert made.superior_id == country.post.id


def test_a_code_stands_once_in_a_country(country: Country) -> None:
    actor = acting(a_member(country.commission, administrator=True))
    authorities.create_authority(country.central.id, an_office(code="BE1"), actor)
    with pytest.raises(CodeTaken):
        authorities.create_authority(country.central.id, an_office(code="BE1"), actor)
    french = an_authority("France", AuthorityRole.CCA, above=country.commission, country="FR")
    assert authorities.create_authority(french.id, an_office(country="FR", code="BE1"), actor).code == "BE1"


def test_the_same_office_is_not_created_twice(country: Country) -> None:
    actor = acting(a_member(country.commission, administrator=True))
    authorities.create_authority(country.central.id, an_office(), actor)
    with pytest.raises(NameTaken):
        authorities.create_authority(country.central.id, an_office(), actor)
    assert len(events("AuthorityCreated")) == 1


def test_designations_are_for_posts_and_control_points(country: Country) -> None:
    actor = acting(a_member(country.central))
    text = an_office(BCP, designations=("animals/LA", "transport/A"))
    post = authorities.create_authority(country.central.id, text, actor)
    assert [row.code for row in posts.designations_of(post.id)] == ["animals/LA", "transport/A"]
    local = authorities.create_authority(
        country.central.id, an_office(LAU, designations=("animals/LA",)), actor
    )
    assert posts.designations_of(local.id) == []


def test_a_change_is_written_once_and_the_second_is_shown_the_difference(country: Country) -> None:
    actor = acting(a_member(country.central))
    seen = country.local.version
    text = an_office(LAU, name="Local office", city="Neupré", competences=("FOOD", "VETERINARY"))
    assert authorities.edit_authority(country.local.id, text, seen, actor)
    with pytest.raises(EditedMeanwhile) as met:
        authorities.edit_authority(country.local.id, an_office(LAU, name="Other"), seen, actor)
    local = authorities.authority_by_id(country.local.id)
    assert (local.name, local.city, set(local.competences)) == (
        "Local office",
        "Neupré",
        {"FOOD", "VETERINARY"},
    )
    assert met.value.version == local.version
    assert authorities.edit_authority(country.local.id, text, local.version, actor) is False
    (event,) = events("AuthorityEdited")
    assert "Neupré" not in event.facts
    assert "competences" in event.facts


def test_nobody_edits_the_own_authority_but_the_commission(country: Country) -> None:
    with pytest.raises(Refused):
        authorities.authority_to_edit(
            country.central.id, acting(a_member(country.central, administrator=True))
        )
    actor = acting(a_member(country.commission, administrator=True))
    assert authorities.authority_to_edit(country.commission.id, actor)


def test_a_role_changes_only_to_one_that_fits_above_and_below(country: Country) -> None:
    actor = acting(a_member(country.commission, administrator=True))
    with pytest.raises(WrongPlace):
        authorities.edit_authority(country.regional.id, an_office(BCP), country.regional.version, actor)
    assert authorities.edit_authority(country.post.id, an_office(LAU), country.post.version, actor)


def test_a_circle_is_refused_with_its_path(country: Country) -> None:
    actor = acting(a_member(country.commission, administrator=True))
    before = country.regional.superior_id
    with pytest.raises(Circle) as refused:
        authorities.move_authority(country.regional.id, country.local.id, country.regional.version, actor)
    assert refused.value.names == ["Regional authority", "Local authority", "Regional authority"]
    assert authorities.authority_by_id(country.regional.id).superior_id == before
    assert not events("AuthorityMoved")


def test_a_move_needs_a_right_at_both_places(country: Country) -> None:
    other = an_authority("Second region", AuthorityRole.RCA, above=country.central)
    regional = acting(a_member(country.regional))
    with pytest.raises(Refused):
        authorities.move_authority(country.local.id, other.id, country.local.version, regional)
    central = acting(a_member(country.central))
    assert authorities.move_authority(country.local.id, other.id, country.local.version, central) == 1
    assert tree.line_of(country.local.id)[1] == other.id
    assert authorities.authority_by_id(country.local.id).superior_id == other.id
    with pytest.raises(Refused):
        authorities.move_authority(country.commission.id, other.id, 1, central)


@pytest.mark.parametrize("name", ["suspend", "delete"])
def test_the_commission_itself_stays(country: Country, name: str) -> None:
    with pytest.raises(Refused):
        authorities.change_authority(
            country.commission.id, name, acting(a_member(country.commission, administrator=True))
        )


def test_roles_in_a_suspended_authority_have_no_effect_until_it_is_lifted(country: Country) -> None:
    actor, person = acting(a_member(country.central)), a_member(country.local)
    authorities.change_authority(country.local.id, "suspend", actor)
    assert held_roles(person.id) == ()
    with pytest.raises(StateChanged):
        authorities.change_authority(country.local.id, "suspend", actor)
    authorities.change_authority(country.local.id, "lift", actor)
    assert len(held_roles(person.id)) == 1
    assert [len(events(name)) for name in ("AuthoritySuspended", "AuthorityLifted")] == [1, 1]


@pytest.mark.parametrize(
    "lead",
    [
        lambda office: an_authority("Below", above=office),
        lambda office: an_operator(responsible=office),
        lambda office: a_scope(a_control_body(), supervisor=office),
    ],
    ids=["an authority below", "an activity", "a scope"],
)
def test_what_something_leads_to_is_not_deleted(
    country: Country, lead: Callable[[Organisation], object]
) -> None:
    office, actor = an_authority("Office", above=country.central), acting(a_member(country.central))
    lead(office)
    with pytest.raises(StillNeeded):
        authorities.change_authority(office.id, "delete", actor)
    assert authorities.authority_by_id(office.id).state == "valid"


def test_a_deleted_authority_is_not_changed_any_more_and_its_code_is_free(country: Country) -> None:
    actor = acting(a_member(country.commission, administrator=True))
    office = authorities.create_authority(country.central.id, an_office(code="BE1"), actor)
    authorities.change_authority(office.id, "delete", actor)
    with pytest.raises(StateChanged):
        authorities.authority_to_edit(office.id, actor)
    assert authorities.create_authority(country.central.id, an_office(code="BE1"), actor)
    with pytest.raises(NotThere):
        authorities.authority_by_id(a_control_body().id)
