"""Forms of the three searches and of the confirmation: shape and words, never a query."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import Field, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from portal.organisations.search import AuthoritySearch, ControlBodySearch, OperatorSearch
from portal.reference.queries import Choice
from portal.roles.requesting import RoleWish
from portal.vocabulary import OrganisationKind
from portal.web.forms import (
    ChoiceField,
    CountryField,
    EmailAddress,
    PlainText,
    PortalForm,
    required,
    text_field,
    trimmed,
)

WORDS_LENGTH = 200
MESSAGE_LENGTH = 1000
EMAIL_LENGTH = 254
TELEPHONE = re.compile(r"\+?[0-9][0-9 ().\/-]{4,38}")


def _offered(choices: Iterable[Choice]) -> list[tuple[str, str]]:
    return [("", _("All")), *((choice.code, choice.name) for choice in choices)]


class SearchForm(PortalForm):
    """Filters travel in the address, so that a page of results can be kept and gone back to."""

    class Meta(PortalForm.Meta):
        """A search changes nothing: no token in its address."""

        csrf = False

    country = CountryField(validators=[required(_l("Choose a country."))])

    def was_refused(self) -> bool:
        """A search is read from the address, so it counts as sent whenever it has errors."""
        return bool(self.errors)


class OperatorForm(SearchForm):
    """«Select an existing operator»."""

    section = ChoiceField(_l("Section"), default="")
    activity = ChoiceField(_l("Activity Type"), default="")
    text = text_field(_l("Search"), length=WORDS_LENGTH, needed=False)

    def offer(self, sections: Iterable[Choice], activities: Iterable[Choice]) -> None:
        """What can be chosen; an activity of another section is no filter any more."""
        self.section.choices, self.activity.choices = _offered(sections), _offered(activities)
        if self.activity.data not in dict(self.activity.choices):
            self.activity.data = ""

    def to_search(self) -> OperatorSearch:
        """The filters as the search takes them."""
        return OperatorSearch(
            self.country.data, self.section.data or "", self.activity.data or "", self.text.data or ""
        )


class AuthorityForm(SearchForm):
    """«Select an authority»."""

    role = ChoiceField(_l("Role"), default="")
    competence = ChoiceField(_l("Competence"), default="")
    text = text_field(_l("Name of the authority"), length=WORDS_LENGTH, needed=False)

    def offer(self, roles: Iterable[Choice], competences: Iterable[Choice]) -> None:
        """What can be chosen."""
        self.role.choices, self.competence.choices = _offered(roles), _offered(competences)

    def to_search(self) -> AuthoritySearch:
        """The filters as the search takes them."""
        return AuthoritySearch(
            self.country.data, self.role.data or "", self.competence.data or "", self.text.data or ""
        )


class ControlBodyForm(SearchForm):
    """«Select an organic control body»."""

    text = text_field(_l("Name"), length=WORDS_LENGTH, needed=False)

    def to_search(self) -> ControlBodySearch:
        """The filters as the search takes them."""
        return ControlBodySearch(self.country.data, self.text.data or "")


class OptionalEmail(EmailAddress):
    """Validator: nothing, or one e-mail address."""

    def __call__(self, form: PortalForm, field: Field) -> None:
        """Raise at the field."""
        if field.data:
            super().__call__(form, field)


class ConfirmForm(PortalForm):
    """What may help the validator; all of it optional."""

    message = TextAreaField(
        _l("Message"),
        [
            Optional(),
            Length(max=MESSAGE_LENGTH, message=_l("This text is too long: %(max)d characters at most.")),
            PlainText(lines=True),
        ],
        filters=[trimmed],
    )
    email = StringField(lazy_pgettext("profile", "E-mail"), [OptionalEmail()], filters=[trimmed])
    telephone = StringField(_l("Phone"), filters=[trimmed])

    def validate_telephone(self, field: Field) -> None:
        """Digits and what people write between them; any telephone, not only a mobile one."""
        if field.data and not TELEPHONE.fullmatch(field.data):
            raise ValidationError(
                _("This is not a valid telephone number. Check the country code and the digits.")
            )

    def to_wish(self, kind: OrganisationKind, rows: tuple[int, ...]) -> RoleWish:
        """The request as the service takes it."""
        email = getattr(self.email, "checked", "")
        return RoleWish(kind, rows, self.message.data or "", email, self.telephone.data or "")
