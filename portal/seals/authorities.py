"""The two certificate authorities of an environment, root and issuing, and the test authority for time stamps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from portal import clock, config
from portal.seals import keeping
from portal.seals.keeping import PrivateKey

STAMPS = "stamps"
"""Folder of the test authority for time stamps, beside those of the environments; made in demo only."""
ROOT, ISSUING, STAMPER = "root", "issuing", "stamper"
YEAR = timedelta(days=365)
LIFE = {ROOT: 20 * YEAR, ISSUING: 10 * YEAR, STAMPER: 10 * YEAR, "seal": 2 * YEAR}
"""An issuing authority outlives the seals under it, a root both; a seal key is changed each year (operations)."""
CLOCKS_DIFFER = timedelta(minutes=5)
NAME_CHARACTERS = 64
"""At most, in a common name or organisation (X.520)."""


@dataclass(frozen=True)
class Issuer:
    """Who signs certificates and revocation lists."""

    certificate: x509.Certificate
    key: PrivateKey


@dataclass(frozen=True)
class Wanted:
    """A certificate to be made: what it is for (`root`, `issuing`, `seal`, `stamper`), whose, and for which key."""

    use: str
    environment: str
    public_key: CertificateIssuerPublicKeyTypes
    crl: str = ""
    """Address of the revocation list that will name it, if it is withdrawn."""
    number: int = 1
    """Which of its kind: two issuing authorities of an environment never have the same name."""


def make(environment: str) -> None:
    """Make root and issuing authority of an environment (or of `stamps`) where they are not there yet."""
    below = STAMPER if environment == STAMPS else ISSUING
    with keeping.held(environment):
        if (keeping.folder_of(environment) / f"{below}.pem").exists():
            return
        root_key = ec.generate_private_key(ec.SECP384R1())
        root = signed(Wanted(ROOT, environment, root_key.public_key()), None, root_key)
        _keep(environment, ROOT, Issuer(root, root_key))
        make_below(environment, below, Issuer(root, root_key))


def make_below(environment: str, name: str, root: Issuer, number: int = 1) -> None:
    """Make the authority `name` under the root; whoever calls holds the folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    address = "" if environment == STAMPS else crl_address(environment, ROOT)
    use = STAMPER if environment == STAMPS else ISSUING
    wanted = Wanted(use, environment, key.public_key(), address, number)
    _keep(environment, name, Issuer(signed(wanted, root.certificate, root.key), key))


def _keep(environment: str, name: str, made: Issuer) -> None:
    """The certificate comes last: where it is, its key is."""
    folder = keeping.folder_of(environment)
    keeping.write_key(folder / f"{name}.key", made.key)
    keeping.write(folder / f"{name}.pem", made.certificate.public_bytes(Encoding.PEM))


def is_made(environment: str) -> bool:
    """Whether that environment has its authorities."""
    place = config.current().seal_folder
    return bool(place) and (Path(place) / environment / f"{ISSUING}.pem").exists()


def certificate_of(environment: str, name: str) -> x509.Certificate:
    """The certificate `root`, `issuing` (or a later one, `issuing-2`) or `stamper`; FileNotFoundError before `make`."""
    return x509.load_pem_x509_certificate((keeping.folder_of(environment) / f"{name}.pem").read_bytes())


def issuer(environment: str, name: str) -> Issuer:
    """The authority of that name with its key; SettingError where the key is kept elsewhere."""
    key = keeping.read_key(keeping.folder_of(environment) / f"{name}.key")
    return Issuer(certificate_of(environment, name), key)


def crl_address(environment: str, name: str) -> str:
    """Where the portal publishes the revocation list of the root or of an issuing authority."""
    return f"{config.current().public_url}/{environment}/seals/{name}.crl"


def signed(wanted: Wanted, above: x509.Certificate | None, key: PrivateKey) -> x509.Certificate:
    """A certificate for the wanted key, signed with `key` by `above`, or by itself where nothing is above."""
    now = clock.now()
    subject = _name(wanted)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.subject if above else subject)
        .public_key(wanted.public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCKS_DIFFER)
        .not_valid_after(end_of_life(now, wanted.use, above))
    )
    for extension, critical in _extensions(wanted, above):
        builder = builder.add_extension(extension, critical)
    return builder.sign(key, hashes.SHA384() if wanted.use == ROOT or _is_root(above) else hashes.SHA256())


def end_of_life(now: datetime, use: str, above: x509.Certificate | None) -> datetime:
    """When a certificate made now would end: never after the one above it."""
    end = now + LIFE[use]
    return min(end, above.not_valid_after_utc) if above else end


def _is_root(certificate: x509.Certificate | None) -> bool:
    return certificate is not None and certificate.subject == certificate.issuer


def _name(wanted: Wanted) -> x509.Name:
    settings = config.current()
    words = {ROOT: "root", ISSUING: "issuing authority", "seal": "seal", STAMPER: "test time stamps"}
    mark = "DEMO - " if settings.is_demo else ""
    end = f" {wanted.environment} {words[wanted.use]}" + (f" {wanted.number}" if wanted.number > 1 else "")
    named = f"{mark}{settings.brand_application}"[: NAME_CHARACTERS - len(end)] + end
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, (settings.operator or "portal")[:NAME_CHARACTERS]),
            x509.NameAttribute(NameOID.COMMON_NAME, named),
        ]
    )


def _extensions(wanted: Wanted, above: x509.Certificate | None) -> list[tuple[x509.ExtensionType, bool]]:
    is_authority = wanted.use in (ROOT, ISSUING)
    found: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(is_authority, {ROOT: 1, ISSUING: 0}.get(wanted.use)), True),
        (_usage(wanted.use), True),
        (x509.SubjectKeyIdentifier.from_public_key(wanted.public_key), False),
    ]
    if above:
        own = above.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        found.append((x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), False))
    if wanted.use == STAMPER:
        found.append((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True))
    if wanted.crl:
        place = [x509.UniformResourceIdentifier(wanted.crl)]
        found.append((x509.CRLDistributionPoints([x509.DistributionPoint(place, None, None, None)]), False))
    return found


def _usage(use: str) -> x509.KeyUsage:
    is_authority = use in (ROOT, ISSUING)
    return x509.KeyUsage(
        digital_signature=use == STAMPER,
        content_commitment=use == "seal",
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=use in (ROOT, ISSUING),
        encipher_only=False,
        decipher_only=False,
    )
