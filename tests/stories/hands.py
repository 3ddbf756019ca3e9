"""What a person does with a page: looks for words, follows links, fills fields, presses buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.stories.site import Site
from tests.stories.words import part, say, whole


@dataclass
class Someone:
    """A person at a browser; words are given in English and looked for in the person's language."""

    page: Page
    site: Site
    language: str
    first_name: str = "Camille"
    last_name: str = "Nouveau"
    email: str = "camille.nouveau@agri.example"
    password: str = "tournesol-guitare-vapeur-53"
    number: str = "+46701740699"

    def says(self, text: str, **values: Any) -> str:
        """The words in this person's language."""
        return say(self.language, text, **values)


def goes_to(who: Someone, path: str) -> None:
    """Type an address."""
    who.page.goto(who.site.address + path)


def link(who: Someone, text: str, **values: Any) -> Locator:
    """The first link with these words; a menu in the header is not looked into."""
    return who.page.get_by_role("link", name=whole(who.says(text, **values))).first


def button(who: Someone, text: str, **values: Any) -> Locator:
    """The button with these words in the main part of the page."""
    return who.page.get_by_role("main").get_by_role("button", name=whole(who.says(text, **values)))


def field(who: Someone, text: str) -> Locator:
    """The first field with this label."""
    return who.page.get_by_label(whole(who.says(text))).first


def follows(who: Someone, text: str, **values: Any) -> None:
    """Click a link."""
    link(who, text, **values).click()


def presses(who: Someone, text: str, **values: Any) -> None:
    """Press a button."""
    button(who, text, **values).click()


def fills(who: Someone, text: str, value: str) -> None:
    """Type into a field."""
    field(who, text).fill(value)


def chooses(who: Someone, text: str, value: str) -> None:
    """Choose in a list by the value, such as a country's code."""
    field(who, text).select_option(value)


def ticks(who: Someone, text: str) -> None:
    """Tick a box or a round choice."""
    words = whole(who.says(text))
    who.page.get_by_role("checkbox", name=words).or_(who.page.get_by_role("radio", name=words)).check()


def reads(who: Someone, text: str, **values: Any) -> None:
    """These words stand on the page, to be seen."""
    sees(who, who.says(text, **values))


def sees(who: Someone, words: str) -> None:
    """Words that are the same in every language stand on the page."""
    expect(who.page.get_by_text(part(words)).filter(visible=True).first).to_be_visible()


def sees_nothing_of(who: Someone, words: str) -> None:
    """These words stand nowhere on the page."""
    expect(who.page.get_by_text(part(words))).to_have_count(0)


def is_on(who: Someone, text: str, **values: Any) -> None:
    """The page has this heading."""
    heading = who.page.get_by_role("heading", level=1, name=whole(who.says(text, **values)))
    expect(heading).to_be_visible()


def has_error(who: Someone, text: str) -> None:
    """The field with this label was refused, and says why."""
    described = field(who, text).get_attribute("aria-describedby") or ""
    assert field(who, text).get_attribute("aria-invalid") == "true", f"{text}: not refused"
    reason = who.page.locator(f"#{described.split()[-1]}").inner_text()
    assert reason.strip(), f"{text}: refused without a reason"


def columns(who: Someone) -> list[str]:
    """The heads of the table."""
    return [" ".join(text.split()) for text in who.page.locator("thead th").all_inner_texts()]
