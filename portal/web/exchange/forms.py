"""Forms of files that come in, and of Training made anew."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from portal.web.forms import ChoiceField, PortalForm, required


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
