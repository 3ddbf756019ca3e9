"""Why a certificate could not be changed now: somebody was faster, it rests, or a second factor is missing."""

from __future__ import annotations

from flask import Flask, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import Refused
from portal.access.rules_certificates import completes_a_second_factor
from portal.certificates.changing import CertificateMoved, Frozen
from portal.identity import queries as identity
from portal.web import certificate_words, current, denials
from portal.web.shell import moment, page
from portal.web.shown import Entry

NEEDS_A_FACTOR = frozenset({
    Action.CERTIFICATE_CREATE, Action.CERTIFICATE_EDIT, Action.CERTIFICATE_SUBMIT, Action.CERTIFICATE_SIGN,
})  # fmt: skip


def register(app: Flask) -> None:
    """Each refusal with its page."""
    app.register_error_handler(CertificateMoved, moved)
    app.register_error_handler(Frozen, frozen)


def moved(error: CertificateMoved) -> ResponseReturnValue:
    """409: who brought it into its state, and when."""
    person = identity.account_by_id(error.by) if error.by else None
    facts = {"person": person.full_name if person else "–", "moment": moment(error.at)}
    state = str(certificate_words.STATES[error.state])
    reason = _(
        "Its state is now: %(state)s (%(person)s, %(moment)s). Nothing was changed.", state=state, **facts
    )
    links = [Entry(_("The certificate"), url_for("certificates.show", certificate_id=error.certificate_id))]
    return page(
        "errors/wrong_state.html", 409, title=_("Somebody else was faster"), reason=reason, links=links
    )


def frozen(error: Frozen) -> ResponseReturnValue:
    """409: while a signature is made, or while its maker is suspended (Z-12: that leaves an event)."""
    if error.word != "signing":
        denials.record_declared(current.actor(), error)
    title, reason = (
        _("This certificate rests"),
        _("The organisation that drafted it is suspended. Nothing in it can be changed until that ends."),
    )
    if error.word == "signing":
        title, reason = (
            _("This certificate is being signed"),
            _("Nothing in it can be changed until the signature is made."),
        )
    links = [Entry(_("Certificates"), url_for("certificates.overview"))]
    return page("errors/wrong_state.html", 409, title=title, reason=reason, links=links)


def is_for_want_of_a_factor(error: Refused, actor: Actor) -> bool:
    """Whether what is missing is a second factor, whatever else the environment asks (S2, E4)."""
    return error.action in NEEDS_A_FACTOR and not completes_a_second_factor(actor) and not actor.is_suspended


def without_a_factor(back: str, actor: Actor) -> ResponseReturnValue:
    """403: the certificate cannot be created until a second factor is active, and where one is added."""
    links = [Entry(_("My Account"), url_for("account.cards"))]
    if actor.has_factor:
        links.insert(0, Entry(_("Confirm with a second factor"), url_for("second_factor.step_up", next=back)))
    return page(
        "errors/refused.html", 403, title=_("A second factor is needed here"), links=links,
        reason=_("The certificate for movements within the Union (INTRA) and every other certificate cannot be created "
                 "until a second factor is active."),
        advice=_("Confirm with your second factor, and you come back to this page.") if actor.has_factor
        else _("Add a second factor in «My Account», then confirm with it."),
    )  # fmt: skip
