"""The verdict on a PDF: what a process apart finds in it, and what the portal knows of the key."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from portal import clock, config
from portal.seals import authorities, examining, issuing, keys, revocation, stamping, withdrawals
from portal.seals.authorities import ROOT
from portal.seals.models import SealKey

BYTES = 20 * 1024 * 1024
"""Of a file that is looked at; ours have some hundred thousand."""
SECONDS, CPU_SECONDS = 30, 10
"""On the clock, and of the processor: ours take about one."""
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class Verdict:
    """`outcome` is `passed`, `indeterminate` or `failed` (EN 319 102-1), `reason` a word of REASONS.

    `signed_at` is what the seal claims, `stamped_at` what a time stamp proves (aware; None without one), `key_sha256`
    names the certificate of the key ("" where none was read).
    """

    outcome: str
    reason: str
    signed_at: datetime | None
    stamped_at: datetime | None
    key_sha256: str
    covers_whole_file: bool


REASONS = (
    "passed", "not-a-pdf", "too-large", "too-complex", "timed-out", "encrypted", "format-failure", "no-signature",
    "several-signatures", "hash-failure", "sig-crypto-failure", "stamp-hash-failure", "stamp-not-trusted",
    "stamp-withdrawn",
    "changed-afterwards", "revoked", "revoked-no-poe", "no-revocation-data", "no-certificate-chain-found",
    "out-of-bounds-no-poe", "out-of-bounds-not-revoked", "sig-constraints-failure", "chain-constraints-failure",
    "crypto-constraints-failure", "crypto-constraints-failure-no-poe", "in-the-future", "timestamp-order-failure",
    "unknown-key", "out-of-use", "not-checked",
)  # fmt: skip
"""Every reason a verdict may give; pages have a sentence for each."""


def verdict(pdf: bytes, environment: str | None = None, *, roots: tuple[str, ...] = ()) -> Verdict:
    """What is to be thought of a file: against the keys of an environment, or against `roots` (PEM) alone.

    Never raises for any content. With an environment the current revocation lists count and the key must be one of its
    own; with roots alone the lists inside the file count, and nobody asks whether the key was withdrawn since.
    """
    if len(pdf) > BYTES:
        return Verdict("indeterminate", "too-large", None, None, "", False)
    found = _found(pdf, _material(environment, roots))
    if environment is None or found.outcome != "passed":
        return found
    return _with_key(found, keys.by_sha256(environment, found.key_sha256))


def _found(pdf: bytes, material: dict[str, Any]) -> Verdict:
    command = [sys.executable, "-I", str(Path(examining.__file__)), str(CPU_SECONDS)]
    given = json.dumps(material).encode() + b"\n" + pdf
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=SECONDS, check=True, env={})
        facts = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return Verdict("indeterminate", "timed-out", None, None, "", False)
    except subprocess.CalledProcessError as ended:
        reason = "timed-out" if ended.returncode == -signal.SIGXCPU else "not-checked"
        return Verdict("indeterminate", reason, None, None, "", False)
    except (ValueError, OSError):
        return Verdict("indeterminate", "not-checked", None, None, "", False)
    return Verdict(
        facts["outcome"],
        facts["reason"] if facts["reason"] in REASONS else "not-checked",
        _moment(facts["signed_at"]),
        _moment(facts["stamped_at"]),
        facts["key"],
        facts["covers_whole_file"],
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _with_key(found: Verdict, key: SealKey | None) -> Verdict:
    """The same, unless the portal never had the key, or it had ended when the seal says it was made."""
    if key is None:
        return _instead(found, "indeterminate", "unknown-key")
    when = found.stamped_at or found.signed_at
    if key.revoked_from is not None and (found.stamped_at is None or found.stamped_at >= key.revoked_from):
        return _instead(found, "failed" if found.stamped_at else "indeterminate",
                        "revoked" if found.stamped_at else "revoked-no-poe")  # fmt: skip
    if key.ended_at is not None and (when is None or when > key.ended_at + CLOCKS_DIFFER):
        return _instead(found, "indeterminate", "out-of-use")
    return found


def _instead(found: Verdict, outcome: str, reason: str) -> Verdict:
    return Verdict(
        outcome, reason, found.signed_at, found.stamped_at, found.key_sha256, found.covers_whole_file
    )


def _material(environment: str | None, roots: tuple[str, ...]) -> dict[str, Any]:
    others, lists = [], []
    if environment is not None and authorities.is_made(environment):
        roots = (*roots, keys.pem_of(authorities.certificate_of(environment, ROOT)))
        own = issuing.names(environment)
        others = [keys.pem_of(authorities.certificate_of(environment, name)) for name in own]
        lists = revocation.lists(environment)
    return {
        "roots": list(roots),
        "stamp_roots": [*_stamp_roots(), *roots],
        "others": others,
        "crls": [base64.b64encode(each).decode() for each in lists],
        "withdrawn": withdrawals.known(),
        "moment": clock.now().isoformat(),
    }


def _stamp_roots() -> Iterator[str]:
    with suppress(OSError, ValueError):  # a file of roots that cannot be read vouches for nobody
        yield from stamping.roots()


def trusted_roots() -> tuple[str, ...]:
    """The roots (PEM) that `portal verify` believes by default: PORTAL_SEAL_ROOT, or those of the seal folder."""
    settings = config.current()
    if settings.seal_root:
        return keys.pems_in(Path(settings.seal_root))
    made = [key for key in config.ENVIRONMENTS if authorities.is_made(key)]
    return tuple(keys.pem_of(authorities.certificate_of(key, ROOT)) for key in made)
