"""The page client: a browser without script that checks every page it gets and finds things by their labels."""

from __future__ import annotations

import contextvars
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from portal import crypto
from portal.database import db
from portal.web.cookie import cookie_name


def squeezed(text: str) -> str:
    """Text as a person reads it: one blank between words, straight apostrophes."""
    return " ".join(text.replace("’", "'").replace("\xa0", " ").split())


@dataclass
class Page:
    """One answer, parsed."""

    response: TestResponse
    client: PageClient
    path: str
    tree: Any = field(init=False)

    def __post_init__(self) -> None:
        self.tree = html.fromstring(self.response.get_data() or b"<p></p>")

    @property
    def status(self) -> int:
        """Status code."""
        return self.response.status_code

    @property
    def text(self) -> str:
        """All words of the page."""
        return squeezed(self.tree.text_content())

    @property
    def heading(self) -> str:
        """The h1."""
        return squeezed(self.tree.xpath("string(//h1)"))

    @property
    def errors(self) -> list[str]:
        """What stands at fields that were refused."""
        return [squeezed(e.text_content()) for e in self.tree.xpath("//*[contains(@class,'field-error')]")]

    def field(self, label: str) -> Any:
        """The form control whose label holds exactly these words."""
        for node in self.tree.xpath("//label"):
            if squeezed(node.text_content()) == squeezed(label):
                return self.tree.get_element_by_id(node.get("for"))
        raise AssertionError(f"no field labelled {label!r} on {self.path}: {self.labels}")

    @property
    def labels(self) -> list[str]:
        """Every label, for the message of a test that looks for another one."""
        return [squeezed(node.text_content()) for node in self.tree.xpath("//label")]

    def click(self, words: str) -> Page:
        """Follow the link with these words."""
        for link in self.tree.xpath("//a[@href]"):
            if squeezed(link.text_content()) == squeezed(words):
                return self.client.get(link.get("href"))
        raise AssertionError(f"no link {words!r} on {self.path}")

    def has_button(self, words: str) -> bool:
        """Whether a button with these words can be pressed."""
        return any(
            squeezed(b.text_content()) == squeezed(words) for b in self.tree.xpath("//button[not(@disabled)]")
        )

    def press(self, button: str, follow: bool = True, **fields: Any) -> Page:
        """Fill fields by label (given as a dict `by_label`) or name, press the button, follow the redirect."""
        found = [b for b in self.tree.xpath("//button") if squeezed(b.text_content()) == squeezed(button)]
        if not found:
            raise AssertionError(f"no button {button!r} on {self.path}")
        node = found[0]
        owner = node.get("form")
        form = self.tree.get_element_by_id(owner) if owner else next(node.iterancestors("form"))
        values = self._values(form, owner)
        for label, value in fields.pop("by_label", {}).items():
            control = self.field(label)
            if control.get("type") in ("radio", "checkbox"):
                value = (control.get("value") or "y") if value else None
            values[control.get("name")] = value
        values.update(fields)
        if node.get("name"):
            values[node.get("name")] = node.get("value") or ""
        values = {k: v for k, v in values.items() if v is not None}
        target = form.get("action") or self.path
        if (form.get("method") or "get").lower() == "get":
            return self.client.get(target, follow=follow, query=values)
        return self.client.post(target, values, follow=follow, standing_on=self.path)

    def _values(self, form: Any, owner: str | None) -> dict[str, Any]:
        controls = form.xpath(".//input|.//select|.//textarea")
        if owner:
            controls += self.tree.xpath(
                f"//*[@form='{owner}'][self::input or self::select or self::textarea]"
            )
        values: dict[str, Any] = {}
        for control in controls:
            name, kind = control.get("name"), control.get("type")
            if not name or control.get("disabled") is not None:
                continue
            if kind in ("checkbox", "radio"):
                if control.get("checked") is not None:
                    values.setdefault(name, [])
                    if isinstance(values[name], list):
                        values[name].append(control.get("value") or "y")
            else:
                values[name] = typed_in(control)
        return values


