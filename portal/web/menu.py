"""The pages an environment is entered by: the few of the menu bar, and the cards of «Administration»; one line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import may
from portal.access.rules_certificates import impact_of_own_office
from portal.environments import environment

Opens = Callable[[Actor], bool]


@dataclass(frozen=True)
class Item:
    """A page with its name, who may open it, and for a card a picture and what one does there."""

    endpoint: str
    label: Any
    opens: Opens
    icon: str = ""
    text: Any = ""


@dataclass(frozen=True)
class Group:
    """Cards under one heading."""

    heading: Any
    items: tuple[Item, ...]


def allowed(action: Action) -> Opens:
    """Whether the rule of the action, which looks at the actor alone, says yes."""
    return lambda actor: may(actor, action)


def administers(actor: Actor) -> bool:
    """Whether the actor administers an organisation here."""
    return bool(actor.organisations_administered)


def has_a_role(actor: Actor) -> bool:
    """Whether the actor holds any valid role here."""
    return bool(actor.roles)


def keeps_operators(actor: Actor) -> bool:
    """Whether the actor has operators to keep: the Commission finds all of them, and keeps none."""
    return may(actor, Action.OPERATOR_LIST) and not actor.is_commission


def lists_impact(actor: Actor) -> bool:
    """Whether the actor lists what a key or a role touched, in an own office or everywhere."""
    return may(actor, Action.CERTIFICATE_IMPACT, impact_of_own_office(actor))


def may_reset(actor: Actor) -> bool:
    """Whether this is Training and the actor may make it anew."""
    return may(actor, Action.TRAINING_RESET, environment.current().value)


QUEUE = "validation.queue"
"""Shown with the number of requests that wait."""
BAR = (
    Item("role_requests.profile", _l("My profile"), allowed(Action.PROFILE_READ)),
    Item(QUEUE, _l("Pending requests"), allowed(Action.QUEUE_READ)),
    Item("operators.own", _l("Operators"), keeps_operators),
    Item("certificates.overview", _l("Certificates"), allowed(Action.CERTIFICATE_LIST)),
    Item("administration.people", _l("Members"), allowed(Action.QUEUE_READ)),
    Item("administration.home", _l("Administration"), has_a_role),
)
CARDS = (
    Group(
        _l("Operators"),
        (
            Item(
                "operators.find",
                _l("Find an operator"),
                allowed(Action.OPERATOR_FIND),
                "search",
                _l("Search the register of a country, and create an operator that is missing."),
            ),
        ),
    ),
    Group(
        _l("Requests and people"),
        (
            Item(
                "deputies.overview",
                _l("Deputies"),
                allowed(Action.DEPUTY_READ),
                "clock",
                _l("Name a colleague who decides while you are away."),
            ),
            Item(
                "duty_phones.phones",
                _l("Duty phones"),
                administers,
                "phone",
                _l("Keep the list of telephones that members may use for their text messages."),
            ),
            Item(
                "exchange.reset",
                _l("Make Training anew"),
                may_reset,
                "undo",
                _l("Empty this environment and fill it with a template."),
            ),
            Item(
                "exchange.overview",
                _l("Bring files"),
                allowed(Action.EXCHANGE_OPEN),
                "undo",
                _l("Operators, authorities or control bodies from a spreadsheet, checked row by row first."),
            ),
            Item(
                "audit_trail.search",
                _l("Audit trail"),
                allowed(Action.AUDIT_READ),
                "search",
                _l("Search who did what and when in your organisation and in those below it."),
            ),
            Item(
                "certificate_impact.show",
                _l("Certificates behind a key or a role"),
                lists_impact,
                "warning",
                _l(
                    "After a key was stolen or a role found wrong: what was sealed or done with it, and who is told."
                ),
            ),
            Item(
                "figures.overview",
                _l("Figures"),
                allowed(Action.FIGURES_READ),
                "info",
                _l("See what waits and for how long, decisions by week, and roles by state."),
            ),
            Item(
                "work.overview",
                _l("Batches and imports"),
                has_a_role,
                "tick-circle",
                _l("Follow what you began for many rows at once, item by item."),
            ),
        ),
    ),
    Group(
        _l("Registers"),
        (
            Item(
                "authorities.tree",
                _l("Authorities"),
                allowed(Action.AUTHORITY_LIST),
                "id-card",
                _l("The tree of authorities with their competences, people and open requests."),
            ),
            Item(
                "control_bodies.register",
                _l("Control bodies"),
                allowed(Action.CONTROL_BODY_LIST),
                "tick-circle",
                _l("Organic control bodies, their countries and product categories."),
            ),
            Item(
                "document_rights.table",
                _l("Rights on documents"),
                allowed(Action.DOCUMENT_RIGHTS_READ),
                "info",
                _l("What the people of each profile may read and write."),
            ),
            Item(
                "certificate_models.overview",
                _l("Models of certificates"),
                allowed(Action.MODEL_READ),
                "info",
                _l("The certificates that can be drafted, with the source of each model."),
            ),
        ),
    ),
    Group(
        _l("This environment"),
        (
            Item(
                "news.overview",
                _l("News"),
                allowed(Action.NEWS_READ),
                "info",
                _l("Read what is announced and which second factors are accepted; write news where you may."),
            ),
            Item(
                "switches.overview",
                _l("Environment"),
                allowed(Action.ENVIRONMENT_READ),
                "gear",
                _l("Close and open it, plan stops, choose the accepted second factors."),
            ),
        ),
    ),
)
HUB = "administration.home"
PART_OF = {
    "notices": "role_requests",
    "operator_activities": "operators",
    "certificate_boxes": "certificates",
    "certificate_decisions": "certificates",
    "signing": "certificates",
}
"""Journeys whose pages lie under the line of another one."""
BAR_ENDPOINTS = frozenset(item.endpoint for item in BAR)
BAR_JOURNEYS = frozenset(item.endpoint.partition(".")[0] for item in BAR if item.endpoint != HUB)


def cards_for(actor: Actor) -> list[Group]:
    """The groups with the cards this person may open; groups without any are left out."""
    groups = (Group(group.heading, tuple(i for i in group.items if i.opens(actor))) for group in CARDS)
    return [group for group in groups if group.items]


def is_current(item: Item, endpoint: str) -> bool:
    """Whether the page of that endpoint lies under the line: its own journey, or a card of «Administration»."""
    if endpoint in BAR_ENDPOINTS:
        return item.endpoint == endpoint
    journey = endpoint.partition(".")[0]
    journey = PART_OF.get(journey, journey)
    if item.endpoint == HUB:
        return journey not in BAR_JOURNEYS
    return item.endpoint.partition(".")[0] == journey


def bar_for(actor: Actor) -> list[Item]:
    """The lines of the menu bar for this person."""
    return [item for item in BAR if item.opens(actor)]
