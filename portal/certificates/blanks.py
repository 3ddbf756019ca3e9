"""Blank forms for an outage (IMSOC Art. 46): files made beforehand, and the index that says which there are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from portal import config

FOLDER, INDEX = "blanks", "index.json"


class NoSuchBlank(LookupError):
    """No form of that name was made, or its file is not as it was made."""


@dataclass(frozen=True)
class Blank:
    """One form: its model, its language (a code), the title of the model in it, its file name and SHA-256.

    `is_specimen` where no source vouches for the model: the form says so on each page. `model` is the SHA-256 of the
    definition it was made from.
    """

    document: str
    code: str
    language: str
    title: str
    name: str
    sha256: str
    is_specimen: bool
    model: str = ""


def folder() -> Path:
    """Where the portal looks for the forms that it hands out."""
    return config.current().instance / FOLDER


def name_of(document: str, code: str, language: str) -> str:
    """«INTRA_OV-CAP-INTRA-X_fr.pdf»: no two models of a document differ by a stroke alone."""
    return f"{document}_{code.replace('/', '-')}_{language}.pdf"


def listed(place: Path | None = None) -> list[Blank]:
    """The forms that were made, model by model; none where nobody made any."""
    try:
        text = ((place or folder()) / INDEX).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    return [Blank(**one) for one in json.loads(text)]


def read(name: str) -> bytes:
    """The form of that file name; only what the index lists is ever opened. Raises NoSuchBlank."""
    found = next((one for one in listed() if one.name == name), None)
    if found is None:
        raise NoSuchBlank(name)
    try:
        content = (folder() / found.name).read_bytes()
    except FileNotFoundError:
        raise NoSuchBlank(name) from None
    if hashlib.sha256(content).hexdigest() != found.sha256:
        raise NoSuchBlank(name)
    return content


def make_folder(place: Path) -> None:
    """Make the folder where it is missing, to be handed out: the portal itself keeps everything to its owner."""
    if not place.is_dir():
        place.mkdir(parents=True)
        place.chmod(0o755)


def write(place: Path, name: str, content: bytes) -> str:
    """Put a file there, whole or not at all, readable by everybody; returns its SHA-256."""
    fresh = place / f".{name}"
    fresh.write_bytes(content)
    fresh.chmod(0o644)
    fresh.replace(place / name)
    return hashlib.sha256(content).hexdigest()


def write_index(place: Path, blanks: Sequence[Blank]) -> None:
    """Say which forms there are; forms of an earlier index that this one does not name are deleted."""
    gone = {one.name for one in listed(place)} - {one.name for one in blanks}
    write(place, INDEX, json.dumps([asdict(one) for one in blanks], ensure_ascii=False, indent=1).encode())
    for name in gone:
        (place / name).unlink(missing_ok=True)
