"""Forms of security keys; shape and words, never a query."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.web.forms import PortalForm, text_field

NAME_LENGTH = 60


class KeyNameForm(PortalForm):
    """What the person calls the key: «blue key on my ring»."""

    name = text_field(
        _l("Name of your security key"),
        length=NAME_LENGTH,
        description=_l("For example: blue key on my ring."),
    )
