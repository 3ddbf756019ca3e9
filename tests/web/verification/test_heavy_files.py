"""Files built to use up the processor or the memory of whoever looks at them: an answer, soon, and not for ever."""

from __future__ import annotations

import threading
import zlib
from io import BytesIO

import pytest
from flask import Flask

from portal.certificates import checking
from portal.seals import validating
from tests.page import Page, PageClient

PATH = "/training/verify/file"
PAGES, PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
SEAL = b"<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange%b/Contents<%b>>>"


def a_file(*more: bytes, catalog: bytes = b"", pages: bytes = PAGES) -> bytes:
    """A PDF with these objects from number four on, and this in its catalogue."""
    written, places = b"%PDF-1.7\n", []
    things = (b"<</Type/Catalog/Pages 2 0 R%b>>" % catalog, pages, PAGE, *more)
    for number, thing in enumerate(things, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, thing)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(things) + 1)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(things) + 1, len(written))
    return written + head + table + end


def a_form(*fields: bytes, named: bytes = b"4 0 R") -> bytes:
    return a_file(*fields, catalog=b"/AcroForm<</Fields[%b]>>" % named)


def a_sealed_by(content: bytes, ranges: bytes = b"[0 10 20 30]") -> bytes:
    return a_form(b"<</FT/Sig/T(a)/V 5 0 R>>", SEAL % (ranges, content))


def a_stream(keys: bytes, data: bytes) -> bytes:
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (keys, len(data), data)


def a_bomb() -> bytes:
    """A table of references that is a gigabyte once it is unpacked, twice packed into two kilobytes."""
    packer, packed = zlib.compressobj(9), b""
    for _megabyte in range(1024):
        packed += packer.compress(bytes(1024 * 1024))
    data = zlib.compress(packed + packer.flush(), 9)
    keys = b"/Type/XRef/Size 100000000/W[1 4 2]/Root 1 0 R/Filter[/FlateDecode/FlateDecode]"
    return b"%%PDF-1.7\n4 0 obj\n%b\nendobj\nstartxref\n9\n%%%%EOF\n" % a_stream(keys, data)


def a_doubling_form() -> bytes:
    """Four kilobytes in which a field is reached by 2^56 ways."""
    twice = (b"<</T(a)/Kids[%d 0 R %d 0 R]>>" % (number, number) for number in range(5, 61))
    return a_form(*twice, b"<</FT/Sig/T(b)>>")


NASTY = {
    "arrays in arrays": a_file(catalog=b"/X %b%b" % (b"[" * 200_000, b"]" * 200_000)),
    "dictionaries in dictionaries": a_file(catalog=b"/X%b1%b" % (b"<</A " * 300_000, b">>" * 300_000)),
    "pages in a circle": a_file(pages=b"<</Type/Pages/Kids[2 0 R]/Count 1>>"),
    "fields in a circle": a_form(b"<</FT/Sig/T(a)/Kids[4 0 R]/Parent 4 0 R>>"),
    "references in a circle": a_file(b"5 0 R", b"4 0 R", catalog=b"/AcroForm 4 0 R"),
    "tables in a circle": b"%PDF-1.7\nxref\n0 0\ntrailer\n<</Size 1/Prev 9/Root 1 0 R>>\nstartxref\n9\n%%EOF\n",
    "a table of a thousand million rows": b"%PDF-1.7\nxref\n0 999999999\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n",
    "a table that unpacks to a gigabyte": a_bomb(),
    "a seal with nothing in it": a_sealed_by(b""),
    "a seal in a seal in a seal": a_sealed_by(b"3080" * 200_000),
    "a seal longer than the file": a_sealed_by(b"3084FFFFFFFF" + b"00" * 100),
    "a range before the file": a_sealed_by(b"3000", b"[0 -5 -7 99999999999999]"),
    "a range of words": a_sealed_by(b"3000", b"[0 1.5 (a) null]"),
    "a hundred thousand fields": a_form(
        b"<</FT/Sig/T(a)/V 5 0 R>>", SEAL % (b"[0 1 2 3]", b"3000"), named=b"4 0 R " * 100_000
    ),
    "a script, a form of another kind, and an address": a_file(
        catalog=b"/AcroForm<</Fields[]/XFA(x)>>/OpenAction<</S/URI/URI(http://127.0.0.1:9/)>>"
    ),
    "zeros": b"%PDF-1.7\n" + bytes(4 * 1024 * 1024),
    "an endless text": b"%PDF-1.7\n" + b"(" * (4 * 1024 * 1024),
}


def sent(visitor: PageClient, content: bytes) -> Page:
    """The answer to that file."""
    return visitor.post_with_token(PATH, {"file": (BytesIO(content), "certificate.pdf")})


@pytest.mark.parametrize("name", NASTY)
def test_a_nasty_file_has_a_verdict_that_is_never_passed(app: Flask, name: str) -> None:
    verdict = validating.verdict(NASTY[name], "training")
    assert verdict.outcome in ("failed", "indeterminate")
    assert verdict.reason in ("format-failure", "no-signature", "too-complex", "timed-out", "not-checked")


def test_a_file_that_never_ends_is_given_up_and_a_few_of_them_are_enough(
    app: Flask, visitor: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validating, "SECONDS", 2)
    endless = a_doubling_form()
    assert len(endless) < 5000
    for _turn in range(4):
        page = sent(visitor, endless)
        assert page.status == 200
        assert "Indeterminate" in page.text
    refused = sent(visitor, endless)
    assert refused.status == 429
    assert 0 < int(refused.response.headers["Retry-After"]) <= 60


def test_a_file_that_takes_more_of_the_processor_than_any_of_ours_is_timed_out(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validating, "CPU_SECONDS", 2)
    verdict = validating.verdict(a_doubling_form(), "training")
    assert (verdict.outcome, verdict.reason) == ("indeterminate", "timed-out")


def test_while_two_files_are_looked_at_a_third_one_is_asked_to_come_again(
    app: Flask, visitor: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "PATIENCE_SECONDS", 0.01)
    taken = threading.BoundedSemaphore(checking.AT_ONCE)
    monkeypatch.setattr(checking, "_places", taken)
    for _place in range(checking.AT_ONCE):
        taken.acquire()
    assert sent(visitor, b"%PDF-").status == 429
    taken.release()
    assert sent(visitor, b"%PDF-").status == 200
