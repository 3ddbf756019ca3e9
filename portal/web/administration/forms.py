"""Forms about the people of an organisation; shape and words, never a query."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from portal.identity.states import Recognised
from portal.web.forms import PortalForm, required


class LiftForm(PortalForm):
    """How the person was recognised."""

    recognised = RadioField(
        _l("How did you recognise the person?"),
        [required(_l("Say how you recognised the person."))],
        choices=[
            (Recognised.CALL_BACK.value, _l("I called the number on file back, and the person answered.")),
            (Recognised.IN_PERSON.value, _l("The person stood before me.")),
        ],
    )
