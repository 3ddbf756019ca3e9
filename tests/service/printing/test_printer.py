"""Whatever stands in a box is printed as text: nothing is fetched, attached or run, and nothing hangs (P-01, P-02)."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal.printing import printer as printing
from portal.printing.letters import MARK
from portal.printing.paper import Paper, PaperBox, PaperPart, PaperTable
from portal.printing.printer import Printer, RenderingFailed
from portal.printing.sheets import Sheet
from tests.service.printing.papers import COI
from tests.service.printing.reading import facts_of, text_of, told


class Listener:
    """Takes every call on a port of its own and counts them."""

    def __init__(self) -> None:
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/x"
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            caller.close()

    def close(self) -> None:
        """Take no more calls."""
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server that nobody may call."""
    one = Listener()
    yield one
    one.close()


def payloads(address: str) -> tuple[str, ...]:
    """What somebody could type to make the printer fetch, attach or run something."""
    return (
        f'<img src="{address}">', f'<link rel="attachment" href="{address}">',
        '<link rel=attachment href="file:///etc/passwd">',
        f'<style>@import url("{address}");</style>', f"</p></div></body><iframe src='{address}'></iframe>",
        f'<svg><image href="{address}"/></svg>', "{{ 7 * 191 }} {% include 'x' %}",
        f'" style="background:url({address})',
        "file:///etc/passwd", address, "<script>alert(1)</script>", "&amp;&#60;b&#62;",
        "]]><!-- --><?xml ?>", "\\0 \\a url(x)",
    )  # fmt: skip


def in_every_field(paper: Paper, payload: str) -> Paper:
    """The paper with the payload in each text of it."""
    texts = {"en": payload}
    table = PaperTable((texts, texts), ((payload, payload),))
    boxes = (PaperBox("1", texts, (payload,)), PaperBox("2", texts, table=table), PaperBox(payload, texts))
    signatory = replace(
        paper.signatory, name=payload, user_name=payload, office=payload, at=payload, method=texts
    )  # type: ignore[type-var]
    return replace(
        paper, titles=texts, number=payload, parts=(PaperPart(texts, boxes),), model_code=payload, model_names=texts,
        attestation=texts, signatory=signatory, seal_owner=payload, data_hash=payload, verify_url=payload, code="CODE",
        replaces=payload, outage_reference=payload, run_by=payload,
    )  # fmt: skip


def test_markup_and_addresses_in_every_field_are_printed_and_never_followed(
    words: Flask, printer: Printer, listener: Listener, tmp_path: Path
) -> None:
    for payload in payloads(listener.address):
        pdf = printer.pdf(in_every_field(COI, payload))
        text = text_of(pdf, tmp_path).replace(" ", "")
        assert text.count(payload.replace(" ", "")) >= 8, payload
        assert "0 embedded files" in told("pdfdetach", pdf, tmp_path, "-list")
        assert b"/JavaScript" not in pdf
        assert b"root:x:" not in pdf
    assert listener.calls == 0


@pytest.mark.parametrize("scheme", ["http", "file", "data"])
def test_a_sheet_that_refers_to_anything_outside_is_refused(
    printer: Printer, listener: Listener, scheme: str
) -> None:
    address = {"http": listener.address, "file": "file:///etc/hostname", "data": "data:image/svg+xml,<svg/>"}[
        scheme
    ]
    for html in (f'<img src="{address}">', f'<link rel=stylesheet href="{address}">'):
        with pytest.raises(RenderingFailed, match="failed"):
            printer.printed(Sheet(f'<html lang="en"><title>x</title>{html}', "", {}))
    assert listener.calls == 0


def test_five_megabytes_of_text_are_refused_before_the_child_sees_them(
    words: Flask, printer: Printer
) -> None:
    began = time.monotonic()
    with pytest.raises(RenderingFailed, match="too-long"):
        printer.pdf(in_every_field(COI, "word " * 1_000_000))
    assert time.monotonic() - began < 5


