"""Moving parts of the tree of authorities: only the rows of what moved change, and never in a circle."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.database import db
from portal.organisations import tree
from portal.organisations.models import AuthorityAncestor
from portal.vocabulary import AuthorityRole
from tests.makers.organisations import a_country, an_authority

pytestmark = pytest.mark.usefixtures("production")


def closure() -> set[tuple[int, int, int]]:
    """Every row of the closure."""
    rows = db.session.scalars(select(AuthorityAncestor).execution_options(populate_existing=True))
    return {(row.authority_id, row.ancestor_id, row.depth) for row in rows}


def test_a_moved_authority_takes_all_below_it_along() -> None:
    country = a_country()
    office = an_authority("Office", above=country.local)
    aside = an_authority("Second region", AuthorityRole.RCA, above=country.central)
    tree.hold_the_tree()
    assert tree.move(country.local.id, aside.id) == 2
    country.local.superior_id = aside.id
    db.session.commit()
    moved = [office.id, country.local.id, aside.id, country.central.id, country.commission.id]
    assert tree.line_of(office.id) == moved
    assert tree.rebuild_ancestors() == 0


def test_a_new_authority_gets_its_line() -> None:
    country = a_country()
    before = closure()
    office = an_authority("Office")
    db.session.query(AuthorityAncestor).filter_by(authority_id=office.id).delete()
    office.superior_id = country.local.id
    tree.hang(office.id, country.local.id)
    assert closure() - before == {
        (office.id, office.id, 0), (office.id, country.local.id, 1), (office.id, country.regional.id, 2),
        (office.id, country.central.id, 3), (office.id, country.commission.id, 4),
    }  # fmt: skip
    assert tree.rebuild_ancestors() == 0


def test_nothing_is_hung_under_what_stands_below_it() -> None:
    country = a_country()
    before = closure()
    for below in (country.local, country.regional):
        with pytest.raises(tree.CircularTree) as refused:
            tree.move(country.regional.id, below.id)
        assert refused.value.path[0] == refused.value.path[-1] == country.regional.id
    with pytest.raises(tree.CircularTree) as refused:
        tree.move(country.central.id, country.local.id)
    assert refused.value.path == (
        country.central.id, country.local.id, country.regional.id, country.central.id,
    )  # fmt: skip
    assert closure() == before
