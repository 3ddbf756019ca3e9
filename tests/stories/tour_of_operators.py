"""A walk past the pages of operators: one created, read, changed by two at once, decided and merged."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from portal.database import db
from portal.environments.environment import Environment, using
from portal.organisations.models import OperatorActivity, Organisation
from portal.organisations.states import ActivityState
from tests.makers.organisations import an_operator
from tests.stories.acts import signs_in_with_sms
from tests.stories.hands import Someone, chooses, fills, goes_to, link, presses
from tests.stories.people import Meet, member_of, somebody

Stations = Iterator[tuple[str, Someone]]
OPERATORS = "/production/operators"
OFFICE = "demo/BE/LAU"


def pages_of_operators(meet: Meet, language: str) -> Stations:
    """Every page of the journeys operators and operator_activities."""
    founder = somebody(meet, language, "+46701740621", email="fondateur@agri.example")
    yield from _pages_of_creating(founder)
    officer = member_of(somebody(meet, language, "+46701740622", email="agent@agri.example"), OFFICE)
    number = _an_operator(officer)
    signs_in_with_sms(officer, OPERATORS)
    yield from _pages_of_reading(officer, number)
    yield from _pages_of_changing(officer, number)
    yield from _pages_of_deciding(officer, number)


def _an_operator(who: Someone) -> int:
    """An operator for which the office of the tour is responsible, and a second record of it."""
    with who.site.inside(), using(Environment.PRODUCTION):
        office = db.session.scalars(select(Organisation).where(Organisation.source_key == OFFICE)).one()
        facts = {
            "responsible": office,
            "street": "Rue du Test 1",
            "city": "Neupré",
            "telephone": "+32 4 555 01 02",
        }
        number = an_operator("Laiterie du Test", **facts).id  # type: ignore[arg-type]
        an_operator("Laiterie du Test SA", **facts)  # type: ignore[arg-type]
    return number


def _pages_of_creating(who: Someone) -> Stations:
    signs_in_with_sms(who, "/production/role-requests/new/operator")
    yield "operators-before-a-search", who
    goes_to(who, "/production/role-requests/new/operator?country=BE&text=abc")
    link(who, "Create a new operator").click()
    yield "operators-new", who
    fills(who, "Name", "ABC test Operator")
    presses(who, "Create the operator and request authorisation")
    yield "operators-new-refused", who
    for label, text in (("Street and number", "Rue 1"), ("City", "Liège"), ("Web site", "laiterie.example")):
        fills(who, label, text)
    chooses(who, "Chapter or activity", "FLEGT|timber_importer")
    presses(who, "Create the operator and request authorisation")
    yield "operators-new-likely", who


def _pages_of_reading(who: Someone, number: int) -> Stations:
    for name, path in (("own", "?country=BE"), ("find", "/find?country=BE&text=abc"), ("show", f"/{number}")):
        goes_to(who, f"{OPERATORS}{path}")
        yield f"operators-{name}", who


def _pages_of_changing(who: Someone, number: int) -> Stations:
    goes_to(who, f"{OPERATORS}/{number}/addresses/add")
    yield "operators-add-address", who
    for label, text in (("Street and number", "Quai 3"), ("City", "Anvers")):
        fills(who, label, text)
    presses(who, "Add")
    for place, name in enumerate(("edit", "main", "remove")):
        goes_to(who, f"{OPERATORS}/{number}")
        who.page.locator("section[aria-labelledby=addresses] tbody").get_by_role("link").nth(place).click()
        yield f"operators-{name}-address", who
    goes_to(who, f"{OPERATORS}/{number}/edit")
    yield "operators-edit", who
    with who.site.inside(), using(Environment.PRODUCTION):
        db.session.get_one(Organisation, number).city = "Namur"
        db.session.commit()
    fills(who, "City", "Huy")
    presses(who, "Save")
    yield "operators-conflict", who


def _pages_of_deciding(who: Someone, number: int) -> Stations:
    with who.site.inside(), using(Environment.PRODUCTION):
        own = OperatorActivity.organisation_id == number
        activity = db.session.scalars(select(OperatorActivity.id).where(own)).one()
    stations = {
        "add-activity": f"/{number}/activities/add",
        "suspend-activity": f"/activities/{activity}/suspend",
        "validate-late": f"/activities/{activity}/validate",
        "suspend-operator": f"/{number}/suspend",
        "choose": f"/{number}/merge",
    }
    for name, path in stations.items():
        goes_to(who, f"{OPERATORS}{path}")
        yield f"operators-{name}", who
    link(who, "See what would move").first.click()
    yield "operators-merge", who
    presses(who, "Merge the records")
    yield "operators-merge-refused", who
    with who.site.inside(), using(Environment.PRODUCTION):
        db.session.get_one(OperatorActivity, activity).state = ActivityState.NEW
        db.session.commit()
    goes_to(who, f"{OPERATORS}/activities/{activity}/validate")
    yield "operators-validate", who
