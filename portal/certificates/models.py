"""Tables of certificates: the draft and its boxes, who is concerned, intents to sign, sealed files, controls."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base
from portal.environments.scope import EnvironmentScoped
from portal.organisations.models import Organisation

OPEN_INTENT = text("state IN ('waiting', 'claimed')")
NUMBERED = text("number IS NOT NULL")


def _of(certificate_column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["environment", certificate_column], ["certificates.environment", "certificates.id"]
    )


class CertificateDefinition(Base):
    """The text of a model as it was when a certificate was begun under it, by its SHA-256 (hexadecimal)."""

    __tablename__ = "certificate_definitions"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime]


class CertificateModel(EnvironmentScoped, Base):
    """A model file that an administrator loaded here; the newest of a model counts, over the one that is shipped.

    `version` counts from 1 for each model, so that of two who load after the same one the second is told.
    """

    __tablename__ = "certificate_models"
    __table_args__ = (
        UniqueConstraint("environment", "document", "code", "version", name="uq_certificate_models_version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("certificate_definitions.sha256"))
    verified: Mapped[bool]
    source: Mapped[str] = mapped_column(String(300))
    loaded_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    loaded_at: Mapped[datetime]


class Certificate(EnvironmentScoped, Base):
    """One certificate from its draft on; `number` is the official one, `draft_number` stays beside it.

    `issuer_id` is the authority or control body that certifies, `creator_id` whose people began it. The names of the
    signatory are those of the moment of signing (P-07). `data_hash` is the SHA-256 of the canonical data.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("environment", "id"),
        UniqueConstraint("environment", "draft_number"),
        Index(
            "uq_certificates_number", "environment", "number", unique=True,
            sqlite_where=NUMBERED, postgresql_where=NUMBERED,
        ),
        ForeignKeyConstraint(["environment", "creator_id"], ["organisations.environment", "organisations.id"]),
        ForeignKeyConstraint(["environment", "issuer_id"], ["organisations.environment", "organisations.id"]),
        ForeignKeyConstraint(["environment", "replaces_id"], ["certificates.environment", "certificates.id"]),
        Index("ix_certificates_listing", "environment", "state", "id"),
        Index("ix_certificates_document", "environment", "document", "id"),
        Index("ix_certificates_origin", "environment", "origin_country", "id"),
        Index("ix_certificates_destination", "environment", "destination_country", "id"),
        Index("ix_certificates_issuer", "issuer_id", "state", "id"),
        Index("ix_certificates_signed", "environment", "signed_at", "id"),
        Index("ix_certificates_signatory", "signed_by", "signed_at"),
        Index("ix_certificates_retention", "environment", "keep_until", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(String(10))
    model_code: Mapped[str] = mapped_column(String(40))
    definition_sha256: Mapped[str] = mapped_column(ForeignKey("certificate_definitions.sha256"))
    state: Mapped[str] = mapped_column(String(12))
    draft_number: Mapped[str] = mapped_column(String(40))
    number: Mapped[str | None] = mapped_column(String(40))
    verification_code: Mapped[str] = mapped_column(String(16))
    """16 of the 31 letters; public with the number, it says that one holds the paper."""
    languages: Mapped[str] = mapped_column(String(5))
    """One or two languages of the paper, comma separated."""
    origin_country: Mapped[str] = mapped_column(String(2), default="")
    destination_country: Mapped[str] = mapped_column(String(2), default="")
    creator_id: Mapped[int]
    issuer_id: Mapped[int | None]
    created_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    submitted_at: Mapped[datetime | None]
    submitted_method: Mapped[str] = mapped_column(String(16), default="")
    """The class of the method with which the operator's declaration was made."""
    submitted_hash: Mapped[str] = mapped_column(String(64), default="")
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    opened_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    reason_code: Mapped[str | None] = mapped_column(String(20))
    reason_text: Mapped[str] = mapped_column(Text, default="")
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    signed_at: Mapped[datetime | None]
    signed_method: Mapped[str] = mapped_column(String(16), default="")
    signatory_name: Mapped[str] = mapped_column(String(200), default="")
    signatory_username: Mapped[str] = mapped_column(String(20), default="")
    signatory_office: Mapped[str] = mapped_column(String(200), default="")
    data_hash: Mapped[str] = mapped_column(String(64), default="")
    replaces_id: Mapped[int | None]
    replaced_by_id: Mapped[int | None]
    outage_reference: Mapped[str] = mapped_column(String(80), default="")
    """The number of the paper that was issued during an outage, where it was entered later (IMSOC Art. 46)."""
    keep_until: Mapped[date | None]
    erased_at: Mapped[datetime | None]
    """When files and personal data went after the retention date; number, state and hashes stay."""
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    boxes: Mapped[list[CertificateBox]] = relationship(
        order_by="CertificateBox.box", foreign_keys="CertificateBox.certificate_id",
        primaryjoin="Certificate.id == CertificateBox.certificate_id", cascade="all, delete-orphan",
    )  # fmt: skip
    issuer: Mapped[Organisation | None] = relationship(
        foreign_keys="Certificate.issuer_id", primaryjoin="Organisation.id == Certificate.issuer_id"
    )
    creator: Mapped[Organisation] = relationship(
        foreign_keys="Certificate.creator_id", primaryjoin="Organisation.id == Certificate.creator_id"
    )


class CertificateBox(EnvironmentScoped, Base):
    """What was typed into one box, as JSON; `version` grows with each change, so that two tabs cannot overwrite."""

    __tablename__ = "certificate_boxes"
    __table_args__ = (_of("certificate_id"),)

    certificate_id: Mapped[int] = mapped_column(primary_key=True)
    box: Mapped[str] = mapped_column(String(12), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    changed_at: Mapped[datetime]


class CertificateParty(EnvironmentScoped, Base):
    """An organisation that may see the certificate, and why."""

    __tablename__ = "certificate_parties"
    __table_args__ = (
        _of("certificate_id"),
        ForeignKeyConstraint(
            ["environment", "organisation_id"], ["organisations.environment", "organisations.id"]
        ),
        Index("ix_certificate_parties_organisation", "organisation_id", "certificate_id"),
    )

    certificate_id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(String(24), primary_key=True)


class CertificateWarning(EnvironmentScoped, Base):
    """That the parties of a certificate were told of a key or role found wrong: once for each reason and subject.

    `subject` is the SHA-256 of the certificate of the key; for a role «12.34», account and organisation, with «.desk»
    behind it where only those were told who work on the certificate.
    """

    __tablename__ = "certificate_warnings"
    __table_args__ = (_of("certificate_id"),)

    certificate_id: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(String(12), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    told_at: Mapped[datetime]


class NumberSeries(EnvironmentScoped, Base):
    """The last official number of one document, country and year; it only grows."""

    __tablename__ = "number_series"
    __table_args__ = (
        UniqueConstraint("environment", "document", "country", "year", name="uq_number_series"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(String(10))
    country: Mapped[str] = mapped_column(String(2))
    year: Mapped[int]
    last: Mapped[int]


class SigningIntent(EnvironmentScoped, Base):
    """Written before a signature, with its number: one open intent per certificate, and a result for each (P-09)."""

    __tablename__ = "signing_intents"
    __table_args__ = (
        _of("certificate_id"),
        UniqueConstraint("environment", "number"),
        Index(
            "uq_signing_intents_open", "environment", "certificate_id", unique=True,
            sqlite_where=OPEN_INTENT, postgresql_where=OPEN_INTENT,
        ),
        Index("ix_signing_intents_due", "environment", "state", "lease_until"),
        Index("ix_signing_intents_round", "environment", "round_key", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int]
    round_key: Mapped[str] = mapped_column(String(43))
    """Names all that one press confirmed, for the page that shows how far it is."""
    number: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    sign_in_id: Mapped[int]
    profile_id: Mapped[int]
    assurance: Mapped[str] = mapped_column(String(16))
    method: Mapped[str] = mapped_column(String(16))
    factor_at: Mapped[datetime]
    """When the second factor was shown for this act."""
    data_hash: Mapped[str] = mapped_column(String(64))
    signatory_name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(8))
    failure: Mapped[str] = mapped_column(String(20), default="")
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]


class CertificateFile(EnvironmentScoped, Base):
    """One version of the sealed PDF, in the file store under its SHA-256; none is ever replaced."""

    __tablename__ = "certificate_files"
    __table_args__ = (
        _of("certificate_id"),
        UniqueConstraint("environment", "id"),
        UniqueConstraint("sha256"),
        Index("ix_certificate_files_certificate", "certificate_id", "id"),
        Index("ix_certificate_files_renewal", "environment", "renew_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    level: Mapped[str] = mapped_column(String(6))
    stamp: Mapped[str] = mapped_column(String(8))
    seal_key: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the certificate of the key that sealed it."""
    stamped_until: Mapped[datetime | None]
    """When the certificate behind the newest time stamp ends: it is renewed before."""
    renew_at: Mapped[datetime | None]
    """From when on the next version is made: at once for the long-term level; None once there is one."""
    made_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class CertificateControl(EnvironmentScoped, Base):
    """Part III, or a later box: what the control at destination or at the border found; only ever added."""

    __tablename__ = "certificate_controls"
    __table_args__ = (
        _of("certificate_id"),
        ForeignKeyConstraint(
            ["environment", "organisation_id"], ["organisations.environment", "organisations.id"]
        ),
        Index("ix_certificate_controls_certificate", "certificate_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int]
    organisation_id: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    part: Mapped[str] = mapped_column(String(12))
    values: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
