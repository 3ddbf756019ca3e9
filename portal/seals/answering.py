"""The answer of a time-stamp authority (RFC 3161) to one question, signed with the key at hand."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from asn1crypto import cms, core, tsp, x509
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute

from portal.seals.keeping import PrivateKey
from portal.seals.signers import signed

Asn1 = TypeVar("Asn1", bound=Any)
POLICY = "1.3.6.1.4.1.99999.1"
"""Of the demo's stamps: an arc nobody was given, since they promise nothing."""
HASH = "sha256"


@dataclass(frozen=True)
class StampKey:
    """The certificate and key of a time-stamp authority."""

    certificate: x509.Certificate
    private: PrivateKey


def answer_to(question: tsp.TimeStampReq, key: StampKey, moment: datetime) -> tsp.TimeStampResp:
    """The stamp that the digest in the question was there at that moment (aware; to the second)."""
    moment = moment.replace(microsecond=0)
    content = _content(question, key.certificate, moment).dump()
    attributes = _settled(_attributes(content, key.certificate, moment))
    stamp = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": cms.DigestAlgorithms(({"algorithm": HASH},)),
            "encap_content_info": {
                "content_type": "tst_info",
                "content": cms.ParsableOctetString(content),
            },
            "certificates": [key.certificate],
            "signer_infos": [_settled(_signer(key, attributes))],
        }
    )
    token = _settled(cms.ContentInfo({"content_type": "signed_data", "content": _settled(stamp)}))
    return _settled(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}))


def _settled(made: Asn1) -> Asn1:
    """The same value read from its bytes: the library writes a nested value that was never read back very slowly."""
    return type(made).load(made.dump())


def _content(question: tsp.TimeStampReq, certificate: x509.Certificate, moment: datetime) -> tsp.TSTInfo:
    facts = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": question["message_imprint"],
        "serial_number": secrets.randbits(63),
        "gen_time": moment,
        "tsa": x509.GeneralName("directory_name", certificate.subject),
    }
    if question["nonce"].native is not None:
        facts["nonce"] = question["nonce"]
    return tsp.TSTInfo(facts)


def _attributes(content: bytes, certificate: x509.Certificate, moment: datetime) -> cms.CMSAttributes:
    return cms.CMSAttributes(
        [
            simple_cms_attribute("content_type", "tst_info"),
            simple_cms_attribute("signing_time", cms.Time({"utc_time": core.UTCTime(moment)})),
            simple_cms_attribute("signing_certificate_v2", _settled(as_signing_certificate_v2(certificate))),
            simple_cms_attribute("message_digest", hashlib.new(HASH, content).digest()),
        ]
    )


def _signer(key: StampKey, attributes: cms.CMSAttributes) -> cms.SignerInfo:
    kind = "ecdsa" if key.certificate.public_key.algorithm == "ec" else "rsa"
    whose = {"issuer": key.certificate.issuer, "serial_number": key.certificate.serial_number}
    facts = {
        "version": "v1",
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": cms.IssuerAndSerialNumber(whose)}),
        "digest_algorithm": {"algorithm": HASH},
        "signature_algorithm": {"algorithm": f"{HASH}_{kind}"},
        "signed_attrs": attributes,
        "signature": signed(key.private, attributes.dump(), HASH),
    }
    return cms.SignerInfo(facts)
