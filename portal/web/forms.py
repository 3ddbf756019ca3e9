"""Forms: the base of all, and the fields that several journeys share; shape only, never a query."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache, partial
from typing import Any

from babel import Locale
from flask_babel import get_locale, gettext, lazy_gettext
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import Field, HiddenField, RadioField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectFieldBase
from wtforms.validators import InputRequired, Length, Optional, StopValidation
from wtforms.widgets import Select

from portal import config
from portal.config_providers import Provider
from portal.identity import addresses, challenges, numbers
from portal.organisations.folding import has_forbidden_characters
from portal.vocabulary import Method

CODE_LENGTH = 8
NAME_LENGTH = 100
NOT_IN_NAMES = re.compile(r"[@<>\[\]{}\\/|%:;,\"=+*^~#$]|\.\w{2,}|www\.", re.IGNORECASE)
"""Names go into mails to an address nobody has proved yet: nothing in them may become a link or a header."""
EXTRA_COUNTRIES = {"XI": "United Kingdom (Northern Ireland)"}


class PortalForm(FlaskForm):
    """Base of every form; messages of the validators come in the page's language."""

    class Meta(FlaskForm.Meta):
        """WTForms speaks through our own catalogue where it has no language file."""

        def get_translations(self, form: Any) -> Any:
            """Our catalogue knows the few sentences of the validators that we use."""
            return _OwnTranslations()

    def was_refused(self) -> bool:
        """Whether it was sent and has errors: the answer is then 422."""
        return bool(self.is_submitted() and self.errors)


class _OwnTranslations:
    def gettext(self, text: str) -> str:
        return gettext(text)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return gettext(singular if number == 1 else plural)


class Filled(InputRequired):
    """Validator: something was typed, and not only blanks."""

    def __call__(self, form: Any, field: Field) -> None:
        """Raise at the field and ask nothing further."""
        given = field.raw_data[0] if field.raw_data else ""
        if not given or (isinstance(given, str) and not given.strip()):
            field.errors = []
            raise StopValidation(str(self.message))


def required(message: Any = None) -> Filled:
    """The field must be filled in."""
    return Filled(message or lazy_gettext("This field is required."))


class PlainText:
    """Validator: no control or direction characters, which make text look like other text; lines where asked for."""

    def __init__(self, *, lines: bool = False) -> None:
        self.lines = lines

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Raise at the field."""
        text = (field.data or "").replace("\r\n", "\n").replace("\n", " " if self.lines else "\n")
        if has_forbidden_characters(text):
            raise ValidationError(
                gettext("This text contains characters that cannot be shown. Type it again.")
            )


def text_field(label: Any, *, length: int, needed: bool = True, **more: Any) -> StringField:
    """One line of text, trimmed, limited, without control characters."""
    first = required() if needed else Optional()
    too_long = lazy_gettext("This text is too long: %(max)d characters at most.")
    return StringField(
        label, [first, Length(max=length, message=too_long), PlainText()], filters=[trimmed], **more
    )


def name_field(label: Any) -> StringField:
    """The first or last name of a real person."""
    too_long = lazy_gettext("This text is too long: %(max)d characters at most.")
    checks = [required(), Length(max=NAME_LENGTH, message=too_long), PlainText(), NameOfAPerson()]
    return StringField(label, checks, filters=[trimmed])


def trimmed(text: str | None) -> str | None:
    """Without blanks at the ends, and composed (NFC), so that one text has one form."""
    return unicodedata.normalize("NFC", text.strip()) if text else text


class EmailAddress:
    """Validator: one e-mail address; the checked form replaces what was typed."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Raise at the field."""
        try:
            setattr(field, "checked", addresses.checked(field.data or ""))  # noqa: B010
        except addresses.NotAnAddress:
            raise ValidationError(
                gettext("Enter one e-mail address, such as name@company.example.")
            ) from None


class NameOfAPerson:
    """Validator: what may stand in the name of a real person."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Raise at the field."""
        if NOT_IN_NAMES.search(field.data or ""):
            raise ValidationError(gettext("Use only letters, blanks, hyphens and apostrophes."))


def blocked_domain_of(checked: str) -> str:
    """The domain of a checked address where it is a blocked one: its people get accounts from their organisation."""
    domain = addresses.key_of(checked).rpartition("@")[2]
    blocked = [name.lower().lstrip("@.") for name in config.current().blocked_domains]
    return domain if any(domain == name or domain.endswith(f".{name}") for name in blocked) else ""


class MobileNumber:
    """Validator: an international mobile number; its E.164 form is kept as `field.number`."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        """Raise at the field, with the reason."""
        try:
            setattr(field, "number", numbers.mobile_number(field.data or ""))  # noqa: B010
        except numbers.NotAMobileNumber as refused:
            raise ValidationError(number_refusal(refused.reason)) from None


def number_refusal(reason: str) -> str:
    """Why a number is refused, in the page's language."""
    if reason == "international":
        return gettext("Begin with + and the country code, for example +32 for Belgium.")
    if reason == "not-mobile":
        return gettext("This number is not a mobile number: it cannot receive text messages.")
    return gettext("This is not a valid telephone number. Check the country code and the digits.")


