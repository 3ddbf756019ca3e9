"""A telephone with the phone app, as docs/phone-app.md describes it: makes its keys, signs, answers challenges."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from portal.access.actor import Actor
from portal.adapters import ocra
from portal.crypto import as_address_part
from portal.identity import devices
from portal.identity.approvals import Answer
from portal.identity.factor_models import FactorChallenge, MobileDevice
from portal.identity.models import Account, SignIn
from tests.makers.identity import a_sign_in, an_actor

PIN, OTHER_PIN = "4071", "8150"
HOME = "198.51.100.0/24"
CURVE = ec.SECP256R1()


def public(key: ec.EllipticCurvePrivateKey) -> str:
    """The public half as the calls carry it."""
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return as_address_part(point)


@dataclass
class Phone:
    """The app on one telephone; `device` is the id the portal gave it."""

    approval: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    exchange: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    code_key: bytes = b""
    device: int = 0

    def keys(self) -> dict[str, str]:
        """Its two public keys."""
        return {"code_key": public(self.exchange), "approval_key": public(self.approval)}

    def read(self, qr_text: str) -> str:
        """Scan the QR code of an enrolment: derives the code key, returns the token."""
        token, server_key = qr_text.rsplit(":", 2)[1:]
        raw = base64.urlsafe_b64decode(server_key + "=" * (-len(server_key) % 4))
        shared = self.exchange.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, raw))
        salt, info = hashlib.sha256(token.encode()).digest(), b"traces-portal phone code v1"
        self.code_key = HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=info).derive(shared)
        return token

    def sign(self, text: str) -> str:
        """The signature over a text, the beginning of all texts put in front."""
        der = self.approval.sign(f"TRACES-APP {text}".encode(), ec.ECDSA(hashes.SHA256()))
        return as_address_part(b"".join(part.to_bytes(32) for part in decode_dss_signature(der)))

    def code(self, challenge: str, pin: str = PIN) -> str:
        """The eight digits it shows for a challenge and a typed PIN."""
        return ocra.answer(ocra.PHONE_SUITE, self.code_key, challenge, pin=pin)


def acting(account: Account, *, second_factor: bool = True, has_factor: bool = True) -> Actor:
    """That person, signed in."""
    row, _token = a_sign_in(account, second_factor=second_factor)
    return an_actor(account.id, second_factor=second_factor, has_factor=has_factor, session_id=row.id)


def scanned(device: MobileDevice) -> Phone:
    """A telephone that scanned the QR code of an enrolment."""
    phone = Phone()
    token = phone.read(devices.qr_text(device))
    phone.device = devices.scan(token, **phone.keys(), showing=None, network=HOME).id
    return phone


def confirmed(device: MobileDevice) -> tuple[Phone, str]:
    """A telephone on which the right PIN was typed, and the nonce to accept with."""
    phone = scanned(device)
    code = phone.code(device.nonce)
    return phone, devices.show_pin(device.id, code, phone.sign(f"pin {device.id} {code}"), network=HOME)


def a_phone(account: Account, name: str = "Duty phone", *, actor: Actor | None = None) -> Phone:
    """A telephone with the app on the account, working."""
    device = devices.begin(name, PIN, actor or acting(account))
    phone, nonce = confirmed(device)
    devices.accept(device.id, phone.sign(f"accept {device.id} {nonce}"), network=HOME)
    return phone


def answer_to(
    phone: Phone, request: FactorChallenge, *, number: str = "", pin: str = PIN, approves: bool = True
) -> Answer:
    """What the telephone sends for a request; the number is the right one unless another is given."""
    unsigned = Answer(phone.device, approves, "")
    if approves:
        unsigned = Answer(
            phone.device, approves, "", number or request.number, phone.code(request.nonce, pin)
        )
    return replace(unsigned, signature=phone.sign(unsigned.signed_text(request)))


def half_signed_in(account: Account, method: str) -> SignIn:
    """A sign-in of that method with the right password."""
    row, _token = a_sign_in(account, state="half")
    row.method, row.second_factor_at, row.assurance = method, None, None
    return row
