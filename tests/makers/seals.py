"""A plain PDF and its seal, and a time-stamp service on loopback that answers as a test wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache

from asn1crypto import tsp
from pyhanko.pdf_utils import generic, writer

from portal import clock
from portal.seals import keys, pades, stamping
from portal.seals.answering import answer_to
from tests.makers.loopback import QuietHandler, serving

Answer = Callable[[tsp.TimeStampReq], bytes]


@cache
def a_pdf(text: str = "Certificate") -> bytes:
    """One page that says so."""
    from io import BytesIO

    book, out = writer.PdfFileWriter(), BytesIO()
    content = writer.PageObject(
        contents=book.add_object(generic.StreamObject(stream_data=f"BT ({text}) Tj ET".encode())),
        media_box=generic.ArrayObject([generic.NumberObject(size) for size in (0, 0, 595, 842)]),
    )
    book.insert_page(content)
    book.write(out)
    return out.getvalue()


def a_key(environment: str = "training") -> keys.ActiveKey:
    """The active key of an environment, made where it has none."""
    try:
        return keys.active(environment)
    except keys.NoKey:
        keys.rotate(environment)
        return keys.active(environment)


def a_sealed(environment: str = "training", text: str = "Certificate") -> pades.Sealed:
    """That page, sealed."""
    return pades.seal(a_pdf(text), a_key(environment), "Test")


def right(question: tsp.TimeStampReq) -> bytes:
    """A good stamp of the test authority."""
    return answer_to(question, stamping.OwnStamper().key, clock.now()).dump()


def of_another_question(_question: tsp.TimeStampReq) -> bytes:
    """A good stamp, but of another hash and nonce."""
    return right(stamping.OwnStamper().request_cms(b"1" * 32, "sha256")[1])


def of_another_time(question: tsp.TimeStampReq) -> bytes:
    """A stamp of two hours ago."""
    return answer_to(question, stamping.OwnStamper().key, clock.now() - timedelta(hours=2)).dump()


def garbage(_question: tsp.TimeStampReq) -> bytes:
    """No stamp at all."""
    return b"\x30\x80" * 50


@contextmanager
def a_service(answer: Answer, status: int = 200) -> Iterator[str]:
    """The address of a service on loopback that answers so, as long as the block runs."""

    class Handler(QuietHandler):
        def do_POST(self) -> None:
            question = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            body = answer(question)
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with serving(Handler) as address:
        yield f"{address}/"
