"""Model files for tests: one that says of itself that it is verified; its words are invented and say so."""

from __future__ import annotations

import json
from typing import Any

from portal.certificates import shipped

SOURCE = "Act Example 1/2026, Annex"


def a_model_file(code: str = "BOV-INTRA-X", *, verified: bool = True, **more: Any) -> bytes:
    """A whole INTRA model; each box has a source, and the attestation is an invented sentence."""
    facts: dict[str, Any] = json.loads((shipped.DATA / "INTRA.json").read_text(encoding="utf-8"))
    for part in facts["parts"]:
        for box in part["boxes"]:
            box.update(verified=verified, source=SOURCE)
    names = {"en": "invented model", "fr": "modèle inventé"}
    facts |= {
        "code": code, "names": names, "group": "ungulates", "verified": verified, "source": SOURCE,
        "attestation": {"en": "Invented sentence.\nSecond line.", "fr": "Phrase inventée."}, **more,
    }  # fmt: skip
    return json.dumps(facts).encode()
