"""Forms of signing in: the name, then password and method; shape and words, never a query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, PasswordField, RadioField

from portal.identity.queries import NAME_LENGTH
from portal.vocabulary import Method
from portal.web import labels
from portal.web.forms import Filled, NumberForMethod, PortalForm, required, text_field


class NameForm(PortalForm):
    """The first screen: who."""

    name = text_field(_l("E-mail or user name"), length=NAME_LENGTH)


class FilledUnlessEid(Filled):
    """Validator: an eID needs no password beside it (S0), every other method does."""

    def __call__(self, form: Any, field: Field) -> None:
        """Raise at the field and ask nothing further."""
        if form.method.data != Method.EID:
            super().__call__(form, field)


class PasswordForm(NumberForMethod, PortalForm):
    """The second screen: the password and how to go on; the number is asked for every time (S0)."""

    password = PasswordField(_l("Password"), [FilledUnlessEid(_l("This field is required."))])
    method = RadioField(_l("Verification method"), [required(_l("Choose a verification method."))])

    def offer(self, methods: Sequence[Method], *, lost: bool = False) -> PasswordForm:
        """The methods of the list, the first one chosen beforehand; who has lost them all types a recovery code."""
        if lost:
            methods, self.method.data = [Method.RECOVERY_CODE], Method.RECOVERY_CODE.value
        self.method.choices = [(method.value, labels.METHODS[method]) for method in methods]
        if not self.is_submitted():
            self.method.data = methods[0].value if methods else None
        return self
