"""The words of an impact: why certificates are to be looked at again, and what was done to them under a role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.certificates.states import Act, ImpactReason
from portal.certificates.touching import Done

IMPACT_REASONS: dict[str, Any] = {
    ImpactReason.KEY_STOLEN: _l(
        "The key that sealed it was reported stolen: somebody else may have used that key."
    ),
    ImpactReason.ROLE_WRONG: _l("A role under which something was done to it was found to be wrong."),
}
"""Why a certificate is to be looked at again; no sentence says that a person did wrong."""
IMPACT_ACTS: dict[str, Any] = {
    Act.BEGUN: _l("Draft begun"),
    Act.FILLED: _l("Boxes filled in"),
    Act.DELETED: _l("Draft deleted"),
    Act.SUBMITTED: _l("Submitted for certification"),
    Act.TAKEN_BACK: _l("Taken back"),
    Act.OPENED: _l("Taken up for certification"),
    Act.REFUSED: _l("Sent back with a reason"),
    Act.SIGNED: _l("Signed"),
    Act.NOT_SIGNED: _l("Signature confirmed, but not made"),
    Act.REPLACED: _l("Replaced by another one"),
    Act.CANCELLED: _l("Cancelled"),
    Act.CONTROLLED: _l("Control or arrival recorded"),
}
"""What was done under the role, in the order of a certificate's life."""


def in_a_cell(done: Sequence[Done]) -> str:
    """All of it for one cell of a file: words, how often where more than once, and the moment of the last one."""
    return "; ".join(
        f"{IMPACT_ACTS[one.act]}{f' ({one.times})' if one.times > 1 else ''} {one.last.isoformat(timespec='seconds')}"
        for one in done
    )
