"""A walk past the pages of notices and news, and past the Commission's switches of an environment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from portal import clock
from portal.database import db
from portal.environments.environment import Environment, using
from portal.identity import queries
from portal.messages import catalogue, outbox
from tests.stories.acts import signs_in_with_sms
from tests.stories.hands import Someone, fills, follows, goes_to, presses, ticks
from tests.stories.people import Meet, member_of, somebody

Stations = Iterator[tuple[str, Someone]]
NOTICES, NEWS, SWITCHES = "/production/notices", "/production/news", "/production/switches"


def pages_of_notices(meet: Meet, language: str) -> Stations:
    """Every page of the journeys notices, news and switches."""
    chief = somebody(meet, language, "+46701740631", email="commission-tour@agri.example")
    member_of(chief, "authority/COMMISSION", administrator=True)
    _two_notices_for(chief)
    signs_in_with_sms(chief, NOTICES)
    yield "notices", chief
    goes_to(chief, "/production/profile/notifications")
    yield "notification-preferences", chief
    yield from _pages_of_news(chief)
    yield from _pages_of_switches(chief)
    yield from _a_closed_environment(chief, meet(language, "veterinarian"))


def _two_notices_for(who: Someone) -> None:
    with who.site.inside(), using(Environment.PRODUCTION):
        account = queries.account_by_email(who.email)
        assert account is not None
        for name in ("Fret Exemple", "Ferme Exemple"):
            notice = catalogue.RoleValidatedNotice("A", "B", name, False, "/production/profile")
            outbox.put(notice, outbox.Recipient(account.email, account.language, account.id))
        db.session.commit()


def _pages_of_news(who: Someone) -> Stations:
    goes_to(who, NEWS)
    follows(who, "Write news")
    yield "news-new", who
    presses(who, "Save")
    yield "news-new-refused", who
    fills(who, "Begins on", "2026-01-31T10:00")
    fills(who, "Title", "New forms from January")
    fills(who, "Text", "They are longer.\n\nThe old ones hold until March.")
    presses(who, "Save")
    yield "news-of-its-writer", who
    address = who.page.url.split("?")[0]
    for name in ("edit", "texts/fr", "over"):
        who.page.goto(f"{address}/{name}")
        yield f"news-{name.replace('/', '-')}", who
    goes_to(who, NEWS)
    yield "news", who


def _pages_of_switches(who: Someone) -> Stations:
    goes_to(who, SWITCHES)
    follows(who, "Plan a stop")
    fills(who, "Begins on", (clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"))
    fills(who, "Ends on", (clock.now() + timedelta(days=3, hours=4)).strftime("%Y-%m-%dT%H:%M"))
    fills(who, "Title", "Renewal of the database")
    fills(who, "Text", "Save your work before.")
    presses(who, "Plan the stop")
    yield "switches-stop-refused", who
    ticks(who, "This stop cannot wait two weeks")
    presses(who, "Plan the stop")
    yield "switches-stop", who
    address = who.page.url.split("?")[0]
    for name in ("edit", "texts/fr", "over"):
        who.page.goto(f"{address}/{name}")
        yield f"switches-{name.replace('/', '-')}", who
    goes_to(who, f"{SWITCHES}/methods")
    yield "switches-methods", who
    goes_to(who, f"{SWITCHES}/close")
    fills(who, "Title", "Repair")
    yield "switches-close", who


def _a_closed_environment(who: Someone, other: Someone) -> Stations:
    presses(who, "Close the environment now")
    yield "switches-closed", who
    signs_in_with_sms(other, "/account")
    goes_to(other, "/production/profile")
    yield "closed", other
    follows(who, "Repair")
    follows(who, "Open the environment")
    presses(who, "Yes, end it")
    yield "switches", who
