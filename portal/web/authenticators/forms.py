"""Forms of authenticator apps; shape and words, never a query."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from portal.web.forms import PortalForm, required, text_field, trimmed

NAME_LENGTH = 60


class NameForm(PortalForm):
    """What the person calls the app: «my phone»."""

    name = text_field(_l("Name of the app"), length=NAME_LENGTH, description=_l("For example: my phone."))


class AppCodeForm(PortalForm):
    """The six digits that the app shows now."""

    code: Any = StringField(_l("Code shown by the app"), [required()], filters=[trimmed])

    def refuse(self) -> None:
        """The code is not the one of this moment."""
        self.code.errors = [
            _("This code is not right. Wait for the next one, and check the clock of the phone.")
        ]
