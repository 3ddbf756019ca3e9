"""A time-stamp authority of another house on loopback, with its own root, revocation list and OCSP service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from portal import clock
from portal.seals.answering import StampKey, answer_to
from portal.seals.signers import certificate_from
from tests.makers.loopback import QuietHandler, serving

LIST, SERVICE = "/stamps.crl", "/ocsp"
DAY = timedelta(days=1)


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


@dataclass
class Foreign:
    """The authority; a test changes `is_away` and `revoked`. `asked` are the paths that were asked for."""

    says: str
    """`list`, `ocsp`, or nothing: what its certificate names."""
    address: str = ""
    is_away: bool = False
    revoked: tuple[datetime, x509.ReasonFlags | None] | None = None
    asked: list[str] = field(default_factory=list)
    elsewhere: str = ""
    """Where the certificate says that its list is, if not here."""

    def begin(self, address: str) -> None:
        """Make root and stamping certificate for that address."""
        self.address = address
        self.root_key, self.key = (ec.generate_private_key(ec.SECP256R1()) for _each in range(2))
        self.root = self._certificate(self.root_key, f"Root of {address}", is_root=True)
        self.own = self._certificate(self.key, f"Stamps of {address}", is_root=False)

    def renew(self) -> None:
        """Stamp with another key and certificate under the same root from now on."""
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.own = self._certificate(self.key, f"Stamps of {self.address}", is_root=False)

    def write_root(self, folder: Path) -> str:
        """The path of a file with its root, as an operator has it."""
        path = folder / "elsewhere.pem"
        path.write_bytes(self.root.public_bytes(Encoding.PEM))
        return str(path)

    def _certificate(self, key: ec.EllipticCurvePrivateKey, words: str, *, is_root: bool) -> x509.Certificate:
        now = clock.now()
        builder = (
            x509.CertificateBuilder().subject_name(_name(words)).issuer_name(_name(f"Root of {self.address}"))
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - DAY).not_valid_after(now + 3650 * DAY)
            .add_extension(x509.BasicConstraints(is_root, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root_key.public_key()), critical=False
            )
            .add_extension(_usage(is_root=is_root), critical=True)
        )  # fmt: skip
        if not is_root:
            use = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(use, critical=True)
            place = x509.UniformResourceIdentifier(
                self.elsewhere or f"{self.address}{LIST if self.says == 'list' else SERVICE}"
            )
            if self.says == "list":
                points = x509.CRLDistributionPoints([x509.DistributionPoint([place], None, None, None)])
                builder = builder.add_extension(points, critical=False)
            if self.says == "ocsp":
                access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)
                builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
        return builder.sign(self.root_key, hashes.SHA256())

    def stamp(self, question: bytes) -> bytes:
        """The answer to a question for a stamp."""
        certificate = certificate_from(self.own.public_bytes(Encoding.PEM).decode())
        return answer_to(tsp.TimeStampReq.load(question), StampKey(certificate, self.key), clock.now()).dump()

    def revocation_list(self) -> bytes:
        """Its list of now (DER)."""
        now = clock.now()
        builder = (
            x509.CertificateRevocationListBuilder().issuer_name(self.root.subject)
            .last_update(now).next_update(now + DAY).add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root_key.public_key()), critical=False
            )
        )  # fmt: skip
        if self.revoked:
            since, reason = self.revoked
            entry = (
                x509.RevokedCertificateBuilder().serial_number(self.own.serial_number).revocation_date(since)
            )
            if reason:
                entry = entry.add_extension(x509.CRLReason(reason), critical=False)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self.root_key, hashes.SHA256()).public_bytes(Encoding.DER)

    def word(self, question: bytes) -> bytes:
        """Its answer (OCSP, DER) about the certificate that stamps."""
        asked, now = ocsp.load_der_ocsp_request(question), clock.now()
        since, reason = self.revoked or (None, None)
        builder = ocsp.OCSPResponseBuilder().add_response(
            self.own, self.root, hashes.SHA1(),  # noqa: S303 - what the question names the certificate with
            ocsp.OCSPCertStatus.REVOKED if self.revoked else ocsp.OCSPCertStatus.GOOD,
            now, now + DAY, since, reason,
        ).responder_id(ocsp.OCSPResponderEncoding.HASH, self.root)  # fmt: skip
        for extension in asked.extensions:  # the nonce
            builder = builder.add_extension(extension.value, extension.critical)
        return builder.sign(self.root_key, hashes.SHA256()).public_bytes(Encoding.DER)


def _usage(*, is_root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=is_root, crl_sign=is_root, encipher_only=False, decipher_only=False,
    )  # fmt: skip


@contextmanager
def a_foreign_service(says: str = "list", elsewhere: str = "") -> Iterator[Foreign]:
    """That authority, as long as the block runs; it stamps at `address`."""
    foreign = Foreign(says, elsewhere=elsewhere)

    class Handler(QuietHandler):
        def do_GET(self) -> None:
            self._answer(foreign.revocation_list, "application/pkix-crl")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == SERVICE:
                self._answer(lambda: foreign.word(body), "application/ocsp-response")
            else:
                self._answer(lambda: foreign.stamp(body), "application/timestamp-reply")

        def _answer(self, made: object, media_type: str) -> None:
            foreign.asked.append(self.path)
            is_away = foreign.is_away and self.path in (LIST, SERVICE)
            content = b"" if is_away else made()  # type: ignore[operator]
            self.send_response(503 if is_away else 200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with serving(Handler) as address:
        foreign.begin(address)
        yield foreign
