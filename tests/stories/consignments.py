"""Who takes part in a certificate of a story: the operator that sends, and the officer of its office."""

from __future__ import annotations

from dataclasses import dataclass

from portal.access.actor import Actor
from portal.certificates.models import Certificate
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity import queries
from portal.organisations.models import Organisation
from tests.makers.certificates import Journey, a_draft, a_journey, a_submitted, fill, may_sign, now_valid
from tests.makers.roles import a_role, acting
from tests.makers.seals import a_key
from tests.stories.acts import signs_in_with_sms
from tests.stories.hands import Someone
from tests.stories.people import Meet, somebody


@dataclass
class Cast:
    """The two of them, signed in, and the places of their journey."""

    sender: Someone
    officer: Someone
    journey: Journey

    def number(self) -> int:
        """The newest certificate of the story."""
        with self.sender.site.inside(), using(Environment.PRODUCTION):
            return db.session.query(Certificate).order_by(Certificate.id.desc()).limit(1).one().id

    def prepares(self, state: str) -> int:
        """A certificate that is filled in already: draft, submitted or valid."""
        with self.sender.site.inside(), using(Environment.PRODUCTION):
            maker, officer = _actor(self.sender), _actor(self.officer)
            made = a_draft(self.journey, maker) if state == "draft" else a_submitted(self.journey, maker)
            return (now_valid(made, officer) if state == "valid" else made).id

    def writes(self, number: int, who: Someone, box: str, text: str) -> None:
        """The same person in another window."""
        with who.site.inside(), using(Environment.PRODUCTION):
            fill(db.session.get_one(Certificate, number), {box: text}, _actor(who))

    def at_destination(self, meet: Meet) -> Someone:
        """Somebody of the office that receives, signed in."""
        who = somebody(
            meet, self.sender.language, "+46701740673", email="ankunft@office.example", last_name="Ankunft"
        )
        with who.site.inside(), using(Environment.PRODUCTION):
            _joins(who, self.journey.destination)
        signs_in_with_sms(who, "/production/certificates")
        return who


def _actor(who: Someone) -> Actor:
    account = queries.account_by_email(who.email)
    assert account is not None
    return acting(account)


def the_cast(meet: Meet, language: str) -> Cast:
    """A journey from France to Germany in Production, with people who signed in there."""
    sender = somebody(meet, language, "+46701740671", email="envoi@elevage.example", last_name="Envoi")
    officer = somebody(meet, language, "+46701740672", email="veto@office.example", last_name="Veterinaire")
    with sender.site.inside(), using(Environment.PRODUCTION):
        journey = a_journey()
        a_key("production")
        _joins(sender, journey.sender)
        _joins(officer, journey.origin)
        account = queries.account_by_email(officer.email)
        assert account is not None
        may_sign(account)
    for who in (sender, officer):
        signs_in_with_sms(who, "/production/certificates")
    return Cast(sender, officer, journey)


def _joins(who: Someone, organisation: Organisation) -> None:
    account = queries.account_by_email(who.email)
    assert account is not None
    a_role(account, organisation)
