"""Audit events: frozen, ids and codes only."""

from __future__ import annotations

import dataclasses

import pytest

from portal.audit import events
from portal.audit.events import Event


def every_event(parent: type[Event] = Event) -> list[type[Event]]:
    """All events that are recorded: those without children of their own."""
    children = parent.__subclasses__()
    return [parent] if not children else [event for child in children for event in every_event(child)]


EVENTS = sorted(every_event(), key=lambda event: event.__name__)
CODES = {
    "profile": "of a line of document rights, in codes",
    "rights": "codes by document",
    "role": "of an authority",
    "needed": "the method still needed", "step": "the screen", "purpose": "of the challenge",
    "method": "of the sign-in", "reason": "why a session ended", "language": "a language code",
    "action": "an action", "target_kind": "a class name", "kind": "the table of a factor",
    "fields": "names of columns", "listing": "a list that left as a file", "file_format": "csv or xlsx",
    "template": "what Training is filled with",
    "recognised": "how a person was recognised",
    "until": "a day",
    "document": "COI or INTRA", "data_sha256": "of the canonical data", "pdf_sha256": "of a sealed file",
}  # fmt: skip
COUNTS = {"items", "rows_moved", "days", "accounts", "factors_removed", "rows", "version"}
SECRET_WORDS = (
    "password",
    "secret",
    "token",
    "code",
    "number",
    "telephone_number",
    "email",
    "name",
    "address",
    "hash",
)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_an_event_holds_ids_flags_and_words_of_closed_lists_only(event: type[Event]) -> None:
    for field in dataclasses.fields(event):
        is_id = field.type == "int" and (field.name.endswith("_id") or field.name in {"id", *COUNTS})
        assert is_id or field.type == "bool" or (field.type == "str" and field.name in CODES), field.name


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_no_field_of_an_event_is_named_like_a_secret_or_a_person(event: type[Event]) -> None:
    assert not {field.name for field in dataclasses.fields(event)} & set(SECRET_WORDS)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_an_event_fits_its_columns_and_says_what_happened(event: type[Event]) -> None:
    assert len(event.__name__) <= 40
    assert len(event.subject_kind) <= 20
    assert (event.__doc__ or "").rstrip().endswith(".")


def test_an_event_cannot_be_changed_after_it_was_made() -> None:
    event = events.AccountOpened(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        event.subject_id = 2  # type: ignore[misc]
