"""Forms of models: the file, and the confirmation after it was looked at."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from portal.certificates.schema import SOURCE_AT_MOST
from portal.web.forms import PortalForm, VersionForm, required, text_field


class UploadForm(PortalForm):
    """A model file."""

    file = FileField(_l("Model file (JSON)"), [FileRequired(_l("Choose a file."))])

    def refuse(self, sentences: list[str]) -> None:
        """Everything that is wrong with the file."""
        self.file.errors = sentences


class ConfirmForm(VersionForm):
    """Where the text stands, and that the person answers for it."""

    source = text_field(
        _l("Source"),
        length=SOURCE_AT_MOST,
        description=_l("The legal act with its annex and the day of the text, as people can look it up."),
    )
    sure = BooleanField(
        _l("I compared this model with its source and answer for it"), [required(_l("Tick this box."))]
    )
