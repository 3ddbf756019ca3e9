"""Forms of an operator's details and addresses, and of a new operator: shape and words, never a query."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import BooleanField, Field, HiddenField, RadioField, StringField
from wtforms.validators import Length, Optional, Regexp

from portal.organisations.registering import DETAILS, Details
from portal.organisations.search import OperatorSearch
from portal.roles.operators import OwnOperators
from portal.web import labels
from portal.web.activity_form import ActivityForm
from portal.web.forms import (
    ChoiceField,
    CountryField,
    EmailAddress,
    PlainText,
    PortalForm,
    VersionForm,
    required,
    text_field,
    trimmed,
)

NAME_LENGTH, STREET_LENGTH, POSTCODE_LENGTH, CITY_LENGTH, NUMBER_LENGTH = 200, 200, 20, 120, 30
MESSAGE_LENGTH = 1000
TELEPHONE = re.compile(r"\+?[0-9][0-9 ().\/-]{4,38}")
WEBSITE = re.compile(r"(https?://)?[\w-]+(\.[\w-]+)+(:\d+)?(/[^\s<>\"]*)?", re.IGNORECASE)
LISTED_STATES = ("new", "valid", "suspended")


class OptionalEmail(EmailAddress):
    """Validator: nothing, or one e-mail address."""

    def __call__(self, form: PortalForm, field: Field) -> None:
        """Raise at the field."""
        if field.data:
            super().__call__(form, field)


def _telephone_field(label: Any) -> StringField:
    wrong = _l("This is not a valid telephone number. Check the country code and the digits.")
    pattern = Regexp(rf"^{TELEPHONE.pattern}$", message=wrong)
    return StringField(label, [Optional(), pattern], filters=[trimmed])


class DetailsForm(PortalForm):
    """«Operator Details»."""

    name = text_field(_l("Name"), length=NAME_LENGTH)
    street = text_field(_l("Street and number"), length=STREET_LENGTH)
    postcode = text_field(_l("Postcode"), length=POSTCODE_LENGTH, needed=False)
    city = text_field(_l("City"), length=CITY_LENGTH)
    telephone = _telephone_field(_l("Phone"))
    fax = _telephone_field(_l("Fax"))
    email = StringField(lazy_pgettext("profile", "E-mail"), [OptionalEmail()], filters=[trimmed])
    website = StringField(
        _l("Web site"),
        [
            Optional(),
            Length(max=200),
            PlainText(),
            Regexp(rf"^{WEBSITE.pattern}$", re.IGNORECASE, _l("This is no web address.")),
        ],
        filters=[trimmed],
    )
    eori = text_field(_l("EORI number"), length=NUMBER_LENGTH, needed=False)
    vat = text_field(_l("VAT number"), length=NUMBER_LENGTH, needed=False)

    def to_details(self) -> Details:
        """The details as the service takes them."""
        return Details(**{name: getattr(self, name).data or "" for name in DETAILS})

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Put the words for each reason at its field."""
        for name, word in problems.items():
            getattr(self, name).errors = [labels.OPERATOR_PROBLEMS[word]]


class EditForm(DetailsForm, VersionForm):
    """The details as somebody saw them."""


class ConflictForm(PortalForm):
    """What one wrote while somebody else saved: for each field that differs, whose words stay."""

    version = HiddenField()

    def chosen(self, theirs: Details) -> dict[str, str] | None:
        """Field by field what was chosen; None where a choice is missing."""
        values = {}
        for name in DETAILS:
            mine, now = getattr(self, f"mine_{name}").data or "", getattr(theirs, name)
            keep = getattr(self, f"keep_{name}")
            if mine != now and keep.data not in ("mine", "theirs"):
                keep.errors = [_("Choose which one stays.")]
            values[name] = mine if keep.data == "mine" else now
        return None if self.errors else values

    def show(self, mine: Details, theirs: Details, version: int) -> ConflictForm:
        """Fill in what one wrote; the choices name both."""
        self.version.data = str(version)
        for name in DETAILS:
            own, now = getattr(mine, name), getattr(theirs, name)
            getattr(self, f"mine_{name}").data = own
            getattr(self, f"keep_{name}").choices = [
                ("theirs", _("Keep theirs: %(value)s", value=now or "–")),
                ("mine", _("Keep mine: %(value)s", value=own or "–")),
            ]
        return self

    def mine(self) -> Details:
        """What one wrote."""
        return Details(**{name: getattr(self, f"mine_{name}").data or "" for name in DETAILS})


for _name in DETAILS:
    setattr(ConflictForm, f"mine_{_name}", HiddenField())
    _label = getattr(DetailsForm, _name).args[0]
    setattr(ConflictForm, f"keep_{_name}", RadioField(_label, validate_choice=False, choices=[]))


class NewOperatorForm(DetailsForm, ActivityForm):
    """Both panels of «Create operator to join»."""

    message = StringField(
        _l("Message"), [Optional(), Length(max=MESSAGE_LENGTH), PlainText()], filters=[trimmed],
        description=_l("What may help those who decide. Optional."),
    )  # fmt: skip
    shown = HiddenField()
    none_of_these = BooleanField(_l("It is none of these: create a new operator"))

    def denied(self) -> tuple[int, ...]:
        """The records that were shown and of which the person said that they are others."""
        numbers = [text for text in (self.shown.data or "").split(",") if text.isdecimal() and len(text) < 10]
        return tuple(int(text) for text in numbers) if self.none_of_these.data else ()

    def show_likely(self, ids: Iterable[int]) -> None:
        """Records like it are on the page now; the tick belongs to them."""
        self.shown.data, self.none_of_these.data = ",".join(str(number) for number in ids), False
        self.none_of_these.errors = [_("Records like this one exist already. Look at them first.")]


class ReadForm(PortalForm):
    """Filters travel in the address and change nothing."""

    class Meta(PortalForm.Meta):
        """No token in an address."""

        csrf = False

    country = CountryField(validators=[required(_l("Choose a country."))])


class OwnForm(ReadForm):
    """Filters of «my operators»."""

    state = ChoiceField(_l("State of an activity"), default="", validate_choice=False)

    def offer(self) -> None:
        """The states that are asked for."""
        words = [(state, labels.ACTIVITY_STATES[state]) for state in LISTED_STATES]  # type: ignore[index]
        self.state.choices = [("", _("All")), *words]

    def to_filter(self) -> OwnOperators:
        """The filters as the list takes them."""
        return OwnOperators(self.country.data, self.state.data if self.state.data in LISTED_STATES else "")


class FindForm(ReadForm):
    """Words to find an operator by."""

    text = text_field(_l("Search"), length=NAME_LENGTH, needed=False)

    def to_search(self) -> OperatorSearch:
        """The filters as the search takes them."""
        return OperatorSearch(self.country.data, text=self.text.data or "")
