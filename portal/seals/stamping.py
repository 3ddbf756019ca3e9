"""Time stamps (RFC 3161): from the configured service, checked before they are believed, or from the demo's own."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import requests
import structlog
from asn1crypto import cms, tsp
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from portal import clock, config
from portal.seals import authorities, encoding, revocation, withdrawals
from portal.seals.answering import StampKey, answer_to
from portal.seals.authorities import ROOT, STAMPER, STAMPS
from portal.seals.keys import pems_in
from portal.seals.signers import certificate_from

encoding.write_parts_once()
log = structlog.get_logger()
SECONDS = 5
BYTES = 64 * 1024
"""Of an answer; a stamp with its certificates has some thousand."""
CLOCKS_DIFFER = timedelta(minutes=5)
_stampers: dict[tuple[int, str, str], TimeStamper] = {}


class NoStamp(TimestampRequestError):
    """The service gave no stamp that can be believed: down, slow, or a wrong nonce, hash, certificate or time."""


def is_configured() -> bool:
    """Whether stamps are to be had at all: a service is set, or this is the demo."""
    return bool(config.current().tsa_url) or config.current().is_demo


def stamper() -> TimeStamper:
    """Who stamps here, one for each process, since it keeps how long its stamps are; raises NoStamp where nobody."""
    settings = config.current()
    place = (os.getpid(), settings.tsa_url, settings.seal_folder)
    if place not in _stampers:
        _stampers[place] = _made()
    return _stampers[place]


def _made() -> TimeStamper:
    if config.current().tsa_url:
        return CheckedService(config.current().tsa_url)
    if not config.current().is_demo:
        raise NoStamp("no time-stamp service is configured")
    return OwnStamper()


def forget() -> None:
    """Know no stamper any more: the next stamp is asked of whoever stamps then, with the certificate of that day."""
    _stampers.clear()


def roots() -> list[str]:
    """The certificates (PEM) that stamps are traced to; empty where nobody is configured."""
    if config.current().tsa_root:
        return list(pems_in(Path(config.current().tsa_root)))
    if config.current().is_demo and not config.current().tsa_url:
        authorities.make(STAMPS)
        return [(Path(config.current().seal_folder) / STAMPS / f"{ROOT}.pem").read_text()]
    return []


def lists() -> list[bytes]:
    """Revocation lists (DER) of those who stamp, as far as the portal has them: the demo's own."""
    return [revocation.crl(STAMPS, ROOT)] if config.current().is_demo and not config.current().tsa_url else []


class CheckedStamper(TimeStamper):
    """Believes a stamp only with its nonce, hash, certificate and a time near ours."""

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A stamp (RFC 3161 token) of that digest; raises NoStamp."""
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            await self._check(token["content"], message_digest)
        except NoStamp as refused:
            log.warning("no time stamp", reason=str(refused))
            raise
        except Exception as error:  # an answer may be broken in any way: it is then no stamp
            log.warning("no believable time stamp", error=type(error).__name__)
            raise NoStamp("no believable time stamp") from error
        return token

    async def _check(self, stamp: cms.SignedData, digest: bytes) -> None:
        status = await validate_tst_signed_data(
            stamp,
            ValidationContext(
                trust_roots=[certificate_from(root) for root in roots()],
                moment=clock.now(),
                crls=lists(),
            ),
            lambda _algorithm: digest,
        )
        if not (status["intact"] and status["valid"] and status["trust_problem_indic"] is None):
            raise NoStamp("the time stamp is not one of the configured authority")
        if abs(status["timestamp"] - clock.now()) > CLOCKS_DIFFER:
            raise NoStamp("the time stamp tells another time")
        if withdrawals.is_withdrawn(stamp, status["timestamp"]):
            raise NoStamp("the authority of time stamps was withdrawn")


class CheckedService(CheckedStamper):
    """A service reached over HTTP: no redirect, five seconds, a small answer."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """What the service answers; raises OSError or ValueError."""
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        began = clock.now()
        with requests.post(
            self.address, req.dump(), headers=headers, timeout=SECONDS, stream=True, allow_redirects=False
        ) as answer:
            if answer.status_code != requests.codes.ok:
                raise NoStamp(f"the time-stamp service answered {answer.status_code}")
            body = bytearray()
            for piece in answer.iter_content(4096):
                body += piece
                if len(body) > BYTES or (clock.now() - began).total_seconds() > 2 * SECONDS:
                    raise NoStamp("the answer of the time-stamp service is too long")
        return tsp.TimeStampResp.load(bytes(body), strict=True)


class OwnStamper(CheckedStamper):
    """The test authority of the demo: stamps in this process, with a certificate that names itself a test."""

    def __init__(self) -> None:
        super().__init__()
        authorities.make(STAMPS)
        found = authorities.issuer(STAMPS, STAMPER)
        certificate = certificate_from(found.certificate.public_bytes(Encoding.PEM).decode())
        self.key = StampKey(certificate, found.key)

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The answer to that question, made here."""
        return answer_to(req, self.key, clock.now())
