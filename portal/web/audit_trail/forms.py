"""Forms of the audit trail: what is searched, and which days are taken away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, ValidationError
from wtforms.validators import Optional

from portal import clock
from portal.roles.oversight import Question
from portal.web import trail_words
from portal.web.forms import ChoiceField, PortalForm, required, text_field

DAYS_AT_ONCE = 366


class SearchForm(PortalForm):
    """What is looked for; an empty field narrows nothing."""

    class Meta(PortalForm.Meta):
        """A search changes nothing: its address can be kept and sent on."""

        csrf = False

    person = text_field(_l("E-mail address or user name of a person"), length=254, needed=False)
    organisation = text_field(_l("Code, EORI or VAT number of an organisation"), length=40, needed=False)
    action = ChoiceField(_l("What was done"), validate_choice=False)
    first = DateField(_l("First day"), [Optional()])
    last = DateField(_l("Last day"), [Optional()])
    accounts = BooleanField(_l("Events of accounts, which belong to no environment"))

    def offer(self) -> SearchForm:
        """Every action, in the order of the page's language."""
        self.action.choices = [("", _("Everything")), *trail_words.choices()]
        return self

    def to_question(self) -> Question:
        """What the service takes; an action that nobody offered counts as none."""
        name = self.action.data or ""
        return Question(
            self.person.data or "",
            self.organisation.data or "",
            name if name in trail_words.SENTENCES else "",
            self.first.data,
            self.last.data,
            bool(self.accounts.data),
        )


class ExportForm(PortalForm):
    """The days that are taken away."""

    first_day = DateField(_l("First day"), [required()])
    last_day = DateField(_l("Last day"), [required()])

    def suggest(self) -> ExportForm:
        """The last thirty days that are over."""
        if not self.is_submitted():
            today = clock.now().date()
            self.first_day.data, self.last_day.data = today - timedelta(days=30), today - timedelta(days=1)
        return self

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day, once they were checked."""
        first, last = self.first_day.data, self.last_day.data
        assert first is not None and last is not None  # noqa: S101, PT018 - both are required
        return first, last

    def validate_last_day(self, field: Any) -> None:
        """Not before the first one, and a year at most."""
        if not self.first_day.data or not field.data:
            return
        if field.data < self.first_day.data:
            raise ValidationError(_("The last day lies before the first one."))
        if (field.data - self.first_day.data).days >= DAYS_AT_ONCE:
            raise ValidationError(_("Choose a year at most."))
