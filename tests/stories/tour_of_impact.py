"""A walk past an impact: a role found wrong, what was done under it, and whom it concerns told."""

from __future__ import annotations

from collections.abc import Iterator

from portal.certificates import drafting, submitting
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity import queries
from portal.roles.models import Role
from tests.makers.certificates import Journey, a_journey, a_submitted, an_officer, now_valid, somebody_of
from tests.makers.roles import a_role
from tests.makers.seals import a_key
from tests.stories.acts import signs_in_with_sms
from tests.stories.hands import Someone, goes_to, presses
from tests.stories.people import Meet, somebody
from tests.stories.tour_of_work import waits_for_the_end

Stations = Iterator[tuple[str, Someone]]
IMPACT = "/production/certificates/impact"


def pages_of_impact(meet: Meet, language: str) -> Stations:
    """Every page of the journey certificate_impact, and what becomes of its messages."""
    who = somebody(meet, language, "+46701740691", email="folgen@office.example", last_name="Folgen")
    role = _acted_under_a_role(who)
    signs_in_with_sms(who, IMPACT)
    yield "impact", who
    goes_to(who, f"{IMPACT}?cause=&first=2026-02-02&last=2026-01-01")
    yield "impact-refused", who
    goes_to(who, f"{IMPACT}?cause=role-wrong.{role}&first=2026-01-01&last=2026-01-02")
    yield "impact-nothing", who
    goes_to(who, f"{IMPACT}?cause=role-wrong.{role}")
    presses(who, "Show results")
    yield "impact-list", who
    goes_to(who, f"{IMPACT}?cause=role-wrong.{role}&act=opened")
    presses(who, "Show results")
    yield "impact-list-of-an-act", who
    goes_to(who, f"{IMPACT}?cause=role-wrong.{role}")
    presses(who, "Show results")
    who.page.locator(f"main a[href*='{IMPACT}/tell']").click()
    yield "impact-tell", who
    presses(who, "Tell whom it concerns")
    waits_for_the_end(who)
    yield "impact-work", who


def _acted_under_a_role(who: Someone) -> int:
    """A new office that the person administers, and the role of its officer, who signed twice and began a draft."""
    with who.site.inside(), using(Environment.PRODUCTION):
        journey, account = a_journey(), queries.account_by_email(who.email)
        assert account is not None
        a_role(account, journey.origin, administrator=True)
        a_key(Environment.PRODUCTION.value)
        return _role_of_officer(journey)


def _role_of_officer(journey: Journey) -> int:
    officer, maker = an_officer(journey.origin), somebody_of(journey.sender)
    for _each in range(2):
        certificate = submitting.open_for_certification(a_submitted(journey, maker).id, officer)
        now_valid(certificate, officer).signatory_name = "Robin Modele"
    drafting.copy_as_new(certificate.id, officer)
    db.session.commit()
    return db.session.query(Role).filter_by(account_id=officer.account_id).one().id
