"""Chromium for the tests: how it starts, and what no page may do in it."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Response, sync_playwright

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
DESKTOP, TELEPHONE, NARROWEST = 1280, 360, 320
HEIGHT = 900
REFUSED_PAGE = "Failed to load resource"
"""What Chromium says of every answer 4xx, also of a form that was refused as it should be."""


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium without a window."""
    program = shutil.which("chromium")
    if program is None:
        raise RuntimeError("Chromium is missing: `make test` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def started(browser: Browser, folder: str, *flags: str, **options: Any) -> BrowserContext:
    """A browser that keeps what it knows in the folder, as a telephone does from one day to the next."""
    program, flags = shutil.which("chromium"), (*FLAGS, *flags)
    context = browser.browser_type.launch_persistent_context(
        folder, executable_path=program, args=list(flags), reduced_motion="reduce", **options
    )
    context.set_default_timeout(8000)
    return context


@contextlib.contextmanager
def window(browser: Browser, language: str, **options: Any) -> Iterator[BrowserContext]:
    """A browser of one person; whatever Chromium complains about fails the test at its end."""
    options.setdefault("viewport", {"width": DESKTOP, "height": HEIGHT})
    context = browser.new_context(locale=language, reduced_motion="reduce", **options)
    context.set_default_timeout(8000)
    complaints: list[str] = []
    _listen(context, complaints)
    try:
        yield context
    finally:
        context.close()
    assert not complaints, complaints


def _listen(context: BrowserContext, complaints: list[str]) -> None:
    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and REFUSED_PAGE not in message.text:
            complaints.append(f"{message.type}: {message.text}")

    def response(answer: Response) -> None:
        # A form that a script sent and that was refused (422) is answered as it should be.
        if answer.status >= 400 and answer.status != 422 and not answer.request.is_navigation_request():
            complaints.append(f"{answer.status}: {answer.url}")
        # A page of a closed environment is answered with 503, as it should be.
        if answer.status >= 500 and not (answer.status == 503 and answer.request.is_navigation_request()):
            complaints.append(f"{answer.status}: {answer.url}")

    context.on("console", console)
    context.on("weberror", lambda error: complaints.append(f"script: {error.error}"))
    context.on("response", response)
