"""The pages of a closed environment and of what somebody else changed meanwhile."""

from __future__ import annotations

import math

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.access.actions import Action
from portal.access.authorise import may
from portal.environments.announced import AnnouncementKind, EnvironmentClosed
from portal.notices.announcing import ChangedMeanwhile
from portal.web import current
from portal.web.shell import page
from portal.web.shown import Entry


def closed(error: EnvironmentClosed) -> ResponseReturnValue:
    """503: why, until when, and for the Commission the way to its own pages."""
    told, actor = error.told, current.actor_or_none()
    links = [Entry(_("My Account"), url_for("account.cards"))]
    if actor is not None and may(actor, Action.ENVIRONMENT_READ, None):
        links.insert(0, Entry(_("Environment"), url_for("switches.overview")))
    body, status = page(
        "errors/closed.html", 503, told=told, links=links, planned=told.kind is AnnouncementKind.STOP
    )
    if told.ends_at is None:
        return body, status
    seconds = max(1, math.ceil((told.ends_at - clock.now()).total_seconds()))
    return body, status, {"Retry-After": str(seconds)}


def changed_meanwhile(_error: ChangedMeanwhile) -> ResponseReturnValue:
    """409: the page showed what is no longer so; nothing was changed."""
    reason = _("Somebody else changed this while your page was open. Open it again, look, and decide anew.")
    links = [Entry(_("News"), url_for("news.overview"))]
    return page(
        "errors/wrong_state.html", 409, title=_("Somebody else was faster"), reason=reason, links=links
    )
