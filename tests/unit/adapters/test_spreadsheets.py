"""CSV and XLSX: read within bounds whatever is sent, written so that no cell is run as a formula."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.adapters import spreadsheets, workbooks
from portal.adapters.spreadsheets import NotReadable, harmless, read_rows, write_csv, write_workbook

ROWS = [["reference", "name"], ["R1", "Ζεύς & Söhne <SA>"], ["R2", "two\nlines"]]
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)


def as_csv(rows: list[list[str]]) -> io.BytesIO:
    """The rows as a CSV file."""
    file = io.BytesIO()
    write_csv(file, rows)
    file.seek(0)
    return file


def as_workbook(rows: list[list[str]]) -> io.BytesIO:
    """The rows as a workbook."""
    file = io.BytesIO()
    write_workbook(file, [("Rows", rows), ("More", [["x"]])])
    file.seek(0)
    return file


def with_part(name: str, text: str) -> io.BytesIO:
    """A workbook in which one part is replaced."""
    old, new = zipfile.ZipFile(as_workbook(ROWS)), io.BytesIO()
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as package:
        for part in old.namelist():
            package.writestr(part, text if part == name else old.read(part))
        if name not in old.namelist():
            package.writestr(name, text)
    new.seek(0)
    return new


def sheet(cells: str) -> io.BytesIO:
    """A workbook whose first sheet holds these rows of XML."""
    xml = f'<worksheet xmlns="{workbooks.SHEETS}"><sheetData>{cells}</sheetData></worksheet>'
    return with_part("xl/worksheets/sheet1.xml", xml)


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_what_is_written_is_read_again(write: object) -> None:
    assert list(read_rows(write(ROWS))) == list(enumerate(ROWS, start=1))  # type: ignore[operator]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_three_separators_and_both_forms_of_utf8_are_understood(separator: str, encoding: str) -> None:
    text = f'a{separator}b\r\n"x{separator}y"{separator}é\r\n\r\n'
    rows = list(read_rows(io.BytesIO(text.encode(encoding))))
    assert rows == [(1, ["a", "b"]), (2, [f"x{separator}y", "é"])]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_no_cell_begins_as_a_formula(write: object, text: str) -> None:
    rows = list(read_rows(write([["a"], [text]])))  # type: ignore[operator]
    assert rows[1][1][0].startswith("'")
    assert harmless(text) == f"'{text}"


@given(st.lists(st.lists(TEXT, max_size=4), max_size=5))
def test_every_text_can_be_written_in_both_formats(rows: list[list[str]]) -> None:
    for write in (as_csv, as_workbook):
        found = [cells for _number, cells in _read(write([["a", "b"], *rows]))]
        assert not any(cell.startswith(("=", "+", "-", "@")) for cells in found for cell in cells)


def _read(file: io.BytesIO) -> list[tuple[int, list[str]]]:
    try:
        return list(read_rows(file))
    except NotReadable as refused:
        assert refused.reason in ("empty", "quotes")  # noqa: PT017 - the file itself is the case
        return []


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_a_refusal(content: bytes) -> None:
    for file in (content, b"PK\x03\x04" + content):
        rows: list[object] = []
        with contextlib.suppress(NotReadable):
            rows += read_rows(io.BytesIO(file))
        assert len(rows) <= len(content) + 1


def test_numbers_days_and_far_cells_become_text() -> None:
    cells = '<row r="3"><c r="A3"><v>4120</v></c><c r="C3" t="b"><v>1</v></c><c r="D3"><v>1.5</v></c></row>'
    assert list(read_rows(sheet(cells))) == [(3, ["4120", "", "yes", "1.5"])]


def test_a_number_in_the_style_of_a_day_is_that_day() -> None:
    formats = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    styles = f'<styleSheet xmlns="{workbooks.SHEETS}">{formats}</styleSheet>'
    book = with_part(workbooks.STYLES, styles)
    row = '<row><c s="1"><v>46388</v></c></row>'
    xml = f'<worksheet xmlns="{workbooks.SHEETS}"><sheetData>{row}</sheetData></worksheet>'
    with zipfile.ZipFile(book, "a") as package:
        package.writestr("xl/worksheets/sheet9.xml", xml)
        package.writestr(workbooks.RELATIONS, workbooks._links([("worksheet", "worksheets/sheet9.xml")]))
    book.seek(0)
    assert list(read_rows(book)) == [(1, ["2027-01-01"])]


def test_a_cell_in_the_last_column_of_the_sheet_costs_no_memory() -> None:
    assert list(read_rows(sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))) == []
    with pytest.raises(NotReadable, match="columns"):
        list(read_rows(sheet('<row r="2"><c r="BI2"><v>1</v></c></row>')))


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (with_part("xl/worksheets/sheet1.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'), "workbook"),
        (with_part("xl/workbook.xml", "<workbook/>"), "workbook"),
        (with_part("xl/worksheets/sheet1.xml", "<broken"), "workbook"),
        (sheet('<row><c t="s"><v>7</v></c></row>'), "workbook"),
        (io.BytesIO(b"PK\x03\x04nothing"), "workbook"),
        (io.BytesIO(b""), "empty"),
        (io.BytesIO(b"\xff\xfea\x00"), "encoding"),
        (io.BytesIO(b'a\n"b'), "quotes"),
        (io.BytesIO(b"a," * 70 + b"b"), "columns"),
        (io.BytesIO(b"x" * 3000), "cell"),
    ],
)
def test_what_cannot_be_read_is_refused_by_a_word(file: io.BytesIO, reason: str) -> None:
    with pytest.raises(NotReadable) as refused:
        list(read_rows(file))
    assert refused.value.reason == reason


def test_an_archive_that_unpacks_to_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = sheet("<row/>" * 2_000_000)
    assert len(bomb.getvalue()) < 100_000
    monkeypatch.setattr(workbooks, "UNPACKED_BYTES", 10_000_000)
    monkeypatch.setattr(workbooks, "_first_sheet", lambda _package: pytest.fail("it was opened"))
    with pytest.raises(NotReadable, match="bomb"):
        list(read_rows(bomb))


def test_an_entry_that_lies_about_its_size_is_cut_there() -> None:
    book = sheet("<row/>" * 200_000)
    content = bytearray(book.getvalue())
    place = content.rfind(b"xl/worksheets/sheet1.xml")
    content[place - 22 : place - 18] = (1000).to_bytes(4, "little")  # the uncompressed size in the table
    with pytest.raises(NotReadable, match="workbook"):
        list(read_rows(io.BytesIO(bytes(content))))


def test_cells_as_long_as_allowed_are_read() -> None:
    assert list(read_rows(io.BytesIO(b"x" * spreadsheets.CELL_LENGTH))) == [
        (1, ["x" * spreadsheets.CELL_LENGTH])
    ]
