"""A model file that an administrator of the Commission brings: checked, looked at, then it counts here."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise
from portal.audit import model_events, trail
from portal.certificates import definitions, shipped
from portal.certificates.definitions import Current
from portal.certificates.models import CertificateModel
from portal.certificates.shapes import Definition, hash_of, text_of
from portal.database import db


class LoadedMeanwhile(Exception):
    """Another file of this model was loaded since the page was made; nothing was changed."""


class CountsAlready(Exception):
    """This very text is the one that counts here already."""


def newest_version(definition: Definition) -> int:
    """The number of the newest loaded file of that model in this environment, 0 before the first."""
    same = CertificateModel.document == definition.document, CertificateModel.code == definition.code
    return db.session.scalar(select(func.max(CertificateModel.version)).where(*same)) or 0


def prepare(content: bytes, actor: Actor) -> str:
    """Checks a file and keeps its text so that it can be looked at; nothing counts yet. Returns its SHA-256.

    Raises schema.NotAModel with everything that is wrong.
    """
    authorise(actor, Action.MODEL_LOAD, None)
    definition = shipped.read(content)
    sha256 = definitions.keep(Current(definition, hash_of(text_of(definition))))
    db.session.commit()
    return sha256


def load_prepared(sha256: str, source: str, version: int, actor: Actor) -> CertificateModel:
    """Lets the model kept under that hash count from now on, after `version`, the newest that the page knew.

    `source` names where the text stands: the administrator answers for it. Certificates begun before keep their model.
    Raises NoSuchModel, CountsAlready, LoadedMeanwhile; nothing was changed then.
    """
    authorise(actor, Action.MODEL_LOAD, None)
    definition = definitions.kept(sha256)
    if newest_version(definition) != version:
        raise LoadedMeanwhile
    if _counts(definition, sha256):
        raise CountsAlready
    row = CertificateModel(
        document=definition.document, code=definition.code, version=version + 1, sha256=sha256,
        verified=definition.verified, source=source, loaded_by=actor.account_id, loaded_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise LoadedMeanwhile from None
    trail.record(model_events.ModelLoaded(row.id, row.version, row.verified), actor)
    db.session.commit()
    return row


def _counts(definition: Definition, sha256: str) -> bool:
    try:
        return definitions.current(definition.document, definition.code).sha256 == sha256
    except definitions.NoSuchModel:
        return False


def load_model(content: bytes, source: str, actor: Actor) -> CertificateModel:
    """`prepare` and `load_prepared` in one step, for who does not look at it in between; raises what they raise."""
    sha256 = prepare(content, actor)
    return load_prepared(sha256, source, newest_version(definitions.kept(sha256)), actor)
