"""The template «demo» of Training: the invented register, and in the demo its people with their certificates."""

from __future__ import annotations

from collections.abc import Iterator

from portal import config
from portal.demo import certificates, people, register
from portal.exchange import from_production, training
from portal.exchange.training import Template
from portal.organisations import loading
from portal.work.ledger import Facts

NAME = "demo"


def pieces() -> Iterator[Facts]:
    """Public lists first, then what is invented under them."""
    yield {"part": "lists", "label": "public lists"}
    yield {"part": "register", "label": "invented register"}
    if config.current().is_demo:
        yield {"part": "people", "label": "invented people"}
        yield {"part": "certificates", "label": "invented certificates"}


def fill(piece: Facts) -> int:
    """Load one part; each can be loaded again."""
    if piece["part"] == "lists":
        return sum(counts.added for counts in loading.load_organisations().values())
    if piece["part"] == "register":
        return register.load_demo_register()["operators added"]
    if piece["part"] == "certificates":
        return certificates.load_certificates()
    return people.take_their_places()


def connect() -> None:
    """Offer both templates."""
    training.register(Template(NAME, pieces, fill), from_production.TEMPLATE)
