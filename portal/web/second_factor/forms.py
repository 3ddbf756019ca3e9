"""Forms of showing a second factor; shape and words, never a query."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

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
