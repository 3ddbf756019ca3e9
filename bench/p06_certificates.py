"""P6: CPU of one signed certificate, paper and seal with time stamp, against both libraries called bare."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

from asn1crypto import tsp
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf
from pyhanko.sign.timestamps.api import TimeStamper

from bench import servers
from bench.measuring import Figure, at_most, in_turn
from bench.run import Run
from portal import clock, create_app
from portal.config import load_settings
from portal.jobs import signing
from portal.jobs.signing import sealed_paper
from portal.printing.printer import Printer
from portal.printing.sheets import Sheet, sheet_of
from portal.seals import pades, stamping
from portal.seals.answering import StampKey, answer_to
from portal.seals.keys import ActiveKey
from portal.seals.signers import signer_of
from tests.makers.seals import a_key
from tests.service.printing.papers import COI

PAPERS = 5
PATIENCE_SECONDS = 120.0
"""On the clock: what is measured is processor time, and the machine may be busy."""
MILLISECONDS = 1000
GOAL = at_most(1.15)
TICKS = os.sysconf("SC_CLK_TCK")


class BareStamper(TimeStamper):
    """The same test authority without the checks of its answers."""

    def __init__(self, key: StampKey) -> None:
        super().__init__()
        self.key = key

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The answer, made here."""
        return answer_to(req, self.key, clock.now())


def measure(run: Run) -> list[Figure]:
    """CPU milliseconds of one paper, and of the long-term version that a job makes later."""
    app = create_app(load_settings(servers.demo_variables(run.instance, servers.free_port())))
    patient = Printer(seconds=PATIENCE_SECONDS)
    signing.printer = lambda: patient  # type: ignore[assignment]
    with app.app_context():
        key = a_key("training")
        bare = _bare(sheet_of(COI), key)
        sealed = sealed_paper(COI, key)
        return [
            in_turn("P6", "a signed certificate: paper, seal, time stamp", "ms CPU", GOAL,
                    lambda: _ours(key, patient), bare),
            in_turn(
                "P6", "its long-term version, by a job", "ms CPU", GOAL,
                lambda: _timed(lambda: pades.extend(sealed.pdf, key)), bare,
            ),
        ]  # fmt: skip


def _ours(key: ActiveKey, patient: Printer) -> float:
    child = _child_seconds(patient)
    own = _timed(lambda: sealed_paper(COI, key))
    return own + (_child_seconds(patient) - child) / PAPERS * MILLISECONDS


def _child_seconds(patient: Printer) -> float:
    """CPU of the program that prints: it stays warm between papers."""
    child = patient._child
    if child is None:
        return 0.0
    with open(f"/proc/{child.pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _timed(act: Callable[[], Any]) -> float:
    began = time.process_time()
    for _number in range(PAPERS):
        act()
    return (time.process_time() - began) / PAPERS * MILLISECONDS


def _bare(sheet: Sheet, key: ActiveKey) -> Callable[[], float]:
    """WeasyPrint with fonts that stay, pyHanko with a key that stays, in one process and without any limit."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Pictures(URLFetcher):  # type: ignore[misc]
        """The drawings of the sheet."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            drawing = sheet.pictures[url.removeprefix("paper:")]
            return URLFetcherResponse(url, drawing, {"Content-Type": "image/svg+xml"})

    fonts, fetcher, stamper = FontConfiguration(), Pictures(), BareStamper(stamping.OwnStamper().key)

    def once() -> bytes:
        css = CSS(string=sheet.css, url_fetcher=fetcher, font_config=fonts)
        page = HTML(string=sheet.html, url_fetcher=fetcher, base_url="paper:")
        pdf = page.write_pdf(stylesheets=[css], font_config=fonts, pdf_variant="pdf/ua-1")
        metadata = PdfSignatureMetadata(
            field_name="Seal", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
        )
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        return bytes(sign_pdf(writer, metadata, signer_of(key), timestamper=stamper).getvalue())

    return lambda: _timed(once)
