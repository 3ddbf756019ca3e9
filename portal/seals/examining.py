"""Examines a stranger's PDF in a process of its own: run as a file, it knows of the portal what it is given.

Argument: seconds of processor time; who needs more is ended by SIGXCPU.
Input: one line of JSON (`roots`, `stamp_roots`, `others` as PEM; `crls` in base64; `moment` in ISO; `withdrawn`, by
the SHA-256 of a certificate that stamped since when and why), then the file.
Output: one line of JSON, the fields of `Finding`. Words of outcome and reason follow EN 319 102-1.
"""

from __future__ import annotations

import asyncio
import base64
import json
import resource
import sys
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

MEMORY_BYTES = 1024**3
CLOCKS_DIFFER = timedelta(minutes=5)
HEADER = b"%PDF-"
WITHDRAWN_IN_PEACE = {"unspecified", "affiliation_changed", "superseded", "cessation_of_operation"}
REVOCATION_UNKNOWN = {"TRY_LATER", "REVOCATION_OUT_OF_BOUNDS_NO_POE", "CERTIFICATE_CHAIN_GENERAL_FAILURE"}


@dataclass(frozen=True)
class Finding:
    """What was found: `outcome` is passed, indeterminate or failed; times in ISO; `key` the SHA-256 of the signer."""

    outcome: str
    reason: str
    signed_at: str | None = None
    stamped_at: str | None = None
    key: str = ""
    covers_whole_file: bool = False


class Settled(Exception):
    """The examination ends here, with that outcome and reason."""

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome, self.reason = outcome, reason


def examined(pdf: bytes, material: dict[str, Any]) -> Finding:
    """The finding about these bytes; never raises for any content of the file."""
    facts: dict[str, Any] = {}
    try:
        if not pdf.startswith(HEADER):
            raise Settled("failed", "not-a-pdf")
        asyncio.run(_examine(pdf, material, facts))
    except Settled as settled:
        return Finding(settled.outcome, settled.reason, **facts)
    except (MemoryError, RecursionError):
        return Finding("indeterminate", "too-complex", **facts)
    except Exception:  # the file is broken in a way of its own; EN 319 102-1 calls that FORMAT_FAILURE
        return Finding("failed", "format-failure", **facts)
    return Finding("passed", "passed", **facts)


async def _examine(pdf: bytes, material: dict[str, Any], facts: dict[str, Any]) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(BytesIO(pdf), strict=True)
    if reader.encrypted:
        raise Settled("indeterminate", "encrypted")
    seal = _only_seal(reader)
    facts["key"] = seal.signer_cert.sha256.hex()
    _check_container(pdf, seal)
    now = datetime.fromisoformat(material["moment"])
    proven, newest = await _document_stamps(reader, material, now)
    status = await _seal_status(seal, material, proven)
    _note_times(facts, status, proven if newest else None)
    facts["covers_whole_file"] = _covers(status, newest)
    _judge(status, facts["covers_whole_file"])
    _judge_times(facts, now)


def _only_seal(reader: Any) -> Any:
    seals = reader.embedded_regular_signatures
    if not seals:
        raise Settled("failed", "no-signature")
    if len(seals) > 1:
        raise Settled("failed", "several-signatures")
    return seals[0]


def _check_container(pdf: bytes, seal: Any) -> None:
    """The gap that no signature covers holds the signature in hexadecimal and zeros, not a byte else."""
    ranges = [int(number) for number in seal.byte_range]
    contents = bytes(seal.pkcs7_content)
    gap = pdf[ranges[0] + ranges[1] : ranges[2]]
    if gap != b"<" + contents.hex().upper().encode() + b">" or any(contents[_length(contents) :]):
        raise Settled("failed", "hash-failure")


def _length(der: bytes) -> int:
    """How many bytes the first DER value takes."""
    if der[1] < 0x80:
        return 2 + der[1]
    count = der[1] & 0x7F
    return 2 + count + int.from_bytes(der[2 : 2 + count])


def stays_good(stamped: datetime, since: datetime, reason: str) -> bool:
    """Whether a stamp is believed although its authority was withdrawn (RFC 3161, section 4): for one of the reasons
    that say that nobody else has its key, and after the stamp; without a reason never.
    """
    return reason in WITHDRAWN_IN_PEACE and stamped < since


def _context(
    material: dict[str, Any], kind: str, moment: datetime, crls: list[Any], ocsps: list[Any] | None = None
) -> Any:
    from asn1crypto import pem, x509
    from pyhanko_certvalidator import ValidationContext

    def certificates(name: str) -> list[Any]:
        return [x509.Certificate.load(pem.unarmor(text.encode())[2]) for text in material[name]]

    return ValidationContext(
        trust_roots=certificates(kind),
        other_certs=certificates("others"),
        moment=moment,
        crls=crls,
        ocsps=ocsps or [],
        allow_fetching=False,
        # Who stamped is asked about when the file is prolonged; in one that never was, nothing says it.
        revocation_mode="require" if kind == "roots" else "soft-fail",
        retroactive_revinfo=True,
    )


def _lists(material: dict[str, Any], reader: Any) -> list[Any]:
    """The portal's current lists; only where none are given those in the file, which may be older."""
    from asn1crypto import crl
    from pyhanko.sign.validation.dss import DocumentSecurityStore

    if material["crls"]:
        return [crl.CertificateList.load(base64.b64decode(text)) for text in material["crls"]]
    if "/DSS" not in reader.root:
        return []
    store = DocumentSecurityStore.read_dss(reader)
    return [crl.CertificateList.load(each.get_object().data) for each in store.crls]


