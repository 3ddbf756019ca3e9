"""Duty phones (S0): listed by administrators, suggested to members, limited per phone, withdrawn from all at once."""

from __future__ import annotations

import pytest

from portal.access.actor import Actor
from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity import duty_phones, queries, sign_in, standing, text_codes
from portal.identity.challenges import CodeRejected, code_of, send_challenge, use_code
from portal.identity.duty_phones import AlreadyListed, AlreadyLost, ListedPhone
from portal.identity.factors import NotThere
from portal.identity.models import Account, Telephone
from portal.identity.sign_in import Attempt
from portal.identity.states import ChallengePurpose
from portal.organisations.models import Organisation
from portal.roles import duty
from portal.vocabulary import Method
from tests.makers.identity import PASSWORD, a_sign_in, a_telephone, a_user
from tests.makers.mail import code_to, messages_to
from tests.makers.organisations import an_operator
from tests.makers.roles import a_member, a_role, acting

pytestmark = pytest.mark.usefixtures("production")
NUMBER = "+46701740607"
ROOM = ListedPhone(NUMBER, "Duty room", "Whoever is on duty")


@pytest.fixture
def operator(production: None) -> Organisation:
    """An operator."""
    return an_operator()


@pytest.fixture
def chief(operator: Organisation) -> Actor:
    """Its administrator."""
    return acting(a_member(operator, administrator=True))


def on_duty(operator: Organisation, *, alone: bool = False, **more: str) -> Account:
    """A member who has the duty phone; and nothing else if `alone`."""
    account = a_user(**more) if alone else a_member(operator, **more)  # type: ignore[arg-type]
    if alone:
        a_role(account, operator)
    a_telephone(account, NUMBER)
    return account


def test_an_administrator_lists_a_number_once_and_nobody_else_does(
    operator: Organisation, chief: Actor
) -> None:
    row = duty_phones.put(operator.id, ROOM, chief)
    assert NUMBER not in row.number_sealed
    with pytest.raises(AlreadyListed):
        duty_phones.put(operator.id, ROOM, chief)
    for stranger in (acting(a_member(operator)), acting(a_member(an_operator(), administrator=True))):
        with pytest.raises(Refused):
            duty_phones.put(operator.id, ROOM, stranger)
        with pytest.raises(Refused):
            duty_phones.change(row.id, "Elsewhere", "", stranger)


def test_members_are_suggested_the_number_and_strangers_are_not(operator: Organisation, chief: Actor) -> None:
    duty_phones.put(operator.id, ROOM, chief)
    member, stranger = a_member(operator), a_member(an_operator())
    assert [(row.place, number) for row, number in duty.suggestions(member.id)] == [("Duty room", NUMBER)]
    assert duty.suggestions(stranger.id) == []


def test_a_list_belongs_to_its_environment(operator: Organisation, chief: Actor) -> None:
    row = duty_phones.put(operator.id, ROOM, chief)
    with using(Environment.TRAINING):
        assert duty_phones.of_organisations([operator.id]) == []
        with pytest.raises(NotThere):
            duty_phones.kept(row.id, chief)


def half(account: Account) -> str:
    """The right password and the duty number."""
    attempt = Attempt(
        account.email, PASSWORD, Method.SMS, NUMBER, f"network{account.id}", "Firefox, Linux", ""
    )
    return sign_in.begin(attempt)


def test_a_shift_of_ten_signs_in_on_one_phone_and_codes_are_not_interchangeable(
    operator: Organisation, chief: Actor
) -> None:
    duty_phones.put(operator.id, ROOM, chief)
    shift = [on_duty(operator) for _ in range(10)]
    seen = []
    for account in shift:
        token = half(account)
        seen.append((token, code_to(NUMBER), messages_to(NUMBER)[0].body))
    assert len({body for _token, _code, body in seen}) == 10
    first, second = (sign_in.half_sign_in(token) for token, _code, _body in seen[:2])
    assert first is not None
    assert second is not None
    with pytest.raises(CodeRejected):
        text_codes.submit_code(first, seen[1][1])
    assert text_codes.submit_code(second, seen[1][1])
    event = db.session.query(AuditEvent).filter_by(name="SharedFactorShown").one()
    assert event.subject_id == shift[1].id


def test_more_than_forty_messages_an_hour_reach_a_duty_phone_but_not_another_one(
    operator: Organisation, chief: Actor
) -> None:
    duty_phones.put(operator.id, ROOM, chief)
    people = [on_duty(operator) for _ in range(9)]
    for _ in range(5):
        for account in people:
            half(account)
    assert len(messages_to(NUMBER)) == 45


def test_a_lost_phone_goes_from_every_member_at_once(operator: Organisation, chief: Actor) -> None:
    row = duty_phones.put(operator.id, ROOM, chief)
    other = on_duty(operator, email="other@fret.example")
    alone = on_duty(operator, alone=True, email="alone@fret.example")
    stranger = a_member(an_operator())
    a_telephone(stranger, NUMBER)
    assert duty.report_lost(row.id, chief) == 2
    assert [one.account_id for one in db.session.query(Telephone) if one.last_digits == "07"] == [stranger.id]
    assert standing.open_suspension(alone.id, "production") is not None
    assert standing.open_suspension(alone.id, "training") is not None
    assert standing.open_suspension(other.id, "production") is None
    assert not queries.has_factor(alone.id)
    assert "suspended" in messages_to("alone@fret.example")[0].body
    assert "another of your second factors" in messages_to("other@fret.example")[0].body
    event = db.session.query(AuditEvent).filter_by(name="DutyPhoneLost").one()
    assert '"accounts": 2' in event.facts
    with pytest.raises((NotThere, AlreadyLost)):
        duty.report_lost(row.id, chief)


def test_a_code_under_way_to_a_lost_phone_opens_nothing(operator: Organisation, chief: Actor) -> None:
    row = duty_phones.put(operator.id, ROOM, chief)
    account = on_duty(operator)
    session, _token = a_sign_in(account)
    session.method = Method.SECURITY_KEY.value
    telephone = queries.telephone_with_number(account.id, NUMBER)
    sent = send_challenge(session, ChallengePurpose.STEP_UP, number=NUMBER, telephone=telephone)
    db.session.commit()
    code = code_of(sent.id)
    duty.report_lost(row.id, chief)
    with pytest.raises(CodeRejected):
        use_code(session.id, ChallengePurpose.STEP_UP, code)
    db.session.refresh(session)
    assert session.state == "open"


def test_taken_off_the_list_it_stays_on_accounts(operator: Organisation, chief: Actor) -> None:
    row = duty_phones.put(operator.id, ROOM, chief)
    account = on_duty(operator)
    duty_phones.take_off(row.id, chief)
    assert queries.telephone_with_number(account.id, NUMBER) is not None
    assert duty.suggestions(account.id) == []
    with pytest.raises(NotThere):
        duty_phones.take_off(row.id, chief)
