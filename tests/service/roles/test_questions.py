"""Questions to the requester: who asks, who answers, what waits meanwhile, and that the words can go."""

from __future__ import annotations

import pytest

from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.environments.environment import Environment, using
from portal.messages.models import OutgoingMessage
from portal.roles import people, questions, queue, requesting, service
from portal.roles.changes import AlreadyDecided, NotThere
from portal.roles.models import Role
from portal.roles.queue_models import RequestMessage
from portal.roles.service import Validation
from tests.makers.identity import a_user
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member, a_request, acting

pytestmark = pytest.mark.usefixtures("production")


def mails() -> list[str]:
    """The names of the messages in the order they were put."""
    rows = db.session.query(OutgoingMessage).order_by(OutgoingMessage.id)
    return [row.name for row in rows]


def test_a_question_rests_the_request_and_the_answer_brings_it_back_to_its_place() -> None:
    country = a_country()
    operator, officer = an_operator(responsible=country.local), acting(a_member(country.local))
    person = a_user()
    role, younger = a_request(operator, person), a_request(operator)

    questions.ask(role.id, " Which farm do you work for? ", officer)
    assert [one.id for one in queue.queue_for(officer).rows] == [younger.id]
    assert queue.queue_count(officer) == 1
    questions.answer(role.id, "The one in Namur.", acting(person))

    assert [one.id for one in queue.queue_for(officer).rows] == [role.id, younger.id]
    said = [(one.kind, one.author_id, one.text) for one in questions.thread(role.id)]
    assert said == [
        ("question", officer.account_id, "Which farm do you work for?"),
        ("answer", person.id, "The one in Namur."),
    ]
    assert mails() == ["request_question_notice", "request_answer_notice"]
    events = db.session.query(AuditEvent).order_by(AuditEvent.id).all()[-2:]
    assert [event.name for event in events] == ["RequestQuestioned", "RequestAnswered"]
    assert "Namur" not in "".join(event.facts for event in events)


def test_a_request_that_waits_for_an_answer_can_be_decided_all_the_same() -> None:
    country = a_country()
    role, officer = a_request(an_operator(responsible=country.local)), acting(a_member(country.local))
    questions.ask(role.id, "Who are you?", officer)
    assert service.validate_role(Validation(role.id), officer).state == "valid"


def test_only_those_who_may_decide_ask_and_only_the_requester_answers() -> None:
    country = a_country()
    operator, person = an_operator(responsible=country.local), a_user()
    role = a_request(operator, person)
    officer = acting(a_member(country.local))
    for stranger in (acting(a_member(operator)), acting(a_member(country.commission)), acting(person)):
        with pytest.raises(Refused):
            questions.ask(role.id, "Who are you?", stranger)
    questions.ask(role.id, "Who are you?", officer)
    with pytest.raises(NotThere):
        questions.answer(role.id, "Somebody else.", officer)
    with using(Environment.TRAINING), pytest.raises(NotThere):
        questions.answer(role.id, "From another environment.", acting(person))
    assert len(questions.thread(role.id)) == 1


def test_an_answer_nobody_waits_for_and_a_closed_thread_take_nothing() -> None:
    country = a_country()
    person = a_user()
    role, officer = a_request(an_operator(responsible=country.local), person), acting(a_member(country.local))
    with pytest.raises(questions.NothingAsked):
        questions.answer(role.id, "Nobody asked.", acting(person))
    questions.ask(role.id, "Who are you?", officer)
    requesting.withdraw_role(role.id, acting(person))
    with pytest.raises(AlreadyDecided):
        questions.answer(role.id, "Too late.", acting(person))
    with pytest.raises(AlreadyDecided):
        questions.ask(role.id, "Why?", officer)
    assert [one.text for one in questions.thread(role.id)] == ["Who are you?"]


def test_the_own_data_hold_the_thread_of_each_own_request_of_every_environment() -> None:
    country, person = a_country(), a_user()
    role = a_request(an_operator(responsible=country.local), person)
    other = a_request(an_operator(responsible=country.local))
    officer = acting(a_member(country.local))
    questions.ask(role.id, "Which site?", officer)
    questions.ask(other.id, "Who are you?", officer)
    with using(Environment.TRAINING):
        (mine,) = people.roles_everywhere(person.id)
    assert [(one["kind"], one["text"]) for one in mine["messages"]] == [("question", "Which site?")]


def test_one_question_at_a_time_is_asked() -> None:
    country = a_country()
    role, officer = a_request(an_operator(responsible=country.local)), acting(a_member(country.local))
    questions.ask(role.id, "Who are you?", officer)
    with pytest.raises(questions.QuestionWaits):
        questions.ask(role.id, "Who are you?", acting(a_member(country.central)))
    assert len(questions.thread(role.id)) == 1


def test_a_closing_account_leaves_no_words_in_any_thread() -> None:
    country = a_country()
    person, validator = a_user(), a_member(country.local)
    role = a_request(an_operator(responsible=country.local), person)
    questions.ask(role.id, "Is Robin Modele your name?", acting(validator))
    questions.answer(role.id, "It is.", acting(person))
    other = a_request(an_operator(responsible=country.local))
    questions.ask(other.id, "Who are you?", acting(validator))

    people.end_roles(person.id)
    db.session.expire_all()
    assert {one.text for one in db.session.query(RequestMessage).filter_by(role_id=role.id)} == {""}
    assert db.session.get_one(Role, role.id).state == "removed"
    people.end_roles(validator.id)
    db.session.expire_all()
    assert {one.text for one in db.session.query(RequestMessage)} == {""}
