"""XLSX workbooks: the first sheet read row by row with a plain XML parser and bounds, and sheets written as text."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import IO
from xml.parsers import expat
from xml.sax.saxutils import escape

PARTS_AT_MOST, UNPACKED_BYTES = 200, 200 * 1024 * 1024
"""What a sheet of two hundred thousand rows unpacks to, and room; more is a bomb."""
PIECE = 64 * 1024
BOOK, RELATIONS, TEXTS, STYLES = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
)
DAY_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Numbers of the formats that mean a date without being described in the file."""
DAY_ZERO = date(1899, 12, 30)
LAST_DAY = 2_958_465
QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
Attributes = dict[str, str]
Numbered = tuple[int, list[str]]


class BrokenWorkbook(Exception):
    """It is no workbook, or one that shall not be unpacked: `bomb`, `entities`, `shape`."""


def read_sheet(stream: IO[bytes], columns: int) -> Iterator[Numbered]:
    """The rows of the first sheet with their numbers, up to so many columns; raises BrokenWorkbook."""
    try:
        with zipfile.ZipFile(stream) as package:
            _check(package)
            sheet = _Sheet(_shared_texts(package), _day_styles(package), columns)
            with package.open(_first_sheet(package)) as part:
                yield from sheet.rows(part)
    except (zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, IndexError, NotImplementedError, EOFError,
            RuntimeError) as error:  # fmt: skip
        raise BrokenWorkbook("shape") from error


