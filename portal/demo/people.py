"""The invented people of the demo, what to try as each, and the requests that wait in its queues."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal import clock, config, crypto
from portal.database import db
from portal.demo import acting
from portal.environments.environment import Environment, using
from portal.identity import addresses, passwords, queries
from portal.identity.factor_models import Authenticator
from portal.identity.models import Account, Telephone
from portal.identity.registration import RegistrationWish, new_account
from portal.identity.states import FactorState
from portal.organisations.models import ControlBodyScope, Organisation
from portal.roles import granting
from portal.vocabulary import OrganisationKind


@dataclass(frozen=True)
class DemoPerson:
    """One invented person; `organisations` are source keys, `administrator` and `may_sign` hold for all of them."""

    key: str
    first_name: str
    last_name: str
    email: str
    password: str
    phone: str
    language: str
    role: Any
    tries: Any
    organisations: tuple[str, ...] = ()
    administrator: bool = False
    may_sign: bool = False

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def totp_secret(self) -> str:
        """The secret of the invented authenticator app: the same in every demo, as the password is."""
        digest = hashlib.sha256(f"demo authenticator of {self.key}".encode()).digest()
        return base64.b32encode(digest[:20]).decode()


PEOPLE = (
    DemoPerson(
        "newcomer", "Camille", "Exemple", "camille.exemple@agri.example", "lanterne-violette-quai-94",
        "+46701740605", "fr", _l("A person without a role"),
        _l("Ask for a role in Production and follow it in the profile."),
    ),
    DemoPerson(
        "operator-admin", "Robin", "Modele", "robin.modele@fret.example", "tambour-nuage-sentier-31",
        "+46701740606", "fr", _l("Administrator of an operator"),
        _l("Validate or reject a colleague's request."), ("demo/FR/named-5",), administrator=True,
    ),
    DemoPerson(
        "control-body", "Kim", "Muster", "kim.muster@kontrolle.example", "windrad-pfirsich-kanu-58",
        "+46701740607", "de", _l("User of an organic control body"),
        _l("Ask for further countries of the same body; issue a certificate of inspection."), ("demo/DE/BODY",),
        administrator=True, may_sign=True,
    ),
    DemoPerson(
        "veterinarian", "Alix", "Specimen", "alix.specimen@veto.example", "ruche-granit-parapluie-27",
        "+46701740608", "fr", _l("Official veterinarian of a local authority"),
        _l("Sign a certificate; validate people of the operators the authority is responsible for."),
        ("demo/FR/LAU",), may_sign=True,
    ),
    DemoPerson(
        "border-post", "Sam", "Sample", "sam.sample@border.example", "harbour-kettle-meadow-63",
        "+46701740609", "en", _l("User of a border control post"),
        _l("See what a post may validate: operators responsible for the load."), ("demo/IE/BCP",), administrator=True,
    ),
    DemoPerson(
        "national-authority", "Dominique", "Test", "dominique.test@cca.example", "fougère-balcon-tramway-12",
        "+46701740610", "fr", _l("User of a central competent authority"),
        _l("Decide requests for every authority and operator of the country, oldest first."),
        ("demo/FR/CCA", "demo/FR/OPL"), administrator=True,
    ),
    DemoPerson(
        "commission", "Sacha", "Beispiel", "sacha.beispiel@commission.example", "orchard-violin-glacier-85",
        "+46701740611", "en", _l("Commission administrator"),
        _l("Validate the first user of a central authority; open other requests without buttons."),
        ("authority/COMMISSION",), administrator=True,
    ),
    DemoPerson(
        "commission-2", "Lou", "Ejemplo", "lou.ejemplo@commission.example", "candle-river-postcard-49",
        "+46701740612", "fr", _l("Second Commission administrator"),
        _l("See that two people of the Commission cannot decide the same request twice."),
        ("authority/COMMISSION",), administrator=True,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class WaitingRequest:
    """An invented person whose request stands in a queue."""

    first_name: str
    last_name: str
    email: str
    language: str
    organisation: str
    message: str


WAITING = (
    WaitingRequest("Maxime", "Essai", "maxime.essai@elevage.example", "fr", "demo/FR/named-5",
                   "Je remplace un collègue à partir de lundi."),
    WaitingRequest("Charlie", "Prototype", "charlie.prototype@elevage.example", "fr", "demo/FR/named-4", ""),
    WaitingRequest("Andrea", "Maquette", "andrea.maquette@ardennes.example", "fr", "demo/FR/LAU",
                   "Nouvelle affectation au service vétérinaire."),
    WaitingRequest("Noa", "Platzhalter", "noa.platzhalter@behoerde.example", "de", "demo/DE/CCA",
                   "Erste Person dieser Behörde."),
    WaitingRequest("Toni", "Vorlage", "info@kontrolle.example", "de", "demo/DE/BODY", ""),
    WaitingRequest("Ariel", "Placeholder", "ariel.placeholder@border.example", "en", "demo/IE/BCP",
                   "I start my shift on Monday."),
)  # fmt: skip


def as_json(person: DemoPerson) -> dict[str, Any]:
    """The shape other programs rely on."""
    return {
        "key": person.key,
        "name": person.name,
        "email": person.email,
        "password": person.password,
        "phone": person.phone,
        "totp_secret": person.totp_secret,
        "role": str(person.role),
        "environments": list(config.current().environments) if person.organisations else [],
        "organisations": list(organisation_names(person)),
    }


def organisation_names(person: DemoPerson) -> list[str]:
    """The names of the organisations the person works for, as in the first served environment."""
    with using(Environment(config.current().environments[0])):
        rows = db.session.scalars(
            select(Organisation).where(Organisation.source_key.in_(person.organisations))
        )
        return [row.name for row in rows]


def load_people() -> int:
    """The people with their telephones and roles, and the waiting requests, in every environment; can run again."""
    accounts = {person.key: _account(person) for person in PEOPLE}
    waiting = [account_without_password(request) for request in WAITING]
    db.session.commit()
    ids = {key: account.id for key, account in accounts.items()}
    waiting_ids = [account.id for account in waiting]
    for key in config.current().environments:
        with using(Environment(key)):
            _grant_roles(ids)
            _put_requests(waiting_ids)
            db.session.commit()
    return len(ids)


def take_their_places() -> int:
    """The people's roles and requests in the current environment, made again; returns how many people."""
    accounts = {person.key: _account(person).id for person in PEOPLE}
    waiting = [account_without_password(request).id for request in WAITING]
    _grant_roles(accounts)
    _put_requests(waiting)
    return len(accounts)


