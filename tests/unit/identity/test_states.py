"""Links, codes and the ladder of factors as pure rules: when they are good, and what comes next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.identity.states import FactorOutOfTurn, LinkFacts, LinkState, SignInProgress, ladder_for
from portal.vocabulary import Assurance, Method

ASKED = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SENT = ASKED + timedelta(minutes=5)


def after(facts: LinkFacts, *, same_browser: bool = False, **time: float) -> LinkState:
    """What the link is worth so long after its mail left."""
    return facts.state_at(SENT + timedelta(**time), same_browser=same_browser)


def test_a_link_lives_ninety_minutes_from_hand_over() -> None:
    facts = LinkFacts(ASKED, handed_over_at=SENT)
    assert after(facts, minutes=89, seconds=59) is LinkState.GOOD
    assert after(facts, minutes=90, seconds=1) is LinkState.EXPIRED


def test_a_late_mail_does_not_stretch_a_link_beyond_a_day() -> None:
    late = LinkFacts(ASKED, handed_over_at=ASKED + timedelta(hours=23, minutes=30))
    assert late.deadline == ASKED + timedelta(hours=24)
    assert LinkFacts(ASKED).deadline == ASKED + timedelta(hours=24)


def test_the_browser_that_opened_it_in_time_has_fifteen_minutes_more() -> None:
    facts = LinkFacts(ASKED, handed_over_at=SENT, opened_at=SENT + timedelta(minutes=89))
    assert after(facts, same_browser=True, minutes=104) is LinkState.GOOD
    assert after(facts, same_browser=True, minutes=104, seconds=1) is LinkState.EXPIRED
    assert after(facts, same_browser=False, minutes=100) is LinkState.EXPIRED


def test_used_comes_before_replaced_and_both_before_time() -> None:
    assert after(LinkFacts(ASKED, SENT, used_at=SENT, replaced_at=SENT)) is LinkState.USED
    assert after(LinkFacts(ASKED, SENT, replaced_at=SENT)) is LinkState.REPLACED


def test_the_password_alone_is_a_whole_ladder_of_little_worth() -> None:
    done = ladder_for(Method.PASSWORD).submit(Method.PASSWORD)
    assert (done.next_step, done.assurance) == (None, Assurance.PASSWORD)


def test_sms_comes_after_the_password_and_only_then_counts() -> None:
    half = ladder_for(Method.SMS).submit(Method.PASSWORD)
    assert (half.next_step, half.assurance) == (Method.SMS, None)
    assert half.submit(Method.SMS).assurance is Assurance.SECOND_FACTOR


@pytest.mark.parametrize(
    ("done", "factor"),
    [((), Method.SMS), ((Method.PASSWORD,), Method.PASSWORD), ((Method.PASSWORD, Method.SMS), Method.SMS)],
)
def test_a_factor_out_of_turn_is_refused(done: tuple[Method, ...], factor: Method) -> None:
    with pytest.raises(FactorOutOfTurn):
        SignInProgress((Method.PASSWORD, Method.SMS), done).submit(factor)
