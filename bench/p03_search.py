"""P3: the operator search over a million operators, against the quickest SQL by hand on the same connection.

Each question is measured by the statements that the search sends, over the driver as the baseline; all of them together
once more as pages call it, with the objects that Python makes of the rows.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from typing import Any

from sqlalchemy import event

from bench import servers
from bench.handwritten import Question, Statement, ask, candidates
from bench.measuring import Figure, at_most, in_turn
from bench.registers import LARGEST, Register, opened
from bench.run import Run
from portal import create_app
from portal.config import load_settings
from portal.database import db, writes_ahead
from portal.environments.environment import Environment, using
from portal.organisations.search import OperatorSearch, search_operators
from portal.paging import Place

ENGINES = ("sqlite", "postgresql")
GOAL = at_most(1.3)
SECONDS = 0.15
Act = Callable[[], object]
Sent = tuple[str, Any]
QUESTIONS = (
    Question("beginning of a name", OperatorSearch("FR", text="va")),
    Question("frequent part of a name", OperatorSearch("FR", text="brune")),
    Question("rare words", OperatorSearch("FR", text="hautfleurie champvigne lyon")),
    Question("accents and capitals", OperatorSearch("FR", text="ÉLEVAGE Aubemirel")),
    Question("Greek letters", OperatorSearch("GR", text="Αγρολόφος Νεολιμάνι")),
    Question("Cyrillic letters", OperatorSearch("BG", text="Белополян")),
    Question("EORI number", OperatorSearch("FR", text="FRDEMO0004211")),
    Question("section and activity, frequent", OperatorSearch("FR", "BOV-EST", "bovine_establishment")),
    Question("section and activity, rare", OperatorSearch("FR", "ABP-FERT", "establish_ofsibu")),
    Question("nothing found, unknown word", OperatorSearch("FR", text="qwxzkw")),
    Question("nothing found, known words", OperatorSearch("FR", text="aubebrune belopolyan")),
    Question("deep page", OperatorSearch("FR"), after=("s", 0)),
    Question("deep page of a frequent word", OperatorSearch("FR", text="brune"), after=("s", 0)),
)


def measure(_run: Run) -> list[Figure]:
    """Wall clock of one search and of the same by hand, question by question, on both databases."""
    with opened() as registers:
        return [figure for engine in ENGINES for figure in _on(registers.get(engine, LARGEST))]


@contextlib.contextmanager
def inside(register: Register) -> Iterator[None]:
    """That register, its Production, only read."""
    variables = servers.demo_variables(register.instance, servers.free_port(), **register.variables)
    app = create_app(load_settings(variables))
    with app.app_context(), using(Environment.PRODUCTION):
        writes_ahead.set(False)
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def _on(register: Register) -> Iterator[Figure]:
    with inside(register):
        cursor = db.session.connection().connection.cursor()
        if register.engine == "postgresql":
            cursor.execute(
                "SET plan_cache_mode = force_custom_plan"
            )  # a kept plan would slow the baseline down
        pairs = [_pair(cursor, question, register.engine) for question in QUESTIONS]
        for question, (ours, theirs) in zip(QUESTIONS, pairs, strict=True):
            sent = partial(_replay, cursor, _sent_by(ours))
            name = f"{question.name}, {register.engine}"
            yield in_turn("P3", name, "ms", GOAL, partial(_each, sent), partial(_each, theirs))
        whole, by_hand = (partial(_all_of, side) for side in zip(*pairs, strict=True))
        name = f"mean of all questions with the objects made of the rows, {register.engine}"
        yield in_turn("P3", name, "ms", GOAL, whole, by_hand)


def _pair(cursor: Any, question: Question, engine: str) -> tuple[Act, Act]:
    place = Place(after=f"{question.after[1]}.{question.after[0]}") if question.after else Place()
    ours = partial(_ours, question.wanted, place)
    theirs = partial(ask, cursor, _quickest(cursor, question, engine), engine)
    assert ours() == theirs(), f"{question.name}: the two find different rows"
    return ours, theirs


def _all_of(acts: tuple[Act, ...]) -> float:
    return sum(_each(act, SECONDS / 4) for act in acts) / len(acts)


def _sent_by(act: Act) -> list[Sent]:
    """The statements that one call sends, with their parameters."""
    sent: list[Sent] = []

    def keep(*what: Any) -> None:
        sent.append((what[2], what[3]))

    event.listen(db.engine, "before_cursor_execute", keep)
    act()
    event.remove(db.engine, "before_cursor_execute", keep)
    return sent


def _replay(cursor: Any, sent: list[Sent]) -> None:
    for statement, parameters in sent:
        cursor.execute(statement, parameters)
        if cursor.description:
            cursor.fetchall()


def _ours(wanted: OperatorSearch, place: Place) -> int:
    page = search_operators(wanted, place)
    # The page of the list keeps one row back, which only says that there is a next page.
    rows = len(page.rows) + (page.next_key is not None)
    db.session.expunge_all()
    return rows


def _quickest(cursor: Any, question: Question, engine: str) -> Statement:
    ways = candidates(question, engine)
    times = {number: _time(cursor, way, engine) for number, way in enumerate(ways)}
    return ways[min(times, key=lambda number: times[number])]


def _time(cursor: Any, statement: Statement, engine: str) -> float:
    act = partial(ask, cursor, statement, engine)
    act()
    return median(_each(act, 0.0) for _round in range(3))


def _each(act: Act, seconds: float = SECONDS) -> float:
    """Milliseconds of one call, over so many seconds."""
    began, count = time.perf_counter(), 0
    while count == 0 or time.perf_counter() - began < seconds:
        act()
        count += 1
    return (time.perf_counter() - began) / count * 1000
