"""Forms of deputies: who stands in, from which day to which."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, ValidationError

from portal.roles.deputies import LONGEST, Absence
from portal.roles.standing_in import today
from portal.web.forms import ChoiceField, PortalForm, required


class DeputyForm(PortalForm):
    """A colleague of an own organisation, for some days."""

    colleague = ChoiceField(_l("Colleague"), [required(_l("Choose a colleague."))])
    first_day = DateField(_l("First day of the absence"), [required()])
    last_day = DateField(_l("Last day of the absence"), [required()])

    def offer(self, colleagues: Iterable[tuple[str, str]]) -> None:
        """The colleagues, each as the value of its choice and what people read."""
        self.colleague.choices = [("", _("Choose a colleague.")), *colleagues]

    def validate_last_day(self, field: Field) -> None:
        """Not before the first day, not in the past, not for longer than a deputy may serve."""
        first, last = self.first_day.data, field.data
        if first is None or last is None:
            return
        if last < first:
            raise ValidationError(_("The last day lies before the first one."))
        if last < today():
            raise ValidationError(_("The last day lies in the past."))
        if last - first > LONGEST:
            raise ValidationError(_("A deputy serves %(max)d days at most.", max=LONGEST.days))

    def to_absence(self) -> Absence:
        """The days as the service takes them."""
        organisation, _sign, deputy = (self.colleague.data or "").partition("-")
        assert self.first_day.data is not None and self.last_day.data is not None  # noqa: S101, PT018 - validated
        return Absence(int(organisation), int(deputy), self.first_day.data, self.last_day.data)
