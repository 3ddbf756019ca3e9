"""One answer of a key at the same moment from twenty windows opens one session; two copies never both count."""

from __future__ import annotations

import json

import pytest

from portal.database import db
from portal.identity import key_assertions
from portal.identity.factor_models import SecurityKey
from tests.long.place import Place, at_once, check_none_is_busy, send_at_once
from tests.long.scenes_of_keys import finish, half_signed_in, show_key, show_passkey, soft_key
from tests.makers.identity import a_user_with_telephone
from tests.makers.keys import a_key

pytestmark = pytest.mark.long


@pytest.mark.parametrize("showing", [show_key, show_passkey, finish])
def test_of_twenty_times_the_same_answer_one_is_taken(place: Place, showing: object) -> None:
    with place.inside():
        scene = showing(place)  # type: ignore[operator]

    answers = send_at_once(scene.browser, scene.path, scene.fields, form_on=scene.form_on)

    assert [answer.status for answer in answers].count(200) == 1
    with place.inside():
        assert scene.count() == 1


def test_twenty_ceremonies_answered_with_the_same_counter_stop_the_key_once(place: Place) -> None:
    with place.inside():
        person = a_user_with_telephone()
        row, soft = a_key(person, soft_key(place))
        key = row.id
        asked = [half_signed_in(place, person) for _number in range(20)]
        shown = [soft.show(key_assertions.ask(half), count=7) for _browser, half in asked]
    before = place.events("FactorStopped")
    sent = [
        (browser, {"csrf_token": browser.get("/sign-in/key").token, "answer": json.dumps(answer)})
        for (browser, _half), answer in zip(asked, shown, strict=True)
    ]

    answers = at_once(
        *(
            lambda browser=browser, fields=fields: browser.post("/sign-in/key/finish", fields)
            for browser, fields in sent
        )
    )

    check_none_is_busy(answers)
    assert [answer.status for answer in answers].count(200) == 1
    assert place.events("FactorStopped") == before + 1
    with place.inside():
        assert db.session.get_one(SecurityKey, key).stopped_at is not None
