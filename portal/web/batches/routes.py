"""Pages that decide many requests at once: what would happen to each, then the button that begins it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.identity import queries as identity
from portal.roles import batches, queue
from portal.roles.batches import DONE, Looked
from portal.web import current, queue_words, work_words
from portal.web.batches.forms import BatchForm, Selection, selection_of
from portal.web.guard import nothing, requires
from portal.web.shell import page

blueprint = Blueprint("batches", __name__)
SHOWN_AT_ONCE = 100
KEPT = ("decision", "row", "shown", "all", "whole", "up_to", "step", "kind", "country", "age", "text")
work_words.KINDS[batches.KIND] = _l("Decisions for many requests")
work_words.OUTCOMES.update({verdict.value: words for verdict, words in queue_words.OUTCOMES.items()})


@blueprint.route("", methods=["GET", "POST"])
@requires(Action.ROLES_DECIDE, nothing)
def decide() -> ResponseReturnValue:
    """What would happen to each request ticked; the button hands them to the worker."""
    actor, chosen, form = current.actor(), selection_of(request.args), BatchForm()
    role_ids, form.decision = _role_ids(chosen, actor), chosen.decision
    if not role_ids:
        flash(_("Tick at least one request."), "warning")
        return redirect(url_for("validation.queue"))
    if form.validate_on_submit() and not form.reason_is_missing():
        work = batches.begin(form.to_batch(role_ids), actor)
        return redirect(url_for("work.show", work_id=work.id))
    looked = batches.dry_run(role_ids, chosen.decision, actor)
    return _dry_run_page(form, chosen, looked)


def _role_ids(chosen: Selection, actor: Actor) -> tuple[int, ...]:
    if chosen.whole is None:
        return chosen.role_ids
    return tuple(queue.ids_for(actor, chosen.whole, chosen.up_to, batches.AT_MOST))


def _dry_run_page(form: BatchForm, chosen: Selection, looked: list[Looked]) -> ResponseReturnValue:
    start = request.args.get("from", "0")
    first = min(int(start), len(looked) - 1) if start.isdecimal() and len(start) < 6 else 0
    rows = looked[first : first + SHOWN_AT_ONCE]
    return page(
        "batches/decide.html",
        form=form,
        decision=chosen.decision,
        title=queue_words.DECISIONS[chosen.decision],
        rows=rows,
        total=len(looked),
        number=sum(one.verdict in DONE for one in looked),
        counts=Counter(one.verdict for one in looked),
        forecasts=queue_words.FORECASTS,
        people=identity.accounts_by_id({one.role.account_id for one in rows if one.role}),
        here=_address(first),
        next_url=_address(first + SHOWN_AT_ONCE) if first + SHOWN_AT_ONCE < len(looked) else None,
        previous_url=_address(max(0, first - SHOWN_AT_ONCE)) if first else None,
        is_cut=len(looked) == batches.AT_MOST,
        at_most=batches.AT_MOST,
    )


def _address(first: int) -> str:
    """This page with the same requests, from another row on."""
    values: dict[str, Any] = {name: found for name, found in request.args.lists() if name in KEPT}
    return url_for(".decide", **values | {"from": first or None})
