"""Pages of a validator: the queue, one request with its evidence, the two decisions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import may
from portal.audit import events, trail
from portal.identity import queries as identity
from portal.paging import Place
from portal.reference import queries as reference
from portal.roles import questions, service
from portal.roles import queue as queue_rows
from portal.roles.deciders import activities_decided_by
from portal.roles.evidence import evidence_of, facts_of
from portal.roles.queue import Filter
from portal.roles.states import RoleState
from portal.web import current, exporting, listings, queue_words
from portal.web.guard import allowed_commit, nothing, requires
from portal.web.shell import page
from portal.web.validation.forms import AskForm, FilterForm, RejectForm, ValidateForm

blueprint = Blueprint("validation", __name__)


@blueprint.get("")
@requires(Action.QUEUE_READ, nothing)
def queue() -> ResponseReturnValue:
    """The requests that wait for this person, oldest first, narrowed by filters that say how many they show."""
    actor, form = current.actor(), FilterForm(request.args)
    wanted = form.to_filter() if form.validate() else Filter()
    place = Place(request.args.get("after", ""), request.args.get("before", ""))
    if file := exporting.file_of(listings.QUEUE, lambda at: queue_rows.queue_for(actor, wanted, at)):
        return file
    counts = queue_rows.counts_for(actor, wanted)
    found = queue_rows.queue_for(actor, wanted, place)
    form.offer(counts.countries)
    kept = asked_for(wanted)
    return page(
        "validation/queue.html",
        form=form,
        found=found,
        counts=counts,
        wanted=wanted,
        kept=kept,
        people=identity.accounts_by_id({role.account_id for role in found.rows}),
        now=clock.now(),
        words=queue_words,
        newest=queue_rows.newest_number(),
    )


def asked_for(wanted: Filter) -> dict[str, str]:
    """The filter as it stands in an address: only what differs from the page as it first opens."""
    plain = Filter()
    return {name: str(value) for name, value in vars(wanted).items() if value != getattr(plain, name)}


@blueprint.get("/<int:role_id>")
@requires(Action.ROLE_READ)
def show(role_id: int) -> ResponseReturnValue:
    """One request: who asks for what, what speaks for it, and the buttons of those who may decide."""
    return _show(role_id, ValidateForm(formdata=None))


def _show(role_id: int, form: ValidateForm, status: int = 200) -> ResponseReturnValue:
    actor = current.actor()
    role, target = service.request_to_read(role_id, actor)
    may_decide = role.state == RoleState.REQUESTED and may(actor, Action.ROLE_VALIDATE, target)
    evidence = evidence_of(role) if may_decide else None
    if evidence and status == 200:
        form.administrator.data = evidence.proposes_administrator
    may_validate_both = may_decide and service.may_validate_operator(role, target, actor)
    answer = page(
        "validation/show.html",
        status,
        form=form,
        role=role,
        may_decide=may_decide,
        is_own=role.account_id == actor.account_id,
        evidence=evidence,
        with_operator=may_validate_both,
        **_thread(role),
        **_organisation(role, evidence is not None),
    )
    if evidence:
        _note_reading(role, actor)
    return answer


def _note_reading(role: Any, actor: Actor) -> None:
    read = events.EvidenceRead(role.id, role.account_id, role.organisation_id)
    with allowed_commit("evidence-read"):
        trail.record_apart(read, actor)


def _organisation(role: Any, decides: bool) -> dict[str, Any]:
    """The operator's activities, and the facts about it for those who decide."""
    facts = facts_of(role.organisation) if decides else None
    return {"facts": facts, "words": queue_words, **_activities(role)}


def _thread(role: Any) -> dict[str, Any]:
    messages = questions.thread(role.id)
    shown = {role.account_id, role.decided_by or 0, *(message.author_id for message in messages)}
    return {"messages": messages, "people": identity.accounts_by_id(shown)}


def _activities(role: Any) -> dict[str, Any]:
    activities = role.organisation.activities
    mine = (
        activities_decided_by(role.organisation_id, current.actor().authorities_decided) if activities else []
    )
    names = reference.activity_names({one.activity_code for one in activities}, current.language())
    return {"activities": activities, "names": names, "mine": mine, "printed_code": reference.printed_code}


@blueprint.post("/<int:role_id>/validate")
@requires(Action.ROLE_VALIDATE)
def validate(role_id: int) -> ResponseReturnValue:
    """The decision for a request; a new operator is decided by the second button together with it."""
    form = ValidateForm()
    if not form.validate_on_submit():
        return _show(role_id, form, 422)
    try:
        role = service.validate_role(form.to_decision(role_id), current.actor())
    except service.OrganisationNotValid:
        form.form_errors.append(_("The role alone cannot be validated: its organisation is not valid yet."))
        return _show(role_id, form, 422)
    except service.NotFirstUser:
        form.form_errors.append(
            _("Somebody else has become the first user: decide without the administrator tick.")
        )
        return _show(role_id, form, 422)
    flash(_("The role in %(organisation)s is valid now.", organisation=role.organisation.name), "success")
    return redirect(url_for(".queue"))


@blueprint.route("/<int:role_id>/reject", methods=["GET", "POST"])
@requires(Action.ROLE_REJECT)
def reject(role_id: int) -> ResponseReturnValue:
    """The decision against a request, with its reason."""
    form, actor = RejectForm(), current.actor()
    role = service.request_to_reject(role_id, actor)
    if form.validate_on_submit():
        service.reject_role(form.to_decision(role_id), actor)
        flash(
            _("The request for %(organisation)s was rejected.", organisation=role.organisation.name),
            "success",
        )
        return redirect(url_for(".queue"))
    people = identity.accounts_by_id([role.account_id])
    return page("validation/reject.html", form=form, role=role, requester=people[role.account_id])


@blueprint.route("/<int:role_id>/ask", methods=["GET", "POST"])
@requires(Action.ROLE_ASK)
def ask(role_id: int) -> ResponseReturnValue:
    """A question to the requester; the request waits for the answer."""
    form, actor = AskForm(), current.actor()
    role = questions.request_to_ask(role_id, actor)
    if form.validate_on_submit():
        try:
            questions.ask(role_id, form.text.data or "", actor)
            flash(_("Your question was sent. The request comes back with the answer."), "success")
        except questions.QuestionWaits:
            flash(_("A question waits for its answer already."), "info")
        return redirect(url_for(".queue"))
    messages = questions.thread(role_id)
    people = identity.accounts_by_id({role.account_id, *(one.author_id for one in messages)})
    return page(
        "validation/ask.html", form=form, role=role, requester=people[role.account_id], messages=messages,
        people=people,
    )  # fmt: skip
