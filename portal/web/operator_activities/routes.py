"""Pages that add and decide activities of an operator, of all of them at once, and merge two records."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.access.actions import Action
from portal.access.rules_operators import decides
from portal.identity import queries as identity
from portal.organisations import responsible
from portal.organisations.activities import ActivityDecided
from portal.organisations.registering import Unacceptable
from portal.organisations.search import OperatorSearch, search_operators
from portal.paging import Place
from portal.reference import queries as reference
from portal.roles import deciding_activities as deciding
from portal.roles import merging_operators as merging
from portal.roles import operators as reading
from portal.web import current, labels
from portal.web.forms import ButtonForm, PortalForm
from portal.web.guard import requires
from portal.web.operator_activities.forms import (
    AddActivityForm,
    DecisionForm,
    MergeForm,
    OtherRecordForm,
    decision_of,
)
from portal.web.shell import moment, page

blueprint = Blueprint("operator_activities", __name__)


@blueprint.errorhandler(ActivityDecided)
def decided(error: ActivityDecided) -> ResponseReturnValue:
    """Somebody was faster: who, when and how."""
    person = identity.account_by_id(error.decided_by) if error.decided_by else None
    if person is None:
        reason = _("The state of this activity has changed meanwhile.")
    else:
        facts = {"person": person.full_name, "moment": moment(error.decided_at)}
        reason = _("%(person)s decided this activity on %(moment)s.", **facts)
    link = {"label": _("The operator"), "url": url_for("operators.show", operator_id=error.organisation_id)}
    return page("errors/wrong_state.html", 409, reason=reason, links=[link])


@blueprint.errorhandler(deciding.NothingToDecide)
def nothing_to_decide(_error: deciding.NothingToDecide) -> ResponseReturnValue:
    """Somebody else has decided all of them."""
    reason = _("No activity of this operator is in a state in which that is possible.")
    link = {"label": _("My operators"), "url": url_for("operators.own")}
    return page("errors/wrong_state.html", 409, reason=reason, links=[link])


@blueprint.errorhandler(merging.AlreadyMerged)
def merged(_error: merging.AlreadyMerged) -> ResponseReturnValue:
    """One of the two is gone."""
    reason = _("One of the two records was merged or deleted meanwhile.")
    link = {"label": _("My operators"), "url": url_for("operators.own")}
    return page("errors/wrong_state.html", 409, reason=reason, links=[link])


@blueprint.errorhandler(merging.SameRecord)
def same_record(_error: merging.SameRecord) -> ResponseReturnValue:
    """A record is merged with another one."""
    reason = _("A record cannot be merged with itself.")
    link = {"label": _("My operators"), "url": url_for("operators.own")}
    return page("errors/wrong_state.html", 409, reason=reason, links=[link])


@blueprint.errorhandler(deciding.FirstNotValid)
def first_not_valid(_error: deciding.FirstNotValid) -> ResponseReturnValue:
    """Further activities come after the first one (OP5)."""
    reason = _("An activity is added once the operator is valid: its first activity waits for validation.")
    link = {"label": _("My profile"), "url": url_for("role_requests.profile")}
    return page("errors/wrong_state.html", 409, reason=reason, links=[link])


@blueprint.route("/<int:operator_id>/activities/add", methods=["GET", "POST"])
@requires(Action.ACTIVITY_ADD)
def add(operator_id: int) -> ResponseReturnValue:
    """A further activity, to be validated."""
    actor, form = current.actor(), AddActivityForm()
    operator = deciding.operator_to_extend(operator_id, actor)
    facts = _offer(form, operator)
    if not form.update.data and form.validate_on_submit():
        try:
            deciding.add_activity(operator_id, form.to_wanted(), actor)
            flash(_("The activity was added and waits for validation."), "success")
            return redirect(url_for("operators.show", operator_id=operator_id))
        except Unacceptable as refused:
            form.refuse(refused.problems)
    return page("operator_activities/add.html", form=form, operator=operator, **facts)


def _offer(form: AddActivityForm, operator: Any) -> dict[str, Any]:
    keeps = decides(current.actor(), reading.target_of(operator))
    form.offer(reference.activities_by_chapter(current.language(), operator.country, listed=keeps))
    section = form.section
    chosen = bool(section) and responsible.is_chosen(section)
    form.offer_authorities(responsible.offered(section, operator.country) if chosen else ())
    place = responsible.Place(operator.country, operator.postcode)
    found = responsible.found_for(section, place) if section and not chosen else None
    main = ", ".join(filter(None, (operator.street, operator.postcode, operator.city)))
    form.offer_addresses(main, reading.addresses_of(operator.id))
    return {"is_chosen": chosen, "found_authority": found, "section": section}


def _form_for(name: str) -> PortalForm:
    return DecisionForm() if name in deciding.EXPLAINED else ButtonForm()


@blueprint.route("/activities/<int:activity_id>/<any(validate, reject):name>", methods=["GET", "POST"])
@requires(Action.ACTIVITY_VALIDATE)
def validate(activity_id: int, name: str) -> ResponseReturnValue:
    """The green check of the guide, or its contrary with a reason."""
    return _decide("validate", activity_id, name)


@blueprint.route("/activities/<int:activity_id>/<any(suspend, lift, delete):name>", methods=["GET", "POST"])
@requires(Action.ACTIVITY_SUSPEND)
def suspend(activity_id: int, name: str) -> ResponseReturnValue:
    """Stop an activity for a while, let it go on, or end it."""
    return _decide("suspend", activity_id, name)


def _decide(view: str, activity_id: int, name: str) -> ResponseReturnValue:
    actor, form = current.actor(), _form_for(name)
    activity = deciding.activity_to_decide(activity_id, name, actor)
    if form.validate_on_submit():
        deciding.decide_activity(decision_of(form, activity_id, name), actor)
        flash(str(labels.ACTIVITY_DECISIONS[name]), "success")
        return redirect(url_for("operators.show", operator_id=activity.organisation_id))
    code = activity.activity_code
    return page(
        f"operator_activities/{view}.html", form=form, activity=activity, operator=activity.organisation, name=name,
        title=labels.ACTIVITY_QUESTIONS[name], activity_name=_name_of(code), act=labels.ACTIVITY_ACTS[name],
        section=reference.printed_code(activity.section_code), endpoint=f".{view}",
    )  # fmt: skip


def _name_of(code: str) -> str:
    return reference.activity_names({code}, current.language()).get(code, code)


@blueprint.route("/<int:operator_id>/<any(suspend, lift, delete):name>", methods=["GET", "POST"])
@requires(Action.ACTIVITY_SUSPEND)
def decide_all(operator_id: int, name: str) -> ResponseReturnValue:
    """The whole operator, as far as the own remit goes."""
    actor, form = current.actor(), _form_for(name)
    operator = reading.operator_by_id(operator_id)
    activities = deciding.activities_to_decide(operator, name, actor)
    if form.validate_on_submit():
        done = deciding.decide_all(operator_id, decision_of(form, 0, name), actor)
        flash(ngettext("%(num)d activity was decided.", "%(num)d activities were decided.", done), "success")
        return redirect(url_for("operators.show", operator_id=operator_id))
    names = reference.activity_names({one.activity_code for one in operator.activities}, current.language())
    return page(
        "operator_activities/decide_all.html", form=form, operator=operator, name=name, activities=activities,
        title=labels.OPERATOR_QUESTIONS[name], act=labels.ACTIVITY_ACTS[name], names=names,
        printed_code=reference.printed_code,
    )  # fmt: skip


@blueprint.get("/<int:operator_id>/merge")
@requires(Action.OPERATOR_READ)
def choose(operator_id: int) -> ResponseReturnValue:
    """Which other record means the same operator: found by its name, in the country."""
    operator, _target = reading.operator_to_read(operator_id, current.actor())
    form = OtherRecordForm(request.args)
    text = form.text.data if form.validate() else ""
    place = Place(request.args.get("after", ""), request.args.get("before", ""))
    found = search_operators(OperatorSearch(operator.country, text=text or operator.name[:4]), place)
    rows = [row for row in found.rows if row.id != operator_id]
    return page(
        "operator_activities/choose.html", form=form, operator=operator, rows=rows, found=found, text=text
    )


@blueprint.route("/<int:operator_id>/merge/<int:loser_id>", methods=["GET", "POST"])
@requires(Action.OPERATOR_MERGE)
def merge(operator_id: int, loser_id: int) -> ResponseReturnValue:
    """What moves, what is there twice, and the act; afterwards the page of the survivor lists what moved."""
    form, actor = MergeForm(), current.actor()
    plan = merging.merge_plan(operator_id, loser_id, actor)
    if form.validate_on_submit():
        merging.merge_operators(operator_id, loser_id, actor)
        flash(_("The two records are one now. What moved stands under «Merged records»."), "success")
        return redirect(url_for("operators.show", operator_id=operator_id))
    people = identity.accounts_by_id({pair.ends.account_id for pair in plan.roles})
    names = reference.activity_names(
        {pair.ends.activity_code for pair in plan.activities}, current.language()
    )
    return page("operator_activities/merge.html", form=form, plan=plan, people=people, names=names)
