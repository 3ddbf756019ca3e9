"""Drafts: begun under a model, filled box by box, copied, deleted. Each call is one change with its event."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise
from portal.access.rules_certificates import WantedCertificate
from portal.audit import certificate_events as events
from portal.audit import trail
from portal.certificates import changing, definitions, filling, numbers, parties
from portal.certificates.boxes import Value
from portal.certificates.changing import CertificateMoved
from portal.certificates.definitions import Current, NoSuchModel
from portal.certificates.models import Certificate
from portal.certificates.rights import right_of
from portal.certificates.shapes import Definition, Kind
from portal.certificates.states import DELETE, EDITABLE, REPLACE, CertificateState, PartyRole
from portal.database import db
from portal.vocabulary import OrganisationKind

LANGUAGES = re.compile(r"[a-z]{2}(,[a-z]{2})?")
COUNTRY = re.compile(r"([A-Z]{2})?")
OUTAGE_AT_MOST = 80


@dataclass(frozen=True)
class CertificateWish:
    """What somebody begins: COI or INTRA, the model, the languages of the paper («fr» or «fr,de»), the journey.

    `issuer_id` names who is to certify, where an operator knows it already; `outage_reference` is the number of a paper
    that was issued by hand while the portal did not answer (IMSOC Art. 46).
    """

    document: str
    model_code: str
    issuer_id: int | None = None
    languages: str = "en"
    origin_country: str = ""
    destination_country: str = ""
    outage_reference: str = ""


class WishRefused(Exception):
    """What was wished cannot be begun: `field` of the wish, and a closed word."""

    def __init__(self, field: str, word: str) -> None:
        super().__init__(f"{field}: {word}")
        self.field, self.word = field, word


class BeingReplaced(Exception):
    """A replacement was begun already; its number leads to it."""

    def __init__(self, certificate_id: int) -> None:
        super().__init__(certificate_id)
        self.certificate_id = certificate_id


def begin(wish: CertificateWish, actor: Actor) -> Certificate:
    """A new draft of the profile acted as. Raises Refused, StepUpNeeded, WishRefused, BoxesRefused."""
    authorise(actor, Action.CERTIFICATE_CREATE, _wanted(wish.document, actor))
    model = _model(wish)
    with changing.all_or_nothing():
        certificate = _new(wish, model, actor)
        _first_boxes(certificate, model.definition, wish, actor)
        filling.settle(certificate, model.definition, actor)
    event = events.CertificateBegun(
        certificate.id, certificate.creator_id, certificate.document, bool(certificate.outage_reference)
    )
    trail.record(event, actor)
    db.session.commit()
    return certificate


def _wanted(document: str, actor: Actor) -> WantedCertificate:
    return WantedCertificate(document, right_of(actor.acting_as, document))


def _model(wish: CertificateWish) -> Current:
    checks = {"languages": LANGUAGES, "origin_country": COUNTRY, "destination_country": COUNTRY}
    for field, pattern in checks.items():
        if not pattern.fullmatch(getattr(wish, field)):
            raise WishRefused(field, "unknown")
    first, _comma, second = wish.languages.partition(",")
    if first == second:
        raise WishRefused("languages", "twice")
    reference = wish.outage_reference
    if len(reference) > OUTAGE_AT_MOST or not (reference.isprintable() or not reference):
        raise WishRefused("outage_reference", "characters")
    try:
        return definitions.current(wish.document, wish.model_code)
    except NoSuchModel:
        raise WishRefused("model_code", "unknown") from None


def _new(wish: CertificateWish, model: Current, actor: Actor, replaces_id: int | None = None) -> Certificate:
    certificate = Certificate(
        document=wish.document, model_code=wish.model_code, definition_sha256=definitions.keep(model),
        state=CertificateState.DRAFT.value, draft_number=numbers.draft_number(),
        verification_code=numbers.verification_code(), languages=wish.languages,
        origin_country=wish.origin_country, destination_country=wish.destination_country,
        creator_id=actor.acting_as, created_by=actor.account_id, created_at=clock.now(),
        outage_reference=wish.outage_reference, replaces_id=replaces_id,
    )  # fmt: skip
    db.session.add(certificate)
    db.session.flush()
    return certificate


def _first_boxes(
    certificate: Certificate, definition: Definition, wish: CertificateWish, actor: Actor
) -> None:
    """The countries of the wish and whoever is to certify stand in their boxes from the beginning."""
    is_operator = certificate.creator.kind == OrganisationKind.OPERATOR
    issuer_id = wish.issuer_id if is_operator else certificate.creator_id
    wanted: dict[str, Any] = {
        box.box: issuer_id for box in definition.boxes() if box.party == PartyRole.ISSUER
    }
    for column, boxes in filling.COUNTRIES.items():
        countries = (box for box in definition.boxes() if box.box in boxes and box.kind is Kind.COUNTRY)
        wanted |= {box.box: getattr(wish, column) for box in countries}
    typed = {box: value for box, value in wanted.items() if value}
    for box, value in filling.checked(list(definition.boxes()), typed).items():
        filling.put(certificate, box, value, actor)


def save_boxes(
    certificate_id: int, typed: Mapping[str, Any], versions: Mapping[str, int], actor: Actor
) -> Certificate:
    """Keep what was typed, box by box; an organisation as its number, or a mapping with `id` or typed by hand.

    `versions` are those the page showed, 0 for a box nobody had filled. Nothing is saved unless everything is. Raises
    NotThere, Hidden, Refused, StepUpNeeded, CertificateMoved, Frozen, BoxesRefused, BoxesChanged.
    """
    certificate = changing.held_for(certificate_id, Action.CERTIFICATE_EDIT, actor)
    if certificate.state not in EDITABLE:
        raise CertificateMoved(certificate)
    changing.check_not_frozen(certificate)
    definition = definitions.kept(certificate.definition_sha256)
    with changing.all_or_nothing():
        values = filling.checked(filling.fillable(certificate, definition, actor), typed)
        items = filling.write(certificate, values, versions, actor)
        filling.settle(certificate, definition, actor, values)
    if items:
        certificate.version += 1
        trail.record(events.CertificateFilled(certificate.id, actor.acting_as or 0, items), actor)
    db.session.commit()
    return certificate


def delete(certificate_id: int, actor: Actor) -> None:
    """A draft goes for good; its number stays taken. Raises NotThere, Hidden, Refused, CertificateMoved, Frozen."""
    certificate = changing.held_for(certificate_id, Action.CERTIFICATE_EDIT, actor)
    changing.check_not_frozen(certificate)
    changing.move(certificate, DELETE, decided_by=actor.account_id, decided_at=clock.now())
    certificate.boxes.clear()
    parties.forget(certificate.id)
    trail.record(events.CertificateDeleted(certificate.id, actor.acting_as or 0), actor)
    db.session.commit()


def copy_as_new(certificate_id: int, actor: Actor) -> Certificate:
    """A draft of the profile acted as, with what stands in a certificate one may read and can still be chosen today.

    Raises NotThere, Hidden, Refused, StepUpNeeded, WishRefused."""
    source = changing.held_for(certificate_id, Action.CERTIFICATE_READ, actor)
    authorise(actor, Action.CERTIFICATE_CREATE, _wanted(source.document, actor))
    return _copied(source, actor, None)


def copy_as_replacement(certificate_id: int, actor: Actor) -> Certificate:
    """A draft of the certifying body that takes the place of a valid certificate once it is signed.

    Raises NotThere, Hidden, Refused, StepUpNeeded, CertificateMoved, BeingReplaced, Frozen."""
    source = changing.held_for(certificate_id, Action.CERTIFICATE_CERTIFY, actor)
    authorise(actor, Action.CERTIFICATE_CREATE, _wanted(source.document, actor))
    if source.state not in REPLACE.sources:
        raise CertificateMoved(source)
    begun = select(Certificate.id).where(
        Certificate.replaces_id == source.id, Certificate.state.in_(EDITABLE)
    )
    if other := db.session.scalar(begun.limit(1)):
        raise BeingReplaced(other)
    return _copied(source, actor, source.id)


def _copied(source: Certificate, actor: Actor, replaces_id: int | None) -> Certificate:
    wish = CertificateWish(
        source.document, source.model_code, None, source.languages, source.origin_country, source.destination_country
    )  # fmt: skip
    model = _model(wish)
    with changing.all_or_nothing():
        certificate = _new(wish, model, actor, replaces_id)
        for box, value in _fitting(source, certificate, model.definition, actor).items():
            filling.put(certificate, box, value, actor)
        filling.settle(certificate, model.definition, actor)
    trail.record(
        events.CertificateCopied(
            certificate.id, certificate.creator_id, certificate.document, source.id, replaces_id is not None
        ),
        actor,
    )
    db.session.commit()
    return certificate


def _fitting(
    source: Certificate, copy: Certificate, definition: Definition, actor: Actor
) -> dict[str, Value]:
    """What of the source still fits into the model as it is today, organisations as they are today."""
    found: dict[str, Value] = {}
    values = filling.values_of(source)
    for box in filling.fillable(copy, definition, actor):
        if box.party == PartyRole.ISSUER and copy.creator.kind != OrganisationKind.OPERATOR:
            found[box.box] = parties.snapshot(copy.creator)
        elif box.box in values:
            try:
                found |= filling.checked([box], {box.box: values[box.box]})
            except filling.BoxesRefused:
                continue
    return found
