"""The Commission's switches of one environment: open or closed, planned stops, accepted second factors."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.environments import environment, methods
from portal.notices import announcing, policies
from portal.notices.announcing import EndsBeforeItBegins, TooSoon
from portal.notices.policies import AppliesInThePast, NoMethodLeft, ShutsOutItsAuthor
from portal.paging import Place
from portal.web import announced, current
from portal.web.guard import nothing, requires
from portal.web.shell import day, language_labels, page
from portal.web.switches.forms import ChangeForm, CloseForm, EndForm, MethodsForm, StopForm, WordsForm

blueprint = Blueprint("switches", __name__)
KEEP = Action.ENVIRONMENT_SWITCH


@blueprint.get("")
@requires(Action.ENVIRONMENT_READ, nothing)
def overview() -> ResponseReturnValue:
    """How the environment stands: open or closed, its stops, the second factors it accepts."""
    key = environment.current().value
    place = Place(request.args.get("after", ""), request.args.get("before", ""))
    return page(
        "switches/overview.html",
        closing=announced.closing_now(),
        found=announcing.stops_kept_by(current.actor(), place),
        accepted=current.method_policy(key),
        coming=methods.coming(current.policy_versions(key)),
        held=methods.in_force(current.policy_versions(key)),
    )


@blueprint.get("/stops/<int:stop_id>")
@requires(Action.ENVIRONMENT_READ, nothing)
def show(stop_id: int) -> ResponseReturnValue:
    """One stop or closing with all its texts."""
    row = announcing.announcement_to_read(stop_id, KEEP, current.actor())
    return page("switches/show.html", row=row, languages=language_labels())


@blueprint.route("/stops/new", methods=["GET", "POST"])
@requires(KEEP, nothing)
def new_stop() -> ResponseReturnValue:
    """Plan a stop."""
    form = StopForm()
    form.offer_languages(language_labels())
    if form.validate_on_submit():
        try:
            period = form.to_period(closes=form.closes.data)
            row = announcing.plan_stop(period, form.to_words(), current.actor(), urgent=form.urgent.data)
            flash(_("The stop is planned. Add its text in other languages here."), "success")
            return redirect(url_for(".show", stop_id=row.id))
        except EndsBeforeItBegins:
            form.ends_at.errors = [_("This end has passed already.")]
        except TooSoon:
            form.starts_at.errors = [_("A planned stop is announced two weeks ahead.")]
    return page("switches/new_stop.html", form=form)


@blueprint.route("/close", methods=["GET", "POST"])
@requires(KEEP, nothing)
def close() -> ResponseReturnValue:
    """Close the environment at once."""
    form = CloseForm()
    form.offer_languages(language_labels())
    if form.validate_on_submit():
        try:
            announcing.close_environment(form.ends_at.data, form.to_words(), current.actor())
            flash(_("The environment is closed."), "success")
            return redirect(url_for(".overview"))
        except EndsBeforeItBegins:
            form.ends_at.errors = [_("This end has passed already.")]
    return page("switches/close.html", form=form)


@blueprint.route("/stops/<int:stop_id>/edit", methods=["GET", "POST"])
@requires(KEEP, nothing)
def edit(stop_id: int) -> ResponseReturnValue:
    """Another time, another effect."""
    actor = current.actor()
    row = announcing.announcement_to_keep(stop_id, KEEP, actor)
    form = ChangeForm(obj=row)
    if form.validate_on_submit():
        try:
            period = form.to_period(closes=form.closes.data)
            announcing.change_period(row, form.seen_version, period, actor)
            flash(_("The stop was changed."), "success")
            return redirect(url_for(".show", stop_id=stop_id))
        except EndsBeforeItBegins:
            form.ends_at.errors = [_("This end has passed already.")]
    return page("switches/edit.html", form=form, row=row)


@blueprint.route("/stops/<int:stop_id>/texts/<language>", methods=["GET", "POST"])
@requires(KEEP, nothing)
def words(stop_id: int, language: str) -> ResponseReturnValue:
    """The text in one language."""
    names = dict(language_labels())
    if language not in names:
        abort(404)
    actor = current.actor()
    row = announcing.announcement_to_keep(stop_id, KEEP, actor)
    text = next((one for one in row.texts if one.language == language), None)
    form = WordsForm(obj=text, version=row.version)
    if form.validate_on_submit():
        announcing.put_words(row, form.seen_version, form.to_words(language), actor)
        flash(_("The text is kept."), "success")
        return redirect(url_for(".show", stop_id=stop_id))
    return page("switches/words.html", form=form, row=row, language=language, name=names[language])


@blueprint.route("/stops/<int:stop_id>/over", methods=["GET", "POST"])
@requires(KEEP, nothing)
def end(stop_id: int) -> ResponseReturnValue:
    """Call a stop off, or open the environment again."""
    actor = current.actor()
    row = announcing.announcement_to_keep(stop_id, KEEP, actor)
    form = EndForm(obj=row)
    if form.validate_on_submit():
        announcing.end(row, form.seen_version, actor)
        flash(_("This holds no more."), "success")
        return redirect(url_for(".overview"))
    return page("switches/end.html", form=form, row=row)


@blueprint.route("/methods", methods=["GET", "POST"])
@requires(KEEP, nothing)
def choose_methods() -> ResponseReturnValue:
    """Which second factors the environment accepts, from a day on."""
    form = MethodsForm(data=_shown())
    if form.validate_on_submit() and _set(form):
        flash(_("The method policy is kept. The people of this environment are told."), "success")
        return redirect(url_for(".overview"))
    return page("switches/choose_methods.html", form=form)


def _shown() -> dict[str, Any]:
    # What holds today is where the form begins.
    key = environment.current().value
    accepted, held = current.method_policy(key), methods.in_force(current.policy_versions(key))
    return {
        "access_methods": sorted(accepted.methods),
        "decision_methods": sorted(accepted.decision_methods),
        "sms": held.sms.value if held else methods.SmsWord.ALLOWED.value,
        "sms_off_from": held.sms_off_from if held else None,
        "required_from": held.required_from if held else None,
        "version": policies.newest_version(),
    }


def _set(form: MethodsForm) -> bool:
    try:
        policies.set_policy(form.to_wish(), form.seen_version, current.actor())
    except AppliesInThePast:
        form.applies_from.errors = [_("This day has passed already.")]
    except NoMethodLeft as refused:
        form.access_methods.errors = [
            _(
                "From %(day)s on no method would be left, with the settings of this portal.",
                day=day(refused.day),
            )
        ]
    except ShutsOutItsAuthor as refused:
        form.decision_methods.errors = [
            _(
                "From %(day)s on you could not come back yourself: none of your second factors would be accepted.",
                day=day(refused.day),
            )
        ]
    else:
        return True
    return False
