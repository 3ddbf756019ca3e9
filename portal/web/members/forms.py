"""Forms about one role of a person: shape and words, never a query; each keeps the version of the row it was shown."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, HiddenField, RadioField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from portal.roles.changes import WrongDay, check_day
from portal.roles.expiry import Limit
from portal.roles.life import Change
from portal.roles.states import RoleReason
from portal.web import labels
from portal.web.forms import PlainText, PortalForm, required, trimmed

TEXT_LENGTH = 1000
VERSION_LENGTH = 9


class VersionedForm(PortalForm):
    """The version the person looked at: an older one is told who was faster."""

    version = HiddenField()

    def seen(self) -> int:
        """The version; none that a row can have where somebody changed it."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) <= VERSION_LENGTH else 0


class ReasonForm(VersionedForm):
    """A reason of the catalogue, so that it crosses languages, and words where they help."""

    reason = RadioField(_l("Reason"), [required(_l("Choose a reason."))])
    text = TextAreaField(
        _l("Explanation"),
        [
            Length(max=TEXT_LENGTH, message=_l("This text is too long: %(max)d characters at most.")),
            PlainText(lines=True),
        ],
        filters=[trimmed],
        description=_l("The person reads this. Required for another reason."),
    )

    def offer(self, reasons: tuple[RoleReason, ...]) -> None:
        """The reasons that fit what is done."""
        self.reason.choices = [(one.value, str(labels.ROLE_REASONS[one])) for one in reasons]

    def validate_text(self, field: Field) -> None:
        """«Another reason» says nothing by itself."""
        if self.reason.data == RoleReason.OTHER and not field.data:
            raise ValidationError(_("Explain the reason in a sentence."))

    def to_change(self, role_id: int) -> Change:
        """The decision as the service takes it."""
        return Change(role_id, self.seen(), RoleReason(self.reason.data), self.text.data or "")


class LimitForm(VersionedForm):
    """The last day of the role; left empty it does not end by itself."""

    last_day = DateField(
        _l("Last day of the role"),
        [Optional()],
        description=_l("Leave it empty if the role is not to end by itself."),
    )

    def validate_last_day(self, field: Field) -> None:
        """Not in the past, and not further ahead than anybody plans."""
        try:
            check_day(field.data)
        except WrongDay:
            raise ValidationError(_("Choose a day from today on, within the next ten years.")) from None

    def to_limit(self, role_id: int) -> Limit:
        """The decision as the service takes it."""
        return Limit(role_id, self.seen(), self.last_day.data)
