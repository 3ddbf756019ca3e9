"""Numbers of certificates: drafts by chance, official ones in a series, and the code that stands beside them."""

from __future__ import annotations

import secrets
from zoneinfo import ZoneInfo

from sqlalchemy.dialects import postgresql, sqlite

from portal import clock, config, crypto
from portal.certificates.models import NumberSeries
from portal.database import db
from portal.environments import environment
from portal.environments.environment import Environment

PREFIXES = {Environment.PRODUCTION: "", Environment.ACCEPTANCE: "ACC.", Environment.TRAINING: "TRN."}
DEMO = "DEMO."
DRAFT_LETTERS = 10
CODE_LETTERS = 16
GROUP = 4
DIGITS = 7
TYPED_AT_MOST = 40
SERIES = ("environment", "document", "country", "year")


def prefix() -> str:
    """What stands before every number that is not one of Production: nobody takes it for a real one."""
    demo = DEMO if config.current().is_demo else ""
    return demo + PREFIXES[environment.current()]


def draft_number() -> str:
    """`DRAFT-K7M3P-Q9XAB`: by chance, so that it says nothing of how many there are."""
    letters = crypto.as_code(secrets.token_bytes(32), DRAFT_LETTERS)
    half = DRAFT_LETTERS // 2
    return f"{prefix()}DRAFT-{letters[:half]}-{letters[half:]}"


def series(document: str, country: str) -> str:
    """`INTRA.FR.2026.`: how the next official number of this year begins."""
    year = clock.now().astimezone(ZoneInfo(config.current().time_zone)).year
    return f"{prefix()}{document}.{country}.{year}."


def next_number(document: str, country: str, year: int) -> str:
    """`INTRA.FR.2026.0000123`: the next of its series, in the caller's transaction; what is taken and not used is a
    gap, which the intent to sign explains. Commits nothing."""
    values = {"document": document, "country": country, "year": year, "last": 1}
    statement = _insert().on_conflict_do_update(
        index_elements=list(SERIES), set_={"last": NumberSeries.last + 1}
    )
    last = db.session.scalar(statement.returning(NumberSeries.last), values)
    return f"{prefix()}{document}.{country}.{year}.{last:0{DIGITS}}"


def _insert() -> postgresql.Insert | sqlite.Insert:
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(NumberSeries)


def verification_code() -> str:
    """Sixteen of the 31 letters, as they are kept: 79 bits that only the holder of the paper has."""
    return crypto.as_code(secrets.token_bytes(32), CODE_LETTERS)


def grouped(code: str) -> str:
    """The code as people read it: `ABCD-EFGH-…`."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def meant(typed: str) -> list[str]:
    """The numbers that somebody may mean: with or without what stands before it here, and its leading zeros."""
    text = "".join(typed.split()).upper()[:TYPED_AT_MOST].replace("\0", "")
    head, dot, last = text.rpartition(".")
    whole = f"{head}{dot}{last.zfill(DIGITS)}" if last.isascii() and last.isdecimal() else text
    return sorted({text, whole, prefix() + text, prefix() + whole})
