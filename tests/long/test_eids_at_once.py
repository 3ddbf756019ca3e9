"""One identity and twenty accounts at the same moment: it is linked to one of them."""

from __future__ import annotations

from functools import partial

import pytest

from portal.identity.factor_models import Eid
from tests.long.place import CLIENTS, Place, at_once, check_none_is_busy
from tests.long.scene import rows
from tests.long.scenes_of_eids import linking
from tests.makers.identity import a_user_with_telephone

pytestmark = pytest.mark.long


def test_of_twenty_accounts_that_link_the_same_identity_one_has_it(place: Place) -> None:
    place.provider.subject = "FR/wanted-by-twenty"
    with place.inside():
        scenes = [linking(place, a_user_with_telephone(), f"code-{number}") for number in range(CLIENTS)]
    sent = [{"csrf_token": scene.browser.get(scene.form_on).token, **scene.fields} for scene in scenes]

    answers = at_once(
        *(partial(scene.browser.post, scene.path, fields) for scene, fields in zip(scenes, sent, strict=True))
    )

    check_none_is_busy(answers)
    assert sorted(answer.status for answer in answers) == [302] + [409] * (CLIENTS - 1)
    with place.inside():
        assert rows(Eid, Eid.subject == "FR/wanted-by-twenty") == 1
