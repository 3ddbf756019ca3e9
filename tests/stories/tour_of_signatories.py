"""A walk past the models of certificates, who may sign them, and the public check of a paper or a file."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity import queries
from portal.roles.models import Role
from tests.makers.certificates import a_journey, a_submitted, an_officer, now_valid, somebody_of
from tests.makers.models import a_model_file
from tests.makers.seals import a_sealed
from tests.stories.acts import signs_in_with_sms
from tests.stories.hands import Someone, button, goes_to, presses
from tests.stories.people import Meet, member_of, somebody

Stations = Iterator[tuple[str, Someone]]
MODELS = "/production/models"
OFFICE = "demo/FR/LAU"
MILLISECONDS_TO_CHECK = 60_000


def pages_of_signatories(meet: Meet, language: str) -> Stations:
    """Every page of the journeys certificate_models and verification, and the two of the flag «may sign»."""
    yield from _pages_of_models(meet(language, "commission"))
    yield from _pages_of_the_flag(meet, language)
    yield from _pages_of_the_check(meet(language))


def _pages_of_models(who: Someone) -> Stations:
    signs_in_with_sms(who, MODELS)
    yield "models", who
    for name, path in (("intra", "INTRA/BOV-INTRA-X"), ("coi", "COI/COI")):
        goes_to(who, f"{MODELS}/{path}")
        yield f"models-{name}", who
    goes_to(who, f"{MODELS}/load")
    yield "models-load", who
    for name, content in (("refused", b"{}"), ("confirm", a_model_file())):
        goes_to(who, f"{MODELS}/load")
        sends_a_file(who, "model.json", "application/json", content)
        presses(who, "Check the model")
        yield f"models-load-{name}", who


def _pages_of_the_flag(meet: Meet, language: str) -> Stations:
    chief = somebody(meet, language, "+46701740681", email="chef@office.example", last_name="Chefin")
    member_of(chief, OFFICE, administrator=True)
    member = somebody(meet, language, "+46701740682", email="agent@office.example", last_name="Agent")
    member_of(member, OFFICE)
    signs_in_with_sms(chief)
    for name in ("may-sign", "may-not-sign"):
        goes_to(chief, f"/production/administration/members/roles/{_role_of(member, name)}/{name}")
        yield f"role-{name}", chief


def _role_of(member: Someone, page: str) -> int:
    """The role, with the flag that the page is about to take away."""
    with member.site.inside(), using(Environment.PRODUCTION):
        account = queries.account_by_email(member.email)
        assert account is not None
        role = db.session.scalars(select(Role).where(Role.account_id == account.id)).one()
        role.may_sign = page == "may-not-sign"
        db.session.commit()
        return role.id


def _pages_of_the_check(who: Someone) -> Stations:
    goes_to(who, f"/training/verify/{_a_signed_one(who)}")
    yield "verify-valid", who
    goes_to(who, "/training/verify/TRN.INTRA.FR.2026.9999999?code=2345ABCD6789EFGH")
    yield "verify-unknown", who
    goes_to(who, "/training/verify?number=&code=")
    yield "verify-refused", who
    sealed = _a_sealed_file(who)
    for name, content in (
        ("unknown-file", sealed),
        ("changed-file", sealed[:-40] + b"x" * 40),
        ("no-pdf", b"word"),
    ):
        goes_to(who, "/training/verify/file")
        sends_a_file(who, "certificate.pdf", "application/pdf", content)
        button(who, "Check the file").click(timeout=MILLISECONDS_TO_CHECK)
        yield f"verify-{name}", who


def _a_sealed_file(who: Someone) -> bytes:
    def made() -> bytes:
        with who.site.inside():
            return a_sealed("training").pdf

    # In a thread of its own: the browser's library keeps this one's event loop busy.
    with ThreadPoolExecutor(1) as one:
        return one.submit(made).result()


def sends_a_file(who: Someone, name: str, kind: str, content: bytes) -> None:
    """The file in the one field for it."""
    chosen = {"name": name, "mimeType": kind, "buffer": content}
    who.page.locator("input[type=file]").set_input_files(files=[chosen])  # type: ignore[list-item]


def _a_signed_one(who: Someone) -> str:
    with who.site.inside(), using(Environment.TRAINING):
        journey = a_journey()
        certificate = a_submitted(journey, somebody_of(journey.sender))
        now_valid(certificate, an_officer(journey.origin))
        certificate.signatory_name, certificate.signatory_office = "Robin Modele", "Office FR"
        certificate.signatory_username, certificate.data_hash = "nabc1234", "ab" * 32
        db.session.commit()
        return f"{certificate.number}?code={certificate.verification_code}"
