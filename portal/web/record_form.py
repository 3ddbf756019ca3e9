"""The fields of a record in a register, on the pages of authorities and of control bodies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import Field, HiddenField, SelectMultipleField, StringField
from wtforms.validators import Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from portal.organisations.registers import PLAIN, RecordText
from portal.reference.queries import Choice
from portal.web.forms import EmailAddress, PlainText, PortalForm, text_field, trimmed

NAME_LENGTH, STREET_LENGTH, POSTCODE_LENGTH, CITY_LENGTH, CODE_LENGTH = 200, 200, 20, 120, 40
TELEPHONE = re.compile(r"^\+?[0-9][0-9 ().\/-]{4,38}$")
WEBSITE = re.compile(r"^(https?://)?[\w-]+(\.[\w-]+)+(:\d+)?(/[^\s<>\"]*)?$", re.IGNORECASE)
CODE = re.compile(r"^[^\s<>\"|]*$")


class OptionalEmail(EmailAddress):
    """Validator: nothing, or one e-mail address."""

    def __call__(self, form: Any, field: Field) -> None:
        """Raise at the field."""
        if field.data:
            super().__call__(form, field)


class Several(SelectMultipleField):
    """Boxes to tick, any number of them."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def offer(self, choices: Iterable[Choice]) -> None:
        """The boxes, in this order."""
        self.choices = [(choice.code, choice.name) for choice in choices]


def _telephone(label: Any) -> StringField:
    wrong = _l("This is not a valid telephone number. Check the country code and the digits.")
    return StringField(label, [Optional(), Regexp(TELEPHONE, message=wrong)], filters=[trimmed])


class RecordForm(PortalForm):
    """Name, address, contact and code; `version` says since when the person looks at them."""

    version = HiddenField()
    name = text_field(_l("Name"), length=NAME_LENGTH)
    code = StringField(
        _l("Code"),
        [Optional(), Length(max=CODE_LENGTH), PlainText(), Regexp(CODE, message=_l("A code has no blanks."))],
        filters=[trimmed],
    )
    street = text_field(_l("Street and number"), length=STREET_LENGTH, needed=False)
    postcode = text_field(_l("Postcode"), length=POSTCODE_LENGTH, needed=False)
    city = text_field(_l("City"), length=CITY_LENGTH, needed=False)
    telephone = _telephone(_l("Phone"))
    fax = _telephone(_l("Fax"))
    email = StringField(lazy_pgettext("profile", "E-mail"), [OptionalEmail()], filters=[trimmed])
    website = StringField(
        _l("Web site"),
        [Optional(), Length(max=200), PlainText(), Regexp(WEBSITE, message=_l("This is no web address."))],
        filters=[trimmed],
    )

    def to_record(self) -> RecordText:
        """The record as the services take it."""
        return RecordText(**{name: getattr(self, name).data or "" for name in PLAIN})

    def seen(self) -> int:
        """The version the person saw; one that nobody gave out fits no record."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else 0

    def differing(self, row: Any) -> list[tuple[str, str]]:
        """Label and present value of each detail that somebody else has changed differently meanwhile."""
        names = [name for name in PLAIN if (getattr(self, name).data or "") != getattr(row, name)]
        return [(str(getattr(self, name).label.text), getattr(row, name) or "–") for name in names]

    def meet(self, row: Any) -> None:
        """Two changed it at once: what the person wrote stays in the form, and fits the record as it stands now."""
        self.version.data = str(row.version)

    def refuse_name(self) -> None:
        """Another record has this name, in the same place."""
        self.name.errors = [_("A record of this name stands here already.")]

    def refuse_code(self) -> None:
        """Another record has this code."""
        self.code.errors = [_("Another authority of this country has this code.")]
