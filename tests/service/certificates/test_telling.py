"""The mails about certificates: each says its number, who, and why, and leads to the page."""

from __future__ import annotations

import pytest

from portal.certificates import submitting
from portal.certificates.states import CancelReason, RefusalReason
from portal.database import db
from portal.demo import inbox
from portal.identity.models import Account
from tests.makers.certificates import a_journey, a_submitted, an_officer, now_valid, somebody_of
from tests.makers.mail import messages_to

pytestmark = pytest.mark.usefixtures("production")


def newest_to(account_id: int) -> str:
    """Subject and text of the newest mail to that person."""
    person = db.session.get_one(Account, account_id)
    return str(inbox.as_json(messages_to(person.email)[0]))


def test_the_certifier_reads_that_one_waits_and_the_maker_why_it_came_back() -> None:
    journey = a_journey()
    official, maker = somebody_of(journey.origin), somebody_of(journey.sender)
    certificate = a_submitted(journey, maker)
    path = f"/production/certificates/{certificate.id}"
    waits = newest_to(official.account_id)
    assert all(
        word in waits
        for word in (certificate.draft_number, "Élevage Exemple", path, "waits for certification")
    )
    submitting.refuse(certificate.id, RefusalReason.INCORRECT, "Look at box I.30 <b>again</b>", official)
    back = newest_to(maker.account_id)
    assert "Something in it is not correct." in back
    assert "Look at box I.30 <b>again</b>" in back
    assert all(word in back for word in (certificate.draft_number, "Office FR", path))


def test_those_it_names_read_that_it_was_controlled_or_cancelled() -> None:
    journey = a_journey()
    maker, officer = somebody_of(journey.sender), an_officer(journey.origin)
    certificate = now_valid(a_submitted(journey, maker), officer)
    control = {"III.1": "2026-11-25"}
    submitting.add_control(certificate.id, "III", control, somebody_of(journey.destination))
    told = newest_to(maker.account_id)
    assert "Office DE" in told
    assert str(certificate.number) in told
    submitting.cancel(certificate.id, CancelReason.FRAUD, "", officer)
    over = newest_to(maker.account_id)
    assert "There is a suspicion of fraud." in over
    assert "It is not valid any more." in over