async def _document_stamps(reader: Any, material: dict[str, Any], now: datetime) -> tuple[datetime, Any]:
    """The moment up to which the file is proven to have been there, and the status of the newest document stamp."""
    from pyhanko.sign.validation.pdf_embedded import async_validate_pdf_timestamp

    moment, newest = now, None
    for stamp in reversed(reader.embedded_timestamp_signatures):
        status = await async_validate_pdf_timestamp(stamp, _stamp_context(material, moment, reader))
        if _was_withdrawn(status) and _stays_good(status):
            status = await async_validate_pdf_timestamp(stamp, _context(material, "stamp_roots", moment, []))
        _judge_stamp(status, material)
        newest = newest or status
        moment = status.timestamp
    return moment, newest


def _stamp_context(material: dict[str, Any], moment: datetime, reader: Any) -> Any:
    """With the lists and answers about those who stamped that stand in the file."""
    from asn1crypto import crl
    from pyhanko.sign.validation.dss import DocumentSecurityStore

    if "/DSS" not in reader.root:
        return _context(material, "stamp_roots", moment, [])
    store = DocumentSecurityStore.read_dss(reader)
    lists = [crl.CertificateList.load(each.get_object().data) for each in store.crls]
    answers = [ocsp_of(each.get_object().data) for each in store.ocsps]
    return _context(material, "stamp_roots", moment, lists, answers)


def ocsp_of(der: bytes) -> Any:
    """An answer of an OCSP service."""
    from asn1crypto import ocsp

    return ocsp.OCSPResponse.load(der)


def _was_withdrawn(status: Any) -> bool:
    return status.revocation_details is not None


def _stays_good(status: Any) -> bool:
    details = status.revocation_details
    return stays_good(status.timestamp, details.revocation_date, str(details.revocation_reason.native))


def _judge_stamp(status: Any, material: dict[str, Any]) -> None:
    if not (status.intact and status.valid):
        raise Settled("failed", "stamp-hash-failure")
    note = material["withdrawn"].get(status.signing_cert.sha256.hex())
    if _was_withdrawn(status) or (
        note and not stays_good(status.timestamp, datetime.fromisoformat(note["since"]), note["reason"])
    ):
        raise Settled("indeterminate", "stamp-withdrawn")
    if not status.trusted:
        raise Settled("indeterminate", "stamp-not-trusted")


async def _seal_status(seal: Any, material: dict[str, Any], proven: datetime) -> Any:
    from pyhanko.sign.validation.pdf_embedded import async_validate_pdf_signature

    lists = _lists(material, seal.reader)
    stamps = _stamp_context(material, proven, seal.reader)
    first = await async_validate_pdf_signature(seal, _context(material, "roots", proven, lists), stamps)
    if not (first.intact and first.valid):
        raise Settled("failed", "hash-failure" if not first.intact else "sig-crypto-failure")
    stamp = first.timestamp_validity
    if stamp is None:
        return first
    at_stamp = _context(material, "roots", stamp.timestamp, lists)
    if _was_withdrawn(stamp) and _stays_good(stamp):
        stamps = _context(material, "stamp_roots", proven, [])
    second = await async_validate_pdf_signature(seal, at_stamp, stamps)
    _judge_stamp(second.timestamp_validity, material)
    return second


def _note_times(facts: dict[str, Any], status: Any, proven: datetime | None) -> None:
    if status.signer_reported_dt:
        facts["signed_at"] = status.signer_reported_dt.isoformat()
    stamped = status.timestamp_validity.timestamp if status.timestamp_validity else proven
    facts["stamped_at"] = stamped.isoformat() if stamped else None


def _covers(status: Any, newest: Any) -> bool:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    last = newest or status
    if last.coverage != SignatureCoverageLevel.ENTIRE_FILE or status.docmdp_ok is False:
        return False
    return status.modification_level is None or status.modification_level <= ModificationLevel.LTA_UPDATES


def _judge(status: Any, covers: bool) -> None:
    if not covers:
        raise Settled("failed", "changed-afterwards")
    problem = status.trust_problem_indic
    if problem is not None:
        name = problem.name if hasattr(problem, "name") else str(problem)
        raise Settled(*_trust(name, bool(status.timestamp_validity)))
    if not status.bottom_line:
        raise Settled("indeterminate", "sig-constraints-failure")


def _trust(name: str, is_stamped: bool) -> tuple[str, str]:
    if name.startswith("REVOKED"):
        return ("failed", "revoked") if is_stamped else ("indeterminate", "revoked-no-poe")
    if name in REVOCATION_UNKNOWN:
        return "indeterminate", "no-revocation-data"
    return "indeterminate", name.lower().replace("_", "-")


def _judge_times(facts: dict[str, Any], now: datetime) -> None:
    signed, stamped = (
        datetime.fromisoformat(facts[name]) if facts.get(name) else None
        for name in ("signed_at", "stamped_at")
    )
    if (signed and signed > now + CLOCKS_DIFFER) or (stamped and stamped > now + CLOCKS_DIFFER):
        raise Settled("indeterminate", "in-the-future")
    if signed and stamped and signed > stamped + CLOCKS_DIFFER:
        raise Settled("indeterminate", "timestamp-order-failure")


def main() -> None:
    """Examine what stands on standard input, within bounds of time and memory."""
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    material = json.loads(sys.stdin.buffer.readline())
    sys.stdout.write(json.dumps(asdict(examined(sys.stdin.buffer.read(), material))))


if __name__ == "__main__":
    main()
