"""A certificate is signed: confirmed by an officer, numbered, printed, sealed, stored, told."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest

from portal import config
from portal.access.authorise import Hidden, Refused
from portal.audit.models import AuditEvent
from portal.certificates import drafting, files, signing, submitting
from portal.certificates.changing import CertificateMoved, Frozen
from portal.certificates.signing import BeingSigned, DataChanged, NoSealKey, SeveralRefused, TooManyAtOnce
from portal.certificates.states import CancelReason
from portal.database import db
from portal.jobs import signing as worker
from portal.messages import outbox
from portal.messages.models import OutgoingMessage
from portal.seals import keys
from portal.workflow import NotThere
from tests.makers.certificates import a_submitted, an_officer, fill, somebody_of
from tests.makers.operators import CATTLE
from tests.makers.organisations import an_operator
from tests.makers.roles import a_member, a_role
from tests.makers.signing import an_office, confirmed, now, signed, the_intent, versions_of

pytestmark = pytest.mark.usefixtures("production")


def test_what_an_officer_confirms_becomes_valid_with_number_names_hash_and_file() -> None:
    office = an_office()
    certificate = office.submitted()
    shown = signing.to_sign(certificate.id, office.officer)
    done = signed(certificate, office.officer)
    assert (done.state, done.number) == ("valid", "DEMO.INTRA.FR.2026.0000001")
    assert done.signatory_name == "Robin Modele"
    assert done.signatory_office == "Office FR"
    assert done.data_hash == shown.data_hash
    assert done.signed_by == office.officer.account_id
    assert done.keep_until is not None
    assert done.keep_until.year == 2036
    assert the_intent(certificate).state == "sealed"
    stored = files.first(done)
    assert stored.content.startswith(b"%PDF")
    assert hashlib.sha256(stored.content).hexdigest() == stored.sha256 == versions_of(done)[0].sha256
    assert (stored.level, stored.stamp) == ("B-T", "stamped")


def test_the_file_lies_under_its_hash_for_its_owner_alone_and_nothing_waits() -> None:
    office = an_office()
    done = signed(office.submitted(), office.officer)
    sha256 = versions_of(done)[0].sha256
    place = Path(config.current().instance) / "certificates" / sha256[:2] / sha256[2:4] / f"{sha256}.pdf"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert files.waiting() == []


def test_a_file_that_was_changed_in_the_store_is_not_given() -> None:
    office = an_office()
    done = signed(office.submitted(), office.officer)
    sha256 = versions_of(done)[0].sha256
    place = Path(config.current().instance) / "certificates" / sha256[:2] / sha256[2:4] / f"{sha256}.pdf"
    place.write_bytes(place.read_bytes()[:-1] + b"x")
    with pytest.raises(files.NotKept) as refused:
        files.first(done)
    assert refused.value.word == "damaged"


def test_the_two_acts_are_in_the_trail_and_maker_and_parties_are_told() -> None:
    office = an_office()
    receiver = a_member(office.journey.receiver)
    signed(office.submitted(), office.officer)
    names = ["SigningConfirmed", "CertificateSigned"]
    events = db.session.query(AuditEvent).filter(AuditEvent.name.in_(names)).order_by(AuditEvent.id).all()
    assert [(event.name, event.actor_account_id) for event in events] == [
        (name, office.officer.account_id) for name in names
    ]
    told = {
        row.account_id
        for row in db.session.query(OutgoingMessage).filter_by(name="certificate_signed_notice")
    }
    assert {office.maker.account_id, receiver.id} <= told


def test_an_office_signs_its_own_draft_but_not_that_of_an_operator() -> None:
    office = an_office()
    own = fill(drafting.begin(office.journey.wish(), office.officer), office.journey.boxes(), office.officer)
    assert signed(own, office.officer).state == "valid"


def test_while_it_is_being_signed_nothing_changes_and_a_second_press_is_told() -> None:
    office = an_office()
    certificate = office.submitted()
    round_key = confirmed(certificate, office.officer)
    other = an_officer(office.journey.origin)
    for actor in (office.officer, other):
        with pytest.raises(BeingSigned) as being:
            confirmed(certificate, actor)
        assert being.value.round_key == round_key
    with pytest.raises(Frozen):
        fill(certificate, {"I.27": "13"}, office.officer)
    with pytest.raises(Frozen):
        submitting.take_back(certificate.id, office.maker)
    worker.sign_due()
    assert now(certificate).state == "valid"
    with pytest.raises(CertificateMoved):
        confirmed(certificate, other)


def test_data_that_changed_after_the_page_are_not_signed() -> None:
    office = an_office()
    certificate = office.submitted()
    shown = signing.to_sign(certificate.id, office.officer)
    fill(certificate, {"I.27": "13"}, office.officer)
    with pytest.raises(DataChanged) as changed:
        signing.confirm([certificate.id], {certificate.id: shown.data_hash}, office.officer)
    assert "I.27" in [box for box, _by, _at in changed.value.last]
    assert now(certificate).state == "submitted"
    assert signing.attempts(certificate.id) == []


def test_several_are_confirmed_at_once_and_their_progress_is_for_their_officer() -> None:
    office = an_office()
    three = [office.submitted() for _number in range(3)]
    hashes = {one.id: signing.to_sign(one.id, office.officer).data_hash for one in three}
    round_key = signing.confirm(list(hashes), hashes, office.officer)
    assert not signing.is_over(signing.progress(round_key, office.officer))
    worker.sign_due()
    found = signing.progress(round_key, office.officer)
    assert signing.is_over(found)
    assert [one.number[-1] for one in found] == ["1", "2", "3"]
    with pytest.raises(NotThere):
        signing.progress(round_key, an_officer(office.journey.origin))


def test_of_several_none_is_begun_where_one_cannot_be_signed() -> None:
    office = an_office()
    good, signed_already = office.submitted(), office.submitted()
    good_id, signed_id = good.id, signed_already.id
    hashes = {one: signing.to_sign(one, office.officer).data_hash for one in (good_id, signed_id)}
    signed(signed_already, office.officer)
    with pytest.raises(SeveralRefused) as refused:
        signing.confirm(list(hashes), hashes, office.officer)
    assert list(refused.value.refusals) == [signed_id]
    assert signing.attempts(good_id) == []
    with pytest.raises(TooManyAtOnce):
        signing.confirm(range(1, 60), {}, office.officer)


def test_a_replacement_takes_the_place_of_the_old_one_when_it_is_signed() -> None:
    office = an_office()
    old = signed(office.submitted(), office.officer)
    copy = drafting.copy_as_replacement(old.id, office.officer)
    fill(copy, {"I.14": "2026-11-25T06:30"}, office.officer)
    assert now(old).state == "valid"
    new = signed(copy, office.officer)
    assert (new.state, now(old).state, now(old).replaced_by_id) == ("valid", "replaced", new.id)
    assert db.session.query(AuditEvent).filter_by(name="CertificateReplaced", subject_id=old.id).count() == 1


def test_whom_only_the_replaced_one_named_is_told_that_it_is_worth_nothing_any_more() -> None:
    office = an_office()
    journey = office.journey
    another = an_operator("Hof Neu", responsible=journey.destination, activity=CATTLE, country="DE")
    left_out, in_both = a_member(journey.receiver), a_member(journey.receiver)
    a_role(in_both, another)
    still_named = {in_both.id, a_member(another).id, a_member(journey.sender).id}
    left_out_id, typed = left_out.id, {"I.5": another.id, "I.12": another.id}
    old = signed(office.submitted(), office.officer)
    copy = drafting.copy_as_replacement(old.id, office.officer)
    fill(copy, typed, office.officer)
    new = signed(copy, office.officer)
    told: dict[str, dict[str, set[int | None]]] = {
        name: {} for name in ("certificate_replaced_notice", "certificate_signed_notice")
    }
    for row in db.session.query(OutgoingMessage).filter(OutgoingMessage.name.in_(told)):
        told[row.name].setdefault(outbox.message_of(row).reference, set()).add(row.account_id)
    assert told["certificate_replaced_notice"] == {now(old).number: {left_out_id}}
    assert still_named <= told["certificate_signed_notice"][new.number]


def test_what_was_cancelled_before_its_replacement_was_signed_is_not_replaced() -> None:
    office = an_office()
    old = signed(office.submitted(), office.officer)
    copy = drafting.copy_as_replacement(old.id, office.officer)
    confirmed(copy, office.officer)
    submitting.cancel(old.id, CancelReason.MISTAKE, "", office.officer)
    worker.sign_due()
    assert (now(copy).state, the_intent(copy).failure) == ("draft", "changed")
    assert now(old).state == "cancelled"


def test_without_a_key_nothing_is_confirmed() -> None:
    office = an_office()
    certificate = office.submitted()
    keys.retire("production")
    with pytest.raises(NoSealKey):
        signing.to_sign(certificate.id, office.officer)
    with pytest.raises(NoSealKey):
        signing.confirm([certificate.id], {certificate.id: "0" * 64}, office.officer)


def test_an_operator_waits_for_its_office_and_strangers_learn_nothing() -> None:
    office = an_office()
    certificate = a_submitted(office.journey, office.maker)
    with pytest.raises(Refused):
        signing.to_sign(certificate.id, office.maker)
    stranger = an_officer(office.journey.origin)
    assert signing.to_sign(certificate.id, stranger).signatory.office == "Office FR"
    with pytest.raises(Hidden):
        signing.to_sign(certificate.id, somebody_of(an_office().journey.sender))
