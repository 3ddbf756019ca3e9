"""Whatever is typed into a box stands on the signed paper as text, or is refused at its field (P-01, P-02, P-03)."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.certificates import definitions, files, filling, submitting
from portal.certificates.filling import BoxesRefused
from portal.certificates.models import Certificate
from portal.certificates.parsing import LINES_AT_MOST, TEXT_AT_MOST
from portal.certificates.shapes import ROWS_AT_MOST, Kind
from portal.database import db
from tests.makers.certificates import a_draft, fill, somebody_of
from tests.makers.signing import Office, an_office, now, signed

pytestmark = [
    pytest.mark.usefixtures("production"),
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed"),
]
TEXTS = (
    '<img src="{address}">', "<link rel=attachment href='file:///etc/passwd'>", "{{{{ 7 * 191 }}}}{{% include 'x' %}}",
    "<style>@import url({address})</style>", "</td></tr></table></body>", "file:///etc/passwd", "{address}",
    '" style="background:url({address})', "&amp;&#60;b&#62;", "]]><!-- -->", "\\0 \\a url({address})", "%s %(x)s {{0}}",
    "<script>alert(1)</script>", "fi ffi Ṩ ẞ", "Ελλάδα България",
)  # fmt: skip


@pytest.fixture
def calls() -> Iterator[tuple[str, list[object]]]:
    """An address on loopback that nobody may ask, and who asked."""
    made: list[object] = []
    server = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                caller, peer = server.accept()
            except OSError:
                return
            made.append(peer)
            caller.close()

    threading.Thread(target=listen, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/x", made
    server.close()


def text_boxes(certificate: Certificate) -> dict[str, Kind]:
    """The boxes of one's own part into which any text is typed."""
    definition = definitions.kept(certificate.definition_sha256)
    return {
        box.box: box.kind
        for part in definition.parts[:1]
        for box in part.boxes
        if box.kind in (Kind.TEXT, Kind.LINES)
    }


def told(tool: str, pdf: Path, *options: str) -> str:
    """What a tool that is not ours says of the file."""
    after = ["-"] if tool == "pdftotext" else []
    done = subprocess.run([str(shutil.which(tool)), *options, pdf, *after], capture_output=True, check=True)
    return done.stdout.decode()


def signed_with(office: Office, typed: dict[str, Any], folder: Path) -> Path:
    """The file of a certificate in which that was typed."""
    certificate = a_draft(office.journey, office.maker, **typed)
    done = signed(submitting.submit(certificate.id, office.maker), office.officer)
    assert now(done).state == "valid"
    path = folder / "certificate.pdf"
    path.write_bytes(files.first(done).content)
    return path


def test_any_text_in_any_box_stands_on_the_paper_as_it_was_typed_and_is_never_followed(
    calls: tuple[str, list[object]], tmp_path: Path
) -> None:
    address, made = calls
    office = an_office()
    payloads = [text.format(address=address) for text in TEXTS]
    names = list(text_boxes(a_draft(office.journey, office.maker)))
    typed: dict[str, Any] = {box: payloads[at % len(payloads)] for at, box in enumerate(names)}
    columns = ("species", "identification", "cn")
    rows = [dict.fromkeys(columns, payload) | {"quantity": "1"} for payload in payloads]
    path = signed_with(office, typed | {"I.30": rows}, tmp_path)
    words = "".join(told("pdftotext", path, "-raw").split())
    for payload in payloads:
        assert words.count("".join(payload.split())) >= len(columns), payload
    assert "0 embedded files" in told("pdfdetach", path, "-list")
    assert b"/JavaScript" not in path.read_bytes()
    assert made == []


def test_boxes_filled_to_the_brim_are_printed_whole(tmp_path: Path) -> None:
    office = an_office()
    boxes = text_boxes(a_draft(office.journey, office.maker))
    sizes = {box: LINES_AT_MOST if kind is Kind.LINES else TEXT_AT_MOST for box, kind in boxes.items()}
    typed: dict[str, Any] = {box: "W" * size for box, size in sizes.items()}
    rows = [
        {"species": "Bos taurus", "identification": f"ID{number:05}", "quantity": "1"}
        for number in range(ROWS_AT_MOST)
    ]
    path = signed_with(office, typed | {"I.30": rows}, tmp_path)
    words = "".join(told("pdftotext", path, "-raw").split())
    assert words.count("W") >= sum(sizes.values())
    assert not [row["identification"] for row in rows if row["identification"] not in words]


@pytest.mark.parametrize(
    ("box", "value", "word"),
    [
        ("I.18", "word " * 1_000_000, "too-long"),
        ("I.17", "line\n" * 1_000_000, "too-long"),
        ("I.18", "a\x00b", "characters"),
        ("I.18", "\u202egnirts", "characters"),
        ("I.17", "\u2066isolated", "characters"),
        ("I.18", {"a": {"b": ["c"] * 9}}, "not-a-text"),
        ("I.30", [{"species": "Bos taurus"}] * 10_000, "too-many-rows"),
        ("I.30", [{"species": [[["deep"]]]}], "not-a-text"),
        ("I.30", [[["deep"]]], "not-a-table"),
        ("I.30", [{"species": "x", "colour": "red"}], "unknown-column"),
    ],
    ids=["5 MB", "5 MB of lines", "control", "bidi", "isolate", "nested", "rows", "nested cell", "nested row",
         "column"],
)  # fmt: skip
def test_what_no_paper_can_hold_is_refused_at_its_box_and_nothing_is_kept(
    box: str, value: object, word: str
) -> None:
    office = an_office()
    certificate = a_draft(office.journey, office.maker)
    before = filling.values_of(certificate)
    with pytest.raises(BoxesRefused) as refused:
        fill(certificate, {box: value}, somebody_of(office.journey.sender))
    assert [(one.box, one.word) for one in refused.value.refusals] == [(box, word)]
    db.session.rollback()
    assert filling.values_of(certificate) == before
