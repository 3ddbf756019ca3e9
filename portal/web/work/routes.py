"""Pages of long work: what a person began, how far it is, and what became of each item."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.paging import Place
from portal.web import current
from portal.web.forms import ButtonForm
from portal.web.guard import own_account, requires
from portal.web.shell import page
from portal.work import ledger, service
from portal.work.states import OPEN, ItemState

blueprint = Blueprint("work", __name__)


@blueprint.get("")
@requires(Action.WORK_READ, own_account)
def overview() -> ResponseReturnValue:
    """The newest batches and imports of this person."""
    return page("work/overview.html", works=ledger.own_work(current.actor().account_id))


@blueprint.get("/<int:work_id>")
@requires(Action.WORK_READ)
def show(work_id: int) -> ResponseReturnValue:
    """How far it is, and each item with its result; `only=refused` shows those that failed."""
    work = service.work_to_read(work_id, current.actor())
    only = ItemState.REFUSED if request.args.get("only") == ItemState.REFUSED else None
    place = Place(request.args.get("after", ""), request.args.get("before", ""))
    found = ledger.items_of(work.id, only, place)
    progress = _progress(work.state, work.done + work.refused, work.total)
    return page("work/show.html", work=work, found=found, only=only, is_open=work.state in OPEN,
                facts=ledger.facts_of, payload=ledger.payload_of, wait_state=progress)  # fmt: skip


@blueprint.get("/<int:work_id>/state")
@requires(Action.WORK_READ)
def state(work_id: int) -> ResponseReturnValue:
    """Where it stands, for the page that waits by itself."""
    work = service.work_to_read(work_id, current.actor())
    return {"state": _progress(work.state, work.done + work.refused, work.total)}


def _progress(state: str, tried: int, total: int) -> str:
    # In twentieths: a page that reloads at each item could not be read.
    return f"{state}-{tried * 20 // max(total, 1)}"


@blueprint.post("/<int:work_id>/stop")
@requires(Action.WORK_STOP)
def stop(work_id: int) -> ResponseReturnValue:
    """The items not yet tried are left undone."""
    if ButtonForm().validate_on_submit() and service.stop_work(work_id, current.actor()):
        flash(_("Stopped. What was done stays done; the rest is left as it was."), "success")
    else:
        flash(_("It had ended already."), "info")
    return redirect(url_for(".show", work_id=work_id))
