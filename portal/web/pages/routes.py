"""Public pages: home, help, contact, privacy, accessibility; and the two health addresses."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import config
from portal.environments.environment import Environment
from portal.identity import health
from portal.web import labels
from portal.web.guard import public
from portal.web.shell import environments_served, page

INFORMATION = "information for everybody"
blueprint = Blueprint("pages", __name__)


@dataclass(frozen=True)
class Door:
    """One environment on the home page, with its two ways in (S3)."""

    key: str
    label: str
    description: str
    enter_url: str
    register_url: str


@blueprint.get("/")
@public(INFORMATION)
def home() -> ResponseReturnValue:
    """The environments of this portal."""
    return page("pages/home.html", environments=[_door(key) for key in environments_served()])


def _door(key: Environment) -> Door:
    descriptions = {
        Environment.PRODUCTION: _("The real environment: certificates made here have legal value."),
        Environment.ACCEPTANCE: _("For trying out the next version before it is used."),
        Environment.TRAINING: _("For learning and practising with invented data."),
    }
    enter = url_for("role_requests.profile", environment=key)
    return Door(
        key.value, str(labels.ENVIRONMENTS[key]), descriptions[key], enter, url_for("registration.register")
    )


@blueprint.get("/help")
@public(INFORMATION)
def help() -> ResponseReturnValue:
    """«Help for external users»."""
    return page("pages/help.html")


@blueprint.get("/contact")
@public(INFORMATION)
def contact() -> ResponseReturnValue:
    """Whom to turn to."""
    return page("pages/contact.html", contact=config.current().contact, operator=config.current().operator)


@blueprint.get("/privacy")
@public(INFORMATION)
def privacy() -> ResponseReturnValue:
    """The privacy statement."""
    return page("pages/privacy.html", contact=config.current().contact, operator=config.current().operator)


@blueprint.get("/accessibility")
@public(INFORMATION)
def accessibility() -> ResponseReturnValue:
    """The accessibility statement."""
    return page(
        "pages/accessibility.html", contact=config.current().contact, operator=config.current().operator
    )


@blueprint.get("/health/live")
@public("for the machine that watches; says yes and nothing else")
def live() -> ResponseReturnValue:
    """Yes: this process answers."""
    return "yes\n", 200, {"Content-Type": "text/plain"}


@blueprint.get("/health/ready")
@public("for the machine that watches; says yes or no and nothing else")
def ready() -> ResponseReturnValue:
    """Whether the database answers, has the newest shape, and agrees about the time."""
    good = health.is_ready()
    return (
        ("yes\n", 200, {"Content-Type": "text/plain"})
        if good
        else ("no\n", 503, {"Content-Type": "text/plain"})
    )
