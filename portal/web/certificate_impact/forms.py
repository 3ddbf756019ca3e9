"""The form of an impact: which key or whose role, and the days in between, in the zone of the page."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, ValidationError

from portal import clock
from portal.certificates.impact import Cause, cause_in
from portal.certificates.states import Act, ImpactReason
from portal.certificates.touching import Window
from portal.web.announcement_forms import zone
from portal.web.forms import ChoiceField, PortalForm, required
from portal.web.impact_words import IMPACT_ACTS

DAYS_AT_ONCE = 366
FIRST_YEAR = 2000
SUGGESTED = timedelta(days=30)


class ImpactForm(PortalForm):
    """A cause and a window; its address can be kept and sent on."""

    class Meta(PortalForm.Meta):
        """A search changes nothing."""

        csrf = False

    cause = ChoiceField(_l("What was found"), [required(_l("Choose a key or a role."))])
    first = DateField(_l("First day"), [required()])
    last = DateField(_l("Last day"), [required()])
    act = ChoiceField(_l("What was done"), default="")

    names: dict[str, str]

    def offer(self, names: dict[str, str]) -> ImpactForm:
        """The keys and roles that can be chosen, by their words."""
        self.names = names
        self.cause.choices = [("", _("Choose…")), *names.items()]
        self.act.choices = [
            ("", _("Everything")),
            *((act, str(word)) for act, word in IMPACT_ACTS.items()),
        ]
        return self

    def suggest(self) -> ImpactForm:
        """The last days up to today, before anything was asked."""
        self.first.data, self.last.data = _today() - SUGGESTED, _today()
        return self

    def to_question(self) -> tuple[Cause, Window]:
        """Cause and window, once they were checked: whole days in the zone of the page."""
        cause, first, last = cause_in(self.cause.data or ""), self.first.data, self.last.data
        assert cause is not None and first is not None and last is not None  # noqa: S101, PT018 - all are required
        act = Act(self.act.data) if self.act.data else None
        return cause, Window(_midnight(first), _midnight(last + timedelta(days=1)), act)

    def validate_first(self, field: Any) -> None:
        """Not before there were certificates here."""
        if field.data and field.data.year < FIRST_YEAR:
            raise ValidationError(_("Choose a later day."))

    def validate_last(self, field: Any) -> None:
        """Not before the first one, not in the future, and a year at most."""
        first, last = self.first.data, field.data
        if not first or not last:
            return
        if last < first:
            raise ValidationError(_("The last day lies before the first one."))
        if last > _today():
            raise ValidationError(_("Choose a day that is not in the future."))
        if (last - first).days >= DAYS_AT_ONCE:
            raise ValidationError(_("Choose a year at most."))

    def validate_act(self, field: Any) -> None:
        """With a key certificates are sealed, and nothing else is done."""
        cause = cause_in(self.cause.data or "")
        is_key = cause is not None and cause.reason is ImpactReason.KEY_STOLEN
        if is_key and field.data not in ("", None, Act.SIGNED):
            raise ValidationError(_("With a key certificates were signed, and nothing else."))


def _today() -> date:
    return clock.now().astimezone(zone()).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone()).astimezone(UTC)
