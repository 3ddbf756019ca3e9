"""What a signature stands for: the content of a certificate as one text of bytes, the same for the same content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.certificates.models import Certificate
from portal.certificates.parsing import Value
from portal.certificates.shapes import Definition, hash_of, text_of

FORM = 1
"""Grows when the shape of the text changes: a hash of before stays explained."""


@dataclass(frozen=True)
class Signatory:
    """Who signs, as it will be printed: full name, user name, office."""

    name: str
    username: str
    office: str


def canonical(
    certificate: Certificate, definition: Definition, values: Mapping[str, Value], signatory: Signatory
) -> bytes:
    """JSON in UTF-8, names sorted, without blanks: model and its hash, environment, draft number, boxes, who signs.

    The official number is not in it: it is given after this was confirmed. Boxes in which nothing stands are left out,
    so that emptying a box is the same as never having filled it.
    """
    issuer = certificate.issuer
    facts: dict[str, Any] = {
        "form": FORM,
        "environment": certificate.environment,
        "document": certificate.document,
        "model": certificate.model_code,
        "definition": hash_of(text_of(definition)),
        "draft": certificate.draft_number,
        "languages": certificate.languages.split(","),
        "origin": certificate.origin_country,
        "destination": certificate.destination_country,
        "outage": certificate.outage_reference or "",
        "issuer": {"id": certificate.issuer_id, "name": issuer.name, "code": issuer.code} if issuer else None,
        "signatory": {"name": signatory.name, "username": signatory.username, "office": signatory.office},
        "boxes": {one.box: values[one.box] for one in definition.boxes() if values.get(one.box)},
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def data_hash(content: bytes) -> str:
    """SHA-256 of the canonical content, hexadecimal: what intent, audit and paper carry."""
    return hashlib.sha256(content).hexdigest()
