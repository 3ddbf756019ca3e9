"""Pages of certificates: the list of those that concern one, beginning one, and one with what stands in it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.access.authorise import authorise, may
from portal.access.rules_certificates import WantedCertificate
from portal.certificates import confirming, controls, definitions, drafting, filling, queries, rights
from portal.certificates.drafting import WishRefused
from portal.certificates.filling import BoxesRefused
from portal.certificates.states import EDITABLE, Document
from portal.organisations import queries as organisations
from portal.paging import Place
from portal.vocabulary import OrganisationKind
from portal.web import certificate_shown, current, exporting, listings, model_words
from portal.web.certificate_recognition import recognised_for
from portal.web.certificate_steps import step_of
from portal.web.certificates.forms import FilterForm, NewForm
from portal.web.guard import nothing, requires
from portal.web.shell import page

blueprint = Blueprint("certificates", __name__)


@blueprint.get("")
@requires(Action.CERTIFICATE_LIST, nothing)
def overview() -> ResponseReturnValue:
    """The certificates that concern the profile acted as, newest first."""
    actor = current.actor()
    is_authority = any(role.kind is OrganisationKind.AUTHORITY for role in actor.roles)
    form = FilterForm(request.args).offer(is_authority=is_authority)
    wanted = form.to_filter()
    place = Place(request.args.get("after", ""), request.args.get("before", ""))
    if file := exporting.file_of(
        listings.CERTIFICATES, lambda at: queries.certificates_for(actor, wanted, at)
    ):
        return file
    found = queries.certificates_for(actor, wanted, place)
    signs = {role.organisation_id for role in actor.roles if role.may_sign}
    return page(
        "certificates/overview.html", form=form, found=found, may_begin=bool(_documents()),
        to_sign=[one.id for one in found.rows if one.issuer_id in signs and one.state in EDITABLE],
        names=listings.organisation_names(found.rows), kept=_kept(),
    )  # fmt: skip


def _kept() -> dict[str, str]:
    names = ("state", "document", "origin", "destination", "text", "only")
    return {name: request.args[name][:80] for name in names if request.args.get(name)}


def _wanted(document: str) -> WantedCertificate:
    return WantedCertificate(document, rights.right_of(current.actor().acting_as, document))


def _documents() -> list[Document]:
    """The documents that the profile acted as may begin."""
    actor = current.actor()
    return [one for one in Document if may(actor, Action.CERTIFICATE_CREATE, _wanted(one))]


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.CERTIFICATE_CREATE)
def new() -> ResponseReturnValue:
    """Document, model, journey and languages; the boxes come on the next screens."""
    actor, allowed = current.actor(), _documents()
    asked = request.args.get("document", "")
    document = Document(asked) if asked in {*Document} else next(iter(reversed(allowed)), Document.INTRA)
    authorise(actor, Action.CERTIFICATE_CREATE, _wanted(document))
    models = definitions.model_names(document, current.language())
    groups = list(dict.fromkeys(group for _code, _name, group in models))
    group = request.args.get("group", "") if request.args.get("group", "") in groups else groups[0]
    country = next((role.country for role in actor.roles if role.country != "EU"), "")
    form = NewForm().offer([(code, name) for code, name, one in models if one == group], country)
    if form.validate_on_submit() and (begun := _begun(form, document)):
        flash(_("The draft was begun. Its number is %(number)s.", number=begun.draft_number), "success")
        return redirect(url_for("certificate_boxes.begin", certificate_id=begun.id))
    return page("certificates/new.html", form=form, allowed=allowed, document=document, groups=groups,
                group=group, group_words=model_words.GROUPS)  # fmt: skip


def _begun(form: NewForm, document: Document) -> Any:
    """The draft; None where something in the form cannot be, which then stands at its field."""
    try:
        return drafting.begin(form.to_wish(document), current.actor())
    except WishRefused as refused:
        form.refuse(refused.field)
    except BoxesRefused:
        form.refuse("origin_country")
    return None


@blueprint.get("/<int:certificate_id>")
@requires(Action.CERTIFICATE_READ)
def show(certificate_id: int) -> ResponseReturnValue:
    """One certificate: its state, what may be done, what is missing, its boxes, its history."""
    actor = current.actor()
    certificate = queries.readable(certificate_id, actor)
    definition = definitions.kept(certificate.definition_sha256)
    acts = certificate_shown.acts_for(certificate, definition, actor)
    gaps = certificate_shown.gaps_of(certificate, definition) if acts.edits else None
    values = filling.values_of(certificate)
    return page(
        "certificates/show.html", certificate=certificate, definition=definition, acts=acts, gaps=gaps,
        step_of=step_of, in_page_language=certificate_shown.in_page_language,
        has_files=certificate_shown.has_files(certificate),
        name=certificate_shown.name_of(definition), model_name=certificate_shown.in_page_language(definition.names),
        parts=certificate_shown.parts_of(certificate, definition, values),
        scopes=recognised_for(definition, values) if certificate.state in EDITABLE else [],
        added=certificate_shown.added_to(certificate, definition, controls.controls_of(certificate.id)),
        history=certificate_shown.history_of(certificate), linked=_linked(certificate),
        names=organisations.organisations_by_id(_offices(certificate)), is_practice=confirming.is_practice(),
    )  # fmt: skip


def _offices(certificate: Any) -> set[int]:
    return {number for number in (certificate.creator_id, certificate.issuer_id) if number}


def _linked(certificate: Any) -> dict[str, Any]:
    """The certificates that it replaces or that replaces it, as far as the person may see them."""
    actor, found = current.actor(), {}
    for word in ("replaces_id", "replaced_by_id"):
        other = queries.by_id(getattr(certificate, word) or 0)
        if other is not None and may(actor, Action.CERTIFICATE_READ, rights.target_of(other, actor)):
            found[word] = other
    return found
