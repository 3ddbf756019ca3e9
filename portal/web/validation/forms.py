"""Forms of a decision: shape and words, never a query."""

from __future__ import annotations

from collections import Counter

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    RadioField,
    SubmitField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, Optional

from portal.roles.changes import WrongDay, check_day
from portal.roles.queue import Age, Filter, Step
from portal.roles.service import Rejection, Validation
from portal.roles.states import RejectReason
from portal.web import labels
from portal.web.forms import ChoiceField, PlainText, PortalForm, required, text_field, trimmed

TEXT_LENGTH = 1000
NAME_LENGTH = 100


def _reasons() -> list[tuple[str, str]]:
    return [(reason.value, str(label)) for reason, label in labels.REJECT_REASONS.items()]


class FilterForm(PortalForm):
    """What is shown of the queue; the chips above it keep their choice in the hidden fields."""

    class Meta(PortalForm.Meta):
        """A search changes nothing: its address can be kept and sent on."""

        csrf = False

    step = HiddenField()
    kind = HiddenField()
    age = HiddenField()
    country = ChoiceField(_l("Country"), validate_choice=False)
    text = text_field(_l("Name of a person or organisation"), length=NAME_LENGTH, needed=False)

    def to_filter(self) -> Filter:
        """The filter; a word that nobody offered counts as none."""
        steps, ages = {one.value: one for one in Step}, {one.value: one for one in Age}
        return Filter(
            steps.get(self.step.data or "", Step.DECIDE),
            self.kind.data if self.kind.data in {one.value for one in labels.KINDS} else "",
            (self.country.data or "")[:2],
            ages.get(self.age.data or "", Age.ANY),
            (self.text.data or "")[:NAME_LENGTH],
        )

    def offer(self, counts: Counter[str]) -> None:
        """The countries of the requests that wait, each with how many."""
        names = sorted((labels.country(code), code, number) for code, number in counts.items())
        every = [("", _("All countries"))]
        self.country.choices = every + [(code, f"{name} ({number})") for name, code, number in names]


class ValidateForm(PortalForm):
    """Validate: alone, or together with the new operator, by the second button."""

    administrator = BooleanField(_l("Make this person the administrator of the organisation"))
    last_day = DateField(
        _l("Last day of the role"),
        [Optional()],
        description=_l("Leave it empty if the role is not to end by itself."),
    )
    with_operator = SubmitField(_l("Validate the operator and the role"))

    def to_decision(self, role_id: int) -> Validation:
        """The decision as the service takes it."""
        flags = bool(self.administrator.data), bool(self.with_operator.data)
        return Validation(role_id, *flags, self.last_day.data)

    def validate_last_day(self, field: Field) -> None:
        """Not in the past, and not further ahead than anybody plans."""
        try:
            check_day(field.data)
        except WrongDay:
            raise ValidationError(_("Choose a day from today on, within the next ten years.")) from None


class AskForm(PortalForm):
    """One question to the requester."""

    text = TextAreaField(
        _l("Question"),
        [
            required(),
            Length(max=TEXT_LENGTH, message=_l("This text is too long: %(max)d characters at most.")),
            PlainText(lines=True),
        ],
        filters=[trimmed],
    )


class RejectForm(PortalForm):
    """Reject: a reason of the catalogue, so that it crosses languages, and words where they help."""

    reason = RadioField(_l("Reason"), [required(_l("Choose a reason."))], choices=_reasons)
    text = TextAreaField(
        _l("Explanation"),
        [
            Length(max=TEXT_LENGTH, message=_l("This text is too long: %(max)d characters at most.")),
            PlainText(lines=True),
        ],
        filters=[trimmed],
        description=_l("The requester reads this. Required for another reason."),
    )

    def validate_text(self, field: Field) -> None:
        """«Another reason» says nothing by itself."""
        if self.reason.data == RejectReason.OTHER and not field.data:
            raise ValidationError(_("Explain the reason in a sentence."))

    def to_decision(self, role_id: int) -> Rejection:
        """The decision as the service takes it."""
        return Rejection(role_id, RejectReason(self.reason.data), self.text.data or "")
