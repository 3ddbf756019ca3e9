"""Makes PDFs of the sheets handed to it: a program of its own, which knows neither the portal nor the network.

Started by `printer.py` as a file, isolated from the portal's modules and variables. Frames both ways are a length in
four bytes, big end first, and that many bytes. In: a sheet as JSON. Out: `+` and the PDF, or `-` and a word.
"""

from __future__ import annotations

import functools
import io
import json
import logging
import mimetypes
import os
import re
import resource
import signal
import struct
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

MEMORY_BYTES = 1536 * 1024 * 1024
SCHEME = "paper:"
REFUSED = ("socket.", "urllib.", "http.", "ftplib.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system",
           "os.spawn", "os.remove", "os.rename", "shutil.")  # fmt: skip
FONT_FILES = (".ttf", ".otf", ".ttc", ".pfb", ".woff", ".woff2")
READABLE = tuple(os.path.realpath(place) + os.sep for place in {sys.prefix, sys.base_prefix})
WARM_UP = (
    '<html lang="en"><title>-</title><h1>Aa Éé Αα Жж</h1><p><b>b</b> <i>i</i></p><img alt="-" src="paper:qr">'
    '<table><tr><th scope="col">x</th></tr><tr><td>y</td></tr></table></html>'
)
UNREADABLE = re.compile(rb"(?<=> )<(?:0000|feff)>$")
READABLE_AS = {b"<0000>": b"<0020>", b"<feff>": b"<2060>"}
STYLES = 16
SCOPES = {"row": "/Row", "col": "/Column"}
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'


class TooManyPages(Exception):
    """The sheet fills more pages than allowed."""


def main() -> None:
    """Serve sheets until the other end closes."""
    answers = _private_output()
    _limit()
    try:
        import weasyprint
    except (ImportError, OSError):
        _send(answers, b"-missing-libraries")
        return
    logging.getLogger("weasyprint").disabled = True
    _tag_languages_and_scopes()
    fonts = weasyprint.text.fonts.FontConfiguration()
    _printed({"html": WARM_UP, "css": "", "pictures": {"qr": DRAWING}, "is_form": False, "pages": 1}, fonts)
    mimetypes.init()
    sys.addaudithook(_refuse)
    _send(answers, b"+")
    while (frame := _received(sys.stdin.buffer)) is not None:
        _send(answers, _answer(frame, fonts))


def _tag_languages_and_scopes() -> None:
    """Tags say in which language their text is and what a heading of a table heads.

    WeasyPrint knows the language of a file only, and has no hook where boxes become tags: so its builder is wrapped,
    by a name that another version may not have. A test reads the languages in the finished file.
    """
    import pydyf
    from weasyprint.pdf import tags

    built = tags._build_box_tree

    def build(box: Any, *others: Any) -> Iterator[Any]:
        for tag in built(box, *others):
            source = getattr(box, "element", None)
            if source is not None and tag["S"] != "/NonStruct":
                if language := source.attrib.get("lang"):
                    tag["Lang"] = pydyf.String(language)
                if tag["S"] == "/TH":
                    tag["A"]["Scope"] = SCOPES[source.attrib["scope"]]
            yield tag

    tags._build_box_tree = build


def _private_output() -> BinaryIO:
    """The pipe to the parent; whatever a library prints goes nowhere near it."""
    kept = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(kept, "wb")


def _limit() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """From now on no network, no other program, and no file but fonts and the modules of Python."""
    if event.startswith(REFUSED):
        raise PermissionError(event)
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        path = os.path.realpath(os.fsdecode(arguments[0]))
        if not path.startswith(READABLE) and not path.lower().endswith(FONT_FILES):
            raise PermissionError(event)


def _answer(frame: bytes, fonts: Any) -> bytes:
    from weasyprint.urls import FatalURLFetchingError

    try:
        return b"+" + _printed(json.loads(frame), fonts)
    except TooManyPages:
        return b"-too-many-pages"
    except MemoryError:
        return b"-too-long"
    except (Exception, FatalURLFetchingError):  # a sheet that cannot be printed must not stop the others
        return b"-failed"


def _printed(sheet: dict[str, Any], fonts: Any) -> bytes:
    from weasyprint import HTML

    options = {"pdf_forms": sheet["is_form"] or None, "pdf_variant": "pdf/ua-1"}
    page = HTML(string=sheet["html"], url_fetcher=_giving(sheet["pictures"]), base_url=SCHEME)
    document = page.render(font_config=fonts, stylesheets=[_style(sheet["css"], fonts)], **options)
    if len(document.pages) > sheet["pages"]:
        raise TooManyPages
    written = io.BytesIO()
    document.write_pdf(written, finisher=_without_null_letters, **options)
    return written.getvalue()


@functools.lru_cache(maxsize=STYLES)
def _style(css: str, fonts: Any) -> Any:
    """The style sheet, read once: papers differ in languages and marks, so there are a few of them."""
    from weasyprint import CSS

    return CSS(string=css, url_fetcher=_giving({}), font_config=fonts)


def _giving(pictures: dict[str, str]) -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Pictures(URLFetcher):
        """Gives the drawings that came with the sheet; any other address ends the printing."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            drawing = pictures.get(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
            if drawing is None:
                raise FatalURLFetchingError("refused")
            return URLFetcherResponse(url, drawing, {"Content-Type": "image/svg+xml"})

    return Pictures()


def _without_null_letters(_document: Any, pdf: Any) -> None:
    """A font embedded whole says that two of its glyphs stand for U+0000 and U+FEFF, which PDF/UA-1 forbids."""
    for thing in pdf.objects:
        lines = getattr(thing, "stream", None)
        if isinstance(lines, list) and b"begincmap" in lines:
            thing.stream = [UNREADABLE.sub(lambda found: READABLE_AS[found[0]], line) for line in lines]


def _received(pipe: BinaryIO) -> bytes | None:
    head = pipe.read(4)
    if len(head) < 4:
        return None
    (length,) = struct.unpack(">I", head)
    return pipe.read(length)


def _send(pipe: BinaryIO, answer: bytes) -> None:
    pipe.write(struct.pack(">I", len(answer)) + answer)
    pipe.flush()


if __name__ == "__main__":
    main()
