"""Files that are sent, and the work over them, for tests of what comes in."""

from __future__ import annotations

import io
from datetime import timedelta

from portal import clock
from portal.access.actor import Actor
from portal.database import db
from portal.exchange import importing, reporting
from portal.exchange.formats import Format, Kind
from portal.jobs import working
from portal.work.models import Work
from tests.makers.works import work_now


def a_file(form: Format, *rows: dict[str, str]) -> io.BytesIO:
    """A CSV file of these rows."""
    lines = [";".join(form.names)]
    lines += [";".join(row.get(name, "") for name in form.names) for row in rows]
    return io.BytesIO("\n".join(lines).encode())


def run(work: Work) -> Work:
    """The work after the worker has done it."""
    work_id = work.id
    db.session.expunge_all()
    working.run_due()
    return work_now(work_id)


def checked(kind: Kind, organisation_id: int, actor: Actor, *rows: dict[str, str]) -> Work:
    """A file of these rows after its check."""
    clock.advance(timedelta(minutes=1))  # the same file in the same minute is a button pressed twice
    file = a_file(importing.REGISTERS[kind].form, *rows)
    return run(importing.begin_check(kind, organisation_id, file, actor))


def imported(kind: Kind, organisation_id: int, actor: Actor, *rows: dict[str, str]) -> Work:
    """A file of these rows after its import."""
    return run(importing.begin_import(checked(kind, organisation_id, actor, *rows).id, actor))


def words(work: Work) -> list[str]:
    """What became of the rows, in their order."""
    return [line.word for line in reporting.lines_of(work.id)]
