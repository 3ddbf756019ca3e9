"""Activities: added after the first is valid, decided by those of spec 2.4 alone; the operator follows them."""

from __future__ import annotations

import pytest

from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.environments.environment import Environment, using
from portal.messages import outbox
from portal.messages.models import OutgoingMessage
from portal.messages.operator_notices import ActivityDecidedNotice, OperatorWaitsNotice
from portal.organisations.activities import ActivityDecided
from portal.organisations.models import OperatorActivity, Organisation
from portal.organisations.registering import NewActivity, Unacceptable
from portal.organisations.states import ACTIVITY_TRANSITIONS, ActivityReason, ActivityState
from portal.roles import queries
from portal.roles.changes import NotThere
from portal.roles.deciding_activities import (
    ActivityDecision,
    FirstNotValid,
    NothingToDecide,
    ReasonMissing,
    add_activity,
    decide_activity,
    decide_all,
    decisions_for,
)
from portal.roles.founding_operator import create_operator
from tests.makers.operators import ANIMALS, CATTLE, LOAD, TIMBER, a_wish
from tests.makers.organisations import Country, a_country, an_activity, an_authority, an_operator
from tests.makers.roles import a_member, acting

pytestmark = pytest.mark.usefixtures("production")


@pytest.fixture
def country(production: None) -> Country:
    """A whole tree."""
    return a_country()


def decision(activity: OperatorActivity, name: str) -> ActivityDecision:
    """That decision, with a reason where it needs one."""
    return ActivityDecision(activity.id, name, ActivityReason.INFRINGEMENT)


def first_of(operator: Organisation) -> OperatorActivity:
    """Its first activity."""
    return operator.activities[0]


def the_notices() -> list[object]:
    """Every message in the outbox."""
    return [outbox.message_of(row) for row in db.session.query(OutgoingMessage).order_by(OutgoingMessage.id)]


def test_validating_the_first_activity_makes_the_operator_valid_and_tells_its_administrators(
    country: Country,
) -> None:
    operator = an_operator(responsible=country.local, activity=CATTLE, state="new")
    chief = a_member(operator, administrator=True)
    a_member(operator)
    officer = a_member(country.local)

    decide_activity(decision(first_of(operator), "validate"), acting(officer))

    assert (operator.state, first_of(operator).state) == ("valid", "valid")
    assert first_of(operator).decided_by == officer.id
    (notice,) = the_notices()
    assert isinstance(notice, ActivityDecidedNotice)
    assert (notice.decision, notice.activity) == ("validate", "Bovine establishment (BOV-EST)")
    assert db.session.query(OutgoingMessage).one().account_id == chief.id
    assert [event.name for event in db.session.query(AuditEvent)] == ["ActivityValidated"]


@pytest.mark.parametrize(
    ("name", "state", "after", "operator_after"),
    [
        ("reject", "new", "rejected", "rejected"),
        ("suspend", "valid", "suspended", "suspended"),
        ("lift", "suspended", "valid", "valid"),
        ("delete", "valid", "deleted", "deleted"),
        ("delete", "new", "deleted", "deleted"),
        ("delete", "suspended", "deleted", "deleted"),
    ],
)
def test_each_decision_leads_where_the_table_says(
    country: Country, name: str, state: str, after: str, operator_after: str
) -> None:
    operator = an_operator(responsible=country.local, state=state)
    decide_activity(decision(first_of(operator), name), acting(a_member(country.local)))
    assert (first_of(operator).state, operator.state) == (after, operator_after)


IMPOSSIBLE = [
    (name, state)
    for name, row in ACTIVITY_TRANSITIONS.items()
    for state in ActivityState
    if state not in row.sources
]


@pytest.mark.parametrize(("name", "state"), IMPOSSIBLE)
def test_what_the_table_does_not_hold_changes_nothing(
    country: Country, name: str, state: ActivityState
) -> None:
    operator = an_operator(responsible=country.local, state=state.value)
    with pytest.raises(ActivityDecided):
        decide_activity(decision(first_of(operator), name), acting(a_member(country.local)))
    assert first_of(operator).state == state


def test_an_operator_stays_valid_while_one_activity_is(country: Country) -> None:
    operator = an_operator(responsible=country.local)
    second = an_activity(operator, country.local, CATTLE)
    actor = acting(a_member(country.local))
    decide_activity(decision(second, "suspend"), actor)
    assert operator.state == "valid"
    decide_activity(decision(first_of(operator), "delete"), actor)
    assert operator.state == "suspended"


def test_only_those_responsible_and_those_above_them_decide(country: Country) -> None:
    operator = an_operator(responsible=country.local, activity=CATTLE, state="new")
    elsewhere = an_authority("Elsewhere", above=country.regional)
    chief = a_member(operator, administrator=True)
    never = [
        chief,
        *(a_member(place) for place in (elsewhere, country.post, country.customs, country.commission)),
    ]
    for person in never:
        with pytest.raises(Refused):
            decide_activity(decision(first_of(operator), "validate"), acting(person))
    assert first_of(operator).state == "new"
    decide_activity(decision(first_of(operator), "validate"), acting(a_member(country.regional)))
    assert first_of(operator).state == "valid"


