"""People with certificates: about to begin, fill, submit, refuse, cancel, copy, control or sign one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from portal import clock
from portal.access.actor import Actor
from portal.certificates import drafting, filling, signing, submitting
from portal.certificates.models import Certificate
from portal.database import db
from portal.identity.models import Account
from portal.roles.models import Role
from portal.web.announcement_forms import zone
from tests.long.place import Place
from tests.long.scene import Scene
from tests.makers.certificates import (
    MODEL,
    Journey,
    a_draft,
    a_journey,
    a_submitted,
    may_sign,
    now_valid,
)
from tests.makers.roles import a_member, acting
from tests.makers.seals import a_key

CLIENTS = 20
LIST = "/production/certificates"


def _people() -> tuple[Journey, Account, Actor]:
    """A journey, and a person of the operator that sends."""
    journey = a_journey()
    maker = a_member(journey.sender)
    return journey, maker, acting(maker)


def _officer(journey: Journey) -> Account:
    """A person of the office at the place of dispatch who may sign."""
    officer = a_member(journey.origin)
    may_sign(officer)
    return officer


def _valid(journey: Journey, actor: Actor, officer: Account) -> Certificate:
    return now_valid(a_submitted(journey, actor), acting(officer))


def _events(place: Place, name: str, number: int) -> Callable[[], int]:
    return lambda: place.events(name, subject_id=number)


def begin(place: Place) -> Scene:
    """Each press is a draft of its own: nothing says that two are one."""
    _journey, maker, _actor = _people()
    fields = {"model": MODEL, "origin": "FR", "destination": "DE"}
    path = f"{LIST}/new?document=INTRA&group=ungulates"
    begun = lambda: place.events("CertificateBegun", actor_account_id=maker.id)  # noqa: E731 - counted later
    return Scene(place.browser_of(maker), path, begun, fields, most=CLIENTS)


def fill(place: Place) -> Scene:
    """The first one saves; the others had seen the box empty."""
    journey, maker, actor = _people()
    number = a_draft(journey, actor).id
    path = f"{LIST}/{number}/boxes/transport"
    version = {"box-I.18": "Ambient", "version-I.18": "0"}
    again = place.events("CertificateFilled", subject_id=number)
    return Scene(
        place.browser_of(maker),
        path,
        lambda: place.events("CertificateFilled", subject_id=number) - again,
        version,
    )


def settle(place: Place) -> Scene:
    """Mine instead of theirs, of the version that the page showed."""
    journey, maker, actor = _people()
    certificate = a_draft(journey, actor)
    drafting.save_boxes(certificate.id, {"I.18": "Ambient"}, filling.versions_of(certificate), actor)
    number, seen = certificate.id, str(filling.versions_of(certificate)["I.18"])
    before = place.events("CertificateFilled", subject_id=number)
    fields = {"mine:I.18": '"Chilled"', "version:I.18": seen, "keep:I.18": "mine"}
    return Scene(
        place.browser_of(maker), f"{LIST}/{number}/boxes/settle",
        lambda: place.events("CertificateFilled", subject_id=number) - before, fields, form_on="/password/lost",
    )  # fmt: skip


def by_maker(step: str, event: str, *, submitted: bool = False, **fields: Any) -> Callable[[Place], Scene]:
    """What the person who drafted it does."""

    def scene(place: Place) -> Scene:
        journey, maker, actor = _people()
        number = (a_submitted if submitted else a_draft)(journey, actor).id
        path = f"{LIST}/{number}/{step}"
        return Scene(
            place.browser_of(maker), path, _events(place, event, number), fields, form_on="/password/lost"
        )

    return scene


def by_office(step: str, event: str, *, valid: bool = False, **fields: Any) -> Callable[[Place], Scene]:
    """What the office that certifies does."""

    def scene(place: Place) -> Scene:
        journey, _maker, actor = _people()
        officer = _officer(journey)
        number = (_valid(journey, actor, officer) if valid else a_submitted(journey, actor)).id
        path = f"{LIST}/{number}/{step}"
        return Scene(
            place.browser_of(officer), path, _events(place, event, number), fields, form_on="/password/lost"
        )

    return scene


def copy(place: Place) -> Scene:
    """Each press is a copy of its own."""
    journey, maker, actor = _people()
    number = a_draft(journey, actor).id
    copied = lambda: place.events("CertificateCopied", actor_account_id=maker.id)  # noqa: E731 - counted later
    path = f"{LIST}/{number}/copy"
    return Scene(place.browser_of(maker), path, copied, most=CLIENTS, form_on="/password/lost")


def replace(place: Place) -> Scene:
    """One replacement, whoever presses how often."""
    journey, _maker, actor = _people()
    officer = _officer(journey)
    number = _valid(journey, actor, officer).id
    copied = lambda: place.events("CertificateCopied", actor_account_id=officer.id)  # noqa: E731 - counted later
    return Scene(place.browser_of(officer), f"{LIST}/{number}/replace", copied, form_on="/password/lost")


def control(place: Place) -> Scene:
    """Each press is a record of its own: a control can be made twice, and nothing is overwritten."""
    journey, _maker, actor = _people()
    number = _valid(journey, actor, _officer(journey)).id
    browser = place.browser_of(a_member(journey.destination))
    made = _events(place, "CertificateControlled", number)
    return Scene(browser, f"{LIST}/{number}/control/III", made, {"box-III.1": "2026-11-24"}, most=CLIENTS)


def sign(place: Place) -> Scene:
    """One intent for one certificate."""
    a_key("production")
    journey, _maker, actor = _people()
    officer = _officer(journey)
    number = submitting.open_for_certification(a_submitted(journey, actor).id, acting(officer)).id
    shown = signing.to_sign(number, acting(officer)).data_hash
    confirmed = _events(place, "SigningConfirmed", number)
    path = f"{LIST}/sign?certificate={number}"
    fields = {f"hash:{number}": shown}
    return Scene(place.browser_of(officer), path, confirmed, fields, form_on="/password/lost")


def tell_of_impact(place: Place) -> Scene:
    """One piece of work is begun, or two where a minute ends between the windows; each tells of a certificate once."""
    journey, _maker, actor = _people()
    officer, chief = _officer(journey), a_member(journey.origin, administrator=True)
    _valid(journey, actor, officer)
    role = db.session.query(Role).filter_by(account_id=officer.id).one().id
    day = clock.now().astimezone(zone()).date()
    path = f"{LIST}/impact/tell?cause=role-wrong.{role}&first={day - timedelta(days=1)}&last={day}"
    begun = lambda: place.events("WorkBegun", actor_account_id=chief.id)  # noqa: E731 - counted later
    return Scene(place.browser_of(chief), path, begun, most=2)


CERTIFICATE_SCENES: dict[str, Callable[[Place], Scene]] = {
    "certificates.new": begin,
    "certificate_boxes.step": fill,
    "certificate_boxes.settle": settle,
    "certificate_decisions.submit": by_maker("submit", "CertificateSubmitted", declared="y"),
    "certificate_decisions.take_back": by_maker("take-back", "CertificateTakenBack", submitted=True),
    "certificate_decisions.delete": by_maker("delete", "CertificateDeleted", sure="y"),
    "certificate_decisions.open_it": by_office("open", "CertificateOpened"),
    "certificate_decisions.refuse": by_office("refuse", "CertificateRefused", reason="incorrect"),
    "certificate_decisions.cancel": by_office(
        "cancellation", "CertificateCancelled", valid=True, reason="mistake"
    ),
    "certificate_decisions.copy": copy,
    "certificate_decisions.replace": replace,
    "certificate_decisions.control": control,
    "certificate_impact.tell": tell_of_impact,
    "signing.confirm": sign,
}
