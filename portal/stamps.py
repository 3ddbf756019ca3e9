"""The stamps of a database: its mode, so that production refuses one made for the demo, and what was loaded."""

from __future__ import annotations

from portal.database import db
from portal.reference.models import DataStamp


class WrongMode(Exception):
    """The database was made for the other mode."""


def set_mode(mode: str) -> None:
    """Stamp a fresh database; raises WrongMode for one of the other mode."""
    row = db.session.get(DataStamp, "mode")
    if row is None:
        db.session.add(DataStamp(name="mode", value=mode))
        db.session.commit()
    elif row.value != mode:
        raise WrongMode(f"the database is stamped {row.value}: {mode} does not start on it")


def check_mode(mode: str) -> None:
    """Raise WrongMode unless the database is stamped with the mode."""
    row = db.session.get(DataStamp, "mode")
    if row is None or row.value != mode:
        stamped = row.value if row else "nothing"
        raise WrongMode(f"the database is stamped {stamped}: {mode} does not start on it")


def is_loaded(name: str) -> bool:
    """Whether that set of data was loaded whole."""
    return db.session.get(DataStamp, f"loaded-{name}") is not None


def set_loaded(name: str) -> None:
    """Remember that it was."""
    db.session.merge(DataStamp(name=f"loaded-{name}", value="yes"))
    db.session.commit()
