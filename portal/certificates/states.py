"""The states of a certificate and what may follow what; the table is the whole truth (spec 2.7)."""

from __future__ import annotations

from enum import StrEnum

from portal.access.actions import Action
from portal.workflow import transition


class Document(StrEnum):
    """The documents that are made here; the others stand in profiles as rights only (CE1)."""

    COI = "COI"
    INTRA = "INTRA"


class CertificateState(StrEnum):
    """«Brouillon» to «Valide», and the ends; no state leads back from valid to one that can be edited."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_PROGRESS = "in_progress"
    VALID = "valid"
    REJECTED = "rejected"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    DELETED = "deleted"


EDITABLE = frozenset({CertificateState.DRAFT, CertificateState.SUBMITTED, CertificateState.IN_PROGRESS})
SIGNED = frozenset({CertificateState.VALID, CertificateState.REPLACED, CertificateState.CANCELLED})
"""In these states there is a sealed file and an official number."""

DELETE = transition(
    "delete", {CertificateState.DRAFT}, CertificateState.DELETED, needs=Action.CERTIFICATE_EDIT
)
SUBMIT = transition(
    "submit", {CertificateState.DRAFT}, CertificateState.SUBMITTED, needs=Action.CERTIFICATE_SUBMIT
)
TAKE_BACK = transition(
    "take-back", {CertificateState.SUBMITTED}, CertificateState.DRAFT, needs=Action.CERTIFICATE_SUBMIT
)
OPEN = transition(
    "open", {CertificateState.SUBMITTED}, CertificateState.IN_PROGRESS, needs=Action.CERTIFICATE_CERTIFY
)
REFUSE = transition(
    "refuse", {CertificateState.SUBMITTED, CertificateState.IN_PROGRESS}, CertificateState.REJECTED,
    needs=Action.CERTIFICATE_CERTIFY,
)  # fmt: skip
SIGN = transition("sign", EDITABLE, CertificateState.VALID, needs=Action.CERTIFICATE_SIGN)
"""From a draft only where the issuing body itself began it (CE4); the service asks who began it."""
REPLACE = transition(
    "replace", {CertificateState.VALID}, CertificateState.REPLACED, needs=Action.CERTIFICATE_SIGN
)
CANCEL = transition(
    "cancel", {CertificateState.VALID}, CertificateState.CANCELLED, needs=Action.CERTIFICATE_CANCEL
)
TRANSITIONS = (DELETE, SUBMIT, TAKE_BACK, OPEN, REFUSE, SIGN, REPLACE, CANCEL)


class IntentState(StrEnum):
    """What became of an intent to sign: its number is used, or the reason stands with it for ever."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SEALED = "sealed"
    FAILED = "failed"


OPEN_INTENTS = frozenset({IntentState.WAITING, IntentState.CLAIMED})


class IntentFailure(StrEnum):
    """Why an intent came to nothing; each has its sentence on the pages.

    `role`: the officer may no longer sign; `suspended`: the operator is; `changed`: the certificate, its model or what
    it replaces is no longer what was confirmed; `recognition`: the control body has no scope in force for it any more;
    `interrupted`: worker after worker ended while it was at it.
    """

    ROLE = "role"
    SUSPENDED = "suspended"
    CHANGED = "changed"
    RECOGNITION = "recognition"
    RENDERING = "rendering"
    SEALING = "sealing"
    INTERRUPTED = "interrupted"


class FileLevel(StrEnum):
    """The level of the seal on a stored file (EN 319 142-1)."""

    B_B = "B-B"
    B_T = "B-T"
    B_LTA = "B-LTA"


class StampState(StrEnum):
    """«Sans horodatage qualifié» without a service, «en attente» while a configured one failed, or stamped."""

    NONE = "none"
    PENDING = "pending"
    STAMPED = "stamped"


class RefusalReason(StrEnum):
    """Why an authority sends a certificate back; words may stand beside it."""

    INCOMPLETE = "incomplete"
    INCORRECT = "incorrect"
    NOT_ACCEPTABLE = "not-acceptable"
    WRONG_MODEL = "wrong-model"
    OTHER = "other"


class CancelReason(StrEnum):
    """Why a valid certificate is cancelled; words may stand beside it."""

    MISTAKE = "mistake"
    NOT_DISPATCHED = "not-dispatched"
    FRAUD = "fraud"
    KEY = "key"
    OTHER = "other"


class ImpactReason(StrEnum):
    """Why certificates are to be looked at again: the key of their seal, or the role of who did something to them."""

    KEY_STOLEN = "key-stolen"
    ROLE_WRONG = "role-wrong"


class Act(StrEnum):
    """What somebody does to a certificate under a role; `not-signed`: a signature was confirmed and came to nothing."""

    BEGUN = "begun"
    FILLED = "filled"
    DELETED = "deleted"
    SUBMITTED = "submitted"
    TAKEN_BACK = "taken-back"
    OPENED = "opened"
    REFUSED = "refused"
    SIGNED = "signed"
    NOT_SIGNED = "not-signed"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    CONTROLLED = "controlled"


OUTWARD = frozenset({Act.SIGNED, Act.REPLACED, Act.CANCELLED, Act.CONTROLLED})
"""What others relied on: whoever a certificate names is told of it, not only who works on it."""


class PartyRole(StrEnum):
    """Why an organisation may see a certificate (IMSOC Art. 36)."""

    CREATOR = "creator"
    ISSUER = "issuer"
    CONSIGNOR = "consignor"
    CONSIGNEE = "consignee"
    DISPATCH = "dispatch"
    DESTINATION = "destination"
    LOADING = "loading"
    TRANSPORTER = "transporter"
    ORIGIN_AUTHORITY = "origin-authority"
    DESTINATION_AUTHORITY = "destination-authority"
    POST = "post"
    IMPORTER = "importer"
    OTHER = "other"
