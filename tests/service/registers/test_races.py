"""Several people at the same moment: no circle, one code, one change of state, one word on a right."""

from __future__ import annotations

from functools import partial

import pytest
from flask import Flask

from portal.organisations import authorities, control_bodies, document_rights, tree
from portal.organisations.authorities import AuthorityText, Circle
from portal.organisations.document_rights import Profile
from portal.organisations.registers import CodeTaken, EditedMeanwhile, RecordText, StateChanged
from portal.vocabulary import AuthorityRole
from tests.makers.organisations import a_control_body, a_country, an_authority
from tests.makers.roles import a_member, acting
from tests.service.roles.test_races import ROUNDS, at_once

pytestmark = pytest.mark.usefixtures("production")


def test_two_moves_that_fit_alone_never_make_a_circle_together(app: Flask) -> None:
    country = a_country()
    chief = acting(a_member(country.commission, administrator=True))
    central = acting(a_member(country.central))
    for _round in range(ROUNDS):
        north = an_authority("North", AuthorityRole.RCA, above=country.central)
        south = an_authority("South", AuthorityRole.RCA, above=country.central)
        results = at_once(
            app,
            partial(authorities.move_authority, north.id, south.id, north.version, chief),
            partial(authorities.move_authority, south.id, north.id, south.version, central),
        )
        assert results.count(1) == 1
        assert results.count(Circle) == 1
        assert tree.rebuild_ancestors() == 0


def test_a_superior_is_not_deleted_while_something_is_hung_under_it(app: Flask) -> None:
    country = a_country()
    chief = acting(a_member(country.commission, administrator=True))
    central = acting(a_member(country.central))
    for number in range(ROUNDS):
        office = an_authority("Region", AuthorityRole.RCA, above=country.central)
        text = AuthorityText(RecordText(f"Office {number}"), AuthorityRole.LAU, "BE")
        results = at_once(
            app,
            partial(authorities.create_authority, office.id, text, chief),
            partial(authorities.change_authority, office.id, "delete", central),
        )
        refused = [result for result in results if isinstance(result, type)]
        assert len(refused) == 1
        standing = authorities.authority_by_id(office.id).state
        assert (authorities.needs_of(office.id).subordinates == 0) is (standing == "deleted")


def test_of_two_authorities_with_one_code_one_is_created(app: Flask) -> None:
    country = a_country()
    chief = acting(a_member(country.commission, administrator=True))
    central = acting(a_member(country.central))
    for number in range(ROUNDS):
        text = AuthorityText(RecordText(f"Office {number}", code=f"RACE{number}"), AuthorityRole.LAU, "BE")
        acts = [
            partial(authorities.create_authority, country.central.id, text, one) for one in (chief, central)
        ]
        assert at_once(app, *acts).count(CodeTaken) == 1


def test_of_two_who_suspend_one_does(app: Flask) -> None:
    country, body = a_country(), a_control_body()
    chief = acting(a_member(country.commission, administrator=True))
    other = acting(a_member(country.commission, administrator=True))
    results = at_once(
        app, *(partial(control_bodies.change_body, body.id, "suspend", one) for one in (chief, other))
    )
    assert results.count(StateChanged) == 1
    office = partial(authorities.change_authority, country.local.id, "suspend")
    assert at_once(app, partial(office, chief), partial(office, other)).count(StateChanged) == 1


def test_of_two_who_change_the_rights_of_a_profile_one_does(app: Flask) -> None:
    country = a_country()
    people = [acting(a_member(country.commission, administrator=True)) for _one in range(2)]
    for version in range(ROUNDS):
        acts = [
            partial(document_rights.change_rights, Profile("CUSTOMS"), {"COI": word}, version, one)
            for one, word in zip(people, ("r-", "rw"), strict=True)
        ]
        if version % 2:
            acts.reverse()
        results = at_once(app, *acts)
        assert results.count(EditedMeanwhile) + results.count(None) == 2
        assert document_rights.line_of(Profile("CUSTOMS")).version == version + 1
