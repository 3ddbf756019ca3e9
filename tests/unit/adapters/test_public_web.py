"""What a stranger's certificate names is fetched from public addresses alone, and within bounds of time and size."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from portal.adapters import public_web
from portal.adapters.public_web import NotFetched, Sent, fetched
from tests.makers.loopback import QuietHandler, serving


class Answers(QuietHandler):
    """By the path: an answer, a way elsewhere, too much, and one that never ends."""

    def do_GET(self) -> None:
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "/list")
            self.end_headers()
            return
        self.send_response(404 if self.path == "/none" else 200)
        self.end_headers()
        self.wfile.write(bytes(public_web.BYTES + 1) if self.path == "/much" else self.path.encode())

    def do_POST(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.rfile.read(int(self.headers["Content-Length"])))


@pytest.fixture
def place() -> Iterator[str]:
    """A server on loopback."""
    with serving(Answers) as address:
        yield address


def test_an_answer_comes_with_its_query_and_a_question_is_sent(place: str) -> None:
    assert fetched(f"{place}/list?a=1", Sent(), loopback=True) == b"/list?a=1"
    assert fetched(f"{place}/", Sent(b"question", "text/plain"), loopback=True) == b"question"


@pytest.mark.parametrize("path", ["/elsewhere", "/none", "/much"])
def test_a_way_elsewhere_an_error_and_too_much_are_no_answer(place: str, path: str) -> None:
    with pytest.raises(NotFetched):
        fetched(place + path, Sent(), loopback=True)


def test_one_that_drips_is_left(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_web, "SECONDS", -1)
    monkeypatch.setattr(socket, "create_connection", lambda where, timeout: _line(where))
    with pytest.raises(NotFetched, match="too long"):
        fetched(f"{place}/list", Sent(), loopback=True)


def _line(where: tuple[str, int]) -> socket.socket:
    line = socket.socket()
    line.connect(where)
    return line


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
     "[::1]", "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[ff02::1]", "2130706433",
     "[64:ff9b::a00:1]", "[2002:a00:1::1]"],
)  # fmt: skip
def test_machines_of_the_house_are_not_asked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_a, **_k: pytest.fail("connected"))
    with pytest.raises(NotFetched):
        fetched(f"http://{address}/list", Sent())


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://8.8.8.8/list",
        "ldap://8.8.8.8/list",
        "http://",
        "//8.8.8.8/",
        "http://u:p@8.8.8.8/",
        "http://8.8.8.8:port/",
        "http://[8.8.8.8/",
    ],
)
def test_other_schemes_and_addresses_with_a_name_in_them_are_not_asked(address: str) -> None:
    with pytest.raises(NotFetched):
        fetched(address, Sent())


def test_a_name_of_which_one_address_is_not_public_is_not_asked_and_the_checked_one_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []

    def named(*addresses: str) -> None:
        rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 80)) for each in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: rows)

    def connect(where: tuple[str, int], timeout: float) -> socket.socket:
        asked.append(where)
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", connect)
    named("8.8.8.8", "10.0.0.1")
    with pytest.raises(NotFetched, match="public"):
        fetched("http://lists.example/", Sent())
    assert asked == []
    named("8.8.8.8")
    with pytest.raises(NotFetched, match="TimeoutError"):
        fetched("http://lists.example/", Sent())
    assert asked == [("8.8.8.8", 80)]


def test_with_loopback_allowed_the_internet_is_not() -> None:
    with pytest.raises(NotFetched):
        fetched("http://8.8.8.8/", Sent(), loopback=True)
