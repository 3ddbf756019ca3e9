"""From a paper to the sheet that the child prints: HTML, style and pictures, nothing that has to be fetched."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from markupsafe import escape

from portal.adapters import qr_codes
from portal.printing import letters
from portal.printing.layout import rows_of
from portal.printing.paper import Paper, Texts
from portal.printing.phrases import both, page_count, said, watermarks

FORMS = {"COI": "print/coi.html", "INTRA": "print/intra.html"}
TEXT_LIMIT = 300_000
"""Characters of all boxes together; sixty pages of small print hold fewer."""
STYLE = Path(__file__).with_name("paper.css")
MARKED_PAGE = "@page { background: url(paper:watermark) center / 210mm 297mm no-repeat }"
PAGE_MILLIMETRES = (210, 297)
LARGEST_MARK = 17.0
"""Height of the letters of a watermark in millimetres; long ones are made to fit the diagonal."""


class TextTooLong(Exception):
    """There is more text than any certificate has."""


@dataclass(frozen=True)
class Sheet:
    """What the child needs: pictures are SVG drawings by the name after `paper:`."""

    html: str
    css: str
    pictures: dict[str, str]
    is_form: bool = False

    def encoded(self, pages: int) -> bytes:
        """The sheet and the page cap as JSON."""
        return json.dumps({**asdict(self), "pages": pages}).encode()


def sheet_of(paper: Paper) -> Sheet:
    """The sheet of a paper; of a blank one a form with fields. Raises TextTooLong.

    The templates see only the paper: no session, no settings and no database, so the same paper gives the same sheet.
    """
    if letters.length_of(paper) > TEXT_LIMIT:
        raise TextTooLong
    paper = letters.all_printable(paper)
    pictures = {"qr": qr_codes.drawn(paper.verify_url)} if paper.verify_url else {}
    css = _style() + _page_numbers(paper.languages[0])
    marks = watermarks(paper, paper.languages[0])
    if marks:
        pictures["watermark"] = _drawn_watermark(tuple(marks))
        css += MARKED_PAGE
    template = current_app.jinja_env.get_template(FORMS[paper.document])
    return Sheet(template.render(_facts(paper)), css, pictures, paper.is_blank)


def _facts(paper: Paper) -> dict[str, Any]:
    spoken: Callable[[Texts], list[tuple[str, str]]] = functools.partial(both, languages=paper.languages)
    return {
        "paper": paper,
        "said": said(paper),
        "both": spoken,
        "rows_of": rows_of,
        "code": " ".join(paper.code[at : at + 4] for at in range(0, len(paper.code), 4)),
        "holds": {box.holds.value for part in paper.parts for box in part.boxes},
    }


@functools.cache
def _style() -> str:
    return STYLE.read_text(encoding="utf-8")


def _page_numbers(language: str) -> str:
    before, between, after = (json.dumps(text, ensure_ascii=False) for text in page_count(language))
    count = f"{before} counter(page) {between} counter(pages) {after}"
    return f"@page {{ @bottom-right {{ content: {count} }} }}\n"


@functools.lru_cache(maxsize=64)
def _drawn_watermark(lines: tuple[str, ...]) -> str:
    width, height = PAGE_MILLIMETRES
    size = min(LARGEST_MARK, 430 / max(len(line) for line in lines), 200 / len(lines))
    first = -size * 1.25 * (len(lines) - 1) / 2
    texts = "".join(
        f'<text x="0" y="{first + size * 1.25 * place:.1f}">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}mm" height="{height}mm">'
        f'<g transform="translate({width / 2} {height / 2}) rotate(-54)" text-anchor="middle" font-family="Noto Sans" '
        f'font-weight="bold" font-size="{size:.1f}" fill="#b3261e" fill-opacity="0.13">{texts}</g></svg>'
    )
