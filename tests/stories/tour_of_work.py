"""A walk past long work: batches, files that come in, their progress and results, Training made anew."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playwright.sync_api import expect

from tests.stories.acts import signs_in_with_sms
from tests.stories.hands import Someone, goes_to, presses
from tests.stories.people import Meet, member_of, somebody

Stations = Iterator[tuple[str, Someone]]
OFFICE = "demo/FR/CCA"
ROWS = "reference;name;street;city;country;telephone;section;activity;responsible_code\n"


def pages_of_work(meet: Meet, language: str) -> Stations:
    """Every page of the journeys batches, exchange and work."""
    chief = somebody(meet, language, "+46701740661", email="travaux@agri.example", last_name="Travaux")
    member_of(chief, OFFICE, administrator=True)
    signs_in_with_sms(chief, "/production/work")
    yield "work-none", chief
    yield from _pages_of_files(chief)
    yield from _pages_of_a_batch(chief)
    yield from _pages_of_a_reset(meet(language, "commission"))


def _pages_of_files(who: Someone) -> Stations:
    goes_to(who, "/production/exchange")
    yield "exchange", who
    goes_to(who, "/production/exchange/operators")
    yield "exchange-upload", who
    presses(who, "Check the rows")
    yield "exchange-upload-refused", who
    rows = "R1;Ferme du Fichier;Rue 1;Paris;FR;+33 1 55 01 02 03;IMP;animal_importer;\nR2;Vide;;;FR;;IMP;x;\n"
    brings(who, ROWS + rows)
    yield "exchange-checked", who


def brings(who: Someone, text: str) -> None:
    """A file of rows, and the page once they are looked at."""
    file = {"name": "rows.csv", "mimeType": "text/csv", "buffer": text.encode()}
    who.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    presses(who, "Check the rows")
    waits_for_the_end(who)


def waits_for_the_end(who: Someone) -> None:
    """Until the page of the work has reloaded itself for the last time."""
    who.page.wait_for_url(re.compile(r"/(work|exchange)/\d+$"))
    expect(who.page.locator("[data-wait-url]")).to_have_count(0, timeout=60_000)


def _pages_of_a_batch(who: Someone) -> Stations:
    goes_to(who, "/production/validation")
    who.page.locator("tbody input.tick").first.check()
    who.page.locator("button[value='reject']").click()
    yield "batch-reject", who
    who.page.locator("main form button.button--danger").click()
    yield "batch-reject-refused", who
    who.page.locator("main input[type=radio]").first.check()
    who.page.locator("main form button.button--danger").click()
    waits_for_the_end(who)
    yield "work-ended", who
    goes_to(who, "/production/work")
    yield "work", who


def _pages_of_a_reset(who: Someone) -> Stations:
    signs_in_with_sms(who, "/training/exchange/training")
    yield "training-reset", who
