"""Two accounts that want one address at the same moment, and a change that is undone while it is confirmed again."""

from __future__ import annotations

from functools import partial

import pytest

from portal.database import db
from portal.identity import personal_data
from portal.identity.models import Account
from portal.identity.states import LinkPurpose
from tests.long.place import Place, at_once, check_none_is_busy
from tests.long.scenes_of_people import newest_path
from tests.makers.identity import a_user_with_telephone
from tests.makers.roles import acting

pytestmark = pytest.mark.long
ROUNDS = 5


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_two_accounts_that_confirm_one_address_at_once_one_has_it(place: Place, number: int) -> None:
    wanted = f"wanted{number}@else.example"
    acts = []
    with place.inside():
        for _person in range(2):
            person = a_user_with_telephone()
            personal_data.ask_email_change(wanted, acting(person))
            path, browser = newest_path(person, LinkPurpose.EMAIL_NEW), place.browser_of(person)
            acts.append((browser, path))
    forms = [(browser, path, {"csrf_token": browser.get(path).token}) for browser, path in acts]

    answers = at_once(*(partial(browser.post, path, sent) for browser, path, sent in forms))

    check_none_is_busy(answers)
    assert sorted(answer.status for answer in answers) == [200, 410]
    with place.inside():
        assert db.session.query(Account).filter_by(email=wanted).count() == 1
