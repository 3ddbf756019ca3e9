"""The filters of the queue, their counts, and that a longer queue needs no more statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from portal import clock
from portal.database import db
from portal.roles import queue
from portal.roles.models import Role
from portal.roles.queue import Age, Filter, Step
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member, a_person, a_request, acting

pytestmark = pytest.mark.usefixtures("production")


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements inside the block."""
    kept: list[str] = []

    def note(_connection: object, _cursor: object, text: str, *_more: object) -> None:
        kept.append(text)

    event.listen(db.engine, "before_cursor_execute", note)
    yield kept
    event.remove(db.engine, "before_cursor_execute", note)


def shown(actor: object, **wanted: object) -> set[int]:
    """The numbers of the requests that a filter shows."""
    return {role.id for role in queue.queue_for(actor, Filter(**wanted)).rows}  # type: ignore[arg-type]


def test_each_filter_shows_what_its_count_says() -> None:
    country = a_country()
    operator, foreign = an_operator("Zeytin", responsible=country.local), an_operator(
        "Fret", responsible=country.local, country="FR"
    )  # fmt: skip
    now = clock.now()
    old = a_request(operator, requested_at=now - timedelta(days=15))
    new = a_request(foreign, a_person("Zoé", "Müller"))
    asked = a_request(operator, awaits_since=now)
    late = a_request(country.local, requested_at=now - timedelta(days=20), escalated_at=now)
    actor = acting(a_member(country.regional))

    assert shown(actor) == {old.id, new.id, late.id}
    assert shown(actor, step=Step.ASKED) == {asked.id}
    assert shown(actor, step=Step.ESCALATED) == {late.id}
    assert shown(actor, kind="authority") == {late.id}
    assert shown(actor, country="FR") == {new.id}
    assert shown(actor, age=Age.A_WEEK) == {old.id, late.id}

    counts = queue.counts_for(actor, Filter(kind="operator"))
    assert counts.steps == {Step.DECIDE: 2, Step.ASKED: 1, Step.ESCALATED: 0}
    assert counts.kinds == {"operator": 2, "authority": 1}
    assert counts.countries == {"BE": 1, "FR": 1}
    assert counts.ages == {Age.ANY: 2, Age.TWO_DAYS: 1, Age.A_WEEK: 1, Age.A_FORTNIGHT: 1}
    assert queue.queue_count(actor) == 3


@pytest.mark.parametrize("typed", ["ZEYTIN", "zeyt robin", "modele", "%", "_"])
def test_words_are_looked_for_in_organisation_and_person_and_a_percent_sign_is_no_wildcard(
    typed: str,
) -> None:
    country = a_country()
    role = a_request(an_operator("Zeytin Yağı", responsible=country.local), a_person("Robin", "Modele"))
    a_request(an_operator("Other", responsible=country.local), a_person("Camille", "Exemple"))
    assert shown(acting(a_member(country.local)), text=typed) == ({role.id} if len(typed) > 1 else set())


def test_a_selection_of_a_whole_filter_leaves_out_what_came_later() -> None:
    country = a_country()
    operator, actor = an_operator(responsible=country.local), acting(a_member(country.local))
    first = a_request(operator)
    seen = queue.newest_number()
    a_request(operator)
    assert queue.ids_for(actor, Filter(), seen, 100) == [first.id]


def test_page_counts_and_number_need_as_many_statements_for_two_requests_as_for_forty() -> None:
    country = a_country()
    operator, actor = an_operator(responsible=country.local), acting(a_member(country.local))
    seen: list[int] = []
    for number in (2, 38):
        for _ in range(number):
            a_request(operator)
        db.session.expire_all()
        with counted() as statements:
            page = queue.queue_for(actor)
            assert page.rows[0].organisation.name
            queue.counts_for(actor, Filter())
            assert queue.queue_count(actor) == db.session.query(Role).filter_by(state="requested").count()
        seen.append(len([text for text in statements if "SELECT" in text.upper()]))
    assert seen == [4, 4]


def test_the_menu_counts_no_further_than_it_can_show(monkeypatch: pytest.MonkeyPatch) -> None:
    country = a_country()
    operator, actor = an_operator(responsible=country.local), acting(a_member(country.local))
    for _ in range(3):
        a_request(operator)
    assert queue.queue_count(actor) == 3
    monkeypatch.setattr(queue, "MANY", 2)
    assert queue.queue_count(actor) == 2
