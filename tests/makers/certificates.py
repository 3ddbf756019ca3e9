"""Makers of certificates: journeys with places and offices, what is typed into the boxes, drafts and their ways."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from portal import clock
from portal.access.actor import Actor
from portal.certificates import drafting, filling, submitting
from portal.certificates.drafting import CertificateWish
from portal.certificates.models import Certificate, SigningIntent
from portal.certificates.states import CertificateState
from portal.database import db
from portal.identity.models import Account
from portal.organisations.models import Organisation
from portal.roles.models import Role
from portal.vocabulary import AuthorityRole
from tests.makers.operators import CATTLE, ORGANIC
from tests.makers.organisations import a_control_body, a_scope, an_authority, an_operator
from tests.makers.roles import a_member, acting

MODEL = "BOV-INTRA-X"


@dataclass
class Journey:
    """An operator in France sends to one in Germany; each with its authorities, all below one Commission."""

    commission: Organisation
    origin_centre: Organisation
    origin: Organisation
    destination_centre: Organisation
    destination: Organisation
    sender: Organisation
    receiver: Organisation

    def wish(self, **more: Any) -> CertificateWish:
        """An INTRA for that journey."""
        wish = CertificateWish("INTRA", MODEL, None, "fr,de", "FR", "DE")
        return replace(wish, **more)

    def boxes(self, **more: Any) -> dict[str, Any]:
        """Everything that has to be typed into that INTRA."""
        return {
            "I.1": self.sender.id, "I.5": self.receiver.id, "I.11": self.sender.id, "I.12": self.receiver.id,
            "I.13": self.sender.id, "I.14": "2026-11-24T06:30", "I.27": "12",
            "I.15": [{"mode": "Road vehicle", "identification": "AB-123-CD"}],
            "I.30": [{"species": "Bos taurus", "identification": "FR1234567890", "quantity": "12"}],
        } | more  # fmt: skip


def a_journey() -> Journey:
    """Two countries and their people's places."""
    commission = an_authority("European Commission", AuthorityRole.COMMISSION, country="EU")
    offices = []
    for country in ("FR", "DE"):
        centre = an_authority(f"Centre {country}", AuthorityRole.CCA, above=commission, country=country)
        local = an_authority(f"Office {country}", AuthorityRole.LAU, above=centre, country=country)
        for office in (centre, local):
            office.competences.append("VETERINARY")
        db.session.commit()
        offices += [centre, local]
    sender = an_operator(
        "Élevage Exemple", responsible=offices[1], activity=CATTLE, country="FR", city="Lyon"
    )
    receiver = an_operator("Hof Beispiel", responsible=offices[3], activity=CATTLE, country="DE", city="Köln")
    return Journey(commission, *offices, sender, receiver)


def somebody_of(organisation: Organisation, **more: Any) -> Actor:
    """A person of that organisation, after a full sign-in."""
    return acting(a_member(organisation, **more))


def chief_of(organisation: Organisation) -> Actor:
    """An administrator of that organisation, after a full sign-in."""
    return somebody_of(organisation, administrator=True)


def may_sign(account: Account) -> None:
    """Every role of that person has the flag of officers."""
    for role in db.session.query(Role).filter_by(account_id=account.id):
        role.may_sign = True
    db.session.commit()


def an_officer(organisation: Organisation, **more: Any) -> Actor:
    """A person of that organisation who may sign."""
    account = a_member(organisation, **more)
    may_sign(account)
    return acting(account)


def fill(certificate: Certificate, typed: dict[str, Any], actor: Actor) -> Certificate:
    """These boxes, as the page of that moment would send them."""
    return drafting.save_boxes(certificate.id, typed, filling.versions_of(certificate), actor)


def a_draft(journey: Journey, actor: Actor, **more: Any) -> Certificate:
    """A complete INTRA that nobody submitted yet."""
    certificate = drafting.begin(journey.wish(), actor)
    return fill(certificate, journey.boxes(**more), actor)


def a_submitted(journey: Journey, actor: Actor) -> Certificate:
    """An INTRA that waits for the authority of the place of dispatch."""
    return submitting.submit(a_draft(journey, actor).id, actor)


def now_valid(certificate: Certificate, officer: Actor) -> Certificate:
    """The certificate as a signature leaves it; the signature itself is not looked at here."""
    certificate.state, certificate.number = (
        CertificateState.VALID.value,
        f"DEMO.INTRA.FR.2026.{certificate.id:07}",
    )
    certificate.signed_by, certificate.signed_at = officer.account_id, clock.now()
    db.session.commit()
    return certificate


def an_open_intent(certificate: Certificate, actor: Actor) -> SigningIntent:
    """A signature that is being made."""
    intent = SigningIntent(
        certificate_id=certificate.id, round_key="round", number="DEMO.INTRA.FR.2026.0000099",
        account_id=actor.account_id, sign_in_id=actor.session_id, profile_id=actor.acting_as or 0,
        assurance=actor.assurance.value, method=actor.method.value, factor_at=clock.now(), data_hash="0" * 64,
        signatory_name="Robin Modele", state="waiting", made_at=clock.now(),
    )  # fmt: skip
    db.session.add(intent)
    db.session.commit()
    return intent


@dataclass
class OrganicJourney:
    """A control body abroad, an importer in Belgium, the border post and the authority above it."""

    body: Organisation
    importer: Organisation
    centre: Organisation
    post: Organisation

    def boxes(self, **more: Any) -> dict[str, Any]:
        """Boxes 1 to 17."""
        exporter = {"id": None, "name": "Granos del Sur", "address": "Camino 1", "country": "AR", "code": ""}
        product = {
            "status": "organic", "cn": "1001 99 00", "name": "Trigo", "category": "D", "packages": "20", "lot": "L1",
            "net": "500 kg",
        }  # fmt: skip
        return {
            "1": self.body.id, "2": "compliance", "4": exporter, "5": exporter, "7": self.body.id, "8": "AR",
            "9": "AR", "10": self.post.id, "11": "BE", "12": self.importer.id, "13": [product], "16": "520 kg",
            "17": [{"mode": "Ship", "identification": "MV Exemple"}],
        } | more  # fmt: skip


def an_organic_journey() -> OrganicJourney:
    """Their organisations."""
    commission = an_authority("European Commission", AuthorityRole.COMMISSION, country="EU")
    centre = an_authority("Centre BE", AuthorityRole.CCA, above=commission)
    post = an_authority("Post of Antwerp", AuthorityRole.BCP, above=centre)
    post.competences.append("ORGANIC")
    db.session.commit()
    body = a_control_body("Control Body of the South", country="AR")
    a_scope(body, country="AR")
    importer = an_operator("Import Exemple", activity=ORGANIC, responsible=centre)
    return OrganicJourney(body, importer, centre, post)
