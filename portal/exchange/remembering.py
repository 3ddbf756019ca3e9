"""What many rows of one transaction ask again and again, asked once; forgotten with the transaction."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from portal.database import db
from portal.environments import environment

Answer = TypeVar("Answer")


def remembered(question: Hashable, ask: Callable[[], Answer]) -> Answer:
    """The answer given earlier in this transaction and environment, else the one of `ask`; values only, no rows."""
    session = db.session()
    here = session.get_transaction(), environment.current()
    transaction, answers = session.info.get("remembered", (None, {}))
    if transaction != here:
        answers = {}
        session.info["remembered"] = here, answers
    if question not in answers:
        answers[question] = ask()
    return answers[question]
