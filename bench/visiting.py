"""A visitor: a browser without script over plain HTTP, with its cookie; signs in as the people of the demo."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from lxml import html

WAIT_SECONDS = 30
REDIRECTS = (301, 302, 303, 307, 308)
FORM = "application/x-www-form-urlencoded"
BOUNDARY = "a-line-that-stands-in-no-file"


def _parts(fields: dict[str, Any]) -> bytes:
    """A form with a file, as a browser writes it."""
    lines = b""
    for name, value in fields.items():
        file = '; filename="rows.csv"' if isinstance(value, bytes) else ""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        lines += head.encode() + (value if isinstance(value, bytes) else str(value).encode()) + b"\r\n"
    return lines + f"--{BOUNDARY}--\r\n".encode()


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def tree(self) -> Any:
        """The page, parsed."""
        return html.fromstring(self.body)

    @property
    def text(self) -> str:
        """All words of the page."""
        return " ".join(self.tree.text_content().split())

    @property
    def location(self) -> str:
        """Where it leads, as a path."""
        parts = urlsplit(self.headers.get("Location") or "")
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def token(self) -> str:
        """The token of the page's forms."""
        return str(self.tree.xpath("//main//input[@name='csrf_token']/@value")[0])


class Visitor:
    """One browser; `cookie` is the whole of what it knows."""

    def __init__(self, port: int, language: str = "en", cookie: str = "") -> None:
        self.port, self.language, self.cookie = port, language, cookie

    def get(self, path: str) -> Answer:
        """Open an address; redirects are not followed."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, Any]) -> Answer:
        """Send a form; a value of bytes is a file."""
        if any(isinstance(value, bytes) for value in fields.values()):
            return self._ask("POST", path, _parts(fields), f"multipart/form-data; boundary={BOUNDARY}")
        return self._ask("POST", path, urlencode(fields, doseq=True))

    def send_form(self, path: str, fields: dict[str, Any]) -> Answer:
        """Open the page of a form, then send its fields with its token."""
        return self.post(path, {"csrf_token": self.get(path).token, **fields})

    def twin(self) -> Visitor:
        """Another window of the same browser."""
        return Visitor(self.port, self.language, self.cookie)

    def _ask(self, method: str, path: str, body: str | bytes | None, form: str = FORM) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Accept-Language": self.language, "Cookie": self.cookie, "Connection": "close"}
        if body is not None:
            headers["Content-Type"] = form
        try:
            connection.request(method, path, body, {k: v for k, v in headers.items() if v})
            response = connection.getresponse()
            answer = Answer(response.status, response.msg, response.read())
        finally:
            connection.close()
        fresh = answer.headers.get("Set-Cookie")
        if fresh:
            self.cookie = fresh.partition(";")[0]
        return answer

    def inbox(self, to: str) -> list[dict[str, Any]]:
        """Mails or text messages to an address or number, newest first."""
        found = json.loads(self.get(f"/demo/inbox.json?to={quote(to, safe='')}").body)
        return list(found)

    def newest(self, to: str, more_than: int = 0) -> dict[str, Any]:
        """The newest message once there are more than so many."""
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            found = self.inbox(to)
            if len(found) > more_than:
                return found[0]
            time.sleep(0.1)
        raise RuntimeError("the message did not come")

    def people(self) -> dict[str, dict[str, Any]]:
        """The people of the demo by their key."""
        return {person["key"]: person for person in json.loads(self.get("/demo/people.json").body)}

    def begin_sign_in(self, email: str, password: str, phone: str, target: str = "/account") -> str:
        """Name, password and method; returns the code that the text message brought."""
        known = len(self.inbox(phone))
        self.send_form(f"/sign-in?next={quote(target, safe='')}", {"name": email})
        done = self.send_form("/sign-in/password", {"password": password, "method": "sms", "number": phone})
        if done.location != "/sign-in/code":
            raise RuntimeError(f"the password was answered with {done.status}")
        return str(self.newest(phone, known)["code"])

    def sign_in(self, person: dict[str, Any], target: str = "/account") -> None:
        """Sign in with password and text message, as a person of the demo."""
        code = self.begin_sign_in(person["email"], person["password"], person["phone"], target)
        done = self.send_form("/sign-in/code", {"part1": code[:4], "part2": code[5:]})
        if done.status not in REDIRECTS:
            raise RuntimeError(f"the code was answered with {done.status}")
