"""Forms of losing factors; shape and words, never a query."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField, ValidationError

from portal.identity.recovery import LETTERS
from portal.web.forms import PortalForm, required, trimmed

WORD = "PANIC"


class RecoveryForm(PortalForm):
    """One of the ten codes, typed with or without hyphens."""

    code: Any = StringField(_l("Recovery code"), [required()], filters=[trimmed])

    def validate_code(self, field: Field) -> None:
        """One of another length is a slip of the finger: said before it costs a try."""
        if field.data and sum(letter.isalnum() for letter in field.data) != LETTERS:
            raise ValidationError(_("A recovery code has %(letters)d letters and digits.", letters=LETTERS))

    def refuse(self, tries: int) -> None:
        """Wrong, used or foreign: one sentence."""
        self.code.errors = [
            _("This code is not right. After %(tries)d wrong codes it stops working.", tries=tries)
        ]


class PanicForm(PortalForm):
    """The word that keeps a slip of the finger from deleting everything."""

    word = StringField(_l("Type PANIC to confirm"), [required()], filters=[trimmed])

    def validate_word(self, field: Field) -> None:
        """In capitals or not."""
        if (field.data or "").upper() != WORD:
            raise ValidationError(_("Type the word PANIC, or leave this page."))
