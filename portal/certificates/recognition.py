"""For which countries a control body issues: its scopes that fit a consignment, and that none of them does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from portal.certificates import parties
from portal.certificates.boxes import BoxRefused, Value
from portal.certificates.shapes import Box, Definition, Kind
from portal.certificates.states import Document, PartyRole
from portal.organisations.models import ControlBodyScope
from portal.organisations.queries import import_scopes_in_force, organisation_by_id
from portal.vocabulary import OrganisationKind

ORIGIN_AND_EXPORT = ("8", "9")
"""The boxes of a COI with the country of origin and that of export."""
NOT_THERE = "not-recognised"
WORDS = frozenset({parties.RECOGNITION_OVER, NOT_THERE})
"""With one of these words a body is refused because of its recognition, for anything or for these countries."""


class NotRecognised(BoxRefused):
    """`body` (a name) has no scope in force today for any of `countries` (ISO codes, those of the consignment)."""

    def __init__(self, box: str, body: str, countries: Sequence[str]) -> None:
        super().__init__(box, NOT_THERE)
        self.body, self.countries = body, tuple(countries)


def fitting(definition: Definition, values: Mapping[str, Value]) -> Sequence[ControlBodyScope]:
    """The scopes in force today under which the body in box 1 of a COI certifies goods of these countries.

    [] for every other document, and while no body or no country stands there.
    """
    body_id, countries = _body_in(definition, values), _countries_in(definition, values)
    return import_scopes_in_force(body_id, countries) if body_id is not None and countries else []


def refusals_of(definition: Definition, values: Mapping[str, Value]) -> list[BoxRefused]:
    """NotRecognised where the body of a COI may certify neither for the country of origin nor for that of export.

    A country that has still to be filled in may be the one that fits: until then nothing is said. The categories of a
    scope are not compared, since no source maps CN codes to them; Regulation (EU) 2018/848, Articles 45 to 48.
    """
    body_id, countries = _body_in(definition, values), _countries_in(definition, values)
    is_open = any(box.required and not values.get(box.box) for box in _country_boxes(definition))
    if body_id is None or not countries or is_open or import_scopes_in_force(body_id, countries):
        return []
    body = organisation_by_id(body_id)
    if body is None or body.kind != OrganisationKind.CONTROL_BODY:
        return []
    box = next(box.box for box in definition.boxes() if box.party == PartyRole.ISSUER)
    return [NotRecognised(box, body.name, countries)]


def _body_in(definition: Definition, values: Mapping[str, Value]) -> int | None:
    is_organic = definition.document == Document.COI
    return parties.named_as(PartyRole.ISSUER, definition, values) if is_organic else None


def _country_boxes(definition: Definition) -> Iterator[Box]:
    return (box for box in definition.boxes() if box.box in ORIGIN_AND_EXPORT and box.kind is Kind.COUNTRY)


def _countries_in(definition: Definition, values: Mapping[str, Value]) -> list[str]:
    there = (values[box.box] for box in _country_boxes(definition) if values.get(box.box))
    return list(dict.fromkeys(there))
