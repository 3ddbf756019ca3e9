"""The certificates of the demo: drafts, some that wait for who certifies them, one sent back, some signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.access.actor import Actor
from portal.certificates import confirming, drafting, filling, signing, submitting
from portal.certificates.drafting import CertificateWish
from portal.certificates.models import Certificate
from portal.certificates.states import CertificateState, RefusalReason
from portal.database import db
from portal.demo import people
from portal.demo.acting import actor_for
from portal.demo.people import WaitingRequest
from portal.identity import queries as identity
from portal.roles import granting

DAYS_AHEAD = timedelta(days=5)
BREEDER, OFFICE = "demo/FR/named-5", "demo/FR/LAU"
BODY, IMPORTER, POST = "demo/DE/BODY", "demo/BE/named-3", "demo/IE/BCP"
IMPORTS_BY = WaitingRequest("Elias", "Voorbeeld", "elias.voorbeeld@import.example", "en", IMPORTER, "")
"""Nobody's account in the list of people: only so that an importer can have submitted something."""
MAKERS = {
    BREEDER: "robin.modele@fret.example",
    OFFICE: "alix.specimen@veto.example",
    BODY: "kim.muster@kontrolle.example",
    IMPORTER: IMPORTS_BY.email,
}


@dataclass(frozen=True)
class Consignment:
    """A certificate of the demo: who begins it, under which model, from where to where, and how far it comes.

    `organisations` are boxes with source keys; `boxes` what is typed into the others.
    """

    maker: str
    model: str
    languages: str
    origin: str
    destination: str
    state: CertificateState
    organisations: Mapping[str, str] = field(default_factory=dict)
    boxes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def document(self) -> str:
        """COI or INTRA."""
        return "COI" if self.model == "COI" else "INTRA"

    @property
    def certifier(self) -> str:
        """Whoever signs it or sends it back."""
        return BODY if self.model == "COI" else OFFICE


def _cattle(to: str, receiver: str, state: CertificateState, mark: str, count: int) -> Consignment:
    animal = {"species": "Bos taurus", "identification": mark, "quantity": str(count)}
    return Consignment(
        BREEDER, "BOV-INTRA-X", f"fr,{'en' if to == 'IE' else to.lower()}", "FR", to, state,
        {"I.1": BREEDER, "I.5": receiver, "I.11": BREEDER, "I.12": receiver, "I.13": BREEDER},
        {
            "I.15": [{"mode": "Véhicule routier", "identification": f"DEMO-{count:02}"}],
            "I.27": str(count), "I.30": [animal],
        },
    )  # fmt: skip


def _organic(
    maker: str, state: CertificateState, name: str, cn: str, weight: int, origin: str = "AR"
) -> Consignment:
    grower = {"id": None, "name": "Cooperativa Ejemplo", "address": "Camino 1", "country": origin, "code": ""}
    product = {
        "status": "organic", "cn": cn, "name": name, "category": "D", "packages": str(weight // 25),
        "lot": f"DEMO-{weight}", "net": f"{weight} kg",
    }  # fmt: skip
    return Consignment(
        maker, "COI", "en", origin, "BE", state, {"1": BODY, "7": BODY, "10": POST, "12": IMPORTER},
        {
            "2": "compliance", "4": grower, "5": grower, "13": [product], "16": f"{weight + 40} kg",
            "17": [{"mode": "Ship", "identification": "MV Example"}],
        },
    )  # fmt: skip


HOF, FINCA, FARM = "demo/DE/named-6", "demo/ES/named-7", "demo/IE/named-8"
CONSIGNMENTS = (
    _cattle("DE", HOF, CertificateState.VALID, "FR DEMO 0001", 12),
    _cattle("ES", FINCA, CertificateState.VALID, "FR DEMO 0002", 8),
    _cattle("IE", FARM, CertificateState.REJECTED, "FR DEMO 0003", 4),
    _cattle("DE", HOF, CertificateState.SUBMITTED, "FR DEMO 0004", 20),
    _cattle("IE", FARM, CertificateState.SUBMITTED, "FR DEMO 0005", 6),
    Consignment(BREEDER, "BOV-INTRA-Y", "fr,es", "FR", "ES", CertificateState.DRAFT, {"I.1": BREEDER}),
    _organic(BODY, CertificateState.VALID, "Wheat", "1001 99 00", 5000),
    _organic(IMPORTER, CertificateState.SUBMITTED, "Linseed", "1204 00 90", 2000),
    _organic(BODY, CertificateState.DRAFT, "Soya beans", "1201 90 00", 1000, "BR"),
)
"""In the order in which they are made, in each environment."""


def load_certificates() -> int:
    """Those of the current environment; returns how many. None where there are some already; can run again.

    Each goes the way of any other certificate. The signed ones are confirmed here; the worker prints and seals them.
    """
    if db.session.scalar(select(Certificate.id).limit(1)) is not None:
        return 0
    _place_the_importer()
    actors = {key: _actor(key, email) for key, email in MAKERS.items()}
    made = [(one, _made(one, actors)) for one in CONSIGNMENTS]
    for certifier in (OFFICE, BODY):
        _confirm([number for one, number in made if _is_signed_by(one, certifier)], actors[certifier])
    db.session.commit()
    return len(made)


def _place_the_importer() -> None:
    account = people.account_without_password(IMPORTS_BY)
    granting.grant(account.id, people.organisation_of(IMPORTER), administrator=False)
    db.session.commit()


def _actor(source_key: str, email: str) -> Actor:
    account = identity.account_by_email(email)
    assert account is not None  # noqa: S101 - the people were loaded before
    return actor_for(account.id, people.organisation_of(source_key).id)


def _made(one: Consignment, actors: Mapping[str, Actor]) -> int:
    maker, certifier = actors[one.maker], actors[one.certifier]
    wish = CertificateWish(
        one.document, one.model, None, one.languages, origin_country=one.origin, destination_country=one.destination
    )  # fmt: skip
    certificate = drafting.begin(wish, maker)
    boxes = dict(_typed(one))
    drafting.save_boxes(certificate.id, boxes, filling.versions_of(certificate), maker)
    if one.state is CertificateState.DRAFT or one.maker == one.certifier:
        return certificate.id
    submitting.submit(certificate.id, maker)
    if one.state is CertificateState.REJECTED:
        text = "Le moyen de transport n'est pas celui qui a été annoncé."
        submitting.refuse(certificate.id, RefusalReason.INCORRECT, text, certifier)
    return certificate.id


def _typed(one: Consignment) -> Iterator[tuple[str, Any]]:
    for box, source_key in one.organisations.items():
        yield box, people.organisation_of(source_key).id
    yield from one.boxes.items()
    if one.document == "INTRA":
        yield "I.14", f"{clock.now() + DAYS_AHEAD:%Y-%m-%d}T06:30"
    else:
        yield from (("8", one.origin), ("9", one.origin), ("11", one.destination))


def _is_signed_by(one: Consignment, certifier: str) -> bool:
    return one.state is CertificateState.VALID and one.certifier == certifier


def _confirm(numbers: list[int], officer: Actor) -> None:
    """All at once, as an officer does; without a seal key they stay unsigned, as they would for anybody."""
    try:
        hashes = {number: signing.to_sign(number, officer).data_hash for number in numbers}
        signing.confirm(numbers, hashes, officer)
    except confirming.NoSealKey:
        db.session.rollback()
