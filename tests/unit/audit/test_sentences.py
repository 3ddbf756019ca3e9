"""Every event that can be recorded has its sentence on the page of the audit trail."""

from __future__ import annotations

import importlib
import pkgutil

from portal import audit
from portal.audit.events import Event, OperatorValidated, RoleRequested, SignedIn
from portal.audit.subjects import Concerned, concerned_by
from portal.web import trail_words


def names(parent: type[Event]) -> set[str]:
    """All events below one that have no children of their own."""
    children = parent.__subclasses__()
    return {parent.__name__} if not children else set().union(*map(names, children))


def test_every_event_has_a_sentence_and_every_sentence_an_event() -> None:
    for module in pkgutil.iter_modules(audit.__path__):
        if module.name.endswith("events"):
            importlib.import_module(f"portal.audit.{module.name}")
    assert names(Event) == set(trail_words.SENTENCES)


def test_no_two_events_have_the_same_sentence() -> None:
    texts = [str(text) for text in trail_words.SENTENCES.values()]
    assert len(set(texts)) == len(texts)


def test_whom_an_event_is_about_is_taken_from_the_event_itself() -> None:
    assert concerned_by(RoleRequested(1, 7, 3)) == Concerned(organisation_id=3, account_id=7)
    assert concerned_by(OperatorValidated(5)) == Concerned(organisation_id=5, account_id=None)
    assert concerned_by(SignedIn(4, "sms", 2)) == Concerned(organisation_id=None, account_id=4)
