"""Numbers that an organisation keeps for its people on duty (S0): listed, changed, taken off, reported lost."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from portal import clock, crypto
from portal.access.actions import Action
from portal.access.actor import Actor, OwnOrganisation
from portal.access.authorise import Hidden, authorise
from portal.audit import events, factor_events, trail
from portal.database import db, rows_changed
from portal.environments import environment
from portal.identity import challenges, factors, queries
from portal.identity.factor_models import DutyPhone
from portal.identity.factors import NotThere
from portal.identity.models import Account, Challenge, SignIn, Telephone
from portal.identity.states import ChallengeState, EndReason, SignInState, SuspensionReason
from portal.identity.suspending import Circumstances, suspend_everywhere
from portal.messages import outbox, security_notices
from portal.vocabulary import Method


@dataclass(frozen=True)
class ListedPhone:
    """A duty phone as typed: E.164 number, place and holder of a hundred characters at most."""

    number: str
    place: str
    holder: str


class AlreadyListed(Exception):
    """The organisation has this number on its list."""


class AlreadyLost(Exception):
    """Somebody was faster and reported it."""


def of_organisations(ids: Collection[int]) -> Sequence[DutyPhone]:
    """The lists of these organisations of the current environment, by place."""
    here = DutyPhone.environment_key == environment.current().value, DutyPhone.lost_at.is_(None)
    query = select(DutyPhone).where(*here, DutyPhone.organisation_id.in_(list(ids)))
    return db.session.scalars(query.order_by(DutyPhone.place, DutyPhone.id)).all()


def suggested(organisations: Collection[tuple[str, int]]) -> list[tuple[DutyPhone, str]]:
    """The duty phones of these organisations (environment, id) with their numbers: what a member may choose from."""
    found: list[DutyPhone] = []
    for key, number in sorted(set(organisations)):
        own = (
            DutyPhone.environment_key == key,
            DutyPhone.organisation_id == number,
            DutyPhone.lost_at.is_(None),
        )
        found += db.session.scalars(select(DutyPhone).where(*own).order_by(DutyPhone.place)).all()
    return [(row, crypto.unseal("telephone", row.number_sealed)) for row in found]


def put(organisation_id: int, wish: ListedPhone, actor: Actor) -> DutyPhone:
    """Put a number on the list. Raises AlreadyListed, CountryNotServed."""
    authorise(actor, Action.DUTY_PHONE_KEEP, OwnOrganisation(organisation_id))
    challenges.check_country(wish.number)
    row = DutyPhone(
        environment_key=environment.current().value, organisation_id=organisation_id, place=wish.place,
        holder=wish.holder, number_sealed=crypto.seal("telephone", wish.number),
        number_index=crypto.blind_indexes("telephone", wish.number)[0], last_digits=wish.number[-2:],
        added_at=clock.now(), added_by=actor.account_id,
    )  # fmt: skip
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise AlreadyListed from None
    trail.record(factor_events.DutyPhoneListed(row.id, organisation_id), actor)
    db.session.commit()
    return row


def kept(duty_phone_id: int, actor: Actor) -> DutyPhone:
    """One of the list of an organisation the actor administers here; raises NotThere, Hidden, Refused."""
    row = db.session.get(DutyPhone, duty_phone_id)
    if row is None or row.environment_key != environment.current().value or row.lost_at is not None:
        raise NotThere
    place = OwnOrganisation(row.organisation_id)
    if all(role.organisation_id != row.organisation_id for role in actor.roles):
        raise Hidden(Action.DUTY_PHONE_KEEP, place)
    authorise(actor, Action.DUTY_PHONE_KEEP, place)
    return row


def change(duty_phone_id: int, place: str, holder: str, actor: Actor) -> None:
    """Another place or holder."""
    row = kept(duty_phone_id, actor)
    row.place, row.holder = place, holder
    trail.record(factor_events.DutyPhoneListed(row.id, row.organisation_id), actor)
    db.session.commit()


def take_off(duty_phone_id: int, actor: Actor) -> None:
    """No longer on the list; accounts that have the number keep it."""
    row = kept(duty_phone_id, actor)
    gone = delete(DutyPhone).where(DutyPhone.id == row.id, DutyPhone.lost_at.is_(None))
    if rows_changed(db.session.execute(gone)) == 0:
        raise NotThere
    trail.record(factor_events.DutyPhoneUnlisted(duty_phone_id, row.organisation_id), actor)
    db.session.commit()


def report_lost(duty_phone_id: int, members: Collection[int], actor: Actor) -> int:
    """Withdraw the number from all these members at once; who has nothing else is suspended. Returns how many had it.

    One conditional UPDATE decides who reports it; raises AlreadyLost, NotThere.
    """
    row = kept(duty_phone_id, actor)
    lost = update(DutyPhone).where(DutyPhone.id == row.id, DutyPhone.lost_at.is_(None))
    if not rows_changed(db.session.execute(lost.values(lost_at=clock.now(), lost_by=actor.account_id))):
        db.session.rollback()
        raise AlreadyLost
    indexes = crypto.blind_indexes("telephone", crypto.unseal("telephone", row.number_sealed))
    having = Telephone.number_index.in_(indexes), Telephone.account_id.in_(list(members))
    found = db.session.scalars(select(Telephone).where(*having).order_by(Telephone.account_id)).all()
    for telephone in found:
        _withdraw(telephone, row, actor)
    trail.record(factor_events.DutyPhoneLost(row.id, row.organisation_id, len(found)), actor)
    db.session.commit()
    return len(found)


def _withdraw(telephone: Telephone, row: DutyPhone, actor: Actor) -> None:
    account = factors.locked_account(telephone.account_id)
    db.session.execute(delete(Telephone).where(Telephone.id == telephone.id))
    trail.record(events.TelephoneRemoved(account.id, telephone.id), actor)
    _end_open_codes(telephone)
    _end_text_message_sessions(account)
    is_shut_out = not queries.has_factor(account.id)
    if is_shut_out:
        suspend_everywhere(account.id, SuspensionReason.LOST_PHONE, Circumstances(1))
    notice = security_notices.DutyPhoneLostNotice(
        account.first_name, account.last_name, row.place, row.last_digits, is_shut_out
    )
    outbox.put(notice, outbox.Recipient(account.email, account.language, account.id))


def _end_open_codes(telephone: Telephone) -> None:
    # A code under way would still open what asks for it in a session that another factor opened.
    sent = Challenge.telephone_id == telephone.id, Challenge.state == ChallengeState.OPEN
    db.session.execute(update(Challenge).where(*sent).values(state=ChallengeState.DEAD.value))


def _end_text_message_sessions(account: Account) -> None:
    # Whoever has the phone may sit in a session that it opened.
    theirs = SignIn.account_id == account.id, SignIn.method == Method.SMS, SignIn.state != SignInState.ENDED
    ended = {"state": SignInState.ENDED, "ended_at": clock.now(), "end_reason": EndReason.LOST_PHONE.value}
    db.session.execute(update(SignIn).where(*theirs).values(**ended))
