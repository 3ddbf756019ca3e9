"""Seals PDF files (PAdES, ETSI EN 319 142-1): B-B or B-T at once, the long-term level and its renewals later."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import cms, crl, x509
from cryptography.x509 import load_der_x509_certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession, PdfTimeStamper
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

from portal import clock, config
from portal.seals import authorities, issuing, revocation, stamping, withdrawals
from portal.seals.authorities import ROOT
from portal.seals.keys import ActiveKey, pem_of
from portal.seals.signers import certificate_from, signer_of
from portal.seals.stamping import NoStamp

HASH = "sha256"
FIELD = "Seal"
OFF_THE_PAGE = InvisSigSettings(box_out_of_bounds=True)
"""A field that stands on a page would have to be tagged there (PDF/UA-1); what people see is text of the page."""


class NotSealed(Exception):
    """A file to be extended has not exactly one seal."""


@dataclass(frozen=True)
class Sealed:
    """A sealed PDF.

    `level` is `B-B`, `B-T` or `B-LTA`; `stamp` is `none` (no service), `pending` (the service failed) or `stamped`;
    `stamped_until` is when the certificate behind the newest stamp ends (aware), None without one.
    """

    pdf: bytes
    level: str
    stamp: str
    key_sha256: str
    stamped_until: datetime | None


class ClockedSigner(PdfSigner):
    """Claims the time of the portal's clock; without a stamp it is a claim and nothing else."""

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        """The library's session with our time."""
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = clock.now()
        return session


def seal(pdf: bytes, key: ActiveKey, reason: str) -> Sealed:
    """Seal a PDF: certification that allows no change, an invisible field, a stamp where one is to be had.

    The revocation lists of the key stand inside what is signed, so that the file alone can be checked. A service that
    is down, slow or wrong costs the stamp, never the seal (F-09). Raises SettingError where the key cannot be used.
    """
    if not stamping.is_configured():
        return Sealed(_signed(pdf, key, reason, None), "B-B", "none", key.sha256, None)
    try:
        done = _signed(pdf, key, reason, stamping.stamper())
    except NoStamp:
        return Sealed(_signed(pdf, key, reason, None), "B-B", "pending", key.sha256, None)
    return Sealed(done, "B-T", "stamped", key.sha256, _stamped_until(done))


def extend(pdf: bytes, key: ActiveKey) -> Sealed:
    """Add newer revocation lists and a document time stamp: the long-term level, or one more turn of it.

    What is signed stays as it is. `key` is the one that sealed, as its row says, or another of the same environment,
    under whichever issuing authority. Who stamped and who will is asked about first (`withdrawals`), and the answers go
    into the file. Raises NoStamp where no stamp is to be had or nobody answers, NotSealed for another file.
    """
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=True)
    seals = writer.prev.embedded_regular_signatures
    if len(seals) != 1:
        raise NotSealed("the file has not exactly one seal")
    signed_with = seals[0].signer_cert
    sha256 = signed_with.sha256.hex()
    chain, lists = _proof_of(key.environment, signed_with)
    service = stamping.stamper()
    shown: cms.SignedData = asyncio.run(service.async_dummy_response(HASH))["content"]
    found = _asked([*_stamps(writer.prev)[-1:], shown])
    stamps = [*_stamps(writer.prev), shown]
    certificates = [*chain, *(each for stamp in stamps for each in withdrawals.certificates_of(stamp))]
    _put_proof(writer, certificates, [*lists, *stamping.lists()], found)
    stamper = PdfTimeStamper(service, invis_settings=OFF_THE_PAGE, readable_field_name="Time stamp")
    done = stamper.timestamp_pdf(writer, HASH, output=BytesIO()).getvalue()
    _check_stamper(done, found)
    return Sealed(done, "B-LTA", "stamped", sha256, _stamped_until(done))


def _asked(stamps: list[cms.SignedData]) -> withdrawals.Proof:
    times = [(stamp, stamp["encap_content_info"]["content"].parsed["gen_time"].native) for stamp in stamps]
    try:
        return withdrawals.proof_of(times, [certificate_from(root) for root in stamping.roots()])
    except (withdrawals.NotKnown, withdrawals.Withdrawn) as failed:
        raise NoStamp(str(failed)) from failed


def _check_stamper(pdf: bytes, found: withdrawals.Proof) -> None:
    """The stamp comes from the certificate that was asked about; another one is asked about the next time."""
    newest = withdrawals.signer_of(_stamps(PdfFileReader(BytesIO(pdf)))[-1])
    if newest.sha256.hex() not in found.signers:
        stamping.forget()
        raise NoStamp("the authority of time stamps has another certificate now")


def _signed(pdf: bytes, key: ActiveKey, reason: str, stamper: TimeStamper | None) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    chain, lists = _proof_of(key.environment, certificate_from(key.certificate))
    _put_proof(writer, chain, [*lists, *(stamping.lists() if stamper else [])])
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=HASH,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        name=config.current().operator or None,
        reason=reason,
    )
    field = SigFieldSpec(FIELD, invis_sig_settings=OFF_THE_PAGE, readable_field_name="Seal of this file")
    signer = ClockedSigner(metadata, signer_of(key), timestamper=stamper, new_field_spec=field)
    return bytes(signer.sign_pdf(writer, output=BytesIO()).getvalue())


def _proof_of(environment: str, certificate: x509.Certificate) -> tuple[list[x509.Certificate], list[bytes]]:
    """A key's certificate with the authorities above it, and their revocation lists (DER)."""
    read = load_der_x509_certificate(certificate.dump())
    try:
        names = [issuing.above(environment, read), ROOT]
    except LookupError:
        raise NotSealed("the seal is of no authority of this environment") from None
    above = [certificate_from(pem_of(authorities.certificate_of(environment, name))) for name in names]
    return [certificate, *above], revocation.lists(environment, read)


def _put_proof(
    writer: IncrementalPdfFileWriter,
    certificates: list[x509.Certificate],
    lists: list[bytes],
    found: withdrawals.Proof | None = None,
) -> None:
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=certificates,
        crls=[*(crl.CertificateList.load(der) for der in lists), *(found.crls if found else [])],
        ocsps=found.ocsps if found else [],
    )


def _stamps(reader: PdfFileReader) -> list[cms.SignedData]:
    """The stamps of a sealed file, newest last: that of the seal, then those of the document."""
    seals = [each.signer_info for each in reader.embedded_regular_signatures]
    of_seal = [stamp for info in seals for stamp in extract_tst_data_iter(info, signed=False)]
    of_file = [s.signed_data for s in reader.embedded_timestamp_signatures]
    return [*of_seal, *of_file]


def _stamped_until(pdf: bytes) -> datetime:
    return withdrawals.signer_of(_stamps(PdfFileReader(BytesIO(pdf)))[-1]).not_valid_after
