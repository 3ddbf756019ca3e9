"""WebAuthn: the options browsers get, and every check of sections 7.1 and 7.2 (Level 3) on what they answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from portal.crypto import as_address_part, from_address_part

ALGORITHMS = (-7, -8, -257)
"""COSE: ES256, EdDSA, RS256."""
CREDENTIAL_BYTES = 1023
TIMEOUT_MILLISECONDS = 120_000
TRANSPORTS = frozenset({"usb", "nfc", "ble", "smart-card", "hybrid", "internal"})
NO_AAGUID = "00000000-0000-0000-0000-000000000000"


class Malformed(Exception):
    """Not the shape of a WebAuthn answer: no browser made it."""


class NotVerified(Exception):
    """One of the checks failed; which one is for the log alone."""


@dataclass(frozen=True)
class Party:
    """The relying party: its id (a host name), the one origin answers may come from, and its name for people."""

    rp_id: str
    origin: str
    name: str


@dataclass(frozen=True)
class NewCredential:
    """A verified registration; binary values are unpadded base64url."""

    credential_id: str
    public_key: str
    sign_count: int
    aaguid: str
    verified_user: bool
    backup_eligible: bool
    backed_up: bool


@dataclass(frozen=True)
class Shown:
    """A verified assertion."""

    sign_count: int
    verified_user: bool
    backup_eligible: bool
    backed_up: bool


def creation_options(
    party: Party, challenge: str, user: dict[str, str], exclude: list[dict[str, Any]]
) -> dict[str, Any]:
    """What `PublicKeyCredential.parseCreationOptionsFromJSON` takes; `user` has id, name, displayName."""
    return {
        "rp": {"id": party.rp_id, "name": party.name},
        "user": user,
        "challenge": challenge,
        "pubKeyCredParams": [{"type": "public-key", "alg": number} for number in ALGORITHMS],
        "timeout": TIMEOUT_MILLISECONDS,
        "excludeCredentials": exclude,
        "authenticatorSelection": {"residentKey": "preferred", "userVerification": "preferred"},
        "attestation": "none",
        "extensions": {"credProps": True},
    }


def request_options(
    party: Party, challenge: str, allowed: list[dict[str, Any]], *, verify_user: bool
) -> dict[str, Any]:
    """What `PublicKeyCredential.parseRequestOptionsFromJSON` takes; without `allowed` any passkey may answer."""
    return {
        "challenge": challenge,
        "rpId": party.rp_id,
        "timeout": TIMEOUT_MILLISECONDS,
        "allowCredentials": allowed,
        "userVerification": "required" if verify_user else "preferred",
    }


def descriptor(credential_id: str, transports: str = "") -> dict[str, Any]:
    """One entry of allowCredentials or excludeCredentials."""
    found = [word for word in transports.split(",") if word]
    return {"type": "public-key", "id": credential_id, **({"transports": found} if found else {})}


def transports_in(answer: dict[str, Any]) -> str:
    """The transports the browser named, those of the standard alone, comma separated."""
    named = _part(answer, "response").get("transports") or []
    known = [word for word in named if isinstance(word, str) and word in TRANSPORTS]
    return ",".join(sorted(set(known)))


def credential_id_in(answer: dict[str, Any]) -> str:
    """The identifier of the credential an answer is about; raises Malformed."""
    found = answer.get("id")
    if not isinstance(found, str) or not 0 < len(from_address_part(found) or b"") <= CREDENTIAL_BYTES:
        raise Malformed("id")
    return found


def user_handle_in(answer: dict[str, Any]) -> str:
    """The user handle a passkey brings, empty where there is none."""
    found = _part(answer, "response").get("userHandle")
    return found if isinstance(found, str) else ""


def verified_registration(answer: dict[str, Any], challenge: str, party: Party) -> NewCredential:
    """Raises Malformed or NotVerified; the challenge must be dead before this is called."""
    from webauthn import base64url_to_bytes, verify_registration_response
    from webauthn.helpers.cose import COSEAlgorithmIdentifier

    named = _checked_by_us(answer)
    try:
        found = verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.rp_id,
            expected_origin=party.origin,
            supported_pub_key_algs=[*map(COSEAlgorithmIdentifier, ALGORITHMS)],
        )
    except Exception as error:  # the library has many, all of them mean the same here
        raise NotVerified(f"{type(error).__name__}: {error}") from error
    if as_address_part(found.credential_id) != named:
        raise NotVerified("the attested credential is another one")
    public_key = as_address_part(found.credential_public_key)
    return NewCredential(
        named, public_key, found.sign_count, found.aaguid,
        verified_user=found.user_verified,
        backup_eligible=found.credential_device_type == "multi_device",
        backed_up=found.credential_backed_up,
    )  # fmt: skip


def verified_assertion(
    answer: dict[str, Any], challenge: str, party: Party, public_key: str, *, verify_user: bool
) -> Shown:
    """Raises Malformed or NotVerified. The counter is compared by the caller, after the signature has been checked:
    a forged answer must not look like a copied key."""
    from webauthn import base64url_to_bytes, verify_authentication_response

    _checked_by_us(answer)
    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.rp_id,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(public_key),
            credential_current_sign_count=0,
            require_user_verification=verify_user,
        )
    except Exception as error:  # as above
        raise NotVerified(f"{type(error).__name__}: {error}") from error
    return Shown(
        sign_count=found.new_sign_count,
        verified_user=found.user_verified,
        backup_eligible=found.credential_device_type == "multi_device",
        backed_up=found.credential_backed_up,
    )


def _part(answer: dict[str, Any], name: str) -> dict[str, Any]:
    part = answer.get(name)
    if not isinstance(part, dict):
        raise Malformed(name)
    return part


def _checked_by_us(answer: dict[str, Any]) -> str:
    _check_client_data(answer)
    return credential_id_in(answer)


def _check_client_data(answer: dict[str, Any]) -> None:
    """What the library does not look at: the ceremony must not have run inside a foreign page's frame."""
    text = _part(answer, "response").get("clientDataJSON")
    raw = from_address_part(text) if isinstance(text, str) else None
    try:
        data = json.loads(raw or b"")
    except ValueError as error:
        raise Malformed("clientDataJSON") from error
    if not isinstance(data, dict):
        raise Malformed("clientDataJSON")
    if data.get("crossOrigin") not in (None, False) or "topOrigin" in data:
        raise NotVerified("made in a frame of another origin")
