"""Who sees which certificates: the list says of each the same as the rule, and parties follow the boxes."""

from __future__ import annotations

import pytest

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import Hidden, may
from portal.certificates import queries, rights
from portal.certificates.models import Certificate, CertificateParty
from portal.certificates.queries import CertificateFilter
from portal.certificates.states import RefusalReason
from portal.certificates.submitting import refuse
from portal.database import db
from portal.organisations.models import Organisation
from portal.paging import Place
from portal.vocabulary import AuthorityRole
from portal.workflow import NotThere
from tests.makers.certificates import (
    Journey,
    a_draft,
    a_journey,
    a_submitted,
    an_officer,
    fill,
    now_valid,
    somebody_of,
)
from tests.makers.operators import CATTLE
from tests.makers.organisations import an_authority, an_operator

pytestmark = pytest.mark.usefixtures("production")


def listed(actor: Actor, **wanted: object) -> set[int]:
    """The certificates on the first page."""
    page = queries.certificates_for(actor, CertificateFilter(**wanted), Place())  # type: ignore[arg-type]
    return {row.id for row in page.rows}


def parties_of(certificate: Certificate) -> set[tuple[int, str]]:
    """The organisations a certificate names, and as what."""
    rows = db.session.query(CertificateParty).filter_by(certificate_id=certificate.id)
    return {(row.organisation_id, row.part) for row in rows}


def three(journey: Journey) -> tuple[int, int, int]:
    """A draft, a submitted one and a valid one of the sender."""
    maker = somebody_of(journey.sender)
    draft, submitted = a_draft(journey, maker), a_submitted(journey, maker)
    valid = now_valid(a_submitted(journey, maker), an_officer(journey.origin))
    return draft.id, submitted.id, valid.id


def test_parties_follow_the_boxes_as_they_change() -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    certificate = a_draft(journey, actor)
    sender, receiver = journey.sender.id, journey.receiver.id
    expected = {
        (sender, "creator"), (journey.origin.id, "issuer"), (sender, "consignor"), (sender, "dispatch"),
        (sender, "loading"), (receiver, "consignee"), (receiver, "destination"),
        (journey.origin.id, "origin-authority"), (journey.origin_centre.id, "origin-authority"),
        (journey.destination.id, "destination-authority"),
    }  # fmt: skip
    assert parties_of(certificate) == expected
    other = an_operator("Altra Stalla", activity=CATTLE, country="IT", responsible=journey.origin)
    fill(certificate, {"I.5": "", "I.12": other.id}, actor)
    gone = {
        (receiver, "consignee"),
        (receiver, "destination"),
        (journey.destination.id, "destination-authority"),
    }
    come = {(other.id, "destination"), (journey.origin.id, "destination-authority")}
    assert parties_of(certificate) == expected - gone | come


def test_each_party_and_whoever_is_above_sees_what_is_no_draft_any_more() -> None:
    journey = a_journey()
    draft, submitted, valid = three(journey)
    both = {submitted, valid}
    for organisation in (
        journey.receiver, journey.origin, journey.destination, journey.origin_centre, journey.destination_centre,
        journey.commission,
    ):  # fmt: skip
        assert listed(somebody_of(organisation)) == both, organisation.name
    assert listed(somebody_of(journey.sender)) == {draft, *both}


def test_strangers_see_nothing_of_it_and_every_authority_sees_what_was_refused() -> None:
    journey = a_journey()
    *_others, submitted = three(journey)[:2]
    refuse(submitted, RefusalReason.OTHER, "x", somebody_of(journey.origin))
    stranger = somebody_of(an_authority("Office IT", AuthorityRole.LAU, country="IT"))
    farmer = somebody_of(an_operator("Stranger", activity=CATTLE, country="IT"))
    assert listed(stranger) == listed(farmer) == listed(farmer, refused=True) == set()
    assert listed(stranger, refused=True) == {submitted}
    assert queries.readable(submitted, stranger).id == submitted
    with pytest.raises(Hidden):
        queries.readable(submitted, farmer)


def test_the_list_says_the_same_as_the_rule() -> None:
    journey = a_journey()
    three(journey)
    lone = an_operator("Grain Exemple")
    post = an_authority("Post", AuthorityRole.BCP, above=journey.origin_centre, country="FR")
    organisations: list[Organisation] = [
        journey.sender, journey.receiver, journey.origin, journey.destination, journey.origin_centre,
        journey.destination_centre, journey.commission, lone, post,
    ]  # fmt: skip
    for organisation in organisations:
        actor = somebody_of(organisation)
        every = db.session.query(Certificate).all()
        ruled = {row.id for row in every if may(actor, Action.CERTIFICATE_READ, rights.target_of(row, actor))}
        assert listed(actor) == ruled, organisation.name


def test_an_operator_whose_activities_give_no_right_sees_nothing() -> None:
    journey = a_journey()
    three(journey)
    for activity in journey.receiver.activities:
        activity.state = "suspended"
    db.session.commit()
    assert listed(somebody_of(journey.receiver)) == set()


def test_the_list_is_narrowed_by_state_document_country_number_and_maker() -> None:
    journey = a_journey()
    draft, submitted, valid = three(journey)
    official = somebody_of(journey.origin)
    assert listed(official, state="valid") == {valid}
    assert listed(official, document="COI") == set()
    assert listed(official, document="INTRA", origin_country="FR", destination_country="DE") == {
        submitted,
        valid,
    }
    assert listed(official, origin_country="DE") == set()
    assert listed(official, mine=True) == set()
    assert listed(somebody_of(journey.sender), mine=True) == {draft, submitted, valid}
    number = db.session.get_one(Certificate, valid).number or ""
    for typed in (number, number.lower(), f" {number.removeprefix('DEMO.')} ", f"INTRA.FR.2026.{valid}"):
        assert listed(official, text=typed) == {valid}, typed
    assert listed(official, text=db.session.get_one(Certificate, submitted).draft_number) == {submitted}
    assert listed(official, text="INTRA.FR.2026.9999999") == listed(official, text="\0%") == set()


def test_a_long_list_is_read_page_by_page_newest_first() -> None:
    journey = a_journey()
    actor = somebody_of(journey.sender)
    template = a_draft(journey, actor)
    for _number in range(29):
        a_draft(journey, actor)
    first = queries.certificates_for(actor, CertificateFilter(), Place())
    second = queries.certificates_for(actor, CertificateFilter(), Place(after=first.next_key or ""))
    numbers = [row.id for row in (*first.rows, *second.rows)]
    assert len(numbers) == 30
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[-1] == template.id
    assert second.next_key is None


def test_a_number_leads_to_its_certificate_and_a_draft_or_nothing_to_none() -> None:
    journey = a_journey()
    draft, _submitted, valid = three(journey)
    number = db.session.get_one(Certificate, valid).number or ""
    found = queries.by_number(number.lower())
    assert found is not None and found.id == valid  # noqa: PT018
    assert queries.by_number(db.session.get_one(Certificate, draft).draft_number) is None
    with pytest.raises(NotThere):
        queries.readable(2**31 - 1, somebody_of(journey.sender))
