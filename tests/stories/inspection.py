"""Inspects every page of the tour in one language, at the widths of a desk and of a telephone."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, Response

from tests.browser import DESKTOP, HEIGHT, NARROWEST, TELEPHONE
from tests.stories.checkers import axe_faults, nu_faults, scrolls_sideways
from tests.stories.people import Meet
from tests.stories.tour import tour


@dataclass
class Inspection:
    """What was found, by page."""

    folder: Path
    pages: int = 0
    faults: list[str] = field(default_factory=list)
    answers: dict[Page, Response] = field(default_factory=dict)

    def of_every_page(self, meet: Meet, language: str) -> list[str]:
        """Walk the tour; every fault with the name of its page."""

        def observed(*people: str, **facts: str) -> object:
            who = meet(*people, **facts)
            who.page.on("response", lambda answer: self._keep(who.page, answer))
            return who

        for name, who in tour(observed, language):  # type: ignore[arg-type]
            self._inspect(name, who.page)
        return self.faults + nu_faults(self.folder)

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