@pytest.mark.parametrize("state", ["rejected", "deleted"])
def test_of_an_activity_that_is_over_those_who_decide_it_are_told_and_others_refused(
    country: Country, state: str
) -> None:
    operator = an_operator(responsible=country.local, activity=CATTLE, state=state)
    one, whole = (
        decision(first_of(operator), "suspend"),
        ActivityDecision(0, "suspend", ActivityReason.CEASED),
    )
    for place in (country.local, country.central):
        actor = acting(a_member(place))
        with pytest.raises(ActivityDecided):
            decide_activity(one, actor)
        with pytest.raises(NothingToDecide):
            decide_all(operator.id, whole, actor)
    for person in (a_member(country.post), a_member(operator, administrator=True)):
        with pytest.raises(Refused):
            decide_activity(one, acting(person))
        with pytest.raises(Refused):
            decide_all(operator.id, whole, acting(person))


def test_a_border_post_decides_those_responsible_for_the_load(country: Country) -> None:
    operator = an_operator(responsible=country.local, activity=LOAD, state="new")
    decide_activity(decision(first_of(operator), "validate"), acting(a_member(country.post)))
    assert first_of(operator).state == "valid"


def test_who_created_an_operator_does_not_validate_it_but_a_colleague_does(country: Country) -> None:
    maker, colleague = a_member(country.local), a_member(country.local)
    operator = create_operator(a_wish(acting(maker), country), acting(maker))
    with pytest.raises(Refused):
        decide_activity(decision(first_of(operator), "validate"), acting(maker))
    assert decisions_for(operator, acting(maker))[first_of(operator).id] == ["delete"]
    decide_activity(decision(first_of(operator), "validate"), acting(colleague))
    assert operator.state == "valid"


def test_an_activity_of_another_environment_is_not_there(country: Country) -> None:
    activity = first_of(an_operator(responsible=country.local, state="new"))
    number = activity.id
    with using(Environment.TRAINING):
        actor = acting(a_member(a_country().local))
        with pytest.raises(NotThere):
            decide_activity(ActivityDecision(number, "validate"), actor)


def test_a_decision_against_an_activity_needs_its_reason(country: Country) -> None:
    operator = an_operator(responsible=country.local)
    actor = acting(a_member(country.local))
    for reason, text in ((None, "words"), (ActivityReason.OTHER, " ")):
        with pytest.raises(ReasonMissing):
            decide_activity(ActivityDecision(first_of(operator).id, "suspend", reason, text), actor)
    assert first_of(operator).state == "valid"


def test_the_whole_operator_is_suspended_as_far_as_the_own_remit_goes(country: Country) -> None:
    operator = an_operator(responsible=country.local)
    other = an_activity(operator, an_authority("Elsewhere", above=country.central), CATTLE)
    actor = acting(a_member(country.local))
    assert decide_all(operator.id, ActivityDecision(0, "suspend", ActivityReason.CEASED), actor) == 1
    assert (first_of(operator).state, other.state, operator.state) == ("suspended", "valid", "valid")
    with pytest.raises(NothingToDecide):
        decide_all(operator.id, ActivityDecision(0, "suspend", ActivityReason.CEASED), actor)
    whole = acting(a_member(country.central))
    assert decide_all(operator.id, ActivityDecision(0, "delete", ActivityReason.CEASED), whole) == 2
    assert operator.state == "deleted"


def test_roles_lose_their_effect_with_a_suspended_operator_and_get_it_back(country: Country) -> None:
    operator = an_operator(responsible=country.local)
    person, actor = a_member(operator, administrator=True), acting(a_member(country.local))
    decide_activity(decision(first_of(operator), "suspend"), actor)
    assert queries.held_roles(person.id) == ()
    decide_activity(decision(first_of(operator), "lift"), actor)
    assert [role.organisation_id for role in queries.held_roles(person.id)] == [operator.id]


def test_an_administrator_adds_an_activity_that_waits_for_those_it_is_named_for(country: Country) -> None:
    operator = an_operator(responsible=country.local)
    chief, officer = a_member(operator, administrator=True), a_member(country.local)
    wanted = NewActivity(*ANIMALS, country.local.id)
    listed = NewActivity(*CATTLE, country.local.id)
    with pytest.raises(Unacceptable):
        add_activity(operator.id, listed, acting(chief))
    added = add_activity(operator.id, wanted, acting(chief))
    assert (added.state, added.created_by, operator.state) == ("new", chief.id, "valid")
    (notice,) = the_notices()
    assert isinstance(notice, OperatorWaitsNotice)
    assert db.session.query(OutgoingMessage).one().account_id == officer.id
    with pytest.raises(Unacceptable):
        add_activity(operator.id, wanted, acting(chief))
    with pytest.raises(Refused):
        add_activity(operator.id, wanted, acting(a_member(operator)))


def test_no_activity_is_added_before_the_first_one_is_valid(country: Country) -> None:
    operator = an_operator(responsible=country.local, state="new")
    with pytest.raises(FirstNotValid):
        add_activity(operator.id, NewActivity(*TIMBER), acting(a_member(country.local)))


def test_a_rejected_activity_can_be_asked_for_again(country: Country) -> None:
    operator = an_operator(responsible=country.local)
    rejected = an_activity(operator, country.local, CATTLE, "rejected")
    again = add_activity(operator.id, NewActivity(*CATTLE, country.local.id), acting(a_member(country.local)))
    assert (again.id, again.state) == (rejected.id, "new")
