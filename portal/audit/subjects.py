"""Whom an event is about: the organisation and the person, taken from the fields every event names alike."""

from __future__ import annotations

from dataclasses import dataclass

from portal.audit.events import Event


@dataclass(frozen=True)
class Concerned:
    """The organisation and the person an event is about, by their numbers; None where there is none."""

    organisation_id: int | None
    account_id: int | None


def concerned_by(event: Event) -> Concerned:
    """The subject itself where it is one of the two, else what the event's fields name."""
    organisation = getattr(event, "organisation_id", None)
    account = getattr(event, "account_id", None)
    return Concerned(
        event.subject_id if event.subject_kind == "organisation" else organisation,
        event.subject_id if event.subject_kind == "account" else account,
    )
