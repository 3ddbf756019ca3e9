"""Forms of signing in: the name, then password and method; shape and words, never a query."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, PasswordField, RadioField, StringField, ValidationError

from portal.identity.queries import NAME_LENGTH
from portal.vocabulary import Method
from portal.web import labels
from portal.web.forms import MobileNumber, PortalForm, required, text_field, trimmed


class NameForm(PortalForm):
    """The first screen: who."""

    name = text_field(_l("E-mail or user name"), length=NAME_LENGTH)


class PasswordForm(PortalForm):
    """The second screen: the password and how to go on; the number is asked for every time (S0)."""

    password = PasswordField(_l("Password"), [required()])
    method = RadioField(_l("Verification method"), [required(_l("Choose a verification method."))])
    number = StringField(
        _l("Mobile phone"),
        filters=[trimmed],
        description=_l("International format with country code - for example, for Belgium: +32 123 45 67 89"),
    )

    def offer(self, methods: Sequence[Method]) -> PasswordForm:
        """The methods of the list; the first one is chosen beforehand."""
        self.method.choices = [(method.value, labels.METHODS[method]) for method in methods]
        if not self.is_submitted():
            self.method.data = methods[0].value
        return self

    def validate_number(self, field: Field) -> None:
        """Needed for SMS alone, and then a mobile number."""
        if self.method.data != Method.SMS:
            return
        if not field.data:
            raise ValidationError(_("Type the mobile phone number to which the code shall go."))
        MobileNumber()(self, field)

    @property
    def checked_number(self) -> str:
        """The number as E.164, empty where the method needs none."""
        return str(getattr(self.number, "number", ""))
