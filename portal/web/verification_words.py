"""The sentences of the public check of certificates: outcomes with their reasons, states, levels, keys."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.certificates.checking import NOT_RECORDED, Outcome
from portal.certificates.states import CertificateState, FileLevel, StampState

OUTCOMES: dict[str, Any] = {
    Outcome.PASSED: _l("Passed: the file is genuine and unchanged"),
    Outcome.INDETERMINATE: _l("Indeterminate: this check cannot tell"),
    Outcome.FAILED: _l("Failed: do not rely on this file"),
}
BANNERS = {Outcome.PASSED: "success", Outcome.INDETERMINATE: "warning", Outcome.FAILED: "error"}
REASONS: dict[str, Any] = {
    NOT_RECORDED: _l(
        "The seal is one of this portal, but the file is none of those that it recorded when it sealed certificates."
    ),
    "not-a-pdf": _l("This is not a PDF file."),
    "too-large": _l("The file is too large to be checked."),
    "too-complex": _l("The file is built in a way that cannot be checked."),
    "timed-out": _l("The check took too long."),
    "encrypted": _l("The file is encrypted. Certificates of this portal never are."),
    "format-failure": _l("The file is damaged or incomplete."),
    "no-signature": _l("The file carries no seal."),
    "several-signatures": _l("The file carries more than one seal. Certificates of this portal carry one."),
    "hash-failure": _l("What is sealed was changed after it was sealed."),
    "sig-crypto-failure": _l("The seal does not belong to the file, or was changed."),
    "stamp-hash-failure": _l("The time stamp does not belong to the file, or was changed."),
    "stamp-not-trusted": _l("The time stamp comes from a service that is not known here."),
    "stamp-withdrawn": _l("The time stamp comes from a service that was withdrawn."),
    "changed-afterwards": _l("Something was added to the file after it was sealed."),
    "revoked": _l("The key of the seal had been revoked when the file was sealed."),
    "revoked-no-poe": _l(
        "The key of the seal was revoked, and nothing proves that the file was sealed before."
    ),
    "no-revocation-data": _l("Whether the key of the seal was revoked cannot be found out now."),
    "no-certificate-chain-found": _l(
        "The key of the seal is not one of this environment. Was it made in another environment or elsewhere?"
    ),
    "out-of-bounds-no-poe": _l(
        "The certificate of the key has ended, and nothing proves that the file is older."
    ),
    "out-of-bounds-not-revoked": _l(
        "The certificate of the key has ended, and nothing proves that the file is older."
    ),
    "sig-constraints-failure": _l("The seal is not made as seals of certificates are."),
    "chain-constraints-failure": _l("The certificate of the key may not be used for seals."),
    "crypto-constraints-failure": _l("The seal uses a method that is not safe any more."),
    "crypto-constraints-failure-no-poe": _l("The seal uses a method that is not safe any more."),
    "in-the-future": _l("The seal claims a time that has not come yet."),
    "timestamp-order-failure": _l("The seal claims a time after that of its time stamp."),
    "unknown-key": _l("The key of the seal was never one of this environment."),
    "out-of-use": _l("The seal claims a time at which its key was out of use."),
    "not-checked": _l("The file could not be checked to the end."),
}
"""By the words of `seals.validating`, which follow EN 319 102-1."""
STATE_BANNERS = {
    CertificateState.VALID: "success",
    CertificateState.REPLACED: "warning",
    CertificateState.CANCELLED: "error",
}
STATE_TITLES: dict[str, Any] = {
    CertificateState.VALID: _l("This certificate is valid"),
    CertificateState.REPLACED: _l("This certificate was replaced: it counts no more"),
    CertificateState.CANCELLED: _l("This certificate was cancelled: it counts no more"),
}
LEVELS: dict[str, Any] = {
    FileLevel.B_B: _l("Basic level (B-B)"),
    FileLevel.B_T: _l("With a time stamp (B-T)"),
    FileLevel.B_LTA: _l("Long-term level (B-LTA)"),
}
STAMPS: dict[str, Any] = {
    StampState.NONE: _l("Without a qualified time stamp: no service is configured."),
    StampState.PENDING: _l("Time stamp pending: the service did not answer."),
    StampState.STAMPED: _l("The file carries a time stamp of a time-stamping service."),
}
KEY_STATES: dict[str, Any] = {
    "active": _l("In use"),
    "retired": _l("Retired: what it sealed stays verifiable"),
    "revoked": _l("Revoked"),
}
KEY_REASONS: dict[str, Any] = {
    "key-compromise": _l("Somebody else may have had it."),
    "superseded": _l("It was superseded by another key."),
    "cessation": _l("It is not used any more."),
}
AUTHORITY_STATES: dict[str, Any] = {
    "": _l("Root"),
    "active": _l("Issuing authority"),
    "retired": _l("Earlier issuing authority: what its keys sealed stays verifiable"),
}
