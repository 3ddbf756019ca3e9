"""P1: the sign-in page for visitors, against a bare view with the same bytes."""

from __future__ import annotations

from functools import partial

from bench import servers
from bench.load import requests_per_cpu_second
from bench.measuring import Figure, at_least, in_turn
from bench.run import Run
from bench.visiting import Visitor

PATH = "/sign-in"


def measure(run: Run) -> list[Figure]:
    """Pages for a second of processor time, both servers up the whole time, asked in turn."""
    with servers.portal(run.instance) as ours:
        run.keep_page("sign-in", Visitor(ours.port, "fr").get(PATH).body)
        with servers.bare(run.pages) as bare:
            return [
                in_turn(
                    "P1", "sign-in page, signed out", "req/CPU s", at_least(0.6),
                    partial(requests_per_cpu_second, ours, PATH),
                    partial(requests_per_cpu_second, bare, "/page/sign-in"),
                )
            ]  # fmt: skip
