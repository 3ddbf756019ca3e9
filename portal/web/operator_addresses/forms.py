"""Forms of a further address of an operator: shape and words, never a query."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.roles.editing_operator import AddressText
from portal.web.forms import CountryField, PortalForm, required, text_field

STREET_LENGTH, POSTCODE_LENGTH, CITY_LENGTH = 200, 20, 120


class AddressForm(PortalForm):
    """A further address."""

    label = text_field(
        _l("What is there"), length=100, needed=False, description=_l("For example: stable, yard.")
    )
    street = text_field(_l("Street and number"), length=STREET_LENGTH)
    postcode = text_field(_l("Postcode"), length=POSTCODE_LENGTH, needed=False)
    city = text_field(_l("City"), length=CITY_LENGTH)
    country = CountryField(validators=[required(_l("Choose a country."))])

    def to_address(self) -> AddressText:
        """The address as the service takes it."""
        texts = (self.street, self.postcode, self.city, self.country, self.label)
        return AddressText(*(field.data or "" for field in texts))
