"""What tools that are not ours read in a PDF: its text, its facts, its tags, its attachments."""

from __future__ import annotations

import subprocess
from pathlib import Path


def told(tool: str, pdf: bytes, folder: Path, *options: str) -> str:
    """What a poppler tool prints of the file."""
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    after = ["-"] if tool == "pdftotext" else []
    done = subprocess.run([tool, *options, str(path), *after], capture_output=True, check=True)
    return done.stdout.decode()


def text_of(pdf: bytes, folder: Path) -> str:
    """All its text in the order of the file, each run of blanks as one."""
    return " ".join(told("pdftotext", pdf, folder, "-enc", "UTF-8", "-raw").split())


def facts_of(pdf: bytes, folder: Path) -> dict[str, str]:
    """`Title`, `Tagged`, `Pages` and what else pdfinfo says."""
    lines = told("pdfinfo", pdf, folder).splitlines()
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def structure_of(pdf: bytes, folder: Path) -> str:
    """The tree of tags with its text, one element a line."""
    return told("pdfinfo", pdf, folder, "-struct-text")
