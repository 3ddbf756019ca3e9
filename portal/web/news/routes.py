"""News of an environment, read by everybody, written by the Commission and by central authorities for their country."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.access.authorise import authorise, may
from portal.access.rules_notices import administers_the_commission, countries_announced_to
from portal.environments import environment
from portal.notices import announcing
from portal.notices.announcing import EndsBeforeItBegins
from portal.paging import Place
from portal.web import current
from portal.web.guard import nothing, requires
from portal.web.news.forms import ChangeForm, EndForm, NewsForm, WordsForm
from portal.web.shell import language_labels, page

blueprint = Blueprint("news", __name__)
KEEP = Action.NEWS_KEEP


@blueprint.get("")
@requires(Action.NEWS_READ, nothing)
def overview() -> ResponseReturnValue:
    """What is announced now, which second factors are accepted, and for its writers all news."""
    actor = current.actor()
    keeps = may(actor, KEEP, None)
    place = Place(request.args.get("after", ""), request.args.get("before", ""))
    key = environment.current().value
    return page(
        "news/overview.html",
        keeps=keeps,
        found=announcing.news_kept_by(actor, place) if keeps else None,
        accepted=current.method_policy(key),
    )


@blueprint.get("/<int:news_id>")
@requires(Action.NEWS_READ, nothing)
def show(news_id: int) -> ResponseReturnValue:
    """One of the news with all its texts, for its writers."""
    row = announcing.announcement_to_read(news_id, KEEP, current.actor())
    return page("news/show.html", row=row, languages=language_labels())


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.NEWS_KEEP)
def new() -> ResponseReturnValue:
    """Write news, first in one language."""
    actor = current.actor()
    authorise(actor, KEEP, None)
    countries = countries_announced_to(actor)
    everybody = administers_the_commission(actor)
    form = NewsForm().offer(language_labels(), countries, everybody=everybody)
    if form.validate_on_submit():
        try:
            row = announcing.announce_news(form.to_period(), form.country.data or "", form.to_words(), actor)
            flash(_("The news is kept. Add its text in other languages here."), "success")
            return redirect(url_for(".show", news_id=row.id))
        except EndsBeforeItBegins:
            form.ends_at.errors = [_("This end has passed already.")]
    return page("news/new.html", form=form)


@blueprint.route("/<int:news_id>/edit", methods=["GET", "POST"])
@requires(Action.NEWS_KEEP)
def edit(news_id: int) -> ResponseReturnValue:
    """Another time."""
    actor = current.actor()
    row = announcing.announcement_to_keep(news_id, KEEP, actor)
    form = ChangeForm(obj=row)
    if form.validate_on_submit():
        try:
            announcing.change_period(row, form.seen_version, form.to_period(), actor)
            flash(_("The news was changed."), "success")
            return redirect(url_for(".show", news_id=news_id))
        except EndsBeforeItBegins:
            form.ends_at.errors = [_("This end has passed already.")]
    return page("news/edit.html", form=form, row=row)


@blueprint.route("/<int:news_id>/texts/<language>", methods=["GET", "POST"])
@requires(Action.NEWS_KEEP)
def words(news_id: int, language: str) -> ResponseReturnValue:
    """The text in one language."""
    names = dict(language_labels())
    if language not in names:
        abort(404)
    actor = current.actor()
    row = announcing.announcement_to_keep(news_id, KEEP, actor)
    text = next((one for one in row.texts if one.language == language), None)
    form = WordsForm(obj=text, version=row.version)
    if form.validate_on_submit():
        announcing.put_words(row, form.seen_version, form.to_words(language), actor)
        flash(_("The text is kept."), "success")
        return redirect(url_for(".show", news_id=news_id))
    return page("news/words.html", form=form, row=row, language=language, name=names[language])


@blueprint.route("/<int:news_id>/over", methods=["GET", "POST"])
@requires(Action.NEWS_KEEP)
def end(news_id: int) -> ResponseReturnValue:
    """Show it no more."""
    actor = current.actor()
    row = announcing.announcement_to_keep(news_id, KEEP, actor)
    form = EndForm(obj=row)
    if form.validate_on_submit():
        announcing.end(row, form.seen_version, actor)
        flash(_("The news is shown no more."), "success")
        return redirect(url_for(".overview"))
    return page("news/end.html", form=form, row=row)
