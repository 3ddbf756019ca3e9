"""The ledger of limits: counts that hold under race, because each is one conditional UPDATE in the database."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import case, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock, crypto
from portal.database import db
from portal.limits.models import Counter, SpentToken
from portal.limits.rates import Delay, Rate


class TooMany(Exception):
    """A limit is reached; `retry_after` says when it is worth trying again."""

    def __init__(self, name: str, retry_after: timedelta) -> None:
        super().__init__(name)
        self.name, self.retry_after = name, retry_after


def take(rate: Rate, key: str) -> None:
    """Count one; raises TooMany when more than `rate.count` were taken in the window. Commits nothing."""
    count, ends = _increment(rate.name, key, rate.window)
    if count > rate.count:
        raise TooMany(rate.name, ends - clock.now())


def check_delay(delay: Delay, key: str) -> None:
    """Raise TooMany while the key waits after its failures."""
    row = db.session.get(Counter, (delay.name, crypto.blind_indexes("limit", key)[0]), populate_existing=True)
    if row and row.blocked_until and row.blocked_until > clock.now():
        raise TooMany(delay.name, row.blocked_until - clock.now())


def count_failure(delay: Delay, key: str) -> None:
    """Count a failure and set how long the key waits now."""
    count, _ = _increment(delay.name, key, delay.window)
    wait = timedelta(seconds=delay.seconds[min(count, len(delay.seconds)) - 1])
    db.session.execute(
        update(Counter)
        .where(Counter.name == delay.name, Counter.key == crypto.blind_indexes("limit", key)[0])
        .values(blocked_until=clock.now() + wait)
        .execution_options(synchronize_session=False)
    )


def forget(delay: Delay, key: str) -> None:
    """The right answer was given: the key starts anew."""
    db.session.execute(
        delete(Counter)
        .where(Counter.name == delay.name, Counter.key == crypto.blind_indexes("limit", key)[0])
        .execution_options(synchronize_session=False)
    )


def spend(token: str, lifetime: timedelta) -> bool:
    """Use a token once; False when it was used before."""
    values = {"token_hash": crypto.digest(token), "expires_at": clock.now() + lifetime}
    insert = _insert(SpentToken).values(**values).on_conflict_do_nothing()
    # PostgreSQL's driver tells no count for such an insert; what comes back tells it on both databases.
    return db.session.scalar(insert.returning(SpentToken.token_hash)) is not None


def sweep() -> None:
    """Drop counters and tokens whose time is over; run by the periodic job."""
    now = clock.now()
    db.session.execute(delete(Counter).where(Counter.window_ends_at < now))
    db.session.execute(delete(SpentToken).where(SpentToken.expires_at < now))
    db.session.commit()


def _insert(model: type) -> postgresql.Insert | sqlite.Insert:
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(model)


def _increment(name: str, key: str, window: timedelta) -> tuple[int, datetime]:
    now = clock.now()
    values = {
        "name": name,
        "key": crypto.blind_indexes("limit", key)[0],
        "count": 1,
        "window_ends_at": now + window,
    }
    over = Counter.window_ends_at <= now
    statement = (
        _insert(Counter)
        .values(**values)
        .on_conflict_do_update(
            index_elements=[Counter.name, Counter.key],
            set_={
                "count": case((over, 1), else_=Counter.count + 1),
                "window_ends_at": case((over, now + window), else_=Counter.window_ends_at),
            },
        )
    )
    row = db.session.execute(statement.returning(Counter.count, Counter.window_ends_at)).one()
    return row[0], row[1]
