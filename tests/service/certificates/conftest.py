"""A printer that all tests share; generous with time, since two cores may be busy with other tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.jobs import signing as worker
from portal.printing.printer import Printer


@pytest.fixture(scope="session", autouse=True)
def _patient_printer() -> Iterator[None]:
    one, before = Printer(seconds=60), worker.printer
    worker.printer = lambda: one  # type: ignore[assignment]
    yield
    worker.printer = before
    one.close()
