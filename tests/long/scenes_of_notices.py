"""People about to mark notices as read or to choose their mails; the Commission about to announce or to switch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from portal import clock
from portal.database import db
from portal.environments.environment import Environment, using
from portal.environments.models import Announcement, AnnouncementText, PolicyVersion
from portal.messages import catalogue, outbox
from portal.messages.notice_models import InAppNotice, MailPreference
from tests.long.place import Place
from tests.long.scene import Scene, rows
from tests.makers.announcements import a_commissioner, a_stop, some_news
from tests.makers.roles import a_person, acting

NOTICES, NEWS, SWITCHES = "/production/notices", "/production/news", "/production/switches"


def told(place: Place) -> tuple[object, InAppNotice]:
    """A browser of a person with one unread notice."""
    person = a_person()
    notice = catalogue.RoleValidatedNotice("A", "B", "Fret Exemple", False, "/production/profile")
    outbox.put(notice, outbox.Recipient(person.email, person.language, person.id))
    db.session.commit()
    row = db.session.query(InAppNotice).filter_by(account_id=person.id).one()
    return place.browser_of(person), row


def read(place: Place) -> Scene:
    browser, row = told(place)
    count = _read(row)
    return Scene(browser, f"{NOTICES}/{row.id}/read", count, form_on=NOTICES)  # type: ignore[arg-type]


def read_all(place: Place) -> Scene:
    browser, row = told(place)
    fields = {"up_to": str(row.id)}
    return Scene(browser, f"{NOTICES}/read", _read(row), fields, form_on=NOTICES)  # type: ignore[arg-type]


def _read(row: InAppNotice) -> Callable[[], int]:
    own = InAppNotice.id == row.id
    return lambda: rows(InAppNotice, own, InAppNotice.read_at.is_not(None))


def configure(place: Place) -> Scene:
    person = a_person()
    fields = {"requests": "daily", "roles": "daily", "organisations": "daily", "announcements": "daily"}
    own = MailPreference.account_id == person.id, MailPreference.mail == "daily"
    address = "/production/profile/notifications"
    return Scene(
        place.browser_of(person), address, lambda: rows(MailPreference, *own), fields, least=4, most=4
    )


def made(address: str, **fields: str) -> Callable[[Place], Scene]:
    """News, a stop or a closing is sent by twenty windows and announced once."""

    def scene(place: Place) -> Scene:
        chief = a_commissioner()
        begin = (clock.now() + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M")
        values = {"starts_at": begin, "language": "en", "title": "Renewal"} | fields
        own = Announcement.written_by == chief.id
        return Scene(place.browser_of(chief), address, lambda: rows(Announcement, own), values)

    return scene


def changed(root: str, verb: str, **fields: str) -> Callable[[Place], Scene]:
    """News or a stop that twenty windows change from the same version: the first one does."""

    def scene(place: Place) -> Scene:
        chief = a_commissioner()
        row = some_news(acting(chief), "Hello") if root == NEWS else a_stop(acting(chief))
        begin = (clock.now() + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M")
        values = {"version": "1", "starts_at": begin} | fields
        own = Announcement.id == row.id, Announcement.version == 2
        return Scene(
            place.browser_of(chief), f"{root}/{row.id}/{verb}", lambda: rows(Announcement, *own), values
        )

    return scene


def words(root: str) -> Callable[[Place], Scene]:
    """A text in another language, written once."""

    def scene(place: Place) -> Scene:
        base = changed(root, "texts/fr", title="Bonjour")(place)
        number = int(base.path.split("/")[-3])
        own = AnnouncementText.announcement_id == number, AnnouncementText.language == "fr"
        return Scene(base.browser, base.path, lambda: rows(AnnouncementText, *own), base.fields)

    return scene


def elsewhere(scene: Callable[[Place], Scene]) -> Callable[[Place], Scene]:
    """In Acceptance: what it does to an environment would stand in the way of the other scenes."""

    def in_acceptance(place: Place) -> Scene:
        with using(Environment.ACCEPTANCE):
            made_there = scene(place)
        count = made_there.count

        def counted() -> int:
            with using(Environment.ACCEPTANCE):
                return count()

        made_there.count = counted
        made_there.path = made_there.path.replace("/production/", "/acceptance/")
        return made_there

    return in_acceptance


def choose_methods(place: Place) -> Scene:
    chief = a_commissioner()
    fields = {"applies_from": clock.now().date().isoformat(), "access_methods": "sms", "decision_methods": "sms",
              "sms": "allowed", "version": "0"}  # fmt: skip
    own = PolicyVersion.set_by == chief.id
    return Scene(place.browser_of(chief), f"{SWITCHES}/methods", lambda: rows(PolicyVersion, own), fields)


NOTICE_SCENES: dict[str, Callable[[Place], Scene]] = {
    "notices.read": read,
    "notices.read_all": read_all,
    "notices.configure": configure,
    "news.new": made(f"{NEWS}/new", country=""),
    "news.edit": changed(NEWS, "edit"),
    "news.words": words(NEWS),
    "news.end": changed(NEWS, "over"),
    "switches.new_stop": made(f"{SWITCHES}/stops/new", closes="y"),
    "switches.close": elsewhere(made(f"{SWITCHES}/close")),
    "switches.edit": changed(f"{SWITCHES}/stops", "edit"),
    "switches.words": words(f"{SWITCHES}/stops"),
    "switches.end": changed(f"{SWITCHES}/stops", "over"),
    "switches.choose_methods": elsewhere(choose_methods),
}
