"""From a certificate that is signed to its paper: the boxes as words of one or two languages, the acts, the seal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cryptography import x509
from cryptography.x509.oid import NameOID
from flask_babel import force_locale, gettext

from portal import config
from portal.certificates import boxes
from portal.certificates.addresses import verification_address
from portal.certificates.boxes import Value
from portal.certificates.confirming import ToSign
from portal.certificates.models import Certificate, SigningIntent
from portal.certificates.shapes import Box, Kind, Part
from portal.certificates.states import Document
from portal.database import db
from portal.environments import environment
from portal.printing.paper import (
    Declaration,
    Holds,
    Paper,
    PaperBox,
    PaperPart,
    PaperTable,
    SealWord,
    Signatory,
    StampWord,
    Texts,
)
from portal.seals import stamping
from portal.seals.keys import ActiveKey
from portal.vocabulary import Method
from portal.web import labels

NUMBER_BOXES = frozenset({"3", "I.2", "II.a"})
"""The portal's number of the certificate stands in these."""
HOLDS = {"II": Holds.ATTESTATION}


@dataclass(frozen=True)
class Languages:
    """One or two languages of a paper; a text that differs between them is printed in both."""

    codes: tuple[str, ...]

    def joined(self, texts: Iterable[str]) -> str:
        """The texts of each language as one, each once."""
        return " / ".join(dict.fromkeys(text for text in texts if text))

    def spoken(self, say: Callable[[], str]) -> dict[str, str]:
        """What the portal itself says, by language."""
        found = {}
        for code in self.codes:
            with force_locale(code):
                found[code] = str(say())
        return found


def paper_of(found: ToSign, intent: SigningIntent, key: ActiveKey) -> Paper:
    """The paper of a certificate that is being signed, under its official number. Reads the database."""
    certificate, definition = found.certificate, found.definition
    spoken = Languages(tuple(certificate.languages.split(",")))
    is_intra = certificate.document == Document.INTRA
    settings = config.current()
    return Paper(
        document=certificate.document,
        titles=spoken.spoken(_intra_title) if is_intra else definition.names,
        number=intent.number,
        languages=spoken.codes,
        environment=environment.current(),
        is_demo=settings.is_demo,
        is_specimen=not definition.verified,
        parts=tuple(_part(part, found, intent.number, spoken) for part in definition.parts),
        model_code=definition.code if is_intra else "",
        model_names=definition.names if is_intra else {},
        attestation=definition.attestation,
        declaration=_declaration(certificate, spoken),
        signatory=_signatory(found, intent, spoken),
        seal=SealWord.QUALIFIED if settings.seal_qualified else SealWord.PLATFORM,
        seal_owner=owner_of(key),
        stamp=StampWord.STAMPED if stamping.is_configured() else StampWord.NONE,
        data_hash=found.data_hash,
        verify_url=verification_address(
            certificate.environment, intent.number, certificate.verification_code
        ),
        code=certificate.verification_code,
        replaces=_number_of(certificate.replaces_id),
        outage_reference=certificate.outage_reference,
        run_by=settings.operator,
        is_commission_service=settings.commission_service,
    )


def _intra_title() -> str:
    return gettext("Certificate for intra-Union trade")


def owner_of(key: ActiveKey) -> str:
    """The name in the certificate of a seal key."""
    subject = x509.load_pem_x509_certificate(key.certificate.encode()).subject
    return str(subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def _number_of(certificate_id: int | None) -> str:
    found = db.session.get(Certificate, certificate_id) if certificate_id else None
    return found.number or "" if found else ""


def _declaration(certificate: Certificate, spoken: Languages) -> Declaration | None:
    if certificate.submitted_at is None:
        return None
    method = _method(certificate.submitted_method, spoken)
    return Declaration(certificate.creator.name, at_moment(certificate.submitted_at), method)


def _signatory(found: ToSign, intent: SigningIntent, spoken: Languages) -> Signatory:
    who = found.signatory
    return Signatory(
        who.name, who.username, who.office, at_moment(intent.made_at), _method(intent.method, spoken)
    )


def _method(word: str, spoken: Languages) -> Texts:
    return spoken.spoken(lambda: labels.METHODS[Method(word)])


def at_moment(moment: datetime) -> str:
    """«2026-11-22 06:30 (UTC+01:00, Europe/Brussels)»: the same in every language."""
    zone = config.current().time_zone
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M} (UTC{local:%:z}, {zone})"


def _part(part: Part, found: ToSign, number: str, spoken: Languages) -> PaperPart:
    return PaperPart(part.titles, tuple(_box(box, found, number, spoken) for box in part.boxes))


def _box(box: Box, found: ToSign, number: str, spoken: Languages) -> PaperBox:
    value = found.values.get(box.box)
    if box.kind is Kind.SIGNATURE and box.part == "II":
        return PaperBox(box.box, box.titles, holds=Holds.SIGNATURE)
    if box.kind is Kind.AUTOMATIC:
        return PaperBox(
            box.box, box.titles, _automatic(box, found, number), holds=HOLDS.get(box.box, Holds.VALUES)
        )
    if box.kind is Kind.TABLE:
        return PaperBox(box.box, box.titles, table=_table(box, value, spoken))
    return PaperBox(box.box, box.titles, _lines(box, value, spoken))


def _automatic(box: Box, found: ToSign, number: str) -> tuple[str, ...]:
    if box.box in NUMBER_BOXES:
        return (number,)
    if box.box == "II.b":
        return tuple(filter(None, (number, found.values.get("I.2a"))))
    return ()


def _lines(box: Box, value: Value, spoken: Languages) -> tuple[str, ...]:
    each = [boxes.lines_of(box, value, code) for code in spoken.codes]
    return tuple(spoken.joined(texts) for texts in zip(*each, strict=True))


def _table(box: Box, value: Value, spoken: Languages) -> PaperTable:
    each = [boxes.table_of(box, value, code).rows for code in spoken.codes]
    columns = tuple(column.titles for column in boxes.columns_of(box))
    rows = tuple(
        tuple(spoken.joined(texts) for texts in zip(*cells, strict=True)) for cells in zip(*each, strict=True)
    )
    return PaperTable(columns, rows)
