"""Pictures of every page, for the eye: `screenshots.py FOLDER [LANGUAGE …]`; `--readme` renews docs/pictures/."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page  # noqa: E402 - the tests lie beside this folder

from tests.browser import DESKTOP, HEIGHT, TELEPHONE, chromium  # noqa: E402
from tests.databases import SqliteFiles  # noqa: E402
from tests.stories.acts import signs_in_with_sms  # noqa: E402
from tests.stories.hands import goes_to  # noqa: E402
from tests.stories.people import meeting  # noqa: E402
from tests.stories.site import Site, site_on  # noqa: E402
from tests.stories.tour import tour  # noqa: E402

LANGUAGES = ("fr", "de")
IN_THE_DARK = ("public-home", "profile-requested")
PICTURES = ROOT / "docs" / "pictures"


@contextmanager
def _portal() -> Iterator[tuple[Browser, Site]]:
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        with site_on(SqliteFiles(folder), folder) as site:
            yield browser, site


def _take(page: Page, folder: Path, name: str) -> None:
    for width in (DESKTOP, TELEPHONE):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": DESKTOP, "height": HEIGHT})


def take_every_page(folder: Path, languages: tuple[str, ...]) -> None:
    """At the width of a desk and of a telephone; two of them in the dark as well."""
    folder.mkdir(parents=True, exist_ok=True)
    with _portal() as (browser, site):
        for language in languages:
            with site.running(), meeting(browser, site) as meet:
                for name, who in tour(meet, language):
                    _take(who.page, folder, f"{language}-{name}")
                    if name in IN_THE_DARK:
                        who.page.emulate_media(color_scheme="dark")
                        _take(who.page, folder, f"{language}-{name}-dark")
                        who.page.emulate_media(color_scheme="light")


def take_for_the_readme() -> None:
    """The profile of a person whose role is valid."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with _portal() as (browser, site), site.running(), meeting(browser, site) as meet:
        who = meet("en", "operator-admin")
        signs_in_with_sms(who)
        goes_to(who, "/production/profile")
        who.page.set_viewport_size({"width": DESKTOP, "height": 640})
        who.page.screenshot(path=PICTURES / "profile.png")


if __name__ == "__main__":
    if sys.argv[1:] == ["--readme"]:
        take_for_the_readme()
    elif len(sys.argv) > 1:
        take_every_page(Path(sys.argv[1]), tuple(sys.argv[2:]) or LANGUAGES)
    else:
        sys.exit(__doc__)
