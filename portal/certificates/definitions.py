"""Which model counts here: the newest that was loaded, else the one that is shipped; each kept by its hash."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.certificates import shipped
from portal.certificates.models import CertificateDefinition, CertificateModel
from portal.certificates.shapes import (
    Box,
    Column,
    Definition,
    Kind,
    Option,
    Part,
    definition_from,
    hash_of,
    in_language,
    text_of,
)
from portal.database import db

__all__ = ["Box", "Column", "Current", "Definition", "Kind", "NoSuchModel", "Option", "Part",
           "all_current", "current", "keep", "kept", "model_names"]  # fmt: skip


@dataclass(frozen=True)
class Current:
    """A model as it counts now, with the SHA-256 of its text; `loaded` is None for a shipped one."""

    definition: Definition
    sha256: str
    loaded: CertificateModel | None = None


class NoSuchModel(LookupError):
    """No model of that document has that code, neither shipped nor loaded here."""


def current(document: str, code: str) -> Current:
    """The model that counts in this environment; the COI has the code `COI`. Raises NoSuchModel."""
    row = db.session.scalars(
        select(CertificateModel)
        .where(CertificateModel.document == document, CertificateModel.code == code)
        .order_by(CertificateModel.version.desc())
        .limit(1)
    ).first()
    if row is not None:
        return Current(kept(row.sha256), row.sha256, row)
    if (document, code) not in shipped.models():
        raise NoSuchModel(f"{document} {code}")
    definition = shipped.models()[document, code]
    return Current(definition, _hash_of_shipped(document, code))


@lru_cache(maxsize=256)
def _hash_of_shipped(document: str, code: str) -> str:
    return hash_of(text_of(shipped.models()[document, code]))


def keep(current: Current) -> str:
    """Puts the text of a model where certificates begun under it find it for ever; returns its SHA-256. No commit."""
    if db.session.get(CertificateDefinition, current.sha256) is None:
        row = CertificateDefinition(
            sha256=current.sha256, content=text_of(current.definition), kept_at=clock.now()
        )
        try:
            with db.session.begin_nested():
                db.session.add(row)
        except IntegrityError:
            # Another one kept the same text a moment ago.
            return current.sha256
    return current.sha256


def kept(sha256: str) -> Definition:
    """The model as it was kept under that hash; raises NoSuchModel."""
    row = db.session.get(CertificateDefinition, sha256)
    if row is None:
        raise NoSuchModel(sha256)
    return _read(row.content)


@lru_cache(maxsize=256)
def _read(content: str) -> Definition:
    return definition_from(json.loads(content))


def all_current() -> list[Current]:
    """Every model that counts here, in the order in which they are offered."""
    own = {key: Current(one, _hash_of_shipped(*key)) for key, one in shipped.models().items()}
    found = list((own | _loaded()).values())
    return sorted(found, key=lambda one: (one.definition.document, one.definition.order, one.definition.code))


def _loaded() -> dict[tuple[str, str], Current]:
    last = select(func.max(CertificateModel.id)).group_by(CertificateModel.document, CertificateModel.code)
    rows = db.session.execute(
        select(CertificateModel, CertificateDefinition.content)
        .join(CertificateDefinition, CertificateDefinition.sha256 == CertificateModel.sha256)
        .where(CertificateModel.id.in_(last))
    )
    return {(row.document, row.code): Current(_read(content), row.sha256, row) for row, content in rows}


def model_names(document: str, language: str) -> list[tuple[str, str, str]]:
    """Code, name and group (a word of `Group`) of every model of that document that can be chosen here."""
    mine = (one.definition for one in all_current() if one.definition.document == document)
    return [(one.code, in_language(one.names, language), one.group) for one in mine]
