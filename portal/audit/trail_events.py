"""Audit events about the trail itself."""

from __future__ import annotations

from dataclasses import dataclass

from portal.audit.events import OrganisationEvent


@dataclass(frozen=True)
class TrailExported(OrganisationEvent):
    """A part of the trail left as a file: of how many days; `whole` for a whole environment."""

    days: int
    whole: bool
