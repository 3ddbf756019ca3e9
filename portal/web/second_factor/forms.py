"""Forms of showing a second factor; shape and words, never a query."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, StringField, ValidationError

from portal.identity import challenges
from portal.vocabulary import Method
from portal.web import labels
from portal.web.forms import NumberForMethod, PortalForm, required


class StepUpForm(NumberForMethod, PortalForm):
    """How to show the factor again; the number is asked for every time, as at the sign-in."""

    method = RadioField(_l("Verification method"), [required(_l("Choose a verification method."))])

    def offer(self, methods: Sequence[Method]) -> StepUpForm:
        """The methods of the list; the first one is chosen beforehand."""
        self.method.choices = [(method.value, labels.METHODS[method]) for method in methods]
        if not self.is_submitted():
            self.method.data = methods[0].value if methods else None
        return self


class AppCodeForm(PortalForm):
    """The code an app shows: eight digits from the phone app, six from an authenticator app."""

    code = StringField(_l("One-time code"), [required()])

    @property
    def typed(self) -> str:
        """The digits without blanks and hyphens."""
        return challenges.plain(self.code.data or "")

    def validate_code(self, _field: Field) -> None:
        """A text of another form is no code: it costs no try."""
        if not (self.typed.isdecimal() and self.typed.isascii() and len(self.typed) in (6, 8)):
            raise ValidationError(_("The code has eight digits, or six from an authenticator app."))

    def refuse(self, tries: int) -> None:
        """The code is not the one the app shows for this QR code."""
        self.code.errors = [
            _("This code is not right. After %(tries)d wrong codes the QR code stops working.", tries=tries)
        ]
