"""What a control body is recognised for, beside a COI that it has not signed yet: country, categories, last day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.certificates import recognition
from portal.certificates.boxes import Value
from portal.certificates.shapes import Definition
from portal.reference import queries as reference
from portal.web import current, labels


@dataclass(frozen=True)
class Recognised:
    """One scope that fits: `country` in words, the categories by letter, `until` the last day, None without end."""

    country: str
    categories: Mapping[str, str]
    until: date | None

    @property
    def letters(self) -> str:
        """«A, B, D»."""
        return ", ".join(self.categories)


def recognised_for(definition: Definition, values: Mapping[str, Value]) -> Sequence[Recognised]:
    """The scopes in force today for the countries of the consignment; [] where none fits, or where it is no COI."""
    return [_recognised(scope) for scope in recognition.fitting(definition, values)]


def _recognised(scope: Any) -> Recognised:
    names = reference.category_names(scope.regime, scope.categories, current.language())
    categories = {letter: names.get(letter, "") for letter in scope.categories}
    return Recognised(labels.country(scope.country), categories, scope.valid_until)