def typed_in(control: Any) -> str:
    """What stands in a field of text or a list."""
    if control.tag == "select":
        return control.value or ""
    return (control.text if control.tag == "textarea" else control.get("value")) or ""


class PageClient:
    """A browser: keeps its cookie, follows redirects, checks each page."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.app, self.language = app, language
        self.http: FlaskClient = app.test_client()
        self.headers = {
            "Accept-Language": language,
            "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
        }

    def get(self, path: str, follow: bool = True, query: dict[str, Any] | None = None) -> Page:
        """Open an address."""
        return self._page(self._ask("GET", path, query_string=query), path, follow)

    def post(
        self, path: str, data: dict[str, Any] | None = None, follow: bool = True, *, standing_on: str = ""
    ) -> Page:
        """Send a form as it is: no token is added; a form of a page says on which page it stood."""
        headers = {"Referer": f"http://localhost{standing_on}"} if standing_on.startswith("/") else {}
        return self._page(self._ask("POST", path, data=data or {}, headers=headers), path, follow)

    def post_with_token(self, path: str, data: dict[str, Any] | None = None, follow: bool = True) -> Page:
        """Send fields nobody's page offered, with a valid CSRF token: what an attacker with a session can do."""
        token = self.get("/contact").tree.xpath("//input[@name='csrf_token']/@value")
        return self.post(
            path, {"csrf_token": token[0] if token else self.csrf_token(), **(data or {})}, follow
        )

    def csrf_token(self) -> str:
        """A token of this browser's cookie, from the sign-in page."""
        return str(self.get("/password/lost").tree.xpath("//input[@name='csrf_token']/@value")[0])

    @property
    def cookie(self) -> dict[str, Any]:
        """What the encrypted cookie holds."""
        import json

        found = self.http.get_cookie(cookie_name())
        return json.loads(crypto.unseal_cookie(found.value)) if found else {}

    def set_cookie(self, values: dict[str, Any]) -> None:
        """Put values into the encrypted cookie."""
        import json

        self.http.set_cookie(cookie_name(), crypto.seal_cookie(json.dumps({**self.cookie, **values})))

    def _ask(self, method: str, path: str, **more: Any) -> TestResponse:
        # A context of its own, as in a server process: nothing of the test or of another request is in it.
        db.session.remove()
        more["headers"] = {**self.headers, **more.get("headers", {})}
        ask = partial(self.http.open, path, method=method, base_url="http://localhost", **more)
        return contextvars.Context().run(ask)

    def _page(self, response: TestResponse, path: str, follow: bool) -> Page:
        steps = 0
        while follow and response.status_code in (301, 302, 303, 307, 308) and steps < 6:
            path, steps = response.headers["Location"], steps + 1
            response = self._ask("GET", path.replace("http://localhost", ""))
        page = Page(response, self, path)
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303):
            check_page(page)
        return page


def check_page(page: Page) -> None:
    """What holds for every page: language, one heading equal to the title, labels, no inline script or style."""
    tree, where = page.tree, page.path
    assert tree.get("lang"), f"{where}: no language"
    headings = tree.xpath("//h1")
    assert len(headings) == 1, f"{where}: {len(headings)} h1"
    assert tree.xpath("string(//title)").startswith(page.heading[:20]), f"{where}: title and heading differ"
    assert not tree.xpath("//*[@style]|//style|//script[not(@src)]"), f"{where}: inline style or script"
    assert not tree.xpath("//*[@onclick or @onload or @onsubmit]"), f"{where}: event handler"
    for form in tree.xpath("//form[translate(@method,'POST','post')='post']"):
        assert form.xpath(".//input[@name='csrf_token']"), f"{where}: form without token"
    for control in tree.xpath("//input[not(@type='hidden')]|//select|//textarea"):
        name = control.get("id")
        labelled = name and tree.xpath(f"//label[@for='{name}']")
        assert labelled or control.get("aria-label"), f"{where}: unlabelled {control.get('name')}"
