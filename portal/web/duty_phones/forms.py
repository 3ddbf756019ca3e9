"""Forms of duty phones; shape and words, never a query."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from portal.identity.duty_phones import ListedPhone
from portal.web.forms import MobileNumber, PortalForm, required, text_field, trimmed

LENGTH = 100


class PlaceForm(PortalForm):
    """Where the phone lies, and who holds it."""

    place = text_field(_l("Place"), length=LENGTH, description=_l("For example: duty room, import hall 2."))
    holder = text_field(_l("Holder"), length=LENGTH, needed=False)


class DutyPhoneForm(PlaceForm):
    """A number of the list."""

    number = StringField(
        _l("Mobile phone number"),
        [required(), MobileNumber()],
        filters=[trimmed],
        description=_l("International format with country code - for example, for Belgium: +32 123 45 67 89"),
    )

    def to_phone(self) -> ListedPhone:
        """What the service takes."""
        number = str(getattr(self.number, "number", ""))
        return ListedPhone(number, self.place.data or "", self.holder.data or "")
