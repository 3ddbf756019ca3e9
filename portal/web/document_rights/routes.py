"""Pages of the rights on documents: the whole table, and the rights of one profile, changed by the Commission."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.access.authorise import may
from portal.organisations import document_rights
from portal.organisations.document_rights import DOCUMENTS, Line, Profile
from portal.organisations.registers import EditedMeanwhile
from portal.reference import queries as reference
from portal.reference.queries import Choice
from portal.web import current, labels, register_words
from portal.web.document_rights.forms import ProfileForm, RightsForm
from portal.web.guard import nothing, requires
from portal.web.shell import page

blueprint = Blueprint("document_rights", __name__)
CHAPTER = "chapter/"


@blueprint.get("")
@requires(Action.DOCUMENT_RIGHTS_READ, nothing)
def table() -> ResponseReturnValue:
    """Every profile with its right on each document."""
    lines = document_rights.lines()
    may_keep = may(current.actor(), Action.DOCUMENT_RIGHTS_KEEP)
    names = {line.profile: _name_of(line.profile, _names(lines)) for line in lines}
    return page(
        "document_rights/table.html", lines=lines, names=names, may_keep=may_keep, documents=DOCUMENTS
    )


def _names(lines: list[Line]) -> dict[str, str]:
    """The words of competences, activities and chapters that stand in these lines, by code."""
    language = current.language()
    competences = reference.competence_names({line.profile.competence for line in lines}, language)
    activities = reference.activity_names({line.profile.activity for line in lines}, language)
    chapters = {f"{CHAPTER}{one.code}": one.name for one in reference.chapter_choices(language)}
    return chapters | activities | competences


def _name_of(profile: Profile, names: dict[str, str]) -> str:
    """«Border Control Post (BCP), Organic»."""
    holder = register_words.HOLDERS.get(profile.holder)
    word = str(holder or labels.AUTHORITY_ROLES[profile.holder])  # type: ignore[index]
    more = [names.get(code, code) for code in (profile.competence, profile.activity) if code]
    return ", ".join([word, *more])


@blueprint.get("/new")
@requires(Action.DOCUMENT_RIGHTS_KEEP, nothing)
def new() -> ResponseReturnValue:
    """Which profile a further line of the table is for."""
    form = ProfileForm(request.args if "holder" in request.args else None)
    language = current.language()
    chapters = [Choice(f"{CHAPTER}{one.code}", one.name) for one in reference.chapter_choices(language)]
    form.offer(reference.competence_choices(language), [*chapters, *reference.activity_choices(language)])
    if "holder" in request.args and form.validate():
        return redirect(url_for(".edit", **_arguments(form.to_profile())))
    return page("document_rights/new.html", 422 if form.errors else 200, form=form)


def _arguments(profile: Profile) -> dict[str, Any]:
    return {
        "holder": profile.holder, "competence": profile.competence or None, "activity": profile.activity or None
    }  # fmt: skip


@blueprint.route("/edit", methods=["GET", "POST"])
@requires(Action.DOCUMENT_RIGHTS_KEEP, nothing)
def edit() -> ResponseReturnValue:
    """The rights of one profile; who finds them changed meanwhile sees the difference and decides."""
    profile = _profile()
    if profile is None:
        return redirect(url_for(".new"))
    form, line = RightsForm(), document_rights.line_of(profile)
    form.offer_rights(line.rights, line.version)
    if form.validate_on_submit():
        try:
            document_rights.change_rights(profile, form.rights(), form.seen(), current.actor())
        except EditedMeanwhile:
            return _met(profile, form)
        flash(_("The rights were changed."), "success")
        return redirect(url_for(".table"))
    return _edit_page(profile, form, line)


def _profile() -> Profile | None:
    """The profile of the address, if there can be one."""
    parts = [request.args.get(name, "") for name in ("holder", "competence", "activity")]
    profile = Profile(*parts)
    known = {line.profile for line in document_rights.lines()}
    return profile if profile in known or _can_be(profile) else None


def _can_be(profile: Profile) -> bool:
    form = ProfileForm(request.args)
    language = current.language()
    chapters = [Choice(f"{CHAPTER}{one.code}", one.name) for one in reference.chapter_choices(language)]
    form.offer(reference.competence_choices(language), [*chapters, *reference.activity_choices(language)])
    return bool(form.validate() and form.to_profile() == profile)


def _met(profile: Profile, form: RightsForm) -> ResponseReturnValue:
    now = document_rights.line_of(profile)
    form.meet(now.version)
    pairs = [(document, now.rights.get(document, "--")) for document in DOCUMENTS]
    differing = [
        (str(register_words.DOCUMENTS[document]), f"{word} – {register_words.RIGHTS[word]}")
        for document, word in pairs
        if form.rights()[document] != word
    ]
    return _edit_page(profile, form, now, differing, 409)


def _edit_page(
    profile: Profile,
    form: RightsForm,
    line: Line,
    differing: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    name = _name_of(profile, _names([Line(profile, {})]))
    return page(
        "document_rights/edit.html", status, form=form, name=name, line=line, differing=differing,
        here=url_for(".edit", **_arguments(profile)),
    )  # fmt: skip
