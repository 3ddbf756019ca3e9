"""The certificates of the demo: in each state somebody can try, the signed ones with files that are really sealed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask

from portal.access.actions import Action
from portal.access.authorise import may
from portal.certificates import files, queries
from portal.certificates.models import Certificate
from portal.certificates.queries import CertificateFilter
from portal.certificates.rights import target_of
from portal.database import db
from portal.demo import certificates, people, register
from portal.demo.acting import actor_for
from portal.environments.environment import Environment, using
from portal.identity import queries as identity
from portal.jobs import signing as worker
from portal.organisations import loading
from portal.organisations.loading import load_organisations
from portal.paging import Place
from portal.reference.files import rows_of
from tests.makers.seals import a_key

SHORT = ("control_bodies", "control_body_scopes")


@pytest.fixture(autouse=True)
def _in_training(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(
        loading, "rows_of", lambda name: rows_of(name)[:3] if name in SHORT else rows_of(name)
    )
    monkeypatch.setattr(register, "OPERATORS_PER_COUNTRY", 2)
    with using(Environment.TRAINING):
        load_organisations()
        register.load_demo_register()
        people.take_their_places()
        yield


def seen_by(key: str) -> dict[str, int]:
    """How many certificates that person of the demo finds in the list, by document and state."""
    one = next(person for person in people.PEOPLE if person.key == key)
    account = identity.account_by_email(one.email)
    assert account is not None
    actor = actor_for(account.id, people.organisation_of(one.organisations[0]).id)
    found = queries.certificates_for(actor, CertificateFilter(), Place("")).rows
    assert all(may(actor, Action.CERTIFICATE_READ, target_of(row, actor)) for row in found)
    return dict(Counter(f"{row.document} {row.state}" for row in found))


def test_the_worker_seals_what_the_demo_confirmed_and_everybody_finds_what_concerns_them() -> None:
    a_key("training")
    assert certificates.load_certificates() == len(certificates.CONSIGNMENTS)
    assert certificates.load_certificates() == 0, "the second run adds nothing"
    worker.sign_due()
    assert seen_by("veterinarian") == {"INTRA valid": 2, "INTRA submitted": 2, "INTRA rejected": 1}
    assert seen_by("operator-admin") == {**seen_by("veterinarian"), "INTRA draft": 1}
    assert seen_by("control-body") == {"COI valid": 1, "COI submitted": 1, "COI draft": 1}
    assert seen_by("border-post") == {"COI valid": 1, "COI submitted": 1}
    signed = db.session.query(Certificate).filter_by(state="valid").all()
    assert {one.signatory_name for one in signed} == {"Alix Specimen", "Kim Muster"}
    assert all(files.first(one).content.startswith(b"%PDF-") for one in signed)


def test_without_a_key_everything_waits_for_a_signature_and_nothing_has_a_number() -> None:
    certificates.load_certificates()
    worker.sign_due()
    assert {row.number for row in db.session.query(Certificate)} == {None}
    assert seen_by("veterinarian") == {"INTRA submitted": 4, "INTRA rejected": 1}
