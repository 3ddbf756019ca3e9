"""How people want to be told: mail at once, once a day, or none, for each group and environment."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, literal, select, union_all, update
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor, OwnAccount
from portal.access.authorise import authorise
from portal.audit import notice_events, trail
from portal.database import db, rows_changed
from portal.messages.groups import CHOSEN_GROUPS, Group, MailChoice
from portal.messages.notice_models import InAppNotice, MailPreference, UnwantedMail


def choices_for(account_ids: Collection[int], group: Group) -> dict[int, MailChoice]:
    """What each of these people chose for that group in the current environment; at once where nothing was chosen.

    One statement however many they are; who wants no mail from any environment gets none.
    """
    chosen = select(MailPreference.account_id, MailPreference.mail).where(
        MailPreference.account_id.in_(account_ids), MailPreference.event_group == group
    )
    unwanted = select(UnwantedMail.account_id, literal(MailChoice.NONE.value)).where(
        UnwantedMail.account_id.in_(account_ids)
    )
    found = dict.fromkeys(account_ids, MailChoice.AT_ONCE)
    for account_id, mail in db.session.execute(union_all(chosen, unwanted)):
        if found[account_id] is not MailChoice.NONE:
            found[account_id] = MailChoice(mail)
    return found


def choices_of(account_id: int) -> dict[Group, MailChoice]:
    """What that person chose in the current environment, for every group there is a choice in."""
    own = MailPreference.account_id == account_id
    rows = db.session.execute(select(MailPreference.event_group, MailPreference.mail).where(own))
    chosen = {group: MailChoice(mail) for group, mail in rows}
    return {group: chosen.get(group, MailChoice.AT_ONCE) for group in CHOSEN_GROUPS}


def is_mail_unwanted(account_id: int) -> bool:
    """Whether the person wants no mail from any environment."""
    found = select(UnwantedMail.account_id).where(UnwantedMail.account_id == account_id)
    return db.session.scalar(found) is not None


def keep(choices: Mapping[Group, MailChoice], actor: Actor) -> None:
    """Keep the choices for the current environment; what waited for a mail that is wanted no more waits no more."""
    authorise(actor, Action.NOTICE_CONFIGURE, OwnAccount(actor.account_id))
    wanted = {group: choices[group] for group in CHOSEN_GROUPS if group in choices}
    for group, choice in wanted.items():
        _put(actor.account_id, group, choice)
    _let_go(actor.account_id, [group for group, choice in wanted.items() if choice is MailChoice.NONE])
    trail.record(notice_events.MailPreferencesKept(actor.account_id), actor)
    db.session.commit()


def _put(account_id: int, group: Group, choice: MailChoice) -> None:
    own = MailPreference.account_id == account_id, MailPreference.event_group == group
    change = update(MailPreference).where(*own).values(mail=choice.value)
    change = change.execution_options(synchronize_session=False)
    if rows_changed(db.session.execute(change)):
        return
    try:
        with db.session.begin_nested():
            db.session.add(MailPreference(account_id=account_id, event_group=group.value, mail=choice.value))
    except IntegrityError:  # another window was faster: its row takes the choice
        db.session.execute(change)


def _let_go(account_id: int, groups: list[Group]) -> None:
    db.session.execute(
        update(InAppNotice)
        .where(InAppNotice.account_id == account_id, InAppNotice.event_group.in_(groups))
        .where(InAppNotice.mail_due)
        .values(mail_due=False)
        .execution_options(synchronize_session=False)
    )


def want_mail(account_id: int, *, wanted: bool) -> None:
    """Keep the choice of «My Account» for all environments. Commits nothing."""
    if wanted:
        db.session.execute(delete(UnwantedMail).where(UnwantedMail.account_id == account_id))
    elif not is_mail_unwanted(account_id):
        db.session.add(UnwantedMail(account_id=account_id, since=clock.now()))
