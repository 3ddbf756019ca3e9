"""The models that come with the portal: one file each, those of INTRA on top of what they share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from portal.certificates import schema
from portal.certificates.schema import NotAModel, Problem
from portal.certificates.shapes import Definition, definition_from
from portal.certificates.states import Document

DATA = Path(__file__).parent / "data"
BASES = {Document.INTRA.value}
"""What a model may extend: the boxes that all models of the document share."""
FROM_BASE = ("format", "wordings", "parts")


@cache
def models() -> dict[tuple[str, str], Definition]:
    """Every shipped model by document and code, in the order in which they are offered."""
    # Their check is a test: here it would cost the first request of each process half a second.
    found = [definition_from(_whole(schema.facts_in(path.read_bytes()))) for path in files()]
    found.sort(key=lambda one: (one.document, one.order))
    return {(one.document, one.code): one for one in found}


def files() -> list[Path]:
    """The files of the shipped models."""
    return [DATA / "COI.json", *sorted((DATA / "intra").glob("*.json"))]


def read(content: bytes) -> Definition:
    """The model of a file, put on its base where it extends one; raises NotAModel with every reason."""
    whole = _whole(schema.facts_in(content))
    schema.check(whole)
    return definition_from(whole)


def _whole(facts: dict[str, Any]) -> dict[str, Any]:
    return _on_base(facts) if "extends" in facts else facts


def _on_base(facts: Mapping[str, Any]) -> dict[str, Any]:
    name = facts["extends"]
    if name not in BASES or facts.get("document") != name or "parts" in facts:
        raise NotAModel([Problem("extends", "unknown-base", str(name)[:60])])
    base = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    changes = facts.get("boxes", {})
    if not isinstance(changes, dict) or not all(isinstance(one, dict) for one in changes.values()):
        raise NotAModel([Problem("boxes", "not-a-list")])
    known = {box["box"]: box for part in base["parts"] for box in part["boxes"]}
    strange = [Problem("boxes", "unknown-box", str(box)[:60]) for box in changes if box not in known]
    if strange:
        raise NotAModel(strange)
    sets = base.get("columns", {})
    for box, change in changes.items():
        known[box].update({name: value for name, value in change.items() if name != "box"})
        if isinstance(known[box].get("columns"), str):
            known[box]["columns"] = sets.get(known[box]["columns"])
    shared = {name: base[name] for name in FROM_BASE}
    return shared | {name: value for name, value in facts.items() if name not in ("extends", "boxes")}
