"""Rows of researched CSV files: reading them, marking where they come from, naming them in each language."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

Row = dict[str, str]

TRANSLATIONS = Path(__file__).resolve().parent / "reference_translations.csv"
LANGUAGES = ("fr", "de", "es")
PROFILE_GUIDE = "Guide to the profile in TRACES NT (S2; French slides, project source document)"
SPELLING = {"Pharmaceutical acitivity": "Pharmaceutical activity"}


class Sources:
    """Gives each source text a short id, in the order of first use."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {PROFILE_GUIDE: "S00"}

    def mark(self, row: Row) -> Row:
        """The provenance columns of an outgoing row."""
        text = re.sub(r" as stored by public repository \S+(?=\))", "", row["source"])
        return {"source": self.ids.setdefault(text, f"S{len(self.ids):02}"), "as_of": row["as_of"]}

    def rows(self) -> Iterator[Row]:
        """What sources.csv holds."""
        for text, short in self.ids.items():
            yield {"id": short, "title": text}


class Names:
    """The translated names; a name without translation stops the run, so that none is forgotten."""

    def __init__(self) -> None:
        self.rows = {row["name_en"]: row for row in read(TRANSLATIONS)}

    def of(self, english: str) -> Row:
        """The four name columns."""
        english = SPELLING.get(english, english)
        if english not in self.rows:
            raise SystemExit(f"scripts/reference_translations.csv has no row for: {english}")
        row = self.rows[english]
        names = {f"name_{language}": row[f"name_{language}"] for language in LANGUAGES}
        origin = "ours; fr=source" if row["french_from"] == "source" else "ours"
        return {"name_en": english, **names, "translation": origin}


def read(path: Path) -> Iterator[Row]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)
