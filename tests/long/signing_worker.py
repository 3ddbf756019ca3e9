"""A worker that signs until it is killed: started by a test, on the settings of its environment variables."""

from __future__ import annotations

import contextlib
import time
from datetime import timedelta

from sqlalchemy.exc import OperationalError

from portal import create_app
from portal.certificates import sealing
from portal.config import load_settings
from portal.database import db, writes_ahead
from portal.jobs import signing
from portal.printing.printer import Printer

LEASE = timedelta(seconds=20)
"""A killed worker's intents are found again while the test still runs."""
PAUSE_SECONDS = 0.1


def main() -> None:
    """Look and sign, for ever."""
    sealing.LEASE = LEASE
    patient = Printer(seconds=60)
    signing.printer = lambda: patient  # type: ignore[assignment]
    app = create_app(load_settings())
    while True:
        with app.app_context():
            writes_ahead.set(True)
            # A database that is busy too long ends a turn, not the worker: the queue would call again too.
            with contextlib.suppress(OperationalError):
                signing.sign_due()
            db.session.remove()
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main()
