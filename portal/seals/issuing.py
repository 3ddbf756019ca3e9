"""The issuing authorities of an environment under its one root: the newest certifies, those before stay published."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPublicKeyTypes
from cryptography.x509.extensions import ExtensionNotFound

from portal import clock, config
from portal.config_rules import SettingError
from portal.seals import authorities, keeping
from portal.seals.authorities import ISSUING, ROOT, Wanted


class AuthorityEnded(SettingError):
    """The newest issuing authority certifies no more: another one is needed."""


def names(environment: str) -> list[str]:
    """Every issuing authority by the name of its files, oldest first: `issuing`, `issuing-2` and so on."""
    if not authorities.is_made(environment):
        return []
    folder, found = Path(config.current().seal_folder) / environment, [ISSUING]
    while (folder / f"{_named(len(found) + 1)}.pem").exists():
        found.append(_named(len(found) + 1))
    return found


def current(environment: str) -> str:
    """The name of the one that certifies keys now; FileNotFoundError before any was made."""
    found = names(environment)
    if not found:
        raise FileNotFoundError(f"{environment} has no issuing authority")
    return found[-1]


def above(environment: str, certificate: x509.Certificate) -> str:
    """The name of the issuing authority that certified it; LookupError where none of this environment did."""
    for name in reversed(names(environment)):
        if certified_by(certificate, authorities.certificate_of(environment, name)):
            return name
    raise LookupError(f"no issuing authority of {environment} certified this")


def certified_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether a certificate names that issuer and its key (RFC 5280, 4.2.1.1); its signature is not looked at."""
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    try:
        named = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    except ExtensionNotFound:
        return False
    return certificate.issuer == issuer.subject and named.key_identifier == own.digest


def certified(environment: str, wanted_key: CertificateIssuerPublicKeyTypes) -> x509.Certificate:
    """A certificate of a seal key, by the newest authority; AuthorityEnded, or SettingError where its key is away."""
    with keeping.held(environment):
        name = current(environment)
        issuer = authorities.issuer(environment, name)
        if issuer.certificate.not_valid_after_utc <= clock.now():
            raise AuthorityEnded(f"the issuing authority of {environment} has ended: keys rotate-authority")
        wanted = Wanted("seal", environment, wanted_key, authorities.crl_address(environment, name))
        return authorities.signed(wanted, issuer.certificate, issuer.key)


def add(environment: str) -> str:
    """Make the next one under the same root and return its name; whoever calls holds the folder.

    Raises SettingError where the key of the root is kept elsewhere, AuthorityEnded where the root leaves it no time.
    """
    old, number = current(environment), len(names(environment)) + 1
    root = authorities.issuer(environment, ROOT)
    until = authorities.end_of_life(clock.now(), ISSUING, root.certificate)
    ends = authorities.certificate_of(environment, old).not_valid_after_utc
    if until <= max(ends, clock.now()):
        raise AuthorityEnded(
            f"the root of {environment} leaves another issuing authority no time after this one"
        )
    authorities.make_below(environment, _named(number), root, number)
    return _named(number)


def _named(number: int) -> str:
    return ISSUING if number == 1 else f"{ISSUING}-{number}"