def test_what_takes_too_long_is_killed_and_the_next_paper_is_printed(words: Flask) -> None:
    nested = "<table><tr><td>" * 60 + "<p>x</p>" * 2000 + "</table>" * 60
    impatient = Printer(seconds=0.5)
    try:
        began = time.monotonic()
        with pytest.raises(RenderingFailed, match="too-long"):
            impatient.printed(Sheet(f'<html lang="en"><title>x</title>{nested}', "", {}))
        assert time.monotonic() - began < printing.STARTING_SECONDS
        assert impatient._child is None
        impatient._seconds = 60
        assert impatient.pdf(COI).startswith(b"%PDF-1.7")
    finally:
        impatient.close()


def test_more_pages_than_allowed_are_refused(words: Flask) -> None:
    two_pages = Printer(seconds=60, pages=2)
    try:
        with pytest.raises(RenderingFailed, match="too-many-pages"):
            two_pages.pdf(replace(COI, attestation={"en": "A line.\n" * 300}))
    finally:
        two_pages.close()


def test_a_child_that_dies_is_replaced(words: Flask) -> None:
    one = Printer(seconds=60)
    try:
        one.pdf(COI)
        child = one._child
        assert child is not None
        child.kill()
        child.wait()
        assert one.pdf(COI).startswith(b"%PDF")
    finally:
        one.close()


def test_the_child_has_no_variable_of_the_portal(
    words: Flask, monkeypatch: pytest.MonkeyPatch, printer: Printer
) -> None:
    monkeypatch.setenv("PORTAL_SECRET_KEY", "a secret that no child may see")
    one = Printer(seconds=60)
    try:
        one.pdf(COI)
        assert one._child is not None
        variables = Path(f"/proc/{one._child.pid}/environ").read_bytes()
        assert b"PORTAL_" not in variables
        assert b"no child may see" not in variables
    finally:
        one.close()


def test_without_weasyprints_libraries_the_word_says_so(
    words: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    child = tmp_path / "child.py"
    source = printing.CHILD.read_text(encoding="utf-8")
    child.write_text(
        "import sys\nsys.modules['weasyprint'] = None\n"
        + source.replace("from __future__ import annotations\n", "")
    )
    monkeypatch.setattr(printing, "CHILD", child)
    with pytest.raises(RenderingFailed, match="missing-libraries"):
        Printer().pdf(COI)


@pytest.mark.parametrize(
    "text",
    ["\x00\x01\x1f\x7f", "\u202egnirts desrever\u202c", "\u2066\u2067\u2069", "\ud800", "\ufeff\u200b",
     "\ufffe", "\U000e0041"],
)  # fmt: skip
def test_control_and_bidi_characters_are_shown_as_marks(
    words: Flask, printer: Printer, tmp_path: Path, text: str
) -> None:
    pdf = printer.pdf(in_every_field(COI, f"before {text} after"))
    assert facts_of(pdf, tmp_path)["Tagged"] == "yes"
    found = text_of(pdf, tmp_path)
    assert f"before {MARK}" in found
    assert "after" in found


def test_a_word_without_end_stays_inside_its_box(words: Flask, printer: Printer, tmp_path: Path) -> None:
    boxes = (
        PaperBox("14", {"en": "Container number"}, ("X" * 3000,)),
        PaperBox("15", {"en": "Seal number"}, ("Y" * 900,)),
    )
    pdf = printer.pdf(replace(COI, parts=(PaperPart({"en": "Part I"}, boxes),)))
    assert text_of(pdf, tmp_path).count("X") >= 3000
    places = told("pdftotext", pdf, tmp_path, "-bbox")
    right_edges = [float(part.split('"')[0]) for part in places.split('xMax="')[1:]]
    assert max(right_edges) < 595 - 30


def test_a_fork_gets_a_child_of_its_own(words: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    one = Printer(seconds=60)
    try:
        one.pdf(COI)
        first = one._child
        assert first is not None
        monkeypatch.setattr(os, "getpid", lambda: 1)
        assert one.pdf(COI).startswith(b"%PDF")
        assert one._child is not first
        assert first.poll() is None
    finally:
        one.close()
        if first is not None:
            first.kill()
            first.wait()
