"""Forms of files that come in, and of Training made anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import Field, RadioField, StringField, ValidationError

from portal.web.forms import ChoiceField, PortalForm, required, trimmed

CONFIRMATION = "training"
"""What is typed by hand before Training is emptied."""


class ResetForm(PortalForm):
    """Which template Training is filled with, and the word that confirms it."""

    template = RadioField(_l("Fill Training with"), [required(_l("Choose a template."))])
    typed = StringField(
        _l("Confirmation"), [required()], filters=[trimmed],
        description=_l("Type the word «%(word)s».", word=CONFIRMATION),
    )  # fmt: skip

    def offer(self, templates: Mapping[str, Any]) -> ResetForm:
        """The templates by name."""
        self.template.choices = list(templates.items())
        return self

    def validate_typed(self, field: Field) -> None:
        """The word and nothing else."""
        if (field.data or "").casefold() != CONFIRMATION:
            raise ValidationError(_("Type the word «%(word)s».", word=CONFIRMATION))


class UploadForm(PortalForm):
    """The file, and in whose name it comes where the person acts for several organisations."""

    organisation = ChoiceField(_l("In the name of"), [required()])
    file = FileField(_l("File (CSV or XLSX)"), [FileRequired(_l("Choose a file."))])

    def offer(self, names: Mapping[int, str]) -> None:
        """The organisations; a single one is chosen without asking."""
        self.organisation.choices = [(str(number), name) for number, name in names.items()]
        if len(names) == 1 and not self.organisation.data:
            self.organisation.data = next(iter(self.organisation.choices))[0]

    def refuse(self, words: str) -> None:
        """The file as a whole cannot be taken."""
        self.file.errors = [words]

    @property
    def organisation_id(self) -> int:
        """The organisation chosen: one of those offered."""
        return int(self.organisation.data)
