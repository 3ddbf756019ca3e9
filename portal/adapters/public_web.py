"""Fetches what a stranger's certificate names from the public internet: never from a machine of this house."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

SECONDS = 5
"""Of silence; the whole answer gets twice that."""
BYTES = 1024 * 1024
PORTS = {"http": 80, "https": 443}
CARRIES_IPV4 = tuple(
    ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)
"""Addresses of the sixth version that lead to one of the fourth, which may be private."""


class NotFetched(ValueError):
    """The address is none of the public internet, or it gave no answer of ours in time and size."""


@dataclass(frozen=True)
class Sent:
    """What goes with a question: its body (None: it is read only) and media type, and the types that are accepted."""

    body: bytes | None = None
    media_type: str = ""
    accepted: str = "*/*"


def fetched(address: str, sent: Sent, *, loopback: bool = False) -> bytes:
    """The answer (status 200, at most BYTES, no redirect, no proxy); raises NotFetched.

    Every address that the name has must be public and the first is the one that is connected to, so that a name cannot
    mean another machine a moment later. With `loopback` (demo and tests) loopback alone is allowed instead.
    """
    deadline = time.monotonic() + 2 * SECONDS
    try:
        parts = urlsplit(address)
        if parts.scheme not in PORTS or not parts.hostname or parts.username is not None:
            raise NotFetched("not an address of the web")
        connection = _connected(parts, loopback)
        try:
            return _answer(connection, parts, sent, deadline)
        finally:
            connection.close()
    except NotFetched:
        raise
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise NotFetched(type(error).__name__) from error


def _connected(parts: SplitResult, loopback: bool) -> http.client.HTTPConnection:
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not found or not all(_is_allowed(str(each[4][0]), loopback) for each in found):
        raise NotFetched("not an address of the public internet")
    line = socket.create_connection((str(found[0][4][0]), port), timeout=SECONDS)
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    try:
        is_tls = parts.scheme == "https"
        connection.sock = (
            ssl.create_default_context().wrap_socket(line, server_hostname=host) if is_tls else line
        )
    except (OSError, ValueError):
        line.close()
        raise
    return connection


def _is_allowed(text: str, loopback: bool) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if loopback:
        return address.is_loopback
    return address.is_global and not address.is_multicast and not any(address in net for net in CARRIES_IPV4)


def _answer(connection: http.client.HTTPConnection, parts: SplitResult, sent: Sent, deadline: float) -> bytes:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"Accept": sent.accepted, "Host": parts.netloc, "Connection": "close"}
    if sent.media_type:
        headers["Content-Type"] = sent.media_type
    connection.request("GET" if sent.body is None else "POST", path, sent.body, headers)
    answer = connection.getresponse()
    if answer.status != http.client.OK:
        raise NotFetched(f"status {answer.status}")
    body = bytearray()
    while piece := answer.read1(16 * 1024):
        body += piece
        if len(body) > BYTES or time.monotonic() > deadline:
            raise NotFetched("too long")
    return bytes(body)
