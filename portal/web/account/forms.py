"""Forms of the own account: shape and words, never a query."""

from __future__ import annotations

from babel.core import get_global
from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from portal.identity import numbers
from portal.web import current
from portal.web.forms import MobileNumber, PortalForm, required, trimmed

USUAL_COUNTRY = {"en": "IE"}
"""Where the library's guess for a language lies outside the Union."""


class TelephoneForm(PortalForm):
    """One mobile number in international form."""

    number = StringField(
        _l("Mobile phone number"),
        [required(), MobileNumber()],
        filters=[trimmed],
        description=_l("International format with country code - for example, for Belgium: +32 123 45 67 89"),
    )

    @property
    def checked_number(self) -> str:
        """The number as E.164."""
        return str(self.number.number)  # type: ignore[attr-defined]


def usual_dialling_code() -> str:
    """«+33»: of the country the browser names for the page's language, else of the language's own country."""
    language = current.language().partition("_")[0]
    for tag, _quality in request.accept_languages:
        spoken, _sign, country = tag.partition("-")
        # «en-US» is how browsers are delivered and says nothing about where a person is.
        if spoken == language and len(country) == 2 and country.upper() != "US":
            return numbers.dialling_code(country)
    guess = get_global("likely_subtags").get(language, "").rpartition("_")[2]
    return numbers.dialling_code(USUAL_COUNTRY.get(language, guess))
