"""Questions to the requester of a role and the answers: one thread for each request, read by both sides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise
from portal.audit import queue_events, trail
from portal.database import db, rows_changed
from portal.environments import environment
from portal.identity import queries as identity
from portal.identity.states import AccountState
from portal.limits import ledger, rates
from portal.messages import outbox, queue_notices
from portal.messages.catalogue import Message
from portal.roles import queries
from portal.roles.changes import AlreadyDecided, NotThere, read_again
from portal.roles.models import Role
from portal.roles.queue_models import RequestMessage
from portal.roles.states import RoleState


class MessageKind(StrEnum):
    """Who speaks: the one who decides, or the one who asked for the role."""

    QUESTION = "question"
    ANSWER = "answer"


class NothingAsked(Exception):
    """No question waits for an answer (any more); what was typed is not stored."""


class QuestionWaits(Exception):
    """A question waits for its answer already; the requester is asked one thing at a time."""


def thread(role_id: int) -> Sequence[RequestMessage]:
    """The messages of a request, oldest first; the caller has authorised reading it."""
    own = select(RequestMessage).where(RequestMessage.role_id == role_id)
    return db.session.scalars(own.order_by(RequestMessage.id)).all()


def request_to_ask(role_id: int, actor: Actor) -> Role:
    """The open request, for the page with the question; raises NotThere, Refused, AlreadyDecided."""
    authorise(actor, Action.PROFILE_READ)
    role = queries.role_by_id(role_id)
    if role is None:
        raise NotThere
    authorise(actor, Action.ROLE_ASK, queries.target_of(role))
    if role.state != RoleState.REQUESTED:
        raise AlreadyDecided(role)
    return role


def ask(role_id: int, text: str, actor: Actor) -> RequestMessage:
    """Ask the requester; the request waits for the answer. Raises NotThere, Refused, AlreadyDecided, TooMany,
    QuestionWaits."""
    role = request_to_ask(role_id, actor)
    ledger.take(rates.QUESTIONS_PER_ACCOUNT, str(actor.account_id))
    _turn(role, Role.awaits_since.is_(None), clock.now(), QuestionWaits)
    message = _written(role, MessageKind.QUESTION, text, actor)
    event = queue_events.RequestQuestioned(role.id, role.account_id, role.organisation_id, message.id)
    trail.record(event, actor)
    _tell_requester(role, text)
    db.session.commit()
    return message


def answer(role_id: int, text: str, actor: Actor) -> RequestMessage:
    """Answer as the requester; the request is to be decided again, in its old place.

    Raises NotThere, AlreadyDecided, NothingAsked.
    """
    authorise(actor, Action.PROFILE_READ)
    role = queries.role_by_id(role_id)
    if role is None or role.account_id != actor.account_id:
        raise NotThere
    authorise(actor, Action.ROLE_ANSWER, queries.target_of(role))
    _turn(role, Role.awaits_since.is_not(None), None, NothingAsked)
    message = _written(role, MessageKind.ANSWER, text, actor)
    event = queue_events.RequestAnswered(role.id, role.account_id, role.organisation_id, message.id)
    trail.record(event, actor)
    _tell_asker(role)
    db.session.commit()
    return message


def _turn(
    role: Role, before: ColumnElement[bool], awaits_since: datetime | None, lost: type[Exception]
) -> None:
    """One conditional UPDATE: who came first wins, and nothing is written to a closed thread."""
    changed = db.session.execute(
        update(Role)
        .where(Role.id == role.id, Role.state == RoleState.REQUESTED, before)
        .values(awaits_since=awaits_since)
        .execution_options(synchronize_session=False)
    )
    if rows_changed(changed):
        read_again(role)
        return
    role_id = role.id
    db.session.rollback()
    now = queries.role_by_id(role_id)
    if now is None:
        raise NotThere
    raise lost if now.state == RoleState.REQUESTED else AlreadyDecided(now)


def _written(role: Role, kind: MessageKind, text: str, actor: Actor) -> RequestMessage:
    message = RequestMessage(
        role_id=role.id,
        author_id=actor.account_id,
        kind=kind.value,
        text=text.strip(),
        written_at=clock.now(),
    )
    db.session.add(message)
    db.session.flush()
    return message


def _tell_requester(role: Role, text: str) -> None:
    account = identity.account_by_id(role.account_id)
    assert account is not None  # noqa: S101 - accounts are closed, never deleted
    path = f"/{environment.current().value}/role-requests/{role.id}"
    notice = queue_notices.RequestQuestionNotice(
        account.first_name, account.last_name, role.organisation.name, text.strip(), path
    )
    _put(notice, account)


def _tell_asker(role: Role) -> None:
    question = select(RequestMessage.author_id).where(
        RequestMessage.role_id == role.id, RequestMessage.kind == MessageKind.QUESTION
    )
    asker_id = db.session.scalar(question.order_by(RequestMessage.id.desc()).limit(1))
    people = identity.accounts_by_id([asker_id or 0, role.account_id])
    asker, requester = people.get(asker_id or 0), people[role.account_id]
    if asker is None or asker.state != AccountState.ACTIVE:
        return
    path = f"/{environment.current().value}/validation/{role.id}"
    name = role.organisation.name
    _put(
        queue_notices.RequestAnswerNotice(asker.first_name, asker.last_name, requester.full_name, name, path),
        asker,
    )


def _put(notice: Message, account: Any) -> None:
    outbox.put(notice, outbox.Recipient(account.email, account.language, account.id))


def forget(account_id: int) -> None:
    """A closing account leaves no words: neither its own nor those about its requests. Commits nothing."""
    mine = select(Role.id).where(Role.account_id == account_id)
    db.session.execute(
        update(RequestMessage)
        .where(or_(RequestMessage.author_id == account_id, RequestMessage.role_id.in_(mine)))
        .values(text="")
        .execution_options(synchronize_session=False)
    )


def threads_everywhere(account_id: int) -> dict[int, list[dict[str, str]]]:
    """What was written about the person's own requests in all environments, by request: for the own data."""
    query = (
        select(RequestMessage)
        .join(Role, (Role.id == RequestMessage.role_id) & (Role.environment == RequestMessage.environment))
        .where(Role.account_id == account_id)
        .order_by(RequestMessage.id)
        .execution_options(unscoped="a person's own data hold the requests of all environments")
    )
    found: dict[int, list[dict[str, str]]] = {}
    for message in db.session.scalars(query):
        facts = {"kind": message.kind, "text": message.text, "written_at": message.written_at.isoformat()}
        found.setdefault(message.role_id, []).append(facts)
    return found
