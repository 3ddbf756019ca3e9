"""P11: the weight of every page that links lead to, cold and compressed, with all it loads."""

from __future__ import annotations

import gzip
import re
from urllib.parse import urljoin, urlsplit

from bench import servers
from bench.measuring import Figure
from bench.run import Run, signed_in
from bench.visiting import Answer, Visitor

LIMIT_KB = 30.0
LOADED = (
    "//link[@rel='stylesheet' or @rel='icon']/@href",
    "//script/@src",
    "//img/@src",
    "//*[local-name()='use']/@href",
)
START = ("/", "/sign-in", "/register", "/account", "/production/profile", "/production/validation",
         "/production/role-requests/new/operator?country=FR")  # fmt: skip
PEOPLE = ("national-authority", "newcomer")
PAGES_AT_MOST = 200


def measure(run: Run) -> list[Figure]:
    """One figure, the heaviest page; below 30 kB it is the proof for all of them."""
    weights: dict[str, float] = {}
    with servers.portal(run.instance) as ours:
        _weigh_all(Visitor(ours.port, "fr"), weights)
        for key in PEOPLE:
            _weigh_all(signed_in(ours.port, key, "/production/profile"), weights)
    heaviest = max(weights, key=lambda path: weights[path])
    value, least = weights[heaviest], min(weights.values())
    name = f"heaviest of {len(weights)} pages: {heaviest}"
    spread = (round(least / LIMIT_KB, 3), round(value / LIMIT_KB, 3))
    return [
        Figure(
            "P11",
            name,
            round(value, 1),
            "kB",
            LIMIT_KB,
            spread[1],
            spread,
            f"under {LIMIT_KB:g} kB",
            value < LIMIT_KB,
        )
    ]


def _weigh_all(visitor: Visitor, weights: dict[str, float]) -> None:
    sizes: dict[str, int] = {}
    waiting, seen = list(START), {_shape(path) for path in START}
    while waiting and len(seen) < PAGES_AT_MOST:
        path = waiting.pop(0)
        answer = visitor.get(path)
        if not (answer.headers.get("Content-Type") or "").startswith("text/html") or answer.status >= 300:
            continue
        weight = _weight(visitor, path, answer, sizes) / 1000
        weights[_shape(path)] = max(weight, weights.get(_shape(path), 0.0))
        fresh = [link for link in _links(path, answer) if _shape(link) not in seen]
        seen |= {_shape(link) for link in fresh}
        waiting += fresh


def _weight(visitor: Visitor, path: str, answer: Answer, sizes: dict[str, int]) -> int:
    loaded = {urljoin(path, link.partition("#")[0]) for where in LOADED for link in answer.tree.xpath(where)}
    for address in loaded - sizes.keys():
        sizes[address] = len(gzip.compress(visitor.get(address).body))
    return len(gzip.compress(answer.body)) + sum(sizes[address] for address in loaded)


def _links(path: str, answer: Answer) -> list[str]:
    found = [urljoin(path, str(link)) for link in answer.tree.xpath("//a/@href")]
    own = [link for link in found if not urlsplit(link).netloc and urlsplit(link).path.startswith("/")]
    return [link.partition("#")[0] for link in own if "lang=" not in link and not link.startswith("/demo")]


def _shape(path: str) -> str:
    """Pages of one kind are one page: numbers and filters make no difference."""
    return re.sub(r"\d+", "0", urlsplit(path).path) + ("?…" if urlsplit(path).query else "")
