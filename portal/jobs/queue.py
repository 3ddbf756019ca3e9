"""The huey queue, its tasks and its schedule; rows are the truth, tasks only say «look».

What seals PDF files is imported by the worker alone, when there is something to seal: web processes start without it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal import config, delivery
from portal.certificates import warning
from portal.database import db, writes_ahead
from portal.environments.environment import Environment, using
from portal.exchange import importing, training
from portal.identity import deletion, sweeping
from portal.jobs import digesting, expiring, reminding, sealing, working
from portal.jobs import training as training_templates
from portal.limits import ledger
from portal.messages import in_app
from portal.notices import policies
from portal.roles import batches, people

log = structlog.get_logger()
_app: Flask | None = None
_huey: Huey | None = None
_tasks: dict[str, Any] = {}


def register(app: Flask) -> None:
    """Connect the queue; a commit that filled the outbox wakes a worker."""
    connect(app)
    if not event.contains(Session, "after_commit", _after_commit):
        event.listen(Session, "after_commit", _after_commit)


def _after_commit(session: Session) -> None:
    if session.info.pop("outbox_filled", False):
        wake("deliver")
    if session.info.pop("work_begun", False):
        wake("work")
    if session.info.pop("signing_begun", False):
        wake("sign")


def connect(app: Flask) -> Huey:
    """Make the queue of the settings and register the tasks on it."""
    global _app, _huey
    _app, _huey = app, _make(config.current().queue_url)
    working.register(batches.HANDLER, *importing.handlers(), training.HANDLER, warning.HANDLER)
    training_templates.connect()
    _tasks["deliver"] = _huey.task(retries=0, name="deliver")(_deliver)
    _tasks["work"] = _huey.task(retries=0, name="work")(_work)
    _tasks["sign"] = _huey.task(retries=0, name="sign")(_sign)
    _tasks["prolong"] = _huey.task(retries=0, name="prolong")(_prolong)
    _tasks["tick"] = _huey.periodic_task(crontab(minute="*"), name="tick")(_tick)
    _tasks["forms"] = _huey.periodic_task(crontab(minute="*/5"), name="forms")(_make_forms)
    _tasks["sweep"] = _huey.periodic_task(crontab(hour="3", minute="17"), name="sweep")(_sweep)
    return _huey


def huey() -> Huey:
    """The connected queue."""
    assert _huey is not None  # noqa: S101 - connect() is part of create_app
    return _huey


def _make(url: str) -> Huey:
    if url.startswith(("redis://", "rediss://")):
        return RedisHuey("portal", url=url, results=False)
    if url.startswith("postgresql"):
        return PostgresHuey("portal", dsn=url.replace("+psycopg", ""), results=False)
    Path(url).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return SqliteHuey("portal", filename=url, fsync=False, results=False)


def wake(task: str) -> None:
    """Ask a worker to look at the rows; if the queue is away, the schedule finds them within a minute."""
    try:
        _tasks[task]()
    except Exception as error:  # the row is committed and is the truth
        log.warning("queue away", error=type(error).__name__)


def _deliver() -> None:
    _in_app(delivery.deliver_due)


def _work() -> None:
    _in_app(working.run_due)


def _sign() -> None:
    from portal.jobs import signing

    _in_app(signing.sign_due)


def _prolong() -> None:
    from portal.jobs import prolonging

    _in_app(prolonging.prolong_due)


def _erase() -> None:
    from portal.jobs import prolonging

    _in_app(prolonging.erase)


def _renew_lists() -> None:
    from portal.jobs import publishing

    _in_app(publishing.renew_lists)
    _in_app(publishing.warn_of_ends)


def _make_forms() -> None:
    from portal.jobs import outage_forms

    _in_app(outage_forms.make_missing)


def _tick() -> None:
    _in_app(delivery.deliver_due)
    wake("work")
    wake("sign")
    wake("prolong")
    _in_app(sealing.seal)
    _in_app(ledger.sweep)
    _in_app(close_due_accounts)
    _in_app(digesting.send_due)
    _in_app(tell_of_policies)
    _in_app(reminding.remind)
    _in_app(expiring.expire)


def _sweep() -> None:
    _in_app(sweeping.sweep)
    _in_app(sweep_notices)
    _renew_lists()
    _erase()


def tell_of_policies() -> None:
    """The people of each environment learn of other second factors, some hundreds in each transaction."""
    for key in config.ENVIRONMENTS:
        with using(Environment(key)):
            while policies.tell_people():
                pass


def sweep_notices() -> None:
    """Notices of half a year ago go, in each environment."""
    for key in config.ENVIRONMENTS:
        with using(Environment(key)):
            in_app.sweep()


def close_due_accounts() -> int:
    """Close the accounts whose waiting time is over: roles first, in each environment, then the person's data."""
    closed = 0
    for account_id in deletion.due():
        try:
            closed += _close(account_id)
        except Exception as error:  # one account that cannot be closed must not keep the others open
            db.session.rollback()
            log.error("account not closed", account=account_id, exc_info=error)
    return closed


def _close(account_id: int) -> bool:
    if not deletion.seize(account_id):
        return False
    for key in config.ENVIRONMENTS:
        with using(Environment(key)):
            people.end_roles(account_id)
            in_app.forget(account_id)
            db.session.commit()
    return deletion.close(account_id)


def _in_app(work: Any) -> None:
    assert _app is not None  # noqa: S101
    with _app.app_context():
        writes_ahead.set(True)
        work()


def work() -> None:
    """Run tasks until told to stop: two threads that look twice a second, and the schedule."""
    consumer = huey().create_consumer(
        workers=2, worker_type="thread", periodic=True, initial_delay=0.1, backoff=1.2, max_delay=0.5
    )
    wake("deliver")
    wake("work")
    wake("sign")
    consumer.run()
