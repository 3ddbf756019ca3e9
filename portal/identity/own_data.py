"""Everything the identity half keeps about a person, as plain data for the person; never a secret, never a number."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from portal.access.actions import Action
from portal.access.actor import Actor, OwnAccount
from portal.access.authorise import authorise
from portal.audit import factor_events, trail
from portal.audit.models import AuditEvent
from portal.database import db
from portal.identity import queries
from portal.identity.factor_models import Eid, EmailChange, NameChange, RecoveryCode, Suspension
from portal.identity.models import Account, SignIn
from portal.messages import preferences
from portal.messages.models import OutgoingMessage

Rows = list[dict[str, Any]]


def own_data(roles: Rows, actor: Actor) -> dict[str, Any]:
    """The content of the file, with `roles` as the roles give them; recorded, because it leaves the house."""
    authorise(actor, Action.PERSONAL_DATA_EXPORT, OwnAccount(actor.account_id))
    account = db.session.get_one(Account, actor.account_id)
    content = {
        "account": _of(account, "username", "email", "first_name", "last_name", "language", "state", "created_at",
                       "last_sign_in_at", "always_second_factor", "sign_in_notices", "show_details", "recovered_at",
                       "deletion_due_at"),
        "factors": _factors(account.id),
        "sessions": _all(SignIn, account.id, "begun_at", "last_seen_at", "ended_at", "end_reason", "method",
                         "assurance", "network", "browser", "environment_key"),
        "names": _all(NameChange, account.id, "old_first_name", "old_last_name", "new_first_name", "new_last_name",
                      "changed_at", "confirmed_at"),
        "addresses": _all(EmailChange, account.id, "old_email", "new_email", "asked_at", "confirmed_at", "undone_at"),
        "suspensions": _all(Suspension, account.id, "environment_key", "reason", "suspended_at", "factors_removed",
                            "network", "browser", "lifted_at", "recognised"),
        "receives-mails": not preferences.is_mail_unwanted(account.id),
        "roles": roles,
        "messages": _all(OutgoingMessage, account.id, "name", "channel", "environment", "put_at", "sent_at"),
        "events": _events(account.id),
    }  # fmt: skip
    trail.record(factor_events.PersonalDataExported(account.id), actor)
    db.session.commit()
    return content


def _factors(account_id: int) -> Rows:
    kinds: list[tuple[str, Any, tuple[str, ...]]] = [
        ("telephone", queries.telephones_of(account_id), ("last_digits", "added_at", "last_used_at")),
        ("phone-app", queries.devices_of(account_id), ("name", "state", "added_at", "last_used_at")),
        ("authenticator-app", queries.authenticators_of(account_id), ("name", "added_at", "last_used_at")),
        (
            "security-key",
            queries.every_security_key_of(account_id),
            ("name", "added_at", "last_used_at", "stopped_at"),
        ),
        ("eid", _rows(Eid, account_id), ("provider", "issuer", "level", "added_at", "last_used_at")),
        ("recovery-code", _rows(RecoveryCode, account_id), ("made_at", "used_at")),
    ]
    return [{"kind": kind, **_of(row, *names)} for kind, rows, names in kinds for row in rows]


def _events(account_id: int) -> Rows:
    about = (AuditEvent.subject_kind == "account") & (AuditEvent.subject_id == account_id)
    query = (
        select(AuditEvent)
        .where(or_(AuditEvent.actor_account_id == account_id, about))
        .order_by(AuditEvent.id)
    )
    names = ("occurred_at", "environment", "name", "subject_kind", "subject_id")
    return [_of(row, *names) for row in db.session.scalars(query)]


def _rows(model: Any, account_id: int) -> list[Any]:
    return list(db.session.scalars(select(model).where(model.account_id == account_id).order_by(model.id)))


def _all(model: Any, account_id: int, *names: str) -> Rows:
    return [_of(row, *names) for row in _rows(model, account_id)]


def _of(row: object, *names: str) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()
    }
