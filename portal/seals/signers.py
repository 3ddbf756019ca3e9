"""The signers that pyHanko seals with: a key object held in memory, or a key in a token."""

from __future__ import annotations

import os

from asn1crypto import pem, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from pyhanko.sign.pkcs11 import PKCS11Signer
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.seals import tokens
from portal.seals.keeping import PrivateKey
from portal.seals.keys import ActiveKey

HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
RSA_BYTES, EC_BYTES = 384, 72
_signers: dict[tuple[int, str], Signer] = {}


class HeldKeySigner(Signer):
    """Signs with a key object that is held: the library's own signer reads and checks the key at every signature."""

    def __init__(
        self, certificate: x509.Certificate, private: PrivateKey, others: list[x509.Certificate]
    ) -> None:
        store = SimpleCertificateStore()
        store.register_multiple([certificate, *others])
        self.private = private
        super().__init__(signing_cert=certificate, cert_registry=store, embed_roots=False)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The raw signature of `data`; a dry run gives as many bytes as one can have."""
        if dry_run:
            return bytes(RSA_BYTES if not isinstance(self.private, ec.EllipticCurvePrivateKey) else EC_BYTES)
        return signed(self.private, data, digest_algorithm)


def signed(private: PrivateKey, data: bytes, digest_algorithm: str) -> bytes:
    """The raw signature of `data` with RSA (PKCS #1 v1.5) or ECDSA (DER)."""
    algorithm = HASHES[digest_algorithm]
    if isinstance(private, ec.EllipticCurvePrivateKey):
        return private.sign(data, ec.ECDSA(algorithm))
    return private.sign(data, padding.PKCS1v15(), algorithm)


def certificate_from(text: str) -> x509.Certificate:
    """The first certificate of a PEM text, as pyHanko wants it."""
    return x509.Certificate.load(pem.unarmor(text.encode())[2])


def signer_of(key: ActiveKey) -> Signer:
    """The signer of that key, one for each process: sessions of a token do not survive a fork."""
    place = (os.getpid(), key.sha256)
    if place not in _signers:
        _signers[place] = _made(key)
    return _signers[place]


def _made(key: ActiveKey) -> Signer:
    certificate, others = certificate_from(key.certificate), [certificate_from(key.issuing)]
    if key.private is not None:
        return HeldKeySigner(certificate, key.private, others)
    return PKCS11Signer(
        tokens.session(),
        signing_cert=certificate,
        key_label=key.label,
        ca_chain=others,
        other_certs_to_pull=(),
        embed_roots=False,
        use_raw_mechanism=certificate.public_key.algorithm == "ec",  # SoftHSM hashes for RSA only
    )
