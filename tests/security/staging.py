"""The scenes of the long tests played inside this process: the same people, forms and fields without a server."""

from __future__ import annotations

import contextvars
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any

from flask import Flask

from bench.visiting import Answer, Visitor
from portal.database import db
from portal.web.cookie import cookie_name
from tests.long.place import Place
from tests.long.scene import Scene
from tests.long.scenes import SCENES

SERVED_ONLY = ("eids.", "eid_sign_in.", "phone_app.")
"""Their scenes need a provider on the network, or are calls of the app, which are no forms."""
STAGED = sorted(name for name in SCENES if not name.startswith(SERVED_ONLY))


class Browser(Visitor):
    """A visitor who reaches the application without a network."""

    def __init__(self, app: Flask, cookie: str = "") -> None:
        super().__init__(0, "en", cookie)
        self.app = app

    def twin(self) -> Browser:
        """Another window of the same browser."""
        return Browser(self.app, self.cookie)

    def _ask(
        self,
        method: str,
        path: str,
        body: str | bytes | None,
        form: str = "application/x-www-form-urlencoded",
    ) -> Answer:
        db.session.remove()
        client = self.app.test_client(use_cookies=False)
        headers = {"Accept-Language": self.language, "Cookie": self.cookie}
        ask = partial(client.open, path, method=method, data=body, base_url="http://localhost",
                      content_type=form if body is not None else None, headers=headers)  # fmt: skip
        # A context of its own, as in a server process.
        response = contextvars.Context().run(ask)
        fresh = [one for one in response.headers.getlist("Set-Cookie") if one.startswith(cookie_name())]
        if fresh:
            self.cookie = fresh[0].partition(";")[0]
        return Answer(response.status_code, response.headers, response.get_data())  # type: ignore[arg-type]


@dataclass
class Stage(Place):
    """A place without a server: its people sit in this process."""

    def visitor(self) -> Browser:
        """A browser of nobody yet."""
        return Browser(self.app)

    def browser_with(self, **kept: Any) -> Browser:
        """A browser whose cookie holds these."""
        return Browser(self.app, super().browser_with(**kept).cookie)


def stage(app: Flask) -> Stage:
    """The application as a place for scenes."""
    return Stage(SimpleNamespace(port=0), app, SimpleNamespace())  # type: ignore[arg-type]


def played(place: Stage, endpoint: str) -> Scene:
    """The scene of that form, about to be sent."""
    with place.inside():
        return SCENES[endpoint](place)


def counted(place: Stage, scene: Scene) -> int:
    """What the scene counts, now."""
    with place.inside():
        return scene.count()


def token_of(browser: Visitor) -> str:
    """A token of that browser, from a page that is open to all."""
    return str(browser.get("/password/lost").tree.xpath("//input[@name='csrf_token']/@value")[0])
