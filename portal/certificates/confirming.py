"""Whether a certificate can be signed as it is: asked when its page is shown, when it is confirmed, when it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from portal import config
from portal.access.actor import Actor
from portal.certificates import canonical, changing, definitions, filling, submitting
from portal.certificates.boxes import Value
from portal.certificates.canonical import Signatory
from portal.certificates.changing import CertificateMoved
from portal.certificates.models import Certificate, SigningIntent
from portal.certificates.shapes import Definition
from portal.certificates.states import OPEN_INTENTS, REPLACE, SIGN, CertificateState
from portal.database import db
from portal.environments import environment
from portal.environments.environment import Environment
from portal.identity import queries as identity
from portal.seals import keys

ACTIVE = "active"
LAST_CHANGES = 5


class BeingSigned(Exception):
    """It is being signed already: another press, tab or officer was faster. `round_key` is for whoever confirmed."""

    def __init__(self, intent: SigningIntent) -> None:
        super().__init__(intent.certificate_id)
        self.certificate_id, self.account_id = intent.certificate_id, intent.account_id
        self.round_key, self.signatory_name = intent.round_key, intent.signatory_name


class DataChanged(Exception):
    """The data are not those the page showed: `last` are the boxes that were changed last, newest first."""

    def __init__(self, certificate: Certificate, data_hash: str) -> None:
        super().__init__(certificate.id)
        self.certificate_id, self.data_hash = certificate.id, data_hash
        newest = sorted(certificate.boxes, key=lambda row: row.changed_at, reverse=True)
        self.last = [(row.box, row.changed_by, row.changed_at) for row in newest[:LAST_CHANGES]]


class ModelNotVerified(Exception):
    """No source vouches for its model: in Production nothing is signed under it."""


class NoSealKey(Exception):
    """This environment has no key to seal with: nothing can be signed here."""


@dataclass(frozen=True)
class ToSign:
    """A certificate that can be signed: its model, its values, who signs as it will be printed, the SHA-256 of all."""

    certificate: Certificate
    definition: Definition
    values: Mapping[str, Value]
    signatory: Signatory
    data_hash: str


def ready(certificate: Certificate, actor: Actor) -> ToSign:
    """The certificate with what is signed; the caller holds and has authorised it.

    Raises BeingSigned and what `as_confirmed` raises.
    """
    check_not_being_signed(certificate)
    return as_confirmed(certificate, actor)


def as_confirmed(certificate: Certificate, actor: Actor) -> ToSign:
    """The same while its own intent is open. Raises CertificateMoved, Frozen, ModelNotVerified, Incomplete."""
    definition = definitions.kept(certificate.definition_sha256)
    _check_state(certificate)
    changing.check_not_suspended(certificate)
    if not definition.verified and not is_practice():
        raise ModelNotVerified
    submitting.check_complete(certificate, definition)
    values, signatory = filling.values_of(certificate), signatory_of(certificate, actor)
    content = canonical.canonical(certificate, definition, values, signatory)
    return ToSign(certificate, definition, values, signatory, canonical.data_hash(content))


def signatory_of(certificate: Certificate, actor: Actor) -> Signatory:
    """Who signs, with the names of this moment (P-07)."""
    account = identity.account_by_id(actor.account_id)
    assert account is not None  # noqa: S101 - accounts are closed, never deleted
    office = certificate.issuer.name if certificate.issuer else ""
    return Signatory(account.full_name, account.username, office)


def is_practice() -> bool:
    """Whether what is signed here has no legal value anyway, and its paper says so."""
    return config.current().is_demo or environment.current() is not Environment.PRODUCTION


def check_key() -> None:
    """Raise NoSealKey unless there is a key; the worker alone opens it."""
    if not any(key.state == ACTIVE for key in keys.listed(environment.current().value)):
        raise NoSealKey


def check_not_being_signed(certificate: Certificate) -> None:
    """Raise BeingSigned while an intent is open."""
    there = select(SigningIntent).where(
        SigningIntent.certificate_id == certificate.id, SigningIntent.state.in_(OPEN_INTENTS)
    )
    intent = db.session.scalar(there.limit(1))
    if intent is not None:
        raise BeingSigned(intent)


def _check_state(certificate: Certificate) -> None:
    """From a draft only where the issuing body itself began it (CE4); a replacement only for what is still valid."""
    is_draft = certificate.state == CertificateState.DRAFT
    if certificate.state not in SIGN.sources or (
        is_draft and certificate.creator_id != certificate.issuer_id
    ):
        raise CertificateMoved(certificate)
    if certificate.replaces_id is not None:
        replaced = db.session.get_one(Certificate, certificate.replaces_id, populate_existing=True)
        if replaced.state not in REPLACE.sources:
            raise CertificateMoved(replaced)