def _check(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if not {"[Content_Types].xml", BOOK, RELATIONS} <= {part.filename for part in parts}:
        raise BrokenWorkbook("shape")
    # Reading a part ends at the size its entry declares, whatever it really unpacks to.
    if len(parts) > PARTS_AT_MOST or sum(part.file_size for part in parts) > UNPACKED_BYTES:
        raise BrokenWorkbook("bomb")


def _parser(begin: Callable[[str, Attributes], None]) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_entities
    parser.StartElementHandler = lambda name, attributes: begin(name.rpartition(" ")[2], attributes)
    return parser


def _refuse_entities(*_details: object) -> None:
    # No workbook has a document type; one that has declares entities that grow or lead elsewhere.
    raise BrokenWorkbook("entities")


def _walk(package: zipfile.ZipFile, name: str, begin: Callable[[str, Attributes], None]) -> None:
    parser = _parser(begin)
    with package.open(name) as part:
        parser.ParseFile(part)


def _first_sheet(package: zipfile.ZipFile) -> str:
    sheets: list[str] = []
    targets: dict[str, str] = {}

    def of_book(name: str, attributes: Attributes) -> None:
        if name == "sheet":
            sheets.append(next(v for k, v in attributes.items() if k.rpartition(" ")[2] == "id" and " " in k))

    def of_relations(name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            targets[attributes["Id"]] = attributes["Target"]

    _walk(package, BOOK, of_book)
    _walk(package, RELATIONS, of_relations)
    target = targets[sheets[0]]
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def _day_styles(package: zipfile.ZipFile) -> list[bool]:
    """For each style of cells whether it shows a number as a day."""
    days, inside, styles = set(DAY_FORMATS), [""], []

    def begin(name: str, attributes: Attributes) -> None:
        if name in ("cellXfs", "cellStyleXfs", "dxfs", "cellStyles"):
            inside[0] = name
        elif name == "numFmt" and re.search(
            r"[ymd]", QUOTED.sub("", attributes["formatCode"]), re.IGNORECASE
        ):
            days.add(int(attributes["numFmtId"]))
        elif name == "xf" and inside[0] == "cellXfs":
            styles.append(int(attributes.get("numFmtId", "0")) in days)

    if STYLES in package.namelist():
        _walk(package, STYLES, begin)
    return styles


def _shared_texts(package: zipfile.ZipFile) -> list[str]:
    """The texts that cells name by number; reading aids for Japanese are left out."""
    if TEXTS not in package.namelist():
        return []
    texts: list[list[str]] = []
    open_now: list[str] = []

    def begin(name: str, _attributes: Attributes) -> None:
        open_now.append(name)
        if name == "si":
            texts.append([])

    def end(_name: str) -> None:
        open_now.pop()

    def said(data: str) -> None:
        if open_now[-1] == "t" and "rPh" not in open_now:
            texts[-1].append(data)

    parser = _parser(begin)
    parser.EndElementHandler, parser.CharacterDataHandler = end, said
    with package.open(TEXTS) as part:
        parser.ParseFile(part)
    return ["".join(pieces) for pieces in texts]


class _Sheet:
    """Listens to the parser and collects whole rows."""

    def __init__(self, texts: list[str], days: list[bool], columns: int) -> None:
        self.texts, self.days, self.columns = texts, days, columns
        self.ready: deque[Numbered] = deque()
        self.number, self.cells, self.place = 0, [""] * 0, 0
        self.kind, self.style, self.collects, self.pieces = "", 0, False, [""] * 0

    def rows(self, part: IO[bytes]) -> Iterator[Numbered]:
        parser = _parser(self.begin)
        parser.EndElementHandler, parser.CharacterDataHandler = self.end, self.said
        while piece := part.read(PIECE):
            parser.Parse(piece)
            while self.ready:
                yield self.ready.popleft()
        parser.Parse(b"", True)
        yield from self.ready

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self.number, self.cells, self.place = int(attributes.get("r", self.number + 1)), [], 0
        elif name == "c":
            self.place = _column(attributes["r"]) if "r" in attributes else self.place + 1
            self.kind, self.style, self.pieces = attributes.get("t", "n"), int(attributes.get("s", "0")), []
        elif name in ("v", "t"):
            self.collects = True
        elif name in ("rPh", "f"):
            self.collects = False

    def said(self, data: str) -> None:
        if self.collects:
            self.pieces.append(data)

    def end(self, name: str) -> None:
        name = name.rpartition(" ")[2]
        if name in ("v", "t"):
            self.collects = False
        elif name == "c" and self.pieces and self.place <= self.columns + 1:
            self.cells += [""] * (self.place - len(self.cells) - 1)
            self.cells.append(self.value("".join(self.pieces)))
        elif name == "row":
            self.ready.append((self.number, self.cells))

    def value(self, text: str) -> str:
        if self.kind == "s":
            return self.texts[int(text)]
        if self.kind == "b":
            return "yes" if text == "1" else "no"
        return (
            _number(text, self.style < len(self.days) and self.days[self.style]) if self.kind == "n" else text
        )


def _column(reference: str) -> int:
    place = 0
    for letter in reference.rstrip("0123456789")[:4]:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place


def _number(text: str, is_day: bool) -> str:
    value = float(text)
    if is_day and 0 < value <= LAST_DAY:
        return (DAY_ZERO + timedelta(days=int(value))).isoformat()
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else text


CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
PACKAGE_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FORMAT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_sheets(target: IO[bytes], sheets: Iterable[tuple[str, Iterable[Sequence[str]]]]) -> None:
    """A workbook of these sheets, every cell a text in place, packed while it is written."""
    names: list[str] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as package:
        for name, rows in sheets:
            names.append(name[:31])
            with package.open(f"xl/worksheets/sheet{len(names)}.xml", "w", force_zip64=True) as part:
                _write_sheet(part, rows)
        for path, text in _frame(names):
            package.writestr(path, HEAD + text)


def _write_sheet(part: IO[bytes], rows: Iterable[Sequence[str]]) -> None:
    part.write(f'{HEAD}<worksheet xmlns="{SHEETS}"><sheetData>'.encode())
    for row in rows:
        cells = "".join(
            f'<c t="inlineStr"><is><t xml:space="preserve">{escape(NOT_IN_XML.sub(" ", text))}</t></is></c>'
            for text in row
        )
        part.write(f"<row>{cells}</row>".encode())
    part.write(b"</sheetData></worksheet>")


def _frame(names: list[str]) -> Iterator[tuple[str, str]]:
    """The parts around the sheets, by their path."""
    numbered = list(enumerate(names, start=1))
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{FORMAT}.worksheet+xml"/>'
        for n, _ in numbered
    )
    yield (
        "[Content_Types].xml",
        (
            f'<Types xmlns="{CONTENT_TYPES}"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/{BOOK}" ContentType="{FORMAT}.sheet.main+xml"/>{kinds}</Types>'
        ),
    )
    yield "_rels/.rels", _links([("officeDocument", BOOK)])
    yield RELATIONS, _links([("worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered])
    sheets = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>' for n, name in numbered)
    yield BOOK, f'<workbook xmlns="{SHEETS}" xmlns:r="{OFFICE_LINKS}"><sheets>{sheets}</sheets></workbook>'


def _links(targets: list[tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE_LINKS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE_LINKS}">{lines}</Relationships>'