def country_choices(*, blank: bool = False) -> list[tuple[str, str]]:
    """ISO 3166 alpha-2 codes with names, «Belgique (BE)», in the order of the page's language."""
    pairs = _countries_in(str(get_locale()))
    return [("", gettext("Choose a country.")), *pairs] if blank else list(pairs)


@lru_cache(maxsize=64)
def _countries_in(language: str) -> tuple[tuple[str, str], ...]:
    # Found and sorted once for each language: two hundred and fifty names take longer than the rest of a page.
    names: dict[str, str] = dict(Locale.parse(language).territories)
    codes = [code for code in names if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES]
    pairs = [(code, f"{names[code]} ({code})") for code in codes]
    pairs += [
        (code, f"{gettext(name)} ({code})") for code, name in EXTRA_COUNTRIES.items() if code not in names
    ]
    pairs.sort(key=lambda pair: _folded(pair[1]))
    return tuple(pairs)


NOT_COUNTRIES = frozenset({"EZ", "QO", "UN", "ZZ", "XA", "XB"})


def _folded(text: str) -> str:
    from portal.organisations.folding import folded

    return folded(text)


class QuickSelect(Select):
    """Draws a list of hundreds of choices; the library's own way takes longer than the rest of the page."""

    @classmethod
    def render_option(cls, choice: Any, **_attributes: Any) -> Markup:  # type: ignore[override]
        """One line of the list, as the library writes it."""
        mark = "selected " if choice.selected else ""
        value, label = escape(choice.value), escape(choice.label or choice.value)
        return Markup(f'<option {mark}value="{value}">{label}</option>')  # noqa: S704 - both are escaped

    def __call__(self, field: SelectFieldBase, **attributes: Any) -> Markup:
        """The whole list; `required` only before an empty first choice, as HTML demands it."""
        first = next(iter(getattr(field, "choices", None) or ()), "")
        if not first or str(getattr(first, "value", first[0])):
            attributes.setdefault("required", False)
        return super().__call__(field, **attributes)


class ChoiceField(SelectField):
    """One choice of many."""

    widget = QuickSelect()


class CountryField(ChoiceField):
    """A country; its value is the ISO code, its choices are in the page's language, an empty one first."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(
            label or lazy_gettext("Country"), choices=partial(country_choices, blank=True), **more
        )


class ButtonForm(PortalForm):
    """A page with one button: only its POST acts."""


class ProviderForm(PortalForm):
    """Whose electronic identity, to sign in with or to link."""

    provider = RadioField(lazy_gettext("Whose electronic identity (eID)?"), [required()])

    def offer(self, providers: Iterable[Provider]) -> ProviderForm:
        """The providers of the settings; the first one is chosen beforehand."""
        self.provider.choices = [(one.key, one.name) for one in providers]
        if not self.is_submitted() and self.provider.choices:
            self.provider.data = self.provider.choices[0][0]
        return self


class ReturnForm(PortalForm):
    """What a provider put into the address of its way back, sent on by a button so that only a POST acts."""

    code = HiddenField(validators=[required()])
    state = HiddenField(validators=[required()])


class CodeForm(PortalForm):
    """A code in two boxes joined by a hyphen; all of it pasted into the first box is understood too."""

    part1 = StringField(lazy_gettext("Text message challenge code"), [required()])
    part2 = StringField(lazy_gettext("Second part of the code"))

    @property
    def typed(self) -> str:
        """The code in capitals, without blanks and hyphens."""
        first = challenges.plain(self.part1.data or "")
        whole = len(first) >= CODE_LENGTH
        return first if whole else challenges.plain(f"{self.part1.data or ''}{self.part2.data or ''}")

    def validate_part1(self, field: Field) -> None:
        """A text of another length is no code: it costs no try."""
        if len(self.typed) != CODE_LENGTH:
            raise ValidationError(gettext("The code has two parts of four letters and digits."))

    def refuse(self, tries: int) -> None:
        """The code is not the one that was sent."""
        wrong = gettext("This code is not right. After %(tries)d wrong codes it stops working.", tries=tries)
        self.part1.errors = [wrong]


class NumberForMethod:
    """Mixin of forms that choose a verification method: the number is needed for SMS alone, every time (S0)."""

    method: Field
    number = StringField(
        lazy_gettext("Mobile phone"),
        filters=[trimmed],
        description=lazy_gettext(
            "International format with country code - for example, for Belgium: +32 123 45 67 89"
        ),
    )

    def validate_number(self, field: Field) -> None:
        """Needed for SMS alone, and then a mobile number."""
        if self.method.data != Method.SMS:
            return
        if not field.data:
            raise ValidationError(gettext("Type the mobile phone number to which the code shall go."))
        MobileNumber()(self, field)

    @property
    def checked_number(self) -> str:
        """The number as E.164, empty where the method needs none."""
        return str(getattr(self.number, "number", ""))


class VersionForm(PortalForm):
    """A change of a record as somebody saw it: `version` says since when."""

    version = HiddenField()

    def seen(self) -> int:
        """The version the person saw; one that nobody gave out fits no record."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else 0
