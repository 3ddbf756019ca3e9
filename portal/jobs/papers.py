"""From a certificate that is signed to its paper: the boxes as words of one or two languages, the acts, the seal."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from cryptography import x509
from cryptography.x509.oid import NameOID
from flask_babel import force_locale

from portal import config
from portal.certificates.addresses import verification_address
from portal.certificates.confirming import ToSign
from portal.certificates.models import Certificate, SigningIntent
from portal.certificates.shapes import CERTIFIED
from portal.certificates.states import Document
from portal.database import db
from portal.environments import environment
from portal.printing.filling import Automatic, parts_of, titles_of
from portal.printing.paper import Declaration, Paper, SealWord, Signatory, StampWord, Texts
from portal.seals import stamping
from portal.seals.keys import ActiveKey
from portal.vocabulary import Method
from portal.web import labels

NUMBER_BOXES = frozenset({"3", "I.2", "II.a"})
"""The portal's number of the certificate stands in these."""


def paper_of(found: ToSign, intent: SigningIntent, key: ActiveKey) -> Paper:
    """The paper of a certificate that is being signed, under its official number. Reads the database."""
    certificate, settings = found.certificate, config.current()
    languages = tuple(certificate.languages.split(","))
    return replace(
        _content(found, intent.number, languages),
        declaration=_declaration(certificate, languages),
        signatory=_signatory(found, intent, languages),
        seal=SealWord.QUALIFIED if settings.seal_qualified else SealWord.PLATFORM,
        seal_owner=owner_of(key),
        stamp=StampWord.STAMPED if stamping.is_configured() else StampWord.NONE,
        verify_url=verification_address(
            certificate.environment, intent.number, certificate.verification_code
        ),
        code=certificate.verification_code,
        replaces=_number_of(certificate.replaces_id),
        run_by=settings.operator,
        is_commission_service=settings.commission_service,
    )


def _content(found: ToSign, number: str, languages: tuple[str, ...]) -> Paper:
    definition, is_intra = found.definition, found.certificate.document == Document.INTRA
    return Paper(
        document=definition.document,
        titles=titles_of(definition),
        number=number,
        languages=languages,
        environment=environment.current(),
        is_demo=config.current().is_demo,
        is_specimen=not definition.verified,
        parts=parts_of(definition, found.values, languages, _automatic(found, number), _parts(found)),
        model_code=definition.code if is_intra else "",
        model_names=definition.names if is_intra else {},
        attestation=definition.attestation,
        data_hash=found.data_hash,
        outage_reference=found.certificate.outage_reference,
    )


def owner_of(key: ActiveKey) -> str:
    """The name in the certificate of a seal key."""
    subject = x509.load_pem_x509_certificate(key.certificate.encode()).subject
    return str(subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def _number_of(certificate_id: int | None) -> str:
    found = db.session.get(Certificate, certificate_id) if certificate_id else None
    return found.number or "" if found else ""


def _declaration(certificate: Certificate, languages: tuple[str, ...]) -> Declaration | None:
    if certificate.submitted_at is None:
        return None
    method = _method(certificate.submitted_method, languages)
    return Declaration(certificate.creator.name, at_moment(certificate.submitted_at), method)


def _signatory(found: ToSign, intent: SigningIntent, languages: tuple[str, ...]) -> Signatory:
    who = found.signatory
    return Signatory(
        who.name, who.username, who.office, at_moment(intent.made_at), _method(intent.method, languages)
    )


def _method(word: str, languages: tuple[str, ...]) -> Texts:
    found = {}
    for code in languages:
        with force_locale(code):
            found[code] = str(labels.METHODS[Method(word)])
    return found


def at_moment(moment: datetime) -> str:
    """«2026-11-22 06:30 (UTC+01:00, Europe/Brussels)»: the same in every language."""
    zone = config.current().time_zone
    local = moment.astimezone(ZoneInfo(zone))
    shift = f"{local:%z}"  # «%:z» is of Python 3.12
    return f"{local:%Y-%m-%d %H:%M} (UTC{shift[:3]}:{shift[3:]}, {zone})"


def _parts(found: ToSign) -> list[str]:
    """The parts a signature covers, and those in which something stands already: what is hashed is printed."""
    return [
        part.part
        for part in found.definition.parts
        if part.part in CERTIFIED or any(found.values.get(box.box) for box in part.boxes)
    ]


def _automatic(found: ToSign, number: str) -> Automatic:
    local = str(found.values.get("I.2a") or "")
    return dict.fromkeys(NUMBER_BOXES, (number,)) | {"II.b": tuple(filter(None, (number, local)))}
