"""Forms of «Manage my mobile devices»: a telephone with its PIN, another name; shape and words, never a query."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, PasswordField, ValidationError

from portal.identity.device_codes import PIN_DIGITS, is_weak
from portal.web.forms import PortalForm, required, text_field

NAME_LENGTH = 60


class NameForm(PortalForm):
    """How the person calls the telephone."""

    name = text_field(_l("Your device name"), length=NAME_LENGTH)


class DeviceForm(NameForm):
    """A telephone to be added, and the PIN that will be typed on it."""

    pin = PasswordField(_l("Your 4 digit PIN code"), [required()])
    pin_again = PasswordField(_l("Confirm your PIN code"), [required()])

    def validate_pin(self, field: Field) -> None:
        """Four digits, none of the combinations that are tried first."""
        pin = field.data or ""
        if len(pin) != PIN_DIGITS or not (pin.isdecimal() and pin.isascii()):
            raise ValidationError(_("The PIN code has exactly four digits."))
        if is_weak(pin):
            raise ValidationError(
                _("This PIN code is easy to guess. Choose one without repeats, runs, years or dates.")
            )

    def validate_pin_again(self, field: Field) -> None:
        """The same again."""
        if field.data != self.pin.data:
            raise ValidationError(_("The two PIN codes are not the same."))
