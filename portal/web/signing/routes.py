"""Pages of a signature: what is about to be signed by whom, how far it is, and the signed files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from flask import Blueprint, abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import Refused, StepUpNeeded, authorise
from portal.certificates import confirming, files, numbers, queries, signing
from portal.certificates.changing import CertificateMoved, Frozen
from portal.certificates.signing import (
    BeingSigned,
    DataChanged,
    ModelNotVerified,
    NoSealKey,
    SeveralRefused,
    ToSign,
)
from portal.certificates.submitting import Incomplete
from portal.identity import queries as identity
from portal.web import certificate_shown, certificate_words, current
from portal.web.certificate_recognition import Recognised, recognised_for
from portal.web.guard import nothing, requires
from portal.web.shell import page
from portal.web.signing.forms import SigningForm, numbers_in
from portal.workflow import NotThere

blueprint = Blueprint("signing", __name__)
REFUSALS = (BeingSigned, CertificateMoved, Frozen, Incomplete, ModelNotVerified, NoSealKey)


@dataclass(frozen=True)
class Looked:
    """One certificate before the press: what would be signed, or the sentence why it cannot be."""

    number: int
    ready: ToSign | None
    reason: str = ""
    draft_number: str = ""
    """Empty for one that the person may not even see."""

    @property
    def series(self) -> str:
        """The beginning of the official number it would get: «INTRA.FR.2026.»."""
        assert self.ready is not None  # noqa: S101 - only those that are ready are shown
        issuer = self.ready.certificate.issuer
        return numbers.series(self.ready.certificate.document, issuer.country if issuer else "")

    @property
    def model(self) -> str:
        """The name of the model in the language of the page."""
        return certificate_shown.in_page_language(self.ready.definition.names) if self.ready else ""

    @property
    def recognised(self) -> Sequence[Recognised]:
        """For which countries and categories the control body of a COI is recognised today."""
        return recognised_for(self.ready.definition, self.ready.values) if self.ready else []


@blueprint.route("/sign", methods=["GET", "POST"])
@requires(Action.CERTIFICATE_SIGN)
def confirm() -> ResponseReturnValue:
    """What would be signed, each with its hash and the name as it will be printed; the button begins it."""
    form, actor = SigningForm(), current.actor()
    ids = _chosen()[: signing.AT_ONCE]
    if not ids:
        authorise(actor, Action.CERTIFICATE_LIST)
        flash(_("Tick at least one certificate."), "warning")
        return redirect(url_for("certificates.overview"))
    if form.validate_on_submit():
        return _confirmed(form, ids, actor)
    looked = _looked_at(ids, actor)
    return _confirm_page(form, looked)


def _chosen() -> list[int]:
    """The certificates ticked; the box «Select all» without script means every one that the list showed."""
    return numbers_in(request.args.getlist("shown" if request.args.get("all") else "certificate"))


def _confirm_page(form: SigningForm, looked: list[Looked], status: int = 200) -> ResponseReturnValue:
    ready = [one for one in looked if one.ready is not None]
    return page("signing/confirm.html", status, form=form, looked=looked, ready=ready, has_key=_has_key(),
                here=url_for(".confirm", certificate=[one.number for one in ready]))  # fmt: skip


def _has_key() -> bool:
    try:
        confirming.check_key()
    except NoSealKey:
        return False
    return True


def _looked_at(ids: list[int], actor: Actor) -> list[Looked]:
    """Each on its own. Raises what is wrong with it where nothing could be looked at."""
    looked, errors = [], []
    for number in ids:
        try:
            looked.append(Looked(number, signing.to_sign(number, actor)))
        except StepUpNeeded:
            raise
        except (Refused, NotThere) as error:
            errors.append(error)
            looked.append(Looked(number, None, _("You cannot sign this one.")))
        except REFUSALS as error:
            found = queries.by_id(number)
            looked.append(Looked(number, None, _why(error), found.draft_number if found else ""))
    if len(errors) == len(ids):
        raise errors[0]
    return looked


def _why(error: Exception) -> str:
    """The sentence for one that cannot be signed now."""
    if isinstance(error, BeingSigned):
        return _("%(person)s is signing it at this moment.", person=error.signatory_name)
    if isinstance(error, Incomplete):
        return _incomplete(error)
    if isinstance(error, NoSealKey):
        return _("This environment has no key to seal with.")
    if isinstance(error, ModelNotVerified):
        return _("Its model is not verified: in Production nothing is signed under it.")
    if isinstance(error, DataChanged):
        return _("It was changed since the page was opened.")
    if isinstance(error, CertificateMoved):
        return _("Its state is now: %(state)s.", state=certificate_words.STATES[error.state])
    return _("Nothing in it can be changed at the moment.")


def _incomplete(error: Incomplete) -> str:
    """Why its organisations cannot stay, in their own sentences, where that is all that stands in the way."""
    if error.missing:
        return _("Something is still missing in it, or cannot stay in it.")
    return " ".join(certificate_words.refusal(one) for one in error.refusals)


def _confirmed(form: SigningForm, ids: list[int], actor: Actor) -> ResponseReturnValue:
    try:
        key = signing.confirm(ids, form.hashes(request.form), actor)
    except DataChanged as error:
        return _changed_page(error)
    except BeingSigned as error:
        if error.account_id == actor.account_id:
            return redirect(url_for(".progress", round_key=error.round_key))
        return _refused_page(_why(error))
    except (Incomplete, ModelNotVerified, NoSealKey) as error:
        return _refused_page(_why(error))
    except SeveralRefused:
        flash(_("Nothing has been signed: some of them changed since you opened the page."), "warning")
        return _confirm_page(form, _looked_at(ids, actor), 409)
    return redirect(url_for(".progress", round_key=key))


def _refused_page(reason: str) -> ResponseReturnValue:
    links = [{"label": _("Certificates"), "url": url_for("certificates.overview")}]
    title = _("Nothing has been signed")
    return page("errors/wrong_state.html", 409, title=title, reason=reason, links=links)


def _changed_page(error: DataChanged) -> ResponseReturnValue:
    people = identity.accounts_by_id({by for _box, by, _at in error.last})
    return page("signing/changed.html", 409, number=error.certificate_id, last=error.last, people=people)


@blueprint.get("/sign/<round_key>")
@requires(Action.CERTIFICATE_LIST, nothing)
def progress(round_key: str) -> ResponseReturnValue:
    """How far each of them is; the page looks again by itself until all are done."""
    found = signing.progress(round_key, current.actor())
    rows = queries.by_ids([one.certificate_id for one in found])
    return page("signing/progress.html", found=found, rows=rows, is_over=signing.is_over(found),
                round_key=round_key, wait_state=_ended(found))  # fmt: skip


@blueprint.get("/sign/<round_key>/state")
@requires(Action.CERTIFICATE_LIST, nothing)
def state(round_key: str) -> ResponseReturnValue:
    """How many of them have ended, for the page that waits by itself."""
    return {"state": _ended(signing.progress(round_key, current.actor()))}


def _ended(found: list[signing.Progress]) -> str:
    return str(sum(signing.is_over([one]) for one in found))


@blueprint.get("/<int:certificate_id>/file")
@requires(Action.CERTIFICATE_READ)
def first_file(certificate_id: int) -> ResponseReturnValue:
    """The file as it was sealed, the same bytes at every download."""
    return _file(certificate_id, is_archive=False)


@blueprint.get("/<int:certificate_id>/file/archive")
@requires(Action.CERTIFICATE_READ)
def newest_file(certificate_id: int) -> ResponseReturnValue:
    """«Copie d'archivage»: the version with the newest proof."""
    return _file(certificate_id, is_archive=True)


def _file(certificate_id: int, *, is_archive: bool) -> ResponseReturnValue:
    certificate = queries.readable(certificate_id, current.actor())
    try:
        stored = files.newest(certificate) if is_archive else files.first(certificate)
    except files.NotKept as missing:
        abort(500 if missing.word == "damaged" else 404)
    name = f"{certificate.number}{'-archive' if is_archive else ''}.pdf"
    return send_file(
        BytesIO(stored.content), "application/pdf", as_attachment=True, download_name=name, max_age=0
    )
