"""Files of operators: checked without storing, imported row by row, and the same file again changes nothing."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import clock
from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.exchange import importing, reporting
from portal.exchange.formats import BadFile, Kind
from portal.exchange.operators import FORMAT
from portal.identity.models import Account
from portal.jobs import working
from portal.organisations.models import OperatorActivity, Organisation
from portal.organisations.states import ActivityState
from portal.work.models import Work
from portal.work.states import ItemState, WorkState
from portal.workflow import NotThere
from tests.makers.organisations import Country, a_country, an_authority, an_operator
from tests.makers.roles import a_member, acting
from tests.makers.works import work_now

pytestmark = pytest.mark.usefixtures("production")
GOOD = {
    "reference": "R1", "name": "Ferme Exemple", "street": "Rue du Test 1", "postcode": "4120", "city": "Neupré",
    "country": "BE", "telephone": "+32 4 555 01 02", "section": "BOV-EST", "activity": "bovine_establishment",
}  # fmt: skip


def a_file(*rows: dict[str, str]) -> io.BytesIO:
    """A CSV file of these rows, each complete but for what is said."""
    lines = [";".join(FORMAT.names)]
    lines += [";".join({**GOOD, **row}.get(name, "") for name in FORMAT.names) for row in rows]
    return io.BytesIO("\n".join(lines).encode())


def checked(person: Account, organisation_id: int, file: io.BytesIO) -> Work:
    """The file after its check."""
    clock.advance(timedelta(minutes=1))  # the same file in the same minute is a button pressed twice
    return run(importing.begin_check(Kind.OPERATORS, organisation_id, file, acting(person)))


def run(work: Work) -> Work:
    """The work after the worker has done it."""
    work_id = work.id
    db.session.expunge_all()
    working.run_due()
    return work_now(work_id)


def imported(person: Account, organisation_id: int, file: io.BytesIO) -> Work:
    """The file after its import."""
    return run(importing.begin_import(checked(person, organisation_id, file).id, acting(person)))


def words(work: Work) -> list[str]:
    """What became of the rows, in their order."""
    return [line.word for line in reporting.lines_of(work.id)]


def operators() -> int:
    """How many operators there are."""
    return (
        db.session.scalar(
            select(func.count()).select_from(Organisation).where(Organisation.kind == "operator")
        )
        or 0
    )


@pytest.fixture
def country(app: Flask) -> Country:
    """A tree of authorities."""
    return a_country()


@pytest.fixture
def officer(country: Country) -> Account:
    """A person of the local authority."""
    return a_member(country.local)


def test_a_check_tells_what_would_happen_and_stores_nothing(country: Country, officer: Account) -> None:
    events = db.session.scalar(
        select(func.count()).select_from(AuditEvent).where(AuditEvent.name == "OperatorCreated")
    )
    work = checked(officer, country.local.id, a_file({}, {"reference": "R2", "name": "", "vat": "BE123"}))
    assert words(work) == ["would-row-created", "row-missing"]
    assert operators() == 0
    after = db.session.scalar(
        select(func.count()).select_from(AuditEvent).where(AuditEvent.name == "OperatorCreated")
    )
    assert after == events
    assert importing.counts_of(work) == importing.Counts({"would-row-created": 1}, 1, 2)


def test_rows_are_imported_and_wait_for_validation_by_somebody_else(
    country: Country, officer: Account
) -> None:
    work = imported(
        officer,
        country.local.id,
        a_file(
            {},
            {"activity": "nowhere"},
            {"reference": "R3", "name": "Autre Exemple", "street": "Rue du Bois 4"},
        ),
    )
    assert words(work) == ["row-created", "row-activity-unknown", "row-created"]
    activities = db.session.scalars(select(OperatorActivity)).all()
    assert {(one.state, one.responsible_id, one.created_by) for one in activities} == {
        (ActivityState.NEW, country.local.id, officer.id)
    }
    assert (
        db.session.scalar(
            select(func.count()).select_from(AuditEvent).where(AuditEvent.name == "OperatorCreated")
        )
        == 2
    )


def test_the_same_file_again_changes_nothing(country: Country, officer: Account) -> None:
    file = {"reference": "R1"}, {"reference": "R2", "name": "Autre Exemple", "street": "Rue du Bois 4"}
    imported(officer, country.local.id, a_file(*file))
    events = db.session.scalar(
        select(func.count()).select_from(AuditEvent).where(AuditEvent.subject_kind == "organisation")
    )
    work = imported(officer, country.local.id, a_file(*file))
    assert words(work) == ["row-unchanged", "row-unchanged"]
    assert operators() == 2
    after = db.session.scalar(
        select(func.count()).select_from(AuditEvent).where(AuditEvent.subject_kind == "organisation")
    )
    assert after == events


def test_a_row_that_exists_is_changed_where_it_differs_and_gets_a_further_activity(
    country: Country, officer: Account
) -> None:
    imported(officer, country.local.id, a_file({}))
    work = imported(
        officer, country.local.id,
        a_file({"city": "Esneux"}, {"city": "Esneux", "section": "PORC-EST", "activity": "porcine_establishment"}),
    )  # fmt: skip
    assert words(work) == ["row-updated", "row-activity-added"]
    row = db.session.scalars(select(Organisation).where(Organisation.kind == "operator")).one()
    assert (row.city, len(row.activities)) == ("Esneux", 2)


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"country": "Belgium"}, "row-too-long"),
        ({"country": "QQ"}, "row-no-country"),
        ({"telephone": "call me"}, "row-no-telephone"),
        ({"email": "nobody"}, "row-no-email"),
        ({"website": "no site"}, "row-no-website"),
        ({"name": "A\u202eB"}, "row-characters"),
        ({"telephone": ""}, "row-contact-missing"),
        ({"vat": "BE0000000000"}, "row-vat-check"),
        ({"eori": "??"}, "row-eori-shape"),
        ({"responsible_code": "NOBODY"}, "row-responsible-unknown"),
        ({"not_a_duplicate": "maybe"}, "row-no-yes"),
        ({"name": "x" * 201}, "row-too-long"),
    ],
)
def test_a_broken_row_is_refused_with_its_reason_and_the_others_go_through(
    country: Country, officer: Account, changed: dict[str, str], word: str
) -> None:
    work = checked(officer, country.local.id, a_file({"reference": "R9", **changed}, {}))
    assert words(work) == [word, "would-row-created"]


def test_a_row_that_repeats_another_one_names_it(country: Country, officer: Account) -> None:
    work = imported(officer, country.local.id, a_file({}, {"city": "Esneux"}))
    lines = list(reporting.lines_of(work.id))
    assert [(line.row, line.word, line.facts) for line in lines] == [
        (2, "row-created", {}), (3, "row-repeats", {"other": 2}),
    ]  # fmt: skip


def test_a_likely_duplicate_is_created_only_where_the_file_says_it_is_none(
    country: Country, officer: Account
) -> None:
    an_operator("Ferme Exemple", responsible=country.local)
    assert words(checked(officer, country.local.id, a_file({}))) == ["row-likely-duplicate"]
    work = imported(officer, country.local.id, a_file({"not_a_duplicate": "yes"}))
    assert words(work) == ["row-created"]


def test_an_operator_kept_by_another_authority_is_not_touched(country: Country, officer: Account) -> None:
    abroad = an_authority("Elsewhere", above=country.commission, country="FR")
    an_operator("Étable", responsible=abroad, eori="FR123456789", city="Lyon")
    work = checked(officer, country.local.id, a_file({"eori": "FR123456789"}))
    assert words(work) == ["row-kept-elsewhere"]


def test_an_authority_brings_no_rows_for_which_others_answer(country: Country) -> None:
    other = an_authority("Second local", above=country.regional, code="BE2")
    work = checked(a_member(other), other.id, a_file({"responsible_code": country.local.code}))
    assert words(work) == ["row-not-answering"]


def test_a_person_who_lost_the_role_meanwhile_imports_nothing(country: Country, officer: Account) -> None:
    work = checked(officer, country.local.id, a_file({}))
    begun = importing.begin_import(work.id, acting(officer))
    from portal.roles.models import Role

    db.session.scalars(select(Role).where(Role.account_id == officer.id)).one().state = "suspended"
    db.session.commit()
    assert words(run(begun)) == ["row-not-yours"]
    assert operators() == 0


def test_a_checked_file_is_imported_once(country: Country, officer: Account) -> None:
    work = checked(officer, country.local.id, a_file({}))
    importing.begin_import(work.id, acting(officer))
    with pytest.raises(importing.NotChecked):
        importing.begin_import(work.id, acting(officer))


def test_the_commission_operators_and_other_organisations_names_are_refused(
    country: Country, officer: Account
) -> None:
    for person in (
        a_member(country.commission, administrator=True),
        a_member(an_operator(responsible=country.local)),
    ):
        with pytest.raises(Refused):
            importing.begin_check(Kind.OPERATORS, country.local.id, a_file({}), acting(person))
    with pytest.raises(NotThere):
        importing.begin_check(Kind.OPERATORS, country.central.id, a_file({}), acting(officer))


def test_a_file_as_a_whole_is_refused_before_anything_is_put(country: Country, officer: Account) -> None:
    files: dict[str, Any] = {
        "empty": b"", "header": b"a;b\n1;2", "columns-unknown": b"reference;colour\n1;red",
        "columns-missing": b"reference;name\n1;x", "encoding": "reference\nÄpfel".encode("latin-1"),
        "workbook": b"PK\x03\x04 no zip", "quotes": a_file().getvalue() + b'\n"x',
    }  # fmt: skip
    for reason, content in files.items():
        with pytest.raises(BadFile) as refused:
            importing.begin_check(Kind.OPERATORS, country.local.id, io.BytesIO(content), acting(officer))
        assert refused.value.reason == reason
    assert db.session.scalar(select(func.count()).select_from(Work)) == 0


def test_a_worker_killed_in_the_middle_is_followed_by_one_that_does_the_rest(
    country: Country, officer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.work import ledger

    work = checked(
        officer,
        country.local.id,
        a_file(
            *({"reference": f"R{n}", "name": f"Nr {n} Exemple", "street": f"Rue {n}"} for n in range(120))
        ),
    )
    begun = importing.begin_import(work.id, acting(officer))
    claimed = ledger.claim(begun.id)
    assert claimed is not None
    handler = working.HANDLERS["import-operators"]
    working._together(handler, claimed, list(ledger.waiting_items(claimed, handler.together)))
    assert operators() == importing.TOGETHER
    clock.advance(ledger.LEASE + timedelta(seconds=1))
    done = run(begun)
    assert (operators(), done.state, done.done) == (120, WorkState.DONE, 120)
    assert all(line.state is ItemState.DONE for line in reporting.lines_of(done.id))
