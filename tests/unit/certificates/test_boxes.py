"""What may stand in a box, what is missing, and how it reads in a language."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.certificates import boxes, shipped
from portal.certificates.boxes import BoxRefused, lines_of, missing, parsed, table_of
from portal.certificates.shapes import CERTIFIED, Box, By, Column, Kind, Option

COI = shipped.models()["COI", "COI"]
OPTIONS = (Option("a", {"en": "First", "fr": "Premier"}), Option("b", {"en": "Second"}))
FARM = {"id": 4, "name": "Ferme Exemple", "address": "Rue 1\n4120 Neupré", "country": "be", "code": "BE-1"}


def a_box(kind: Kind, **more: Any) -> Box:
    """A box of that kind."""
    return Box("B", "I", {"en": "Box"}, kind, (By.OPERATOR,), **more)


TABLE = a_box(
    Kind.TABLE,
    columns=(
        Column("name", {"en": "Name", "fr": "Nom"}, Kind.TEXT, required=True),
        Column("net", {"en": "Net", "fr": "Net"}, Kind.WEIGHT),
        Column("how", {"en": "How", "fr": "Comment"}, Kind.CHOICE, options=OPTIONS),
        Column("by", {"en": "By"}, Kind.AUTOMATIC),
    ),
)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (Kind.TEXT, "  a <b>file:///etc/passwd</b> ", "a <b>file:///etc/passwd</b>"),
        (Kind.TEXT, "e\u0301", "é"),
        (Kind.TEXT, None, ""),
        (Kind.LINES, "one\r\ntwo", "one\ntwo"),
        (Kind.COUNTRY, "fr", "FR"),
        (Kind.COUNTRY, "XI", "XI"),
        (Kind.DATE, "2026-11-21", "2026-11-21"),
        (Kind.MOMENT, "2026-11-21T06:05", "2026-11-21T06:05"),
        (Kind.NUMBER, "0012", "12"),
        (Kind.WEIGHT, "12,50", "12.5 kg"),
        (Kind.WEIGHT, "3 T", "3 t"),
        (Kind.CHOICE, "b", "b"),
        (Kind.CHOICES, ["b", "a", "b"], ["a", "b"]),
        (Kind.CHOICES, None, []),
        (Kind.TABLE, "", []),
        (Kind.ORGANISATION, None, None),
    ],
)
def test_what_is_typed_is_kept_in_one_form(kind: Kind, typed: Any, kept: Any) -> None:
    assert parsed(a_box(kind, options=OPTIONS), typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "word"),
    [
        (Kind.TEXT, "x" * 501, "too-long"),
        (Kind.TEXT, "x" * 5_000_000, "too-long"),
        (Kind.TEXT, ["x"], "not-a-text"),
        (Kind.TEXT, "one\ntwo", "characters"),
        (Kind.TEXT, "a\u202eb", "characters"),
        (Kind.TEXT, "a\x00b", "characters"),
        (Kind.LINES, "x" * 5001, "too-long"),
        (Kind.LINES, "a\x0bb", "characters"),
        (Kind.COUNTRY, "ZZ", "not-a-country"),
        (Kind.COUNTRY, "France", "not-a-country"),
        (Kind.DATE, "2026-02-30", "not-a-date"),
        (Kind.DATE, "soon", "not-a-date"),
        (Kind.MOMENT, "2026-11-21", "not-a-moment"),
        (Kind.NUMBER, "-1", "not-a-number"),
        (Kind.NUMBER, "١٢", "not-a-number"),
        (Kind.NUMBER, "1" * 13, "not-a-number"),
        (Kind.WEIGHT, "12 lb", "not-a-weight"),
        (Kind.WEIGHT, "1.2345", "not-a-weight"),
        (Kind.CHOICE, "c", "not-an-option"),
        (Kind.CHOICES, ["a", "c"], "not-an-option"),
        (Kind.CHOICES, "a", "not-an-option"),
        (Kind.AUTOMATIC, "x", "not-typed"),
        (Kind.SIGNATURE, "x", "not-typed"),
        (Kind.TABLE, "x", "not-a-table"),
        (Kind.ORGANISATION, "x", "not-an-organisation"),
        (Kind.ORGANISATION, {"id": "4"}, "not-an-organisation"),
        (Kind.ORGANISATION, {"id": 4}, "no-name"),
        (Kind.ORGANISATION, {"id": None, "name": "X"}, "not-in-a-register"),
        (Kind.ORGANISATION, {"id": 4, "name": "x" * 201}, "too-long"),
    ],
)
def test_what_cannot_stand_there_is_refused_with_a_word(kind: Kind, typed: Any, word: str) -> None:
    with pytest.raises(BoxRefused) as refused:
        parsed(a_box(kind, options=OPTIONS), typed)
    assert (refused.value.box, refused.value.word) == ("B", word)


def test_an_organisation_is_kept_as_it_was_when_it_was_chosen() -> None:
    assert parsed(a_box(Kind.ORGANISATION), FARM) == FARM | {"country": "BE"}
    typed = a_box(Kind.ORGANISATION, registers=("operator", "typed"))
    assert parsed(typed, {"id": None, "name": "Abroad"})["name"] == "Abroad"
    assert parsed(typed, {"id": None, "name": " ", "country": ""}) is None


def test_empty_rows_go_and_a_wrong_cell_is_named() -> None:
    rows = [{"name": " Oats ", "net": "5"}, {"name": "", "net": " "}, {"how": "a"}]
    assert parsed(TABLE, rows) == [{"name": "Oats", "net": "5 kg"}, {"how": "a"}]
    with pytest.raises(BoxRefused) as refused:
        parsed(TABLE, [{"name": "Oats"}, {"net": "heavy"}])
    assert (refused.value.row, refused.value.column, refused.value.word) == (2, "net", "not-a-weight")


@pytest.mark.parametrize(
    ("rows", "word"),
    [([{"name": "x"}] * 201, "too-many-rows"), ([{"by": "me"}], "unknown-column"), (["x"], "not-a-table")],
)
def test_a_table_has_only_its_columns_and_so_many_rows(rows: Any, word: str) -> None:
    with pytest.raises(BoxRefused) as refused:
        parsed(TABLE, rows)
    assert refused.value.word == word


@given(
    st.sampled_from(Kind), st.text(max_size=40) | st.integers() | st.lists(st.text(max_size=3), max_size=3)
)
def test_whatever_is_sent_is_kept_or_refused_and_what_is_kept_stays_as_it_is(kind: Kind, typed: Any) -> None:
    box = a_box(kind, options=OPTIONS, columns=TABLE.columns, registers=("typed",))
    try:
        kept = parsed(box, typed)
    except BoxRefused:
        return
    assert parsed(box, kept) == kept
    assert isinstance(lines_of(box, kept, "fr"), list)


def test_missing_boxes_are_those_of_the_part_and_of_whoever_completes_them() -> None:
    numbers = [box.box for box in missing(COI, {}, parts=CERTIFIED)]
    assert numbers == ["1", "2", "4", "5", "7", "8", "9", "10", "11", "12", "13", "16", "17"]
    assert [box.box for box in missing(COI, {}, parts=CERTIFIED, by=[By.IMPORTER])] == ["10"]
    assert "19" in [box.box for box in missing(COI, {}, by=[By.IMPORTER])]
    filled = {"8": "TR", "9": "TR", "16": "5 kg"}
    assert {"8", "9", "16"} & {box.box for box in missing(COI, filled)} == set()


def test_a_row_without_a_required_cell_is_missing() -> None:
    whole = {one.column: "1" for one in boxes.columns_of(COI.box("13"))}  # type: ignore[arg-type]
    assert "13" not in [box.box for box in missing(COI, {"13": [whole]})]
    assert "13" in [box.box for box in missing(COI, {"13": [whole, {"lot": "7"}]})]


def test_what_stands_in_a_box_reads_in_the_language_of_the_paper() -> None:
    assert lines_of(a_box(Kind.COUNTRY), "BE", "fr") == ["Belgique (BE)"]
    assert lines_of(a_box(Kind.DATE), "2026-11-21", "de") == ["21. November 2026"]
    assert lines_of(a_box(Kind.MOMENT), "2026-11-21T06:05", "fr") == ["21 novembre 2026 06:05"]
    assert lines_of(a_box(Kind.WEIGHT), "1234.5 kg", "de") == ["1.234,5 kg"]
    assert lines_of(a_box(Kind.CHOICE, options=OPTIONS), "a", "fr") == ["Premier"]
    assert lines_of(a_box(Kind.CHOICES, options=OPTIONS), ["a", "b"], "fr") == ["Premier", "Second"]
    assert lines_of(a_box(Kind.LINES), "one\ntwo", "fr") == ["one", "two"]
    farm = parsed(a_box(Kind.ORGANISATION), FARM)
    assert lines_of(a_box(Kind.ORGANISATION), farm, "en") == [
        "Ferme Exemple", "Rue 1", "4120 Neupré", "Belgium (BE)", "BE-1"
    ]  # fmt: skip
    assert lines_of(a_box(Kind.SIGNATURE), None, "en") == []


def test_a_table_has_a_text_for_each_heading() -> None:
    rows = parsed(TABLE, [{"name": "Oats", "net": "5", "how": "a"}, {"name": "Rye"}])
    table = table_of(TABLE, rows, "fr")
    assert table.headings == ["Nom", "Net", "Comment"]
    assert table.rows == [["Oats", "5 kg", "Premier"], ["Rye", "", ""]]
    assert lines_of(TABLE, rows, "fr") == ["Nom: Oats; Net: 5 kg; Comment: Premier", "Nom: Rye"]
    assert table_of(TABLE, None, "fr").rows == []
