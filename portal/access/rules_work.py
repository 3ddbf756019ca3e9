"""Rules of long work: the person who began it sees and stops it."""

from __future__ import annotations

from portal.access.actions import Action
from portal.access.actor import Actor, OwnAccount
from portal.access.rules import has_passed_the_gate, rule_for


@rule_for(Action.WORK_READ, Action.WORK_STOP)
def people_follow_and_stop_their_own_work(actor: Actor, target: OwnAccount) -> bool:
    """Nobody else's; and only behind the second factor, as what it does."""
    return actor.account_id == target.account_id and has_passed_the_gate(actor)
