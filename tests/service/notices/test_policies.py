"""The Commission's decision about second factors: inside the settings, from a day on, never shutting its author out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from portal import clock
from portal.access.authorise import Refused
from portal.audit.models import AuditEvent
from portal.database import db
from portal.environments import methods
from portal.environments.environment import Environment, using
from portal.environments.methods import Policy, SmsWord
from portal.environments.models import PolicyVersion
from portal.jobs import queue
from portal.messages.models import OutgoingMessage
from portal.notices import policies
from portal.notices.announcing import ChangedMeanwhile
from portal.notices.policies import AppliesInThePast, NoMethodLeft, PolicyWish, ShutsOutItsAuthor
from portal.vocabulary import SECOND_FACTORS, Method
from portal.web import current
from tests.makers.announcements import a_commissioner
from tests.makers.organisations import an_operator
from tests.makers.roles import a_member, a_person, acting

pytestmark = pytest.mark.usefixtures("production")
ALL = frozenset(SECOND_FACTORS)
KEYS = frozenset({Method.SECURITY_KEY})
PHONE_AND_KEYS = KEYS | {Method.SMS}


def today() -> date:
    """The day of the clock."""
    return clock.now().date()


def a_wish(**more: Any) -> PolicyWish:
    """Everything allowed from today on, but for what is said."""
    values = {"applies_from": today(), "access_methods": ALL, "decision_methods": ALL, "sms": SmsWord.ALLOWED}
    return PolicyWish(**(values | more))


def test_it_narrows_what_the_settings_allow_from_its_day_on_and_here_alone() -> None:
    wish = a_wish(applies_from=today() + timedelta(days=5), decision_methods=PHONE_AND_KEYS)
    policies.set_policy(wish, 0, acting(a_commissioner()))
    assert current.method_policy("production").decision_methods == ALL
    assert len(methods.coming(methods.versions_of("production"))) == 1
    clock.advance(timedelta(days=5))
    policy = current.method_policy("production")
    assert (policy.methods, policy.decision_methods) == (ALL, PHONE_AND_KEYS)
    assert current.method_policy("training").decision_methods == ALL
    assert current.method_policy(None).methods == ALL


def test_it_is_read_for_another_environment_and_for_none(training: Environment) -> None:
    with using(Environment.PRODUCTION):
        policies.set_policy(a_wish(decision_methods=PHONE_AND_KEYS), 0, acting(a_commissioner()))
    assert current.method_policy("production").decision_methods == PHONE_AND_KEYS
    assert current.method_policy("training").decision_methods == ALL


def test_settings_are_the_outer_limit(settings: Callable[..., Any]) -> None:
    policies.set_policy(a_wish(access_methods=PHONE_AND_KEYS), 0, acting(a_commissioner()))
    settings(access_methods_production=("sms", "app-pin"))
    assert current.method_policy("production").methods == {Method.SMS}
    settings(access_methods_production=("app-pin",))
    assert current.method_policy("production").methods == {Method.APP_PIN}


def test_text_messages_go_off_on_their_day() -> None:
    off = today() + timedelta(days=30)
    actor = acting(a_commissioner())
    with pytest.raises(ShutsOutItsAuthor) as refused:
        policies.set_policy(a_wish(sms=SmsWord.OFF, sms_off_from=off), 0, actor)
    assert refused.value.day == off
    policy = Policy(1, today(), sms=SmsWord.OFF, sms_off_from=off)
    before, after = (methods.accepted_under(policy, "production", day) for day in (today(), off))
    assert Method.SMS in before.methods & before.decision_methods
    assert Method.SMS not in after.methods | after.decision_methods
    assert methods.sms_end("production", [policy]) == off


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"access_methods": KEYS}, ShutsOutItsAuthor),
        ({"decision_methods": KEYS}, ShutsOutItsAuthor),
        ({"access_methods": frozenset({Method.APP_PIN}), "decision_methods": KEYS}, NoMethodLeft),
        ({"access_methods": frozenset()}, NoMethodLeft),
        (
            {"access_methods": {Method.SMS}, "decision_methods": {Method.SMS}, "sms": SmsWord.OFF},
            NoMethodLeft,
        ),
        ({"applies_from": date(2020, 1, 1)}, AppliesInThePast),
    ],
)
def test_what_would_shut_people_out_is_refused_and_changes_nothing(
    more: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        policies.set_policy(a_wish(**more), 0, acting(a_commissioner()))
    db.session.rollback()
    assert db.session.query(PolicyVersion).count() == 0
    assert db.session.query(AuditEvent).filter_by(name="MethodPolicySet").count() == 0


def test_a_later_decision_that_applies_earlier_takes_the_place_of_the_one_before() -> None:
    actor = acting(a_commissioner())
    for version, days in enumerate((1, 20, 10)):
        policies.set_policy(a_wish(applies_from=today() + timedelta(days=days)), version, actor)
    found = methods.versions_of("production")
    assert [row.version for row in found] == [1, 3]
    clock.advance(timedelta(days=30))
    assert methods.in_force(methods.versions_of("production")) == replace(found[1])


def test_of_two_who_decide_at_once_the_second_is_told() -> None:
    actor = acting(a_commissioner())
    policies.set_policy(a_wish(), 0, actor)
    with pytest.raises(ChangedMeanwhile):
        policies.set_policy(a_wish(), 0, actor)
    assert policies.newest_version() == 1


def test_only_administrators_of_the_commission_decide() -> None:
    for person in (a_person(), a_member(an_operator(), administrator=True)):
        with pytest.raises(Refused):
            policies.set_policy(a_wish(), 0, acting(person))


def test_the_commission_is_told_at_once_and_then_the_people_each_one_time() -> None:
    chief, member = a_commissioner(), a_member(an_operator())
    a_person("Nobody", "Here")
    policies.set_policy(a_wish(applies_from=today() + timedelta(days=5)), 0, acting(chief))
    assert _told("policy_set_notice") == [chief.id]
    for _round in range(2):
        queue.tell_of_policies()
    assert _told("policy_changed_notice") == sorted([chief.id, member.id])
    assert db.session.query(AuditEvent).filter_by(name="MethodPolicySet").count() == 1


def test_telling_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    chief = a_commissioner()
    members = [a_member(an_operator()) for _ in range(3)]
    policies.set_policy(a_wish(), 0, acting(chief))
    monkeypatch.setattr(policies, "TOLD_AT_ONCE", 2)
    assert policies.tell_people() == 2
    assert len(_told("policy_changed_notice")) == 2
    queue.tell_of_policies()
    assert _told("policy_changed_notice") == sorted([chief.id, *(member.id for member in members)])


def _told(name: str) -> list[int]:
    rows = db.session.query(OutgoingMessage).filter_by(name=name)
    return sorted(row.account_id or 0 for row in rows)
