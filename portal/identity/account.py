"""What people set for their own account, beside passwords and factors."""

from __future__ import annotations

from portal.access.actions import Action
from portal.access.actor import Actor, OwnAccount
from portal.access.authorise import authorise
from portal.audit import events, trail
from portal.database import db
from portal.identity.models import Account


def keep_language(language: str, actor: Actor) -> None:
    """Mails and text messages come in that language from now on; `language` is a served one."""
    authorise(actor, Action.LANGUAGE_KEEP, OwnAccount(actor.account_id))
    account = db.session.get_one(Account, actor.account_id)
    account.language = language
    trail.record(events.LanguageKept(account.id, language), actor)
    db.session.commit()
