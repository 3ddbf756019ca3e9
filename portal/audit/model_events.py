"""Audit events about models of certificates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.audit.events import Event


@dataclass(frozen=True)
class ModelLoaded(Event):
    """A model file was loaded and counts from now on; its row says from which source, and who answers for it."""

    subject_kind: ClassVar[str] = "certificate-model"
    version: int
    verified: bool
