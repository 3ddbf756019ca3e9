"""Whether a time-stamp authority was withdrawn: asked where its certificates say, and kept where it was found so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import cms, crl, ocsp, x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, RevokedError, ValidationError
from pyhanko_certvalidator.fetchers.api import FetcherBackend, Fetchers
from pyhanko_certvalidator.fetchers.requests_fetchers.cert_fetch_client import RequestsCertificateFetcher
from pyhanko_certvalidator.fetchers.requests_fetchers.crl_client import RequestsCRLFetcher
from pyhanko_certvalidator.fetchers.requests_fetchers.ocsp_client import RequestsOCSPFetcher
from pyhanko_certvalidator.fetchers.requests_fetchers.util import RequestsFetcherMixin

from portal import clock, config
from portal.adapters import public_web
from portal.adapters.public_web import Sent
from portal.seals import examining, keeping
from portal.seals.authorities import STAMPS

NOTES = "withdrawn.json"


class NotKnown(Exception):
    """Nobody answered whether the authority was withdrawn."""


class Withdrawn(Exception):
    """The authority was withdrawn, and the stamp at hand is not to be believed."""


@dataclass(frozen=True)
class Proof:
    """What says that the authorities were not withdrawn; `signers` are the SHA-256 of the certificates that stamped."""

    signers: frozenset[str]
    crls: list[crl.CertificateList]
    ocsps: list[ocsp.OCSPResponse]


@dataclass(frozen=True)
class Answer:
    """An answer as the library reads it."""

    content: bytes


class PublicOnly(RequestsFetcherMixin):
    """The library's fetchers with our way out: public addresses, and bounds of time and size."""

    def _get(self, url: str, *, acceptable_content_types: tuple[str, ...]) -> Awaitable[Any]:
        return self._asked(url, Sent(accepted=",".join(acceptable_content_types)))

    def _post(
        self, url: str, data: bytes, *, content_type: str, acceptable_content_types: tuple[str, ...]
    ) -> Awaitable[Any]:
        return self._asked(url, Sent(data, content_type, ",".join(acceptable_content_types)))

    async def _asked(self, url: str, sent: Sent) -> Answer:
        loopback = config.current().is_demo
        return Answer(await asyncio.to_thread(public_web.fetched, url, sent, loopback=loopback))


class Lists(PublicOnly, RequestsCRLFetcher):
    """Revocation lists."""


class Answers(PublicOnly, RequestsOCSPFetcher):
    """Answers of OCSP services."""


class Issuers(PublicOnly, RequestsCertificateFetcher):
    """Certificates of authorities that a stamp left out."""


class PublicFetchers(FetcherBackend):
    """All three, for one validation."""

    def get_fetchers(self) -> Fetchers:
        """Fresh ones: nothing is kept from one stamp to the next."""
        return Fetchers(ocsp_fetcher=Answers(), crl_fetcher=Lists(), cert_fetcher=Issuers())

    async def close(self) -> None:
        """Nothing stays open."""


def proof_of(stamps: list[tuple[cms.SignedData, datetime]], roots: list[x509.Certificate]) -> Proof:
    """Ask for the authority of each stamp and its time (aware) whether it was withdrawn; a certificate that names
    neither list nor service is taken as it is, and one that has ended is not asked about any more.

    Raises NotKnown where nobody answers, Withdrawn where that makes a stamp worthless, which is then kept.
    """
    signers, crls, ocsps = set(), [], []
    for stamp, moment in stamps:
        signer = signer_of(stamp)
        if signer.not_valid_after <= clock.now() or signer.sha256.hex() in signers:
            continue
        context = _context(stamp, roots)
        asyncio.run(_ask(signer, moment, context))
        signers.add(signer.sha256.hex())
        crls += context.crls
        ocsps += context.ocsps
    return Proof(frozenset(signers), crls, ocsps)


def signer_of(stamp: cms.SignedData) -> x509.Certificate:
    """The certificate that stamped."""
    serial = stamp["signer_infos"][0]["sid"].chosen["serial_number"].native
    return next(each for each in certificates_of(stamp) if each.serial_number == serial)


def certificates_of(stamp: cms.SignedData) -> list[x509.Certificate]:
    """The certificates inside a stamp."""
    return [each.chosen for each in stamp["certificates"] if each.name == "certificate"]


def _context(stamp: cms.SignedData, roots: list[x509.Certificate]) -> ValidationContext:
    return ValidationContext(
        trust_roots=roots, other_certs=certificates_of(stamp), moment=clock.now(), allow_fetching=True,
        fetcher_backend=PublicFetchers(), revocation_mode="hard-fail", retroactive_revinfo=True,
    )  # fmt: skip


async def _ask(signer: x509.Certificate, moment: datetime, context: ValidationContext) -> None:
    validator = CertificateValidator(signer, validation_context=context)
    try:
        await validator.async_validate_usage(set(), {"time_stamping"})
    except RevokedError as revoked:
        since, reason = revoked.revocation_dt, str(revoked.reason.native)
        if reason == "certificate_hold":
            raise NotKnown("the authority of time stamps is on hold") from None
        _keep(signer.sha256.hex(), since, reason)
        if not examining.stays_good(moment, since, reason):
            raise Withdrawn("the authority of time stamps was withdrawn") from None
    except (PathError, ValidationError, ValueError) as error:
        raise NotKnown(f"nobody says whether it was withdrawn: {type(error).__name__}") from error


def _keep(sha256: str, since: datetime, reason: str) -> None:
    with keeping.held(STAMPS):
        found = known() | {sha256: {"since": since.isoformat(), "reason": reason}}
        keeping.write(keeping.folder_of(STAMPS) / NOTES, json.dumps(found).encode())


def known() -> dict[str, dict[str, str]]:
    """Since when (ISO) and why each authority was found withdrawn, by the SHA-256 of its certificate."""
    path = Path(config.current().seal_folder) / STAMPS / NOTES
    if not config.current().seal_folder or not path.exists():
        return {}
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def is_withdrawn(stamp: cms.SignedData, moment: datetime) -> bool:
    """Whether a stamp of that moment comes from an authority that is known to have been withdrawn."""
    note = known().get(signer_of(stamp).sha256.hex())
    if note is None:
        return False
    return not examining.stays_good(moment, datetime.fromisoformat(note["since"]), note["reason"])
