"""No tool finds a fault in any page in German: axe, the Nu HTML checker, narrow screens, the console."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.inspection import Inspection
from tests.stories.people import Meet

pytestmark = pytest.mark.browser
PAGES_AT_LEAST = 60


def test_no_tool_finds_a_fault_in_any_page(meet: Meet, tmp_path: Path) -> None:
    inspection = Inspection(tmp_path)
    faults = inspection.of_every_page(meet, "de")
    assert not faults, "\n".join(faults)
    assert inspection.pages >= PAGES_AT_LEAST
