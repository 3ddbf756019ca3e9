"""A telephone with the phone app: a browser of its own, whose camera sees what is held before it."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import HEIGHT, TELEPHONE, started
from tests.stories.hands import Someone, button
from tests.stories.site import Site
from tests.stories.words import part, whole

WIDTH, FRAMES, GREY = 640, 4, 128
SIZE = f"YUV4MPEG2 W{WIDTH} H{WIDTH} F5:1 Ip A1:1 C420jpeg\n".encode()
FAR_ENOUGH = 20000
"""Milliseconds for the camera to start and the code to be read, on a machine with much to do."""


def film_of(picture: Image.Image) -> bytes:
    """A few frames of that picture, as a camera that is held still sees it (YUV4MPEG2)."""
    side = WIDTH - 2 * 40
    seen = Image.new("L", (WIDTH, WIDTH), 255)
    seen.paste(picture.convert("L").resize((side, side)), (40, 40))
    colours = bytes([GREY]) * (WIDTH // 2 * WIDTH // 2 * 2)
    return SIZE + (b"FRAME\n" + seen.tobytes() + colours) * FRAMES


@dataclass
class Phone(Someone):
    """A person's telephone: a person at a page, with a folder of its own."""

    folder: Path = Path()

    @property
    def film(self) -> Path:
        """What the camera sees."""
        return self.folder / "camera.y4m"


@contextlib.contextmanager
def switched_on(browser: Browser, site: Site, language: str, folder: Path) -> Iterator[Phone]:
    """The telephone, on until the block ends; switched on again with the same folder it knows what it knew."""
    film = folder / "camera.y4m"
    film.write_bytes(film_of(Image.new("L", (WIDTH, WIDTH), 255)))
    flags = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    viewport = {"width": TELEPHONE, "height": HEIGHT}
    context = started(browser, str(folder / "profile"), *flags, locale=language, viewport=viewport)
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("response", lambda answer: answer.status >= 500 and faults.append(answer.url))
    try:
        yield Phone(context.pages[0], site, language, folder=folder)
    finally:
        context.close()
    assert not faults, faults


def opens_the_app(phone: Phone) -> None:
    """Its address, or its picture on the home screen."""
    phone.page.goto(f"{phone.site.address}/app/")


def shows(phone: Phone, text: str, *, within: int = 8000) -> None:
    """The screen with this heading."""
    heading = phone.page.get_by_role("heading", level=2, name=whole(phone.says(text)))
    expect(heading).to_be_visible(timeout=within)
    expect(heading).to_be_focused()


def touches(phone: Phone, text: str) -> None:
    """Press a button of the screen."""
    button(phone, text).click()


def field_of(phone: Phone, text: str) -> Locator:
    """The field of the screen with this label."""
    return phone.page.locator("section:not([hidden])").get_by_label(whole(phone.says(text)))


def types(phone: Phone, text: str, value: str) -> None:
    """Type into a field of the screen."""
    field_of(phone, text).fill(value)


def types_the_pin(phone: Phone, pin: str) -> None:
    """Four digits, «Continue»."""
    shows(phone, "PIN code", within=FAR_ENOUGH)
    types(phone, "Your 4 digit PIN code", pin)
    touches(phone, "Continue")


def holds_before_the_screen(phone: Phone, computer: Page) -> None:
    """The camera sees the QR code that the computer shows."""
    picture = Image.open(io.BytesIO(computer.locator("img.qr").screenshot()))
    new = phone.film.with_suffix(".new")
    new.write_bytes(film_of(picture))
    new.replace(phone.film)


def tells(phone: Phone, text: str, **values: Any) -> None:
    """These words stand on the screen."""
    words = part(phone.says(text, **values))
    expect(phone.page.locator("main").get_by_text(words).filter(visible=True).first).to_be_visible()
