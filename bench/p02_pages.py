"""P2: three pages for people who are signed in, against bare views with the same bytes."""

from __future__ import annotations

from functools import partial

from bench import servers
from bench.load import requests_per_cpu_second
from bench.measuring import Figure, at_least, in_turn
from bench.run import Run, signed_in
from bench.servers import Server

PERSON = "national-authority"
PAGES = {
    "profile": ("profile", "/production/profile"),
    "queue": ("queue page of 25", "/production/validation"),
    "search": ("search result page of 25", "/production/role-requests/new/operator?country=FR"),
}
ROWS = 25
SEARCHER = "newcomer"


def measure(run: Run) -> list[Figure]:
    """Pages for a second of processor time, both servers up the whole time, asked in turn."""
    with servers.portal(run.instance) as ours:
        cookies = {name: _open(run, ours, name) for name in PAGES}
        with servers.bare(run.pages) as bare:
            return [_figure(name, ours, cookies[name], bare) for name in PAGES]


def _open(run: Run, ours: Server, name: str) -> str:
    path = PAGES[name][1]
    visitor = signed_in(ours.port, SEARCHER if name == "search" else PERSON, path)
    answer = visitor.get(path)
    rows = len(answer.tree.xpath("//tbody/tr"))
    assert answer.status == 200, f"{path} answered {answer.status}"
    assert rows == ROWS or name == "profile", f"{path} has {rows} rows"
    run.keep_page(name, answer.body)
    return visitor.cookie


def _figure(name: str, ours: Server, cookie: str, bare: Server) -> Figure:
    title, path = PAGES[name]
    return in_turn(
        "P2", title, "req/CPU s", at_least(0.5),
        partial(requests_per_cpu_second, ours, path, cookie), partial(requests_per_cpu_second, bare, f"/page/{name}"),
    )  # fmt: skip