def _account(person: DemoPerson) -> Account:
    account = queries.account_by_email(person.email)
    if account is not None:
        return account
    wish = RegistrationWish(person.first_name, person.last_name, person.email, person.language)
    account = new_account(wish, passwords.hashed(person.password))
    db.session.flush()
    db.session.add(
        Telephone(
            account_id=account.id, place=1, number_sealed=crypto.seal("telephone", person.phone),
            number_index=crypto.blind_indexes("telephone", person.phone)[0], last_digits=person.phone[-2:],
            added_at=clock.now(),
        )
    )  # fmt: skip
    _give_authenticator(account, person)
    return account


def _give_authenticator(account: Account, person: DemoPerson) -> None:
    """An authenticator app too, added in a session that has ended: the other methods can be tried without a phone."""
    session, now = acting.past_session(account.id), clock.now()
    db.session.add(
        Authenticator(
            account_id=account.id, sign_in_id=session.id, name="Demo", state=FactorState.ACTIVE.value,
            secret_sealed=crypto.seal("totp", person.totp_secret), created_at=now, expires_at=now, added_at=now,
        )
    )  # fmt: skip


def account_without_password(request: WaitingRequest) -> Account:
    """The account of an invented person who never signs in, made where it is missing. Commits nothing."""
    account = queries.account_by_email(addresses.checked(request.email))
    if account is None:
        wish = RegistrationWish(request.first_name, request.last_name, request.email, request.language)
        account = new_account(wish, "")
        account.password_hash = None
        db.session.flush()
    return account


def organisation_of(source_key: str) -> Organisation:
    """An organisation of the demo in the current environment."""
    return db.session.scalars(select(Organisation).where(Organisation.source_key == source_key)).one()


def _first_scope(organisation: Organisation) -> ControlBodyScope | None:
    if organisation.kind != OrganisationKind.CONTROL_BODY:
        return None
    own = select(ControlBodyScope).where(ControlBodyScope.organisation_id == organisation.id)
    return db.session.scalars(own.order_by(ControlBodyScope.id).limit(1)).one()


def _grant_roles(ids: dict[str, int]) -> None:
    for person in PEOPLE:
        for source_key in person.organisations:
            organisation = organisation_of(source_key)
            scope = _first_scope(organisation)
            role = granting.grant(
                ids[person.key], organisation, administrator=person.administrator, scope=scope
            )
            role.may_sign = person.may_sign


def _put_requests(ids: list[int]) -> None:
    for account_id, request in zip(ids, WAITING, strict=True):
        if granting.has_ever_asked(account_id):
            continue
        organisation = organisation_of(request.organisation)
        granting.request_for_demo(account_id, organisation, request.message, _first_scope(organisation))
