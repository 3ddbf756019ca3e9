"""Forms of the Commission's switches: closing an environment, and the second factors it accepts."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, SelectMultipleField, ValidationError
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal import clock
from portal.environments.methods import SmsWord
from portal.notices.policies import PolicyWish
from portal.vocabulary import SECOND_FACTORS, Method
from portal.web import labels
from portal.web.announcement_forms import (
    ChangeForm,
    DayField,
    EndForm,
    FirstWords,
    MomentField,
    StopForm,
    WordsForm,
    version_of,
)
from portal.web.forms import PortalForm, required

__all__ = ["ChangeForm", "CloseForm", "EndForm", "MethodsForm", "StopForm", "WordsForm"]


class CloseForm(FirstWords, PortalForm):
    """Why the environment is closed now, and until when."""

    ends_at = MomentField(
        _l("Opens again on"), [Optional()], description=_l("Empty: until somebody opens it again.")
    )


class MethodsField(SelectMultipleField):
    """Some of the second factors."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


METHOD_CHOICES = [(method.value, labels.METHODS[method]) for method in SECOND_FACTORS]


class MethodsForm(PortalForm):
    """Which second factors open the environment and decide there, from a day on."""

    applies_from = DayField(_l("Applies from"), [required()])
    access_methods = MethodsField(_l("Methods that open this environment"), choices=METHOD_CHOICES)
    decision_methods = MethodsField(
        _l("Methods with which one decides and administers"), choices=METHOD_CHOICES
    )
    sms = RadioField(
        _l("Text messages"),
        [required()],
        choices=[
            (SmsWord.ALLOWED.value, _l("Allowed")),
            (SmsWord.DISCOURAGED.value, _l("Allowed, with a warning on every page")),
            (SmsWord.OFF.value, _l("Off from the day below, or from the day on which this applies")),
        ],
    )
    sms_off_from = DayField(_l("Text messages are off from"), [Optional()])
    required_from = DayField(
        _l("A second factor is required from"),
        [Optional()],
        description=_l("Only earlier than the settings of this portal say."),
    )
    version = HiddenField(validators=[InputRequired()])

    def validate_applies_from(self, field: Field) -> None:
        """Today at the earliest."""
        if field.data and field.data < clock.now().date():
            raise ValidationError(_("This day has passed already."))

    def validate_access_methods(self, field: Field) -> None:
        """At least one."""
        if not field.data:
            raise ValidationError(_("Tick at least one method."))

    def validate_decision_methods(self, field: Field) -> None:
        """At least one, and none that does not open the environment."""
        if not set(field.data or ()) & set(self.access_methods.data or ()):
            raise ValidationError(_("Tick at least one method that opens the environment too."))

    def to_wish(self) -> PolicyWish:
        """What the service takes."""
        return PolicyWish(
            applies_from=self.applies_from.data,
            access_methods=frozenset(Method(word) for word in self.access_methods.data or ()),
            decision_methods=frozenset(Method(word) for word in self.decision_methods.data or ()),
            sms=SmsWord(self.sms.data),
            sms_off_from=self.sms_off_from.data if self.sms.data == SmsWord.OFF else None,
            required_from=self.required_from.data,
        )

    @property
    def seen_version(self) -> int:
        """The newest decision that the page knew."""
        return version_of(self.version.data)
