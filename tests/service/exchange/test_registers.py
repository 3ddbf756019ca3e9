"""Files of authorities, posts and control bodies: by whom, under whom, and the same file again changes nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.access.authorise import Refused
from portal.database import db
from portal.exchange import importing
from portal.exchange.formats import Kind
from portal.organisations import tree
from portal.organisations.models import AuthorityAncestor, ControlBodyScope, Organisation
from portal.organisations.register_models import PostDesignation
from tests.makers.organisations import Country, a_country
from tests.makers.roles import a_member, acting
from tests.service.exchange.files import a_file, checked, imported, words

pytestmark = pytest.mark.usefixtures("production")
OFFICE = {"code": "BE-N1", "name": "Office Exemple", "country": "BE", "role": "LAU", "city": "Liège"}
POST = {"code": "BEXXX1", "name": "Port Exemple", "country": "BE", "role": "BCP",
        "designations": "products_of_animal_origin/-HC animals/-U"}  # fmt: skip
BODY = {
    "body_code": "BE-BIO-77", "name": "Kontrolle Exemple", "country": "BE", "scope_code": "BE-BIO-77",
    "scope_country": "BE", "regime": "2018/848", "categories": "DA", "origin": "member-state",
}  # fmt: skip


@pytest.fixture
def country(app: Flask) -> Country:
    """A tree of authorities."""
    return a_country()


def by_code(code: str) -> Organisation:
    """The organisation with that code."""
    return db.session.scalars(select(Organisation).where(Organisation.code == code)).one()


def test_a_regional_authority_brings_those_below_it_in_the_order_of_the_file(country: Country) -> None:
    actor, own, above = (
        acting(a_member(country.regional)),
        country.regional.id,
        tree.line_of(country.regional.id),
    )
    below = OFFICE | {"code": "BE-N2", "superior_code": "BE-N1"}
    assert words(checked(Kind.AUTHORITIES, own, actor, OFFICE, below)) == [
        "would-row-created",
        "would-row-follow",
    ]
    assert words(imported(Kind.AUTHORITIES, own, actor, OFFICE, below)) == ["row-created", "row-created"]
    first, second = by_code("BE-N1"), by_code("BE-N2")
    assert (first.superior_id, second.superior_id) == (own, first.id)
    assert tree.line_of(second.id) == [second.id, first.id, *above]
    assert tree.rebuild_ancestors() == 0
    db.session.rollback()
    assert words(imported(Kind.AUTHORITIES, own, actor, OFFICE, below)) == ["row-unchanged", "row-unchanged"]
    changed = imported(Kind.AUTHORITIES, own, actor, OFFICE | {"city": "Namur"})
    assert words(changed) == ["row-updated"]


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"role": "BCP"}, "row-code-unknown"),
        ({"role": "COMMISSION"}, "row-code-unknown"),
        ({"competences": "NO_SUCH"}, "row-code-unknown"),
        ({"superior_code": "NOBODY"}, "row-superior-missing"),
        ({"country": "FR"}, "row-superior-unfit"),
        ({"role": "CCA"}, "row-superior-unfit"),
        ({"code": "two words"}, "row-no-code"),
    ],
)
def test_a_row_that_cannot_stand_there_is_refused(
    country: Country, changed: dict[str, str], word: str
) -> None:
    actor = acting(a_member(country.regional))
    assert words(checked(Kind.AUTHORITIES, country.regional.id, actor, OFFICE | changed)) == [word]


def test_nobody_reaches_above_or_beside_the_own_place(country: Country) -> None:
    actor, own = acting(a_member(country.regional)), country.regional.id
    beside = OFFICE | {"superior_code": country.central.code}
    there = {"code": country.customs.code, "name": "X", "country": "BE", "role": "CUSTOMS"}
    moved = {
        "code": country.local.code,
        "name": "X",
        "country": "BE",
        "role": "LAU",
        "superior_code": country.central.code,
    }
    found = words(checked(Kind.AUTHORITIES, own, actor, beside, there, moved))
    assert found == ["row-not-yours", "row-kept-elsewhere", "row-moves"]
    other = {"code": country.local.code, "name": "X", "country": "BE", "role": "RCA"}
    assert words(checked(Kind.AUTHORITIES, own, actor, other)) == ["row-other-role"]


def test_posts_come_with_their_designations(country: Country) -> None:
    actor, own = acting(a_member(country.central)), country.central.id
    assert words(imported(Kind.POSTS, own, actor, POST)) == ["row-created"]
    codes = db.session.scalars(select(PostDesignation.code).order_by(PostDesignation.code)).all()
    assert codes == ["animals/-U", "products_of_animal_origin/-HC"]
    fewer = POST | {"designations": "animals/-U"}
    assert words(imported(Kind.POSTS, own, actor, fewer)) == ["row-updated"]
    assert words(imported(Kind.POSTS, own, actor, fewer)) == ["row-unchanged"]
    assert words(checked(Kind.POSTS, own, actor, POST | {"designations": "x/y"})) == ["row-code-unknown"]


def test_the_commission_brings_control_bodies_with_their_codes(country: Country) -> None:
    actor, own = acting(a_member(country.commission, administrator=True)), country.commission.id
    row = BODY | {"supervisor_code": country.central.code}
    third = BODY | {
        "scope_code": "CD-BIO-77",
        "scope_country": "CD",
        "origin": "third-country",
        "valid_until": "2029-12-31",
    }
    assert words(imported(Kind.CONTROL_BODIES, own, actor, row, third)) == ["row-created", "row-scope-added"]
    scopes = db.session.scalars(select(ControlBodyScope).order_by(ControlBodyScope.id)).all()
    assert [(one.code, one.categories, one.supervisor_id is None) for one in scopes] == [
        ("BE-BIO-77", "AD", False), ("CD-BIO-77", "AD", True),
    ]  # fmt: skip
    assert words(imported(Kind.CONTROL_BODIES, own, actor, row, third)) == ["row-unchanged", "row-unchanged"]
    renamed = [one | {"name": "Kontrolle Neu"} for one in (row, third)]
    assert words(imported(Kind.CONTROL_BODIES, own, actor, *renamed)) == ["row-updated", "row-unchanged"]
    assert {one.name_sort for one in db.session.scalars(select(ControlBodyScope))} == {"kontrolle neu"}


def test_rows_of_control_bodies_that_cannot_stand_are_refused_and_leave_nothing(country: Country) -> None:
    actor, own = acting(a_member(country.commission, administrator=True)), country.commission.id
    good = BODY | {"supervisor_code": country.central.code}
    rows = [
        BODY,
        good | {"body_code": "B2", "scope_code": "B2", "categories": "AZ"},
        good | {"body_code": "B3", "scope_code": "B3", "origin": "elsewhere"},
        good | {"body_code": "B4", "scope_code": "B4", "supervisor_code": "NOBODY"},
        good | {"body_code": "B5", "scope_code": "B5", "valid_until": "31.12.2027"},
        good | {"body_code": "B6", "scope_code": "B6"},
    ]
    work = imported(Kind.CONTROL_BODIES, own, actor, *rows)
    expected = [
        "row-missing",
        "row-code-unknown",
        "row-code-unknown",
        "row-superior-missing",
        "row-no-day",
        "row-created",
    ]
    assert words(work) == expected
    bodies = select(func.count()).select_from(Organisation).where(Organisation.kind == "control-body")
    assert db.session.scalar(bodies) == 1


def test_who_keeps_no_register_brings_no_file(country: Country) -> None:
    local, plain = acting(a_member(country.local)), acting(a_member(country.commission))
    regional, numbers = acting(a_member(country.regional)), vars(country)
    form = importing.REGISTERS[Kind.AUTHORITIES].form
    for actor, place in ((local, "local"), (plain, "commission")):
        with pytest.raises(Refused):
            importing.begin_check(Kind.AUTHORITIES, numbers[place].id, a_file(form, OFFICE), actor)
    with pytest.raises(Refused):
        importing.begin_check(Kind.CONTROL_BODIES, country.regional.id, a_file(form, OFFICE), regional)


def test_more_rows_than_one_transaction_holds_leave_a_whole_tree(country: Country) -> None:
    actor, own = acting(a_member(country.central)), country.central.id
    rows = [OFFICE | {"code": f"BE-M{number}"} for number in range(60)]
    imported(Kind.AUTHORITIES, own, actor, *rows)
    lines = select(func.count()).select_from(AuthorityAncestor).where(AuthorityAncestor.ancestor_id == own)
    assert (db.session.scalar(lines) or 0) >= 61
    assert tree.rebuild_ancestors() == 0
