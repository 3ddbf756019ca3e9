"""Deputies: who may be named, what they may decide and what not, and when it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from portal.access.actions import Action
from portal.access.actor import OwnOrganisation
from portal.access.authorise import Hidden, Refused, may
from portal.audit.models import AuditEvent
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity.models import Account
from portal.messages.models import OutgoingMessage
from portal.organisations.models import Organisation
from portal.roles import deputies, queries, queue, service
from portal.roles.changes import NotThere
from portal.roles.deputies import Absence
from portal.roles.models import Role
from portal.roles.service import Validation
from portal.roles.standing_in import today
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member, a_request, acting

pytestmark = pytest.mark.usefixtures("production")


def away(place: Organisation, chief: Account, deputy: Account, first: int = 0, last: int = 7) -> Any:
    """The chief names the deputy, from so many days after today to so many."""
    days = [today() + timedelta(days=number) for number in (first, last)]
    return deputies.name(Absence(place.id, deputy.id, days[0], days[1]), acting(chief, strict=True))


def test_where_only_administrators_decide_a_deputy_decides_during_the_days_and_administers_nothing(
    settings: Callable[..., Any],
) -> None:
    settings(validators="strict")
    country = a_country()
    chief, colleague = a_member(country.local, administrator=True), a_member(country.local)
    role = a_request(an_operator(responsible=country.local))
    assert queue.queue_count(acting(colleague, strict=True)) == 0

    row = away(country.local, chief, colleague)
    deputy = acting(colleague, strict=True)
    assert [one.id for one in queue.queue_for(deputy).rows] == [role.id]
    assert not may(deputy, Action.DUTY_PHONE_KEEP, OwnOrganisation(country.local.id))
    assert deputy.organisations_administered == deputy.authorities == frozenset()
    assert service.validate_role(Validation(role.id), deputy).decided_by == colleague.id

    event = db.session.query(AuditEvent).filter_by(name="DecidedForAbsent").one()
    assert (event.actor_account_id, event.subject_id) == (colleague.id, role.id)
    assert f'"absent_id": {chief.id}' in event.facts
    assert f'"deputy_row_id": {row.id}' in event.facts


def test_the_deputy_of_an_operators_administrator_decides_requests_of_colleagues() -> None:
    operator = an_operator()
    chief, colleague = a_member(operator, administrator=True), a_member(operator)
    role = a_request(operator)
    with pytest.raises(Refused):
        service.validate_role(Validation(role.id), acting(colleague))
    away(operator, chief, colleague)
    assert service.validate_role(Validation(role.id), acting(colleague)).state == "valid"


def test_a_deputy_is_told_by_mail_and_of_every_request_meanwhile() -> None:
    operator = an_operator()
    chief, colleague = a_member(operator, administrator=True), a_member(operator)
    role = a_request(operator)
    assert queries.validators_to_notify(role) == [chief.id]
    away(operator, chief, colleague)
    assert queries.validators_to_notify(role) == [chief.id, colleague.id]
    (mail,) = db.session.query(OutgoingMessage)
    assert (mail.name, mail.account_id) == ("deputy_named_notice", colleague.id)


@pytest.mark.parametrize(("first", "last", "stands_in"), [(0, 0, True), (1, 3, False), (-3, 0, True)])
def test_the_days_are_kept_first_and_last_included(first: int, last: int, stands_in: bool) -> None:
    operator = an_operator()
    chief, colleague = a_member(operator, administrator=True), a_member(operator)
    away(operator, chief, colleague, first, last)
    assert acting(colleague).roles[0].is_deputy is stands_in


def test_it_ends_with_the_administrators_own_flag_and_role() -> None:
    operator = an_operator()
    chief, colleague = a_member(operator, administrator=True), a_member(operator)
    away(operator, chief, colleague)
    db.session.query(Role).filter_by(account_id=chief.id).one().is_administrator = False
    db.session.commit()
    assert not acting(colleague).roles[0].is_deputy


def test_either_side_ends_it_and_a_stranger_does_not_know_of_it() -> None:
    operator = an_operator()
    chief, colleague, other = (
        a_member(operator, administrator=True),
        a_member(operator),
        a_member(an_operator(), administrator=True),
    )
    row = away(operator, chief, colleague)
    with pytest.raises(Hidden):
        deputies.end(row.id, acting(other))
    with using(Environment.TRAINING), pytest.raises((NotThere, Refused)):
        deputies.end(row.id, acting(chief))
    assert deputies.end(row.id, acting(colleague)) is True
    assert deputies.end(row.id, acting(chief)) is False
    assert not acting(colleague).roles[0].is_deputy
    assert deputies.absences_seen_by(acting(chief)) == []
    names = [event.name for event in db.session.query(AuditEvent)]
    assert [name for name in names if name.startswith("Deputy")] == ["DeputyNamed", "DeputyEnded"]


def test_the_same_colleague_is_named_once_from_the_same_day_and_again_after_it_ended() -> None:
    operator = an_operator()
    chief, colleague = a_member(operator, administrator=True), a_member(operator)
    row = away(operator, chief, colleague)
    with pytest.raises(deputies.AlreadyNamed):
        away(operator, chief, colleague, 0, 3)
    deputies.end(row.id, acting(chief))
    assert away(operator, chief, colleague).id != row.id


def test_only_a_colleague_is_named_for_days_that_make_sense_and_by_who_decides() -> None:
    operator, now = an_operator(), today()
    chief, colleague, foreign = (
        a_member(operator, administrator=True),
        a_member(operator),
        a_member(an_operator()),
    )
    actor = acting(chief)

    def named(who: Account, first: date = now, last: date = now, by: Any = actor) -> None:
        deputies.name(Absence(operator.id, who.id, first, last), by)

    for nobody in (foreign, chief):
        with pytest.raises(deputies.NotAColleague):
            named(nobody)
    day = timedelta(days=1)
    for first, last in ((now, now - day), (now - 9 * day, now - day), (now, now + 93 * day)):
        with pytest.raises(deputies.WrongDays):
            named(colleague, first, last)
    with pytest.raises(Refused):
        named(chief, by=acting(colleague))
    assert deputies.absences_seen_by(actor) == []
    assert [account.id for _, account in deputies.colleagues_of(actor)] == [colleague.id]
