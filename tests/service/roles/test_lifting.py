"""Letting people in again: who may, how many must, what is told; names confirmed, recoveries vouched for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity import standing
from portal.identity.factor_models import NameChange, Suspension
from portal.identity.models import Account, Telephone
from portal.identity.states import Recognised, SuspensionReason
from portal.identity.suspending import Circumstances, suspend_everywhere
from portal.roles import lifting, members
from portal.roles.changes import NotThere
from portal.roles.lifting import AlreadyLifted
from portal.roles.members import Which
from tests.makers.identity import a_telephone, a_user
from tests.makers.mail import messages_to
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member, acting

pytestmark = pytest.mark.usefixtures("production")
CALLED = Recognised.CALL_BACK


def suspended(account: Account, *, with_factor: bool = True) -> Account:
    """That person after PANIC, with a new factor unless said otherwise."""
    db.session.query(Telephone).filter_by(account_id=account.id).delete()
    suspend_everywhere(account.id, SuspensionReason.PANIC, Circumstances(3, "192.0.2.0/24", "Firefox, Linux"))
    db.session.commit()
    if with_factor:
        a_telephone(account, "+46701740690")
    return account


def is_suspended(account: Account, environment: str = "production") -> bool:
    """Whether the suspension there is open."""
    return standing.open_suspension(account.id, environment) is not None


def test_panic_suspends_in_every_environment_once() -> None:
    account = suspended(a_user())
    suspend_everywhere(account.id, SuspensionReason.PANIC, Circumstances(0))
    db.session.commit()
    assert db.session.query(Suspension).filter_by(account_id=account.id).count() == 3


def test_an_administrator_of_the_own_organisation_lifts_here_and_nowhere_else() -> None:
    operator = an_operator()
    person = suspended(a_member(operator, email="robin@fret.example"))
    assert lifting.lift(person.id, CALLED, acting(a_member(operator, administrator=True)))
    assert not is_suspended(person)
    assert is_suspended(person, "training")
    assert "open again" in messages_to("robin@fret.example")[0].subject
    event = db.session.query(AuditEvent).filter_by(name="SuspensionLifted").one()
    assert "call-back" in event.facts


def test_an_authority_above_lifts_and_another_one_does_not() -> None:
    country, other = a_country(), a_country()
    person = suspended(a_member(an_operator(responsible=country.local), administrator=False))
    with pytest.raises(Refused):
        lifting.lift(person.id, CALLED, acting(a_member(other.local)))
    assert lifting.lift(person.id, CALLED, acting(a_member(country.local)))


def test_nobody_lifts_for_oneself_as_simple_colleague_or_before_a_new_factor() -> None:
    operator = an_operator()
    chief = suspended(a_member(operator, administrator=True))
    person = suspended(a_member(operator), with_factor=False)
    administrator = acting(a_member(operator, administrator=True))
    for who, whom in ((acting(chief), chief), (acting(a_member(operator)), chief), (administrator, person)):
        with pytest.raises(Refused):
            lifting.lift(whom.id, CALLED, who)
    assert is_suspended(chief)
    assert is_suspended(person)


def test_who_may_administer_needs_two_different_people() -> None:
    operator = an_operator()
    chief = suspended(a_member(operator, administrator=True))
    first, second = (acting(a_member(operator, administrator=True)) for _ in range(2))
    assert not lifting.lift(chief.id, CALLED, first)
    assert is_suspended(chief)
    with pytest.raises(Refused):
        lifting.lift(chief.id, CALLED, first)
    assert lifting.lift(chief.id, Recognised.IN_PERSON, second)
    row = db.session.query(Suspension).filter_by(account_id=chief.id, environment_key="production").one()
    assert (row.first_by, row.lifted_by) == (first.account_id, second.account_id)


def test_signing_rests_for_a_day_after_the_lifting() -> None:
    operator = an_operator()
    person = suspended(a_member(operator))
    lifting.lift(person.id, CALLED, acting(a_member(operator, administrator=True)))
    assert standing.signing_rests_until(person.id, "production") is not None
    clock.advance(timedelta(hours=25))
    assert standing.signing_rests_until(person.id, "production") is None


def test_a_second_lifting_is_told_that_somebody_was_faster() -> None:
    operator = an_operator()
    person = suspended(a_member(operator))
    administrator = acting(a_member(operator, administrator=True))
    lifting.lift(person.id, CALLED, administrator)
    with pytest.raises(AlreadyLifted):
        lifting.lift(person.id, CALLED, administrator)


def test_the_command_line_lifts_where_a_factor_is_there() -> None:
    person = suspended(a_user(email="lou@commission.example"), with_factor=False)
    assert not lifting.lift_by_command("lou@commission.example")
    a_telephone(person, "+46701740691")
    assert lifting.lift_by_command("lou@commission.example")
    assert not lifting.lift_by_command("lou@commission.example")


def test_a_changed_name_is_confirmed_by_another_person() -> None:
    operator = an_operator()
    person = a_member(operator)
    db.session.add(NameChange(account_id=person.id, old_first_name="Robin", old_last_name="Modele",
                              new_first_name="Robin", new_last_name="Autre", changed_at=clock.now()))  # fmt: skip
    db.session.commit()
    with pytest.raises(Refused):
        lifting.confirm_name(person.id, acting(person))
    administrator = acting(a_member(operator, administrator=True))
    lifting.confirm_name(person.id, administrator)
    assert standing.waiting_name(person.id) is None
    with pytest.raises(NotThere):
        lifting.confirm_name(person.id, administrator)


def test_vouching_ends_the_day_of_rest() -> None:
    operator = an_operator()
    person = a_member(operator)
    person.recovered_at = clock.now()
    db.session.commit()
    assert standing.of_people([person.id], "production")[person.id].is_resting
    lifting.vouch(person.id, acting(a_member(operator, administrator=True)))
    db.session.expire_all()
    assert not standing.of_people([person.id], "production")[person.id].is_resting


def test_the_list_holds_the_people_of_the_own_scope_and_its_filters_narrow_it() -> None:
    operator, other = an_operator(), an_operator()
    chief = a_member(operator, administrator=True)
    plain, without, shut_out = a_member(operator), a_member(operator), suspended(a_member(operator))
    a_member(other)
    db.session.query(Telephone).filter_by(account_id=without.id).delete()
    db.session.commit()
    actor = acting(chief)

    def shown(which: Which) -> set[int]:
        return {role.account_id for role in members.members_for(actor, which).rows}

    assert shown(Which.ALL) == {chief.id, plain.id, without.id, shut_out.id}
    assert shown(Which.WITHOUT_FACTOR) == {without.id}
    assert shown(Which.SUSPENDED) == {shut_out.id}
    assert shown(Which.ONLY_TEXT_MESSAGES) == {chief.id, plain.id, shut_out.id}
    assert shown(Which.RESTING) == set()
    with using(Environment.TRAINING):
        assert shown(Which.ALL) == set()


def test_a_simple_user_of_an_operator_sees_nobody() -> None:
    operator = an_operator()
    a_member(operator)
    assert members.members_for(acting(a_member(operator)), Which.ALL).rows == ()
