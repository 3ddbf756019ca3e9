"""E-mail addresses: checked, made comparable, masked; and which ones look like functional mailboxes."""

from __future__ import annotations

import re
import unicodedata

import email_validator

LENGTH_AT_MOST = 254
FUNCTIONAL = re.compile(
    r"^(info|contact|kontakt|office|poststelle|bureau|service|admin|administrat\w*|support|help|hello|mail|post|"
    r"secretariat|sekretariat|accueil|reception|import|export|customs?|douanes?|zoll|bcp|pcf|bip|traces|team|"
    r"no-?reply|postmaster|webmaster|sales|certif\w*|veterin\w*|quality|qualite|laborator\w*|direction)([._+-].*|\d*)$"
)


class NotAnAddress(Exception):
    """The text is not one e-mail address."""


def checked(typed: str) -> str:
    """The address as the person may use it (NFC, domain in small letters); raises NotAnAddress."""
    text = unicodedata.normalize("NFC", typed.strip())
    if len(text) > LENGTH_AT_MOST or any(unicodedata.category(c)[0] in "CZ" for c in text):
        raise NotAnAddress
    try:
        found = email_validator.validate_email(text, check_deliverability=False, test_environment=True)
    except email_validator.EmailNotValidError:
        raise NotAnAddress from None
    return found.normalized


def key_of(address: str) -> str:
    """The canonical form: two addresses with one key are the same mailbox to us."""
    found = email_validator.validate_email(address, check_deliverability=False, test_environment=True)
    local = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", found.local_part).casefold())
    return f"{local}@{(found.ascii_domain or found.domain).lower()}"


def masked(address: str) -> str:
    """«ca***@agri.example»: enough for the owner, too little for anybody else."""
    local, _, domain = address.rpartition("@")
    return f"{local[:2]}***@{domain}"


def looks_functional(address: str) -> bool:
    """Whether it looks like the mailbox of an office rather than a person's (S3 wants a real person)."""
    return bool(FUNCTIONAL.match(address.rpartition("@")[0].casefold()))
