"""The load: a few connections that are kept open, each asking for one address again as soon as it was answered."""

from __future__ import annotations

import socket
import threading
import time

from bench.servers import Server

CONNECTIONS = 6
SECONDS = 2.0


def requests_per_cpu_second(server: Server, path: str, cookie: str = "") -> float:
    """How many pages the server gives for one second of processor time: what else the machine does changes little."""
    before = server.cpu_seconds()
    answers = ask_for(SECONDS, server.port, path, cookie)
    return answers / (server.cpu_seconds() - before)


def ask_for(seconds: float, port: int, path: str, cookie: str) -> int:
    """How many answers all connections together get; an answer that is not 200 ends the run."""
    ends = time.monotonic() + seconds
    counts = [0] * CONNECTIONS
    wrong: list[str] = []
    threads = [
        threading.Thread(target=_ask_until, args=(ends, port, _request(path, cookie), counts, number, wrong))
        for number in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"{path} answered {wrong[0]}")
    return sum(counts)


def _request(path: str, cookie: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Accept: text/html", "Accept-Language: fr"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _ask_until(
    ends: float, port: int, request: bytes, counts: list[int], number: int, wrong: list[str]
) -> None:
    connection = Connection(port)
    while time.monotonic() < ends and not wrong:
        head, _body = connection.ask(request)
        if not head.startswith(b"HTTP/1.1 200"):
            wrong.append(head.partition(b"\r\n")[0].decode())
        counts[number] += 1
    connection.close()


class Connection:
    """One connection, as lean as a client can be, so that it takes little of the processors the servers share."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def ask(self, request: bytes) -> tuple[bytes, bytes]:
        """Send the request and read head and body of its answer; the server may close the connection after it."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        head, body = self._read(self.socket)
        if b"onnection: close" in head:
            self.close()
        return head, body

    def _read(self, connection: socket.socket) -> tuple[bytes, bytes]:
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more(connection)
        head, _, body = received.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        while len(body) < length:
            body += self._more(connection)
        return head, body

    def _more(self, connection: socket.socket) -> bytes:
        part = connection.recv(65536)
        if not part:
            raise ConnectionError("the server closed the connection")
        return part

    def close(self) -> None:
        """Let go of it."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None
