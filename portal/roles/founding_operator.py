"""Creating an operator: with the own request for a role in it, or as master data of an authority (OP1 to OP9)."""

from __future__ import annotations

from dataclasses import dataclass

from portal.access.actions import Action
from portal.access.actor import Actor, WantedRole
from portal.access.authorise import authorise
from portal.access.rules_operators import joins_what_it_creates, keeping_organisations
from portal.audit import operator_events as events
from portal.audit import trail
from portal.database import db
from portal.limits import ledger, rates
from portal.organisations.duplicates import Likely, Sought, likely_duplicates
from portal.organisations.models import Organisation
from portal.organisations.registering import (
    Details,
    NewActivity,
    Unacceptable,
    check_identifiers,
    check_may_register,
    checked_details,
    new_activity,
    new_operator,
    responsible_for,
    searched_country,
)
from portal.organisations.responsible import Place
from portal.roles.operator_mails import tell_deciders
from portal.roles.requesting import RoleWish, put_requests
from portal.vocabulary import OrganisationKind


@dataclass(frozen=True)
class NewOperator:
    """What was typed; `proof` says that a search was run; `none_of_these` that the likely duplicates are others."""

    proof: str
    details: Details
    first: NewActivity
    none_of_these: tuple[int, ...] = ()
    message: str = ""


class LikelyDuplicates(Exception):
    """Records that may be the same operator, not yet denied by the person; nothing was changed."""

    def __init__(self, likely: list[Likely]) -> None:
        super().__init__([one.organisation.id for one in likely])
        self.likely = likely


def country_to_create_in(proof: str, actor: Actor) -> str:
    """The country that was searched before; raises Refused, SearchFirst."""
    authorise(actor, Action.OPERATOR_CREATE)
    if joins_what_it_creates(actor):
        authorise(actor, Action.ROLE_REQUEST, WantedRole(actor.account_id, OrganisationKind.OPERATOR))
    return searched_country(proof, actor.account_id)


def create_operator(wish: NewOperator, actor: Actor) -> Organisation:
    """The operator, its first activity and, for who joins it, the role request, in one step.

    Raises Refused, SearchFirst, Unacceptable, LikelyDuplicates, TooMany and what a role request raises.
    """
    country = country_to_create_in(wish.proof, actor)
    # Counted first: of two windows that send the same form the second waits here, then finds what the first created.
    ledger.take(rates.OPERATORS_PER_ACCOUNT, str(actor.account_id))
    details = checked_details(wish.details, country)
    check_identifiers(details, [(wish.first.section, wish.first.activity)])
    if joins_what_it_creates(actor):
        check_may_register(wish.first.section)
    answering = _answering(wish.first, Place(country, details.postcode), actor)
    likely = _likely(details, country)
    if not {one.organisation.id for one in likely} <= set(wish.none_of_these):
        raise LikelyDuplicates(likely)
    operator = new_operator(details, country, actor.account_id)
    activity = new_activity(operator, wish.first, answering, actor.account_id)
    db.session.refresh(operator, ["activities"])
    joins = joins_what_it_creates(actor)
    trail.record(events.OperatorCreated(operator.id, activity.id, joins), actor)
    for one in likely:
        trail.record(events.DuplicateDenied(operator.id, one.organisation.id), actor)
    if joins:
        put_requests(RoleWish(OrganisationKind.OPERATOR, (operator.id,), wish.message), actor)
    else:
        tell_deciders(operator, actor)
    db.session.commit()
    return operator


def _answering(first: NewActivity, place: Place, actor: Actor) -> int:
    """Who is responsible; what an authority creates where nobody is registered is its own. Raises Unacceptable."""
    authority = responsible_for(first, place)
    if authority is not None:
        return authority.id
    own = sorted(keeping_organisations(actor))
    if not own:
        # Without anybody responsible nobody could ever validate it: better said now than waited for.
        raise Unacceptable(activity="responsible-nowhere")
    return own[0]


def _likely(details: Details, country: str) -> list[Likely]:
    sought = Sought(country, details.name, details.eori, details.vat, details.street, details.postcode)
    return likely_duplicates(sought)
