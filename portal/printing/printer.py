"""Prints papers in a warm child process: ten seconds for each, so many pages, and a child that hangs is killed."""

from __future__ import annotations

import contextlib
import functools
import os
import selectors
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

from portal.printing.paper import Paper
from portal.printing.sheets import Sheet, TextTooLong, sheet_of

CHILD = Path(__file__).with_name("child.py")
SECONDS, STARTING_SECONDS, PAGES = 10.0, 60.0, 60
SHEETS_OF_A_CHILD = 500
"""After so many a fresh child takes over, so that what libraries keep in memory goes."""
CHUNK = 65536


class RenderingFailed(Exception):
    """No PDF came; `word` says why: `too-long` (too much text, time or memory), `too-many-pages`,
    `missing-libraries` (of WeasyPrint, on this machine) or `failed`."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class Printer:
    """One child and the right to kill it; usable from several threads, which then wait for one another."""

    def __init__(self, seconds: float = SECONDS, pages: int = PAGES) -> None:
        self._seconds, self._pages = seconds, pages
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = self._printed = 0
        self._lock = threading.Lock()

    def pdf(self, paper: Paper) -> bytes:
        """The tagged PDF (PDF/UA-1 structure) of a paper; needs the application's context for its words.

        Raises RenderingFailed.
        """
        try:
            return self.printed(sheet_of(paper))
        except TextTooLong as error:
            raise RenderingFailed("too-long") from error

    def printed(self, sheet: Sheet) -> bytes:
        """The PDF of a sheet; raises RenderingFailed."""
        with self._lock:
            child = self._ready()
            self._printed += 1
            answer = self._exchange(child, sheet.encoded(self._pages), self._seconds)
            if answer[:1] != b"+":
                # A child that ran out of something has lost its balance.
                self._end()
                raise RenderingFailed(answer[1:].decode())
            return answer[1:]

    def close(self) -> None:
        """End the child; the next paper starts another."""
        with self._lock:
            self._end()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():
            # After a fork the child belongs to the other process; two may not share its pipes.
            self._child, self._owner = None, os.getpid()
        if self._child and (self._child.poll() is not None or self._printed >= SHEETS_OF_A_CHILD):
            self._end()
        return self._child or self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        # The child sees these variables and no others: no key, no password, no database. Fonts may be at home.
        variables = {"PATH": os.defpath, "HOME": str(Path.home()), "LANG": "C.UTF-8"}
        self._child = child = subprocess.Popen(
            [sys.executable, "-I", str(CHILD)], cwd="/", env=variables,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
        )  # fmt: skip
        self._printed = 0
        for pipe in (child.stdin, child.stdout):
            os.set_blocking(pipe.fileno(), False)  # type: ignore[union-attr]
        answer = self._exchange(child, None, STARTING_SECONDS)
        if answer != b"+":
            self._end()
            raise RenderingFailed(answer[1:].decode())
        return child

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for pipe in (self._child.stdin, self._child.stdout):
                with contextlib.suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]
        self._child = None

    def _exchange(self, child: subprocess.Popen[bytes], frame: bytes | None, seconds: float) -> bytes:
        try:
            return _exchanged(child, frame, time.monotonic() + seconds)
        except TimeoutError as error:
            self._end()
            raise RenderingFailed("too-long") from error
        except OSError as error:
            self._end()
            raise RenderingFailed("failed") from error


def _exchanged(child: subprocess.Popen[bytes], frame: bytes | None, deadline: float) -> bytes:
    """Write a frame and read the answer before the deadline; TimeoutError or OSError."""
    assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018 - made with pipes
    to_write = memoryview(b"" if frame is None else struct.pack(">I", len(frame)) + frame)
    read = bytearray()
    with selectors.DefaultSelector() as ready:
        ready.register(child.stdout, selectors.EVENT_READ)
        if to_write:
            ready.register(child.stdin, selectors.EVENT_WRITE)
        while not _is_whole(read):
            events = ready.select(deadline - time.monotonic())
            if time.monotonic() >= deadline:
                raise TimeoutError
            for key, event in events:
                if event & selectors.EVENT_WRITE:
                    to_write = to_write[os.write(key.fd, to_write[:CHUNK]) :]
                    if not to_write:
                        ready.unregister(child.stdin)
                elif part := os.read(key.fd, CHUNK):
                    read += part
                else:
                    raise BrokenPipeError
    return bytes(read[4:])


def _is_whole(read: bytearray) -> bool:
    return len(read) >= 4 and len(read) >= 4 + struct.unpack(">I", read[:4])[0]


@functools.cache
def printer() -> Printer:
    """The printer of this process."""
    return Printer()
