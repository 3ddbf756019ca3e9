"""409 about roles: somebody else decided or changed one first, who and when."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.identity import queries as identity
from portal.roles.changes import AlreadyDecided, RoleChanged
from portal.roles.states import RoleState
from portal.web import labels
from portal.web.shell import moment, page


def already_decided(error: AlreadyDecided) -> ResponseReturnValue:
    """Somebody was faster: who, when and how."""
    person = identity.account_by_id(error.decided_by) if error.decided_by else None
    facts = {"person": person.full_name if person else "", "moment": moment(error.decided_at)}
    if error.state is RoleState.WITHDRAWN:
        reason = _("%(person)s withdrew this request on %(moment)s.", **facts)
    elif error.state is RoleState.REJECTED:
        reason = _("%(person)s rejected this request on %(moment)s.", **facts)
    else:
        reason = _("%(person)s validated this request on %(moment)s.", **facts)
    links = [{"label": _("My profile"), "url": url_for("role_requests.profile")}]
    return page("errors/wrong_state.html", 409, reason=reason, links=links)


def role_changed(error: RoleChanged) -> ResponseReturnValue:
    """Somebody was faster with a role: who, when, and how it stands now."""
    person = identity.account_by_id(error.changed_by) if error.changed_by else None
    state = str(labels.ROLE_STATES[error.state])
    if person and error.changed_at:
        facts = {"person": person.full_name, "moment": moment(error.changed_at), "state": state}
        reason = _("%(person)s changed this role on %(moment)s. It is now: %(state)s.", **facts)
    else:
        reason = _("This role has changed since you opened the page. It is now: %(state)s.", state=state)
    links = [{"label": _("Open the role"), "url": url_for("members.role", role_id=error.role_id)}]
    return page("errors/wrong_state.html", 409, reason=reason, links=links)
