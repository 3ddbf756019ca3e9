"""People who change what is kept about them, and who leave."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import select

from portal import clock
from portal.database import db
from portal.identity import links, personal_data
from portal.identity.models import Account, OneTimeLink
from portal.identity.states import LinkPurpose
from tests.long.place import CLIENTS, Place
from tests.long.scene import NEW_PASSWORD, Scene, events_of, living_links, rows
from tests.makers.identity import PASSWORD, a_user_with_telephone
from tests.makers.roles import acting

PREFIX = "/account"


def name(place: Place) -> Scene:
    person = a_user_with_telephone()
    fields = {"first_name": "Camille", "last_name": "Autre"}
    return Scene(place.browser_of(person), f"{PREFIX}/name", events_of(place, "NameChanged", person), fields)


def email(place: Place) -> Scene:
    person = a_user_with_telephone()
    wanted = f"neu-{person.email}"
    living = living_links(person, LinkPurpose.EMAIL_NEW)
    return Scene(place.browser_of(person), f"{PREFIX}/email", living, {"email": wanted, "again": wanted})


def newest_path(person: Account, purpose: LinkPurpose) -> str:
    """The path of the newest link of that purpose."""
    own = select(OneTimeLink).where(OneTimeLink.account_id == person.id, OneTimeLink.purpose == purpose)
    link = db.session.scalars(own.order_by(OneTimeLink.id.desc())).first()
    assert link is not None
    link.handed_over_at = clock.now()
    db.session.commit()
    return urlsplit(links.address_of(link.id)).path


def confirm_email(place: Place) -> Scene:
    person = a_user_with_telephone()
    personal_data.ask_email_change(f"neu-{person.email}", acting(person))
    path = newest_path(person, LinkPurpose.EMAIL_NEW)
    return Scene(place.browser_of(person), path, events_of(place, "EmailChanged", person))


def undo_email(place: Place) -> Scene:
    person = a_user_with_telephone()
    actor = acting(person)
    personal_data.ask_email_change(f"neu-{person.email}", actor)
    token = newest_path(person, LinkPurpose.EMAIL_NEW).rpartition("/")[2]
    personal_data.confirm_email(token, "browser", actor)
    path = newest_path(person, LinkPurpose.EMAIL_UNDO)
    return Scene(place.visitor(), path, events_of(place, "EmailChangeUndone", person))


def password(place: Place) -> Scene:
    person = a_user_with_telephone()
    fields = {"old": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD}
    changed = events_of(place, "OwnPasswordChanged", person)
    return Scene(place.browser_of(person), f"{PREFIX}/password", changed, fields)


def configure(place: Place) -> Scene:
    person = a_user_with_telephone()
    kept = Account.id == person.id, Account.sign_in_notices.is_(True)
    fields = {"sign_in_notices": "y"}
    return Scene(place.browser_of(person), f"{PREFIX}/configure", lambda: rows(Account, *kept), fields)


def hide_nudge(place: Place) -> Scene:
    person = a_user_with_telephone()
    hidden = Account.id == person.id, Account.nudge_hidden_at.is_not(None)
    path = f"{PREFIX}/nudge/hide"
    return Scene(place.browser_of(person), path, lambda: rows(Account, *hidden), form_on="/password/lost")


def delete(place: Place) -> Scene:
    person = a_user_with_telephone()
    return Scene(place.browser_of(person), f"{PREFIX}/delete", events_of(place, "DeletionAsked", person))


def keep(place: Place) -> Scene:
    person = a_user_with_telephone()
    person.deletion_asked_at, person.deletion_due_at = clock.now(), clock.now() + timedelta(days=14)
    db.session.commit()
    kept = events_of(place, "DeletionTakenBack", person)
    return Scene(place.browser_of(person), f"{PREFIX}/delete/keep", kept, form_on="/password/lost")


def data(place: Place) -> Scene:
    person = a_user_with_telephone()
    sent = events_of(place, "PersonalDataExported", person)
    browser, page = place.browser_of(person), f"{PREFIX}/personal-data"
    return Scene(browser, f"{PREFIX}/data", sent, form_on=page, least=CLIENTS, most=CLIENTS)
