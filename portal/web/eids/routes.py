"""«Manage my eIDs»: national electronic identities linked, listed, unlinked."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.identity import eids as service
from portal.identity.eids import (
    EIDS_AT_MOST,
    EidRejected,
    EidTaken,
    Errand,
    LevelTooLow,
    ProviderAway,
    TooManyEids,
)
from portal.identity.factors import LastFactor, NotThere
from portal.web import current
from portal.web.forms import ButtonForm, ProviderForm, ReturnForm
from portal.web.guard import own_account, requires
from portal.web.shell import home_of_keys, page

blueprint = Blueprint("eids", __name__)


@blueprint.get("")
@requires(Action.FACTOR_READ, own_account)
def eids() -> ResponseReturnValue:
    """What is linked, and the way to link one."""
    own = service.eids_of(current.actor().account_id)
    return page("eids/eids.html", eids=own, at_most=EIDS_AT_MOST, providers=service.providers())


@blueprint.route("/add", methods=["GET", "POST"])
@requires(Action.FACTOR_ADD, own_account)
def add() -> ResponseReturnValue:
    """Which provider; then the browser goes there, and comes back to be asked once more."""
    if not service.providers():
        abort(404)
    form = ProviderForm().offer(service.providers())
    if form.validate_on_submit():
        try:
            errand, address = service.begin_to_link(form.provider.data, current.actor())
        except ProviderAway:
            return _refused("away", 503)
        except TooManyEids:
            form.provider.errors = [_too_many()]
        else:
            session["eid"] = errand.kept()
            # By a page of ours: the content policy lets no form lead to another host.
            return *page("eid_sign_in/leave.html", address=address), {"Refresh": f"0; url={address}"}
    return page("eids/add.html", form=form, elsewhere=home_of_keys())


def _too_many() -> str:
    most = EIDS_AT_MOST
    return _("Your account has %(count)d eIDs, which is the most it can have. Remove one first.", count=most)


def _refused(reason: str, status: int) -> ResponseReturnValue:
    return page("eid_sign_in/refused.html", status, reason=reason, other=url_for(".eids"))


@blueprint.post("/finish")
@requires(Action.FACTOR_CONFIRM, own_account)
def finish() -> ResponseReturnValue:
    """The identity the provider told becomes a factor of this account."""
    form, kept = ReturnForm(), session.pop("eid", None)
    errand = Errand(**kept) if kept else None
    if errand is None or not form.validate() or form.state.data != errand.state:
        return _refused("foreign", 410)
    try:
        eid, token = service.link(errand, form.code.data or "", current.network(), current.actor())
    except ProviderAway:
        return _refused("away", 503)
    except LevelTooLow:
        return _refused("level", 403)
    except EidTaken:
        return _refused("taken", 409)
    except (EidRejected, TooManyEids):
        return _refused("foreign", 410)
    current.keep_session(token)
    flash(
        _("The eID of «%(provider)s» is linked. You can sign in with it now.", provider=eid.provider),
        "success",
    )
    return redirect(url_for(".eids"))


@blueprint.route("/<int:eid_id>/remove", methods=["GET", "POST"])
@requires(Action.FACTOR_REMOVE, own_account)
def remove(eid_id: int) -> ResponseReturnValue:
    """The confirmation; the last factor of a person who holds a role stays."""
    form, actor = ButtonForm(), current.actor()
    try:
        eid = service.own(eid_id, actor)
        if form.validate_on_submit():
            service.remove(eid_id, actor)
            flash(_("The eID is no longer linked to your account."), "success")
            return redirect(url_for(".eids"))
    except NotThere:
        abort(404)
    except LastFactor:
        return page("eids/last_factor.html", 403)
    return page("eids/remove.html", form=form, eid=eid)
