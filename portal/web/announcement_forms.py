"""Forms of announcements, for news and for stops: moments in the portal's zone, plain text in one language."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import DateInput, DateTimeLocalInput

from portal import config
from portal.notices.announcing import Period, Words
from portal.paging import LAST_ROW
from portal.web import labels
from portal.web.forms import PlainText, PortalForm, required, text_field, trimmed

BODY_LENGTH = 4000
TOO_LONG = _l("This text is too long: %(max)d characters at most.")


class MomentField(Field):
    """Date and time, typed in the portal's zone; its data is an aware moment."""

    widget = DateTimeLocalInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.astimezone(zone()).strftime("%Y-%m-%dT%H:%M") if self.data else ""

    def process_formdata(self, values: list[Any]) -> None:
        """Take what the browser's field sends, or the same with a blank in the middle."""
        self.data = None
        if not values or not values[0].strip():
            return
        try:
            typed = datetime.fromisoformat(values[0].strip()).replace(tzinfo=None, second=0, microsecond=0)
            self.data = typed.replace(tzinfo=zone()).astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValueError(_("Enter a date and a time, such as 2027-03-31 22:00.")) from None


class DayField(Field):
    """A day of the calendar."""

    widget = DateInput()

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self.data.isoformat() if self.data else ""

    def process_formdata(self, values: list[Any]) -> None:
        """Take what the browser's field sends."""
        self.data = None
        if not values or not values[0].strip():
            return
        try:
            self.data = date.fromisoformat(values[0].strip())
        except ValueError:
            raise ValueError(_("Enter a day, such as 2027-03-31.")) from None


def zone() -> ZoneInfo:
    """The zone in which moments are typed and shown."""
    return ZoneInfo(config.current().time_zone)


class PeriodForm(PortalForm):
    """From when to when."""

    starts_at = MomentField(_l("Begins on"), [required()], description=_l("Local time of this portal."))
    ends_at = MomentField(_l("Ends on"), [Optional()], description=_l("Empty where the end is not known."))

    def validate_ends_at(self, field: Field) -> None:
        """After the beginning."""
        start = self.starts_at.data
        if field.data and start and field.data <= start:
            raise ValidationError(_("The end must lie after the beginning."))

    def to_period(self, *, closes: bool = False) -> Period:
        """What the service takes."""
        return Period(self.starts_at.data, self.ends_at.data, closes)


class WordsForm(PortalForm):
    """Title and text in the language of the page's address."""

    title = text_field(_l("Title"), length=200)
    body = TextAreaField(
        _l("Text"),
        [Optional(), Length(max=BODY_LENGTH, message=TOO_LONG), PlainText(lines=True)],
        filters=[trimmed],
        description=_l("Plain text. An empty line begins a new paragraph."),
    )
    version = HiddenField(validators=[InputRequired()])

    def to_words(self, language: str) -> Words:
        """What the service takes."""
        return Words(language, self.title.data or "", (self.body.data or "").replace("\r\n", "\n"))

    @property
    def seen_version(self) -> int:
        """The version that the page showed."""
        return version_of(self.version.data)


class FirstWords:
    """Mixin of forms that make an announcement: its first text, and in which language it is."""

    language = SelectField(_l("Language of this text"))
    title = text_field(_l("Title"), length=200)
    body = TextAreaField(
        _l("Text"),
        [Optional(), Length(max=BODY_LENGTH, message=TOO_LONG), PlainText(lines=True)],
        filters=[trimmed],
        description=_l(
            "Plain text. An empty line begins a new paragraph. Other languages are added afterwards."
        ),
    )

    def offer_languages(self, languages: list[tuple[str, str]]) -> None:
        """The languages of this portal; English is chosen beforehand, because other languages fall back to it."""
        self.language.choices = languages
        if not self.language.data:
            self.language.data = "en"

    def to_words(self) -> Words:
        """What the service takes."""
        body = (self.body.data or "").replace("\r\n", "\n")
        return Words(self.language.data or "", self.title.data or "", body)


class NewsForm(FirstWords, PeriodForm):
    """News for everybody or for one country."""

    country = SelectField(_l("For whom"), validators=[Optional()])

    def offer(
        self, languages: list[tuple[str, str]], countries: Collection[str], *, everybody: bool
    ) -> NewsForm:
        """The choices: a central authority writes for its own country only."""
        self.offer_languages(languages)
        named = sorted((code, labels.country(code)) for code in countries)
        self.country.choices = [("", _("Everybody")), *named] if everybody else named
        return self


class StopForm(FirstWords, PeriodForm):
    """A planned stop: when, how long, why, and whether the environment is closed meanwhile."""

    closes = BooleanField(_l("Close the environment during the stop"), default=True)
    urgent = BooleanField(
        _l("This stop cannot wait two weeks"),
        description=_l(
            "A planned stop is announced two weeks ahead. Tick this only where that is impossible."
        ),
    )


class ChangeForm(PeriodForm):
    """Another time, and for stops another effect."""

    closes = BooleanField(_l("Close the environment during the stop"))
    version = HiddenField(validators=[InputRequired()])

    @property
    def seen_version(self) -> int:
        """The version that the page showed."""
        return version_of(self.version.data)


class EndForm(PortalForm):
    """One button, and what the page showed."""

    version = HiddenField(validators=[InputRequired()])

    @property
    def seen_version(self) -> int:
        """The version that the page showed."""
        return version_of(self.version.data)


def version_of(text: Any) -> int:
    """A version that came back from a page; one that nobody gave out is none."""
    word = str(text or "")
    return int(word) if word.isdecimal() and len(word) < 10 and int(word) <= LAST_ROW else 0
