"""Every form sent by twenty windows of one browser at the same moment has the effect of one."""

from __future__ import annotations

import pytest

from tests.long.place import Place, send_at_once
from tests.long.scenes import SCENES

pytestmark = pytest.mark.long


def test_every_form_has_its_scene(place: Place) -> None:
    forms = {rule.endpoint for rule in place.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert forms == set(SCENES)


@pytest.mark.parametrize("endpoint", SCENES)
def test_a_form_sent_twenty_times_at_once_acts_once(place: Place, endpoint: str) -> None:
    with place.inside():
        scene = SCENES[endpoint](place)

    send_at_once(scene.browser, scene.path, scene.fields, form_on=scene.form_on)

    with place.inside():
        assert scene.least <= scene.count() <= scene.most
