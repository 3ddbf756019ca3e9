"""Many requests at once: each judged on its own, before and when its turn comes; one that fails stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import event

from portal import clock
from portal.access.actor import Actor
from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity.models import Account
from portal.jobs import working
from portal.messages.models import OutgoingMessage
from portal.organisations.models import Organisation
from portal.organisations.states import OrganisationState
from portal.roles import batches, requesting
from portal.roles.batches import Batch, Decision, Verdict
from portal.roles.models import Role
from portal.roles.service import ReasonMissing, Rejection, Validation, reject_role, validate_role
from portal.roles.states import RejectReason
from portal.work import ledger
from tests.makers.identity import a_user
from tests.makers.organisations import Country, a_country, an_authority, an_operator
from tests.makers.roles import a_member, a_request, acting

pytestmark = pytest.mark.usefixtures("production")
VALIDATE, REJECT = Decision.VALIDATE, Decision.REJECT


@dataclass
class Mixed:
    """The numbers of five requests of which two can be validated, and who looks at them."""

    officer_id: int
    good: int
    with_operator: int
    decided: int
    foreign: int
    impossible: int

    @property
    def actor(self) -> Actor:
        """The officer with the rights of this moment."""
        return acting(db.session.get_one(Account, self.officer_id))

    @property
    def ids(self) -> tuple[int, ...]:
        """In the order of the fields, with a number that nobody has."""
        return self.good, self.with_operator, self.decided, self.foreign, self.impossible, 999_999


@pytest.fixture
def mixed(production: object) -> Mixed:
    """Of every kind one."""
    country: Country = a_country()
    officer, chief = a_member(country.local), a_member(country.central)
    own = a_user()
    abroad = an_authority("Abroad", above=country.commission, country="FR")
    new = an_operator(responsible=country.local, state=OrganisationState.NEW)
    suspended = an_operator(responsible=country.local, state=OrganisationState.SUSPENDED)
    decided = a_request(an_operator(responsible=country.local), own)
    found = Mixed(
        officer.id,
        a_request(an_operator(responsible=country.local)).id,
        a_request(new).id,
        decided.id,
        a_request(an_operator(responsible=abroad)).id,
        a_request(suspended).id,
    )
    reject_role(Rejection(decided.id, RejectReason.DUPLICATE), acting(chief))
    return found


def now(role_id: int) -> Role:
    """The role as the database has it; running work lets go of what was loaded before."""
    return db.session.get_one(Role, role_id, populate_existing=True)


def results(work_id: int) -> list[tuple[str, str]]:
    """State and word of each item, in order."""
    return [(item.state, item.outcome) for item in ledger.every_item(work_id)]


def test_the_dry_run_says_for_each_request_what_would_happen_and_changes_nothing(mixed: Mixed) -> None:
    actor = mixed.actor
    before = db.session.query(AuditEvent).count()
    assert [one.verdict for one in batches.dry_run(mixed.ids, VALIDATE, actor)] == [
        Verdict.VALIDATED,
        Verdict.VALIDATED_WITH_OPERATOR,
        Verdict.DECIDED,
        Verdict.NOT_THERE,
        Verdict.ORGANISATION_NOT_VALID,
        Verdict.NOT_THERE,
    ]
    rejected = [one.verdict for one in batches.dry_run(mixed.ids, REJECT, actor)]
    assert rejected.count(Verdict.REJECTED) == 3
    hidden = batches.dry_run(mixed.ids, VALIDATE, actor)[3]
    assert (hidden.role, hidden.label) == (None, str(mixed.foreign))
    assert db.session.query(AuditEvent).count() == before


def test_the_dry_run_foretells_what_the_worker_does(mixed: Mixed) -> None:
    actor = mixed.actor
    foretold = [one.verdict.value for one in batches.dry_run(mixed.ids, VALIDATE, actor)]
    work_id = batches.begin(Batch(mixed.ids, VALIDATE), actor).id
    working.run_due()
    done = {Verdict.VALIDATED.value, Verdict.VALIDATED_WITH_OPERATOR.value}
    expected = [("done" if word in done else "refused", word) for word in foretold]
    assert results(work_id) == expected
    assert now(mixed.good).state == now(mixed.with_operator).state == "valid"
    assert now(mixed.foreign).state == now(mixed.impossible).state == "requested"
    events = [row.name for row in db.session.query(AuditEvent).filter_by(actor_account_id=mixed.officer_id)]
    assert (events.count("RoleValidated"), events.count("WorkBegun")) == (2, 1)
    mails = [row.name for row in db.session.query(OutgoingMessage)]
    assert mails.count("role_validated_notice") == 2


def test_a_button_pressed_twice_begins_one_batch_and_a_minute_later_another(mixed: Mixed) -> None:
    with clock.frozen(clock.now()):
        first, again = (batches.begin(Batch(mixed.ids, VALIDATE), mixed.actor).id for _press in range(2))
        other = batches.begin(Batch(mixed.ids, REJECT, RejectReason.UNKNOWN_PERSON), mixed.actor).id
        clock.advance(timedelta(minutes=1))
        later = batches.begin(Batch(mixed.ids, VALIDATE), mixed.actor).id
    assert first == again
    assert len({first, other, later}) == 3
    assert db.session.query(AuditEvent).filter_by(name="WorkBegun").count() == 3


@pytest.mark.parametrize("position", range(4))
def test_wherever_the_foreign_request_stands_the_others_go_through(mixed: Mixed, position: int) -> None:
    country = db.session.query(Organisation).filter_by(name="Local authority").one()
    ids = [a_request(an_operator(responsible=country)).id for _ in range(3)]
    ids.insert(position, mixed.foreign)
    batch = Batch(tuple(ids), REJECT, RejectReason.OTHER, "The season is over.")
    work_id = batches.begin(batch, mixed.actor).id
    working.run_due()
    words = [word for _, word in results(work_id)]
    assert words.pop(position) == Verdict.NOT_THERE
    assert set(words) == {Verdict.REJECTED}
    reasons = {now(number).reason_text for number in ids if number != mixed.foreign}
    assert (reasons, now(mixed.foreign).state) == ({"The season is over."}, "requested")


def test_what_was_decided_or_withdrawn_meanwhile_is_left_and_named(mixed: Mixed) -> None:
    person = a_user()
    country = db.session.query(Organisation).filter_by(name="Local authority").one()
    role = a_request(an_operator(responsible=country), person)
    work_id = batches.begin(Batch((role.id, mixed.good), VALIDATE), mixed.actor).id
    requesting.withdraw_role(role.id, acting(person))
    working.run_due()
    assert results(work_id) == [("refused", "request-decided"), ("done", "request-validated")]


def test_rights_lost_after_the_confirmation_stop_what_is_not_done_yet(mixed: Mixed) -> None:
    work_id = batches.begin(Batch((mixed.good,), VALIDATE), mixed.actor).id
    db.session.query(Role).filter_by(account_id=mixed.officer_id).one().state = "suspended"
    db.session.commit()
    working.run_due()
    assert results(work_id) == [("refused", "request-not-there")]
    assert now(mixed.good).state == "requested"


def test_the_first_user_becomes_administrator_only_when_asked_and_only_one_of_two() -> None:
    country = a_country()
    officer, office = acting(a_member(country.local)), country.local.id
    for wanted in (False, True):
        operator = an_operator(responsible=db.session.get_one(Organisation, office))
        ids = (a_request(operator).id, a_request(operator).id)
        batches.begin(Batch(ids, VALIDATE, administrators=wanted), officer)
        working.run_due()
        assert [now(number).is_administrator for number in ids] == [wanted, False]


def test_a_batch_without_a_reason_or_without_requests_or_by_anybody_is_not_begun(mixed: Mixed) -> None:
    actor, ids = mixed.actor, (mixed.good,)
    for batch in (Batch(ids, REJECT), Batch(ids, REJECT, RejectReason.OTHER, "  ")):
        with pytest.raises(ReasonMissing):
            batches.begin(batch, actor)
    with pytest.raises(Refused):
        batches.begin(Batch(ids, VALIDATE), acting(a_member(an_operator())))
    with pytest.raises(batches.NotThere):
        batches.begin(Batch((), VALIDATE), actor)
    assert ledger.own_work(actor.account_id) == []


def test_in_another_environment_the_same_numbers_are_nobodys(mixed: Mixed) -> None:
    with using(Environment.TRAINING):
        country = a_country()
        a_member_there = a_member(country.local)
        looked = batches.dry_run((mixed.good,), VALIDATE, acting(a_member_there))
    assert [one.verdict for one in looked] == [Verdict.NOT_THERE]


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements inside the block."""
    kept: list[str] = []

    def note(_connection: object, _cursor: object, text: str, *_more: object) -> None:
        kept.append(text)

    event.listen(db.engine, "before_cursor_execute", note)
    yield kept
    event.remove(db.engine, "before_cursor_execute", note)


def test_a_dry_run_of_forty_requests_needs_as_many_statements_as_one_of_two() -> None:
    country = a_country()
    actor = acting(a_member(country.local))
    make: Callable[[], int] = lambda: a_request(an_operator(responsible=country.local, state="new")).id  # noqa: E731
    seen = []
    for number in (2, 40):
        ids = [make() for _ in range(number)]
        db.session.expire_all()
        with counted() as statements:
            looked = batches.dry_run(ids, VALIDATE, actor)
        assert {one.verdict for one in looked} == {Verdict.VALIDATED_WITH_OPERATOR}
        seen.append(len(statements))
    assert seen[0] == seen[1]


def test_a_single_decision_and_a_batch_leave_the_same_trace() -> None:
    country = a_country()
    officer = acting(a_member(country.local))
    alone, together = (a_request(an_operator(responsible=country.local)).id for _ in range(2))
    validate_role(Validation(alone), officer)
    batches.begin(Batch((together,), VALIDATE), officer)
    working.run_due()

    def trace(number: int) -> list[str]:
        found = db.session.query(AuditEvent).filter_by(subject_kind="role", subject_id=number)
        return [row.name for row in found]

    assert trace(alone) == trace(together) == ["RoleValidated"]
