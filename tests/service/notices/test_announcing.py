"""News, planned stops and closing: who writes them, when they show, and what two people at once do to one another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal import clock
from portal.access.actions import Action
from portal.access.authorise import Refused, StepUpNeeded
from portal.audit.models import AuditEvent
from portal.database import db
from portal.environments import announced
from portal.environments.announced import AnnouncementKind, EnvironmentClosed
from portal.environments.environment import Environment, using
from portal.environments.models import Announcement
from portal.messages.models import OutgoingMessage
from portal.notices import announcing
from portal.notices.announcing import ChangedMeanwhile, EndsBeforeItBegins, Period, TooSoon, Words
from portal.paging import Place
from portal.roles import requesting
from portal.roles.requesting import RoleWish
from portal.vocabulary import AuthorityRole, OrganisationKind
from portal.workflow import NotThere
from tests.makers.announcements import WORDS, a_closure, a_commissioner, a_stop, some_news
from tests.makers.organisations import an_authority, an_operator
from tests.makers.roles import a_member, a_person, acting

pytestmark = pytest.mark.usefixtures("production")


def events() -> list[str]:
    """The names of the events of announcements."""
    rows = db.session.query(AuditEvent).filter_by(subject_kind="announcement").order_by(AuditEvent.id)
    return [row.name for row in rows]


def test_a_stop_shows_from_two_weeks_before_and_closes_while_it_lasts() -> None:
    a_stop(acting(a_commissioner()))
    assert not announced.stops_ahead()
    clock.advance(timedelta(days=6, minutes=1))
    (stop,) = announced.stops_ahead()
    assert (stop.kind, stop.title_in("fr")) == (AnnouncementKind.STOP, "Maintenance")
    assert announced.closing([stop]) is None
    clock.advance(timedelta(days=14))
    with pytest.raises(EnvironmentClosed):
        announced.check_open()
    clock.advance(timedelta(hours=4))
    announced.check_open()
    assert not announced.stops_ahead()


def test_a_stop_that_does_not_close_is_only_told() -> None:
    a_stop(acting(a_commissioner()), closes=False)
    clock.advance(timedelta(days=20, minutes=1))
    announced.check_open()
    assert len(announced.stops_ahead()) == 1


def test_a_stop_is_announced_two_weeks_ahead_unless_it_cannot_wait() -> None:
    actor = acting(a_commissioner())
    begin = clock.now() + timedelta(days=3)
    with pytest.raises(TooSoon):
        announcing.plan_stop(Period(begin, begin + timedelta(hours=1)), WORDS, actor)
    announcing.plan_stop(Period(begin, begin + timedelta(hours=1)), WORDS, actor, urgent=True)
    assert len(announced.stops_ahead()) == 1


def test_an_end_before_the_beginning_or_in_the_past_is_refused() -> None:
    actor, now = acting(a_commissioner()), clock.now()
    for period in (
        Period(now, now - timedelta(hours=1)),
        Period(now - timedelta(days=2), now - timedelta(days=1)),
    ):
        with pytest.raises(EndsBeforeItBegins):
            announcing.announce_news(period, "", WORDS, actor)
    assert db.session.query(Announcement).count() == 0


def test_closing_holds_for_one_environment_until_it_is_opened_and_is_told_to_the_commission() -> None:
    actor = acting(a_commissioner())
    row = announcing.close_environment(None, WORDS, actor)
    with using(Environment.TRAINING):
        announced.check_open()
    with pytest.raises(EnvironmentClosed):
        announced.check_open()
    row = announcing.announcement_to_keep(row.id, Action.ENVIRONMENT_SWITCH, actor)
    announcing.end(row, row.version, actor)
    announced.check_open()
    assert events() == ["EnvironmentClosed", "EnvironmentOpened"]
    told = db.session.query(OutgoingMessage).filter_by(name="environment_switched_notice")
    assert told.count() == 2


def test_nobody_asks_for_a_role_in_a_closed_environment() -> None:
    operator, person = an_operator(), a_person()
    a_closure()
    wish = RoleWish(OrganisationKind.OPERATOR, (operator.id,))
    with pytest.raises(EnvironmentClosed):
        requesting.request_roles(wish, acting(person))


def test_a_central_authority_writes_for_its_country_and_sees_its_own_news_only() -> None:
    top = acting(a_commissioner())
    central = acting(a_member(an_authority("Central", AuthorityRole.CCA, country="BE"), administrator=True))
    for_all, foreign = some_news(top, "For all"), some_news(top, "For France", "FR")
    some_news(central, "For Belgium", "BE")
    assert [row.texts[0].title for row in announcing.news_kept_by(central, Place()).rows] == ["For Belgium"]
    assert len(announcing.news_kept_by(top, Place()).rows) == 3
    for country in ("FR", ""):
        with pytest.raises(Refused):
            some_news(central, "Not mine", country)
    for row in (for_all, foreign):
        with pytest.raises(NotThere):
            announcing.announcement_to_keep(row.id, Action.NEWS_KEEP, central)
    assert [told.title_in("en") for told in announcing.current_news(["BE"])] == ["For Belgium", "For all"]
    assert [told.title_in("en") for told in announcing.current_news([])] == ["For all"]


def test_news_show_from_their_beginning_until_their_end_or_until_they_are_ended() -> None:
    actor, now = acting(a_commissioner()), clock.now()
    period = Period(now + timedelta(days=1), now + timedelta(days=2))
    announcing.announce_news(period, "", Words("en", "Tomorrow"), actor)
    row = some_news(actor, "Now")
    assert [told.title_in("en") for told in announcing.current_news([])] == ["Now"]
    clock.advance(timedelta(days=1, hours=1))
    assert len(announcing.current_news([])) == 2
    announcing.end(row, row.version, acting_again(actor))
    assert [told.title_in("en") for told in announcing.current_news([])] == ["Tomorrow"]
    clock.advance(timedelta(days=1))
    assert not announcing.current_news([])


def acting_again(actor: object) -> object:
    """The same person with the factor shown now."""
    return replace(actor, second_factor_at=clock.now())  # type: ignore[type-var]


def test_texts_come_in_the_language_of_the_page_else_in_english() -> None:
    actor = acting(a_commissioner())
    row = some_news(actor, "Hello")
    announcing.put_words(row, row.version, Words("fr", "Bonjour", "Texte"), actor)
    (told,) = announcing.current_news([])
    assert [told.title_in(code) for code in ("fr", "de", "en")] == ["Bonjour", "Hello", "Hello"]
    assert told.body_in("fr") == "Texte"
    row = announcing.announcement_to_keep(row.id, Action.NEWS_KEEP, actor)
    announcing.put_words(row, row.version, Words("fr", "Bonsoir"), actor)
    assert announcing.current_news([])[0].title_in("fr") == "Bonsoir"


def test_of_two_who_change_it_at_once_the_second_is_told_and_nothing_changes() -> None:
    actor = acting(a_commissioner())
    row = some_news(actor, "Hello")
    seen = row.version
    announcing.put_words(row, seen, Words("fr", "Bonjour"), actor)
    row = announcing.announcement_to_keep(row.id, Action.NEWS_KEEP, actor)
    for late in (
        lambda: announcing.put_words(row, seen, Words("fr", "Salut"), actor),
        lambda: announcing.change_period(row, seen, Period(clock.now()), actor),
        lambda: announcing.end(row, seen, actor),
    ):
        with pytest.raises(ChangedMeanwhile):
            late()
    assert announcing.current_news([])[0].title_in("fr") == "Bonjour"
    assert events() == ["AnnouncementMade", "AnnouncementTextKept"]


def test_what_was_ended_is_changed_no_more() -> None:
    actor = acting(a_commissioner())
    row = some_news(actor, "Hello")
    announcing.end(row, row.version, actor)
    row = announcing.announcement_to_keep(row.id, Action.NEWS_KEEP, actor)
    with pytest.raises(ChangedMeanwhile):
        announcing.change_period(row, row.version, Period(clock.now()), actor)


def test_a_news_page_opens_no_stop_and_the_other_way_round() -> None:
    actor = acting(a_commissioner())
    stop, news = a_stop(actor), some_news(actor, "Hello")
    with pytest.raises(NotThere):
        announcing.announcement_to_keep(stop.id, Action.NEWS_KEEP, actor)
    with pytest.raises(NotThere):
        announcing.announcement_to_keep(news.id, Action.ENVIRONMENT_SWITCH, actor)


def test_announcing_needs_a_fresh_factor_and_the_right_person() -> None:
    actor = acting(a_commissioner())
    stale = replace(actor, second_factor_at=clock.now() - timedelta(hours=2), acted_at=None)
    with pytest.raises(StepUpNeeded):
        some_news(stale, "Hello")
    with pytest.raises(Refused):
        announcing.close_environment(None, WORDS, acting(a_person()))
    announced.check_open()
