"""People who ask for a role or decide on one, about to send the form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from portal import clock
from portal.database import db
from portal.roles import batches
from portal.roles.models import Role
from portal.roles.queue_models import Deputy
from portal.roles.standing_in import today
from portal.work import service
from portal.work.states import WorkState
from tests.long.place import Place
from tests.long.scene import (
    ROLES,
    Scene,
    events_of,
    rows,
)
from tests.makers.identity import a_user_with_telephone
from tests.makers.organisations import a_country, an_operator
from tests.makers.roles import a_member, a_request, acting


def ticked(kind: str, maker: Callable[[], Any]) -> Callable[[Place], Scene]:
    """A row ticked in a search leads on to the confirmation and asks for nothing yet."""

    def scene(place: Place) -> Scene:
        person, row = a_user_with_telephone(), maker()
        none = Role.account_id == person.id
        path = f"{ROLES}/new/{kind}?country=BE"
        fields = {"row": row.id}
        return Scene(place.browser_of(person), path, lambda: rows(Role, none), fields, "/password/lost", 0, 0)

    return scene


def confirm(place: Place) -> Scene:
    person, operator = a_user_with_telephone(), an_operator()
    requested = events_of(place, "RoleRequested", person)
    return Scene(place.browser_of(person), f"{ROLES}/new/operator/confirm?row={operator.id}", requested)


def withdraw(place: Place) -> Scene:
    person = a_user_with_telephone()
    role = a_request(an_operator(), person)
    withdrawn = events_of(place, "RoleWithdrawn", person)
    return Scene(place.browser_of(person), f"{ROLES}/{role.id}/withdraw", withdrawn)


def decision(verb: str, event: str, **fields: str) -> Callable[[Place], Scene]:
    """One decision of a validator."""

    def scene(place: Place) -> Scene:
        country = a_country()
        validator, role = a_member(country.local), a_request(an_operator(responsible=country.local))
        page = f"/production/validation/{role.id}"
        decided = events_of(place, event, validator)
        return Scene(place.browser_of(validator), f"{page}/{verb}", decided, dict(fields), page)

    return scene


def ask(place: Place) -> Scene:
    country = a_country()
    validator, role = a_member(country.local), a_request(an_operator(responsible=country.local))
    asked = events_of(place, "RequestQuestioned", validator)
    path = f"/production/validation/{role.id}/ask"
    return Scene(place.browser_of(validator), path, asked, {"text": "Who are you?"})


def answer(place: Place) -> Scene:
    country, person = a_country(), a_user_with_telephone()
    role = a_request(an_operator(responsible=country.local), person, awaits_since=clock.now())
    answered = events_of(place, "RequestAnswered", person)
    page = f"{ROLES}/{role.id}"
    return Scene(place.browser_of(person), f"{page}/answer", answered, {"text": "Robin."}, page)


def batch(place: Place) -> Scene:
    """One batch is begun, or two where a minute ends between the windows."""
    country = a_country()
    validator, role = a_member(country.local), a_request(an_operator(responsible=country.local))
    begun = events_of(place, "WorkBegun", validator)
    path = f"/production/validation/batch?decision=validate&row={role.id}"
    return Scene(place.browser_of(validator), path, begun, most=2)


def name_deputy(place: Place) -> Scene:
    operator = an_operator()
    chief, colleague = a_member(operator, administrator=True), a_member(operator)
    days = {"first_day": str(today()), "last_day": str(today())}
    fields = {"colleague": f"{operator.id}-{colleague.id}", **days}
    named = events_of(place, "DeputyNamed", chief)
    return Scene(place.browser_of(chief), "/production/deputies/name", named, fields)


def end_deputy(place: Place) -> Scene:
    operator = an_operator()
    chief, colleague = a_member(operator, administrator=True), a_member(operator)
    row = Deputy(
        organisation_id=operator.id, account_id=chief.id, deputy_id=colleague.id, first_day=today(),
        last_day=today(), named_at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    ended = events_of(place, "DeputyEnded", chief)
    path = f"/production/deputies/{row.id}/end"
    return Scene(place.browser_of(chief), path, ended, form_on="/production/deputies")


def stop_batch(place: Place) -> Scene:
    """A batch under way is stopped once; another worker seems to hold it, so that it does not end first."""
    country = a_country()
    validator, role = a_member(country.local), a_request(an_operator(responsible=country.local))
    work = service.begin(batches.KIND, acting(validator), {}, [{"role": role.id, "label": "1"}])
    work.state, work.lease_until = WorkState.RUNNING.value, clock.now() + timedelta(hours=1)
    db.session.commit()
    page = f"/production/work/{work.id}"
    stopped = events_of(place, "WorkStopped", validator)
    return Scene(place.browser_of(validator), f"{page}/stop", stopped, form_on=page)
