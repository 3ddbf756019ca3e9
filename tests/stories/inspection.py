"""Inspects every page of the tour in one language, at the widths of a desk and of a telephone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from flask import template_rendered
from jinja2 import Template
from playwright.sync_api import Error, Page, Response

from tests.browser import DESKTOP, HEIGHT, NARROWEST, TELEPHONE
from tests.stories.checkers import axe_faults, nu_faults, scrolls_sideways
from tests.stories.people import Meet
from tests.stories.tour import Stations, tour

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
EXTENDS = re.compile(r'{% extends "([^"]+)"')
PROVIDER = "A provider of electronic identities has to run: tests/stories/test_eid.py."
TOO_LATE = "Minutes pass before it: the tests of its journey open it."
NOT_MEANT = "An accident leads there: the tests of its journey open it."
SAME = "The words of account/last_factor.html around another factor."
UNSEEN = {
    "authenticators/expired.html": TOO_LATE,
    "authenticators/last_factor.html": SAME,
    "devices/last_factor.html": SAME,
    "eid_sign_in/callback.html": PROVIDER,
    "eid_sign_in/choose.html": PROVIDER,
    "eid_sign_in/leave.html": PROVIDER,
    "eid_sign_in/refused.html": PROVIDER,
    "eids/add.html": PROVIDER,
    "eids/eids.html": PROVIDER,
    "eids/last_factor.html": SAME,
    "eids/remove.html": PROVIDER,
    "errors/expired.html": TOO_LATE,
    "errors/failure.html": NOT_MEANT,
    "errors/other_profile.html": "tests/web/acting: two profiles, of which the other one may.",
    "errors/too_many.html": NOT_MEANT,
    "errors/unavailable.html": NOT_MEANT,
    "recovery/code_dead.html": "Five wrong codes; the same page as second_factor/code_dead.html.",
    "registration/link_expired.html": TOO_LATE,
    "registration/link_replaced.html": "Between registration/link_used.html and link_expired.html in form.",
    "second_factor/app_over.html": TOO_LATE,
    "second_factor/approval_over.html": TOO_LATE,
    "second_factor/too_many_requests.html": NOT_MEANT,
    "security_keys/last_factor.html": SAME,
}
"""Pages that no tour comes to, with the reason."""


def pages() -> set[str]:
    """The templates of whole pages, each of which some tour has to come to; papers are looked at as PDF."""
    files = {str(path.relative_to(TEMPLATES)): path.read_text() for path in TEMPLATES.rglob("*.html")}
    above = {name: found[1] for name, text in files.items() if (found := EXTENDS.search(text))}
    papers = {name for name in above if name.startswith("print/")}
    return above.keys() - set(above.values()) - papers - UNSEEN.keys()


@dataclass
class Inspection:
    """What was found, by page."""

    folder: Path
    pages: int = 0
    faults: list[str] = field(default_factory=list)
    answers: dict[Page, Response] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)

    def of_every_page(self, meet: Meet, language: str) -> list[str]:
        """Walk the tour; every fault with the name of its page, and the templates of pages it never came to."""

        def observed(*people: str, **facts: str) -> object:
            who = meet(*people, **facts)
            who.page.on("response", lambda answer: self._keep(who.page, answer))
            template_rendered.connect(self._note, who.site.app)
            return who

        for part in tour(observed, language):  # type: ignore[arg-type]
            self._walk(part)
        unseen = sorted(pages() - self.shown)
        return self.faults + [f"{name}: on no tour" for name in unseen] + nu_faults(self.folder)

    def _note(self, _app: object, template: Template, **_context: object) -> None:
        self.shown.add(template.name or "")

    def _walk(self, part: Stations) -> None:
        name = "the first page"
        try:
            for name, who in part:
                self._inspect(name, who.page)
        except (AssertionError, Error) as broken:
            # The other parts are walked all the same: one run tells of every fault.
            self.faults.append(f"after {name}: {str(broken)[:400]}")

    def _keep(self, page: Page, answer: Response) -> None:
        if answer.request.is_navigation_request() and not 300 <= answer.status < 400:
            self.answers[page] = answer

    def _inspect(self, name: str, page: Page) -> None:
        self.pages += 1
        page.wait_for_load_state()
        (self.folder / f"{name}.html").write_bytes(self.answers[page].body())
        for width in (NARROWEST, TELEPHONE, DESKTOP):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            if scrolls_sideways(page):
                self.faults.append(f"{name}: wider than {width} px")
            if width != NARROWEST:
                self.faults += [f"{name} at {width} px: {fault}" for fault in axe_faults(page)]
