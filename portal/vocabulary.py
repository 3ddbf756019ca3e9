"""The glossary in code: the closed lists of words that more than one part of the house uses."""

from __future__ import annotations

from enum import StrEnum


class OrganisationKind(StrEnum):
    """The three types of organisation a person may ask a role in (S3: «un seul type de rôle»)."""

    OPERATOR = "operator"
    CONTROL_BODY = "control-body"
    AUTHORITY = "authority"


class AuthorityRole(StrEnum):
    """What an authority is in the tree of authorities (S3 and the reference list of roles)."""

    COMMISSION = "COMMISSION"
    CCA = "CCA"
    RCA = "RCA"
    LAU = "LAU"
    BCP = "BCP"
    CP = "CP"
    CUSTOMS = "CUSTOMS"


class Assurance(StrEnum):
    """How far a sign-in has come."""

    PASSWORD = "password"  # noqa: S105 - a word of the trade, not a secret
    SECOND_FACTOR = "second-factor"
    RECOVERY = "recovery"


class Method(StrEnum):
    """The ways to sign in that the method list offers («Méthode d'authentification»)."""

    PASSWORD = "password"  # noqa: S105
    SMS = "sms"
    APP_QR = "app-qr"
    APP_PIN = "app-pin"
    SECURITY_KEY = "security-key"
    EID = "eid"
    RECOVERY_CODE = "recovery-code"


SECOND_FACTORS = (Method.SMS, Method.APP_QR, Method.APP_PIN, Method.SECURITY_KEY, Method.EID)
"""What opens an environment; a recovery code never does, it only lets a new factor be added."""


class Channel(StrEnum):
    """The ways a message leaves the house."""

    EMAIL = "email"
    SMS = "sms"


class ControlBodyOrigin(StrEnum):
    """Whose code a scope row carries: it decides who validates."""

    MEMBER_STATE = "member-state"
    THIRD_COUNTRY = "third-country"


MEMBER_STATES = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
"""ISO 3166 alpha-2 codes of the Member States."""

COMMISSION_COUNTRY = "EU"
"""The country of the Commission's own record: an exceptional ISO 3166 reservation."""
