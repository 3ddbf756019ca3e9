"""Forms of decisions about activities, of a further activity and of a merge: shape and words, never a query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from portal.organisations.registering import NewActivity
from portal.organisations.states import ActivityReason
from portal.roles.deciding_activities import EXPLAINED, ActivityDecision
from portal.web import labels
from portal.web.activity_form import ActivityForm
from portal.web.forms import ChoiceField, PlainText, PortalForm, required, text_field, trimmed

TEXT_LENGTH = 1000


def _reasons() -> list[tuple[str, str]]:
    return [(reason.value, str(label)) for reason, label in labels.ACTIVITY_REASONS.items()]


class DecisionForm(PortalForm):
    """A decision against an activity: a reason of the catalogue, and words where they help."""

    reason = RadioField(_l("Reason"), [required(_l("Choose a reason."))], choices=_reasons)
    text = TextAreaField(
        _l("Explanation"),
        [
            Length(max=TEXT_LENGTH, message=_l("This text is too long: %(max)d characters at most.")),
            PlainText(lines=True),
        ],
        filters=[trimmed],
        description=_l("The administrators of the operator read this. Required for another reason."),
    )

    def validate_text(self, field: Field) -> None:
        """«Another reason» says nothing by itself."""
        if self.reason.data == ActivityReason.OTHER and not field.data:
            raise ValidationError(_("Explain the reason in a sentence."))


def decision_of(form: PortalForm, activity_id: int, name: str) -> ActivityDecision:
    """The decision as the service takes it; without a reason where none is asked."""
    if name not in EXPLAINED:
        return ActivityDecision(activity_id, name)
    assert isinstance(form, DecisionForm)  # noqa: S101 - the view made it by the same name
    return ActivityDecision(activity_id, name, ActivityReason(form.reason.data), form.text.data or "")


class AddActivityForm(ActivityForm):
    """A further activity, at one of the operator's addresses."""

    address = ChoiceField(_l("Address of the activity"), [Optional()], default="")

    def offer_addresses(self, main: str, addresses: Iterable[Any]) -> None:
        """The main address first."""
        more = [
            (str(one.id), ", ".join(filter(None, (one.street, one.postcode, one.city)))) for one in addresses
        ]
        self.address.choices = [("", _("Main address: %(address)s", address=main)), *more]

    def to_wanted(self) -> NewActivity:
        """The activity as the service takes it."""
        return self.to_activity(int(self.address.data) if self.address.data else None)


class OtherRecordForm(PortalForm):
    """Which record means the same operator; travels in the address."""

    class Meta(PortalForm.Meta):
        """A search changes nothing."""

        csrf = False

    text = text_field(_l("Name of the other record"), length=200, needed=False)


class MergeForm(PortalForm):
    """The act: the tick says that the list was read."""

    read = BooleanField(
        _l("Both records mean the same operator. I have read what moves."),
        [required(_l("Tick the box to go on."))],
    )
