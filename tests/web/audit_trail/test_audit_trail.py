"""Pages of the audit trail: search within one's own scope, daily roots, the file that proves itself."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from portal import clock
from portal.audit import events, trail
from portal.audit.models import AuditEvent
from portal.database import db
from portal.identity.models import Account
from portal.jobs import sealing
from portal.organisations.models import Organisation
from tests.makers.identity import an_actor, sign_in_browser
from tests.makers.organisations import Country, a_country, an_authority, an_operator
from tests.makers.roles import a_member, a_person
from tests.page import Page, PageClient

pytestmark = pytest.mark.usefixtures("production")
TRAIL = "/production/audit-trail"


@pytest.fixture
def country() -> Country:
    """Belgium."""
    return a_country()


@pytest.fixture
def operator(country: Country) -> Organisation:
    """An operator below the local authority."""
    return an_operator("Fret Exemple", responsible=country.local, code="BE-FRET")


def recorded(organisation: Organisation, person: Account, actor: Account) -> None:
    """A role was asked for and validated, and both are sealed."""
    trail.record(events.RoleRequested(1, person.id, organisation.id), an_actor(person.id))
    trail.record(events.RoleValidated(1, person.id, organisation.id, administrator=False), an_actor(actor.id))
    db.session.commit()
    sealing.seal()


def rows(page: Page) -> list[str]:
    """What was done, row by row."""
    return [cell.text_content().strip() for cell in page.tree.xpath("//tbody/tr/td[2]")]


def test_administrators_see_their_own_organisation_and_authorities_all_below_them(
    browser_of: Callable[[], PageClient], country: Country, operator: Organisation
) -> None:
    other = an_operator("Autre Exemple", responsible=country.regional)
    chief, requester = a_member(operator, administrator=True, first_name="Camille"), a_person("Dominique")
    local, central = (
        a_member(country.local, administrator=True),
        a_member(country.central, administrator=True),
    )
    stranger = a_member(other, administrator=True)
    abroad = a_member(an_authority("Abroad", country="FR"), administrator=True)
    recorded(operator, requester, local)
    for person, expected in ((chief, 2), (local, 2), (central, 2), (stranger, 0), (abroad, 0)):
        page = sign_in_browser(browser_of(), person).get(TRAIL)
        assert page.status == 200
        assert len(rows(page)) == expected, person.username
        if expected:
            assert rows(page) == ["Validated a role", "Asked for a role"]
            assert "Dominique Modele" in page.text
            assert "Fret Exemple" in page.text


def test_colleagues_without_the_flag_see_nothing(visitor: PageClient, operator: Organisation) -> None:
    assert sign_in_browser(visitor, a_member(operator)).get(TRAIL).status == 403


def test_the_commission_sees_everything_and_the_events_of_accounts_apart(
    visitor: PageClient, country: Country, operator: Organisation
) -> None:
    person = a_person("Dominique")
    recorded(operator, person, person)
    commission = sign_in_browser(visitor, a_member(country.commission))
    assert len(rows(commission.get(TRAIL))) == 2
    found = commission.get(f"{TRAIL}?accounts=y&action=AccountOpened")
    assert found.status == 200
    assert "Validated a role" not in rows(found)


def test_an_administrator_cannot_ask_for_the_events_of_accounts(
    visitor: PageClient, operator: Organisation
) -> None:
    chief = a_member(operator, administrator=True)
    recorded(operator, chief, chief)
    page = sign_in_browser(visitor, chief).get(f"{TRAIL}?accounts=y")
    assert rows(page) == ["Validated a role", "Asked for a role"]


def test_filters_narrow_by_person_action_organisation_and_day(
    visitor: PageClient, country: Country, operator: Organisation
) -> None:
    other = an_operator("Autre Exemple", responsible=country.local, code="BE-AUTRE")
    one, two = a_person("Dominique", email="dominique@agri.example"), a_person("Alix")
    recorded(operator, one, two)
    recorded(other, two, two)
    browser = sign_in_browser(visitor, a_member(country.local, administrator=True))
    assert len(rows(browser.get(TRAIL))) == 4
    assert len(rows(browser.get(f"{TRAIL}?person=dominique@agri.example"))) == 2
    assert len(rows(browser.get(f"{TRAIL}?person={two.username}"))) == 3
    assert len(rows(browser.get(f"{TRAIL}?person={one.username}&organisation=BE-AUTRE"))) == 0
    assert rows(browser.get(f"{TRAIL}?action=RoleRequested")) == ["Asked for a role"] * 2
    assert len(rows(browser.get(f"{TRAIL}?organisation=BE-FRET"))) == 2
    tomorrow = (clock.now() + timedelta(days=2)).date()
    assert len(rows(browser.get(f"{TRAIL}?first={tomorrow}"))) == 0
    assert len(rows(browser.get(f"{TRAIL}?last={tomorrow}"))) == 4
    assert len(rows(browser.get(f"{TRAIL}?person=nobody@agri.example"))) == 0
    assert len(rows(browser.get(f"{TRAIL}?organisation=UNKNOWN"))) == 0


def test_an_organisation_outside_the_own_scope_is_as_unknown_as_one_that_is_not_there(
    visitor: PageClient, country: Country, operator: Organisation
) -> None:
    chief = a_member(operator, administrator=True)
    abroad = an_authority("Abroad", country="FR", code="FR-ABROAD")
    recorded(operator, chief, chief)
    recorded(abroad, chief, chief)
    browser = sign_in_browser(visitor, chief)
    assert rows(browser.get(f"{TRAIL}?organisation=FR-ABROAD")) == []
    assert len(rows(browser.get(f"{TRAIL}?person={chief.username}"))) == 2


def test_the_list_is_paged_and_the_filter_goes_with_it(visitor: PageClient, operator: Organisation) -> None:
    chief = a_member(operator, administrator=True)
    for _number in range(15):
        recorded(operator, chief, chief)
    browser = sign_in_browser(visitor, chief)
    first = browser.get(f"{TRAIL}?action=RoleRequested&person={chief.username}")
    assert len(rows(first)) == 15
    whole = browser.get(TRAIL)
    assert len(rows(whole)) == 25
    second = whole.click("Next page")
    assert len(rows(second)) == 5
    assert len(rows(second.click("Previous page"))) == 25


def test_daily_roots_are_shown_with_the_public_key(visitor: PageClient, country: Country) -> None:
    chief = a_member(country.central, administrator=True)
    recorded(country.local, chief, chief)
    clock.advance(timedelta(days=1))
    sealing.seal()
    page = sign_in_browser(visitor, chief).get(f"{TRAIL}/roots")
    root = page.tree.xpath("string(//tbody//code)")
    assert len(root) == 64
    assert "Public key" in page.text


def checked(file: bytes, folder: Path) -> tuple[int, str]:
    """What the checker in the file says, run alone, without the portal."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        archive.extractall(folder)
    command = [sys.executable, "-I", "-S", str(folder / "verify.py")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


def test_an_authority_takes_its_part_away_and_the_file_proves_itself(
    visitor: PageClient, country: Country, operator: Organisation, tmp_path: Path
) -> None:
    chief, person = a_member(country.local, administrator=True), a_person("Dominique")
    abroad = an_authority("Abroad", country="FR")
    for organisation in (operator, abroad, operator, country.local, abroad):
        recorded(organisation, person, chief)
    clock.advance(timedelta(days=1))
    recorded(operator, person, chief)
    clock.advance(timedelta(days=1))
    sealing.seal()
    browser = sign_in_browser(visitor, chief)
    answer = browser.get(TRAIL).click("Take a part away").press("Download the file")
    assert answer.status == 200
    code, said = checked(answer.response.get_data(), tmp_path)
    assert (code, said.splitlines()[0]) == (0, "8 events checked against 2 signed daily roots.")
    assert "Dominique" not in (tmp_path / "events.jsonl").read_text(), "numbers and codes only"
    told = db.session.query(AuditEvent).filter_by(name="TrailExported").one()
    assert (told.organisation_id, told.actor_account_id) == (country.local.id, chief.id)

    lines = (tmp_path / "events.jsonl").read_text()
    changed = lines.replace(f'"actor_account_id":{chief.id}', '"actor_account_id":999', 1)
    (tmp_path / "events.jsonl").write_text(changed)
    code, said = checked_again(tmp_path)
    assert code == 1
    assert "it is not what was sealed" in said


def checked_again(folder: Path) -> tuple[int, str]:
    """The checker on files that somebody touched."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False, timeout=60)
    return done.returncode, done.stdout


def test_a_root_that_was_touched_or_an_event_taken_out_is_found(
    visitor: PageClient, country: Country, tmp_path: Path
) -> None:
    chief = a_member(country.central, administrator=True)
    recorded(country.local, chief, chief)
    clock.advance(timedelta(days=1))
    sealing.seal()
    answer = sign_in_browser(visitor, chief).get(f"{TRAIL}/export").press("Download the file")
    assert checked(answer.response.get_data(), tmp_path)[0] == 0
    events_file, roots_file = tmp_path / "events.jsonl", tmp_path / "roots.jsonl"
    kept = events_file.read_text()
    events_file.write_text("".join(kept.splitlines(keepends=True)[1:]))
    assert checked_again(tmp_path)[0] == 1
    events_file.write_text(kept)
    roots_file.write_text(roots_file.read_text().replace('"first_position": 1', '"first_position": 0'))
    code, said = checked_again(tmp_path)
    assert code == 1
    assert "its hash does not match its content" in said


def test_days_without_a_root_and_days_in_the_wrong_order_are_refused_at_the_field(
    visitor: PageClient, country: Country
) -> None:
    browser = sign_in_browser(visitor, a_member(country.central, administrator=True))
    form = browser.get(f"{TRAIL}/export")
    assert form.press("Download the file").errors == [
        "No day of these is over and has events. Choose other days."
    ]
    refused = form.press("Download the file", first_day="2026-05-02", last_day="2026-05-01")
    assert refused.errors == ["The last day lies before the first one."]
    assert refused.status == 422


def test_operators_and_colleagues_take_nothing_away(
    browser_of: Callable[[], PageClient], country: Country, operator: Organisation
) -> None:
    for person in (
        a_member(operator, administrator=True),
        a_member(country.local),
        a_member(country.commission),
    ):
        assert sign_in_browser(browser_of(), person).get(f"{TRAIL}/export").status == 403
