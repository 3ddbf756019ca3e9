"""Forms of the public check of certificates: number and code of a paper, or a file."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import Field, StringField, ValidationError
from wtforms.validators import Length, Regexp

from portal.certificates.numbers import CODE_LETTERS
from portal.certificates.verification import FILE_BYTES_AT_MOST, bare
from portal.web.forms import PortalForm, required, trimmed

NUMBER = r"[A-Za-z0-9.\- ]+$"
NUMBER_AT_MOST = 40
MEGABYTE = 1024 * 1024


class PaperForm(PortalForm):
    """Number and code as they stand beside the QR code; read from the address, so that the QR code can hold both."""

    class Meta(PortalForm.Meta):
        """Reading changes nothing: no token in the address."""

        csrf = False

    number = StringField(
        _l("Number of the certificate"),
        [
            required(),
            Length(max=NUMBER_AT_MOST, message=_l("This text is too long: %(max)d characters at most.")),
            Regexp(NUMBER, message=_l("A number has letters, digits, dots and hyphens.")),
        ],
        filters=[trimmed],
    )
    code = StringField(
        _l("Verification code"), [required()], filters=[trimmed],
        description=_l("Sixteen letters and digits. Capitals and hyphens do not matter."),
    )  # fmt: skip

    def validate_code(self, field: Field) -> None:
        """One of another length is a slip of the finger."""
        if len(bare(field.data or "")) != CODE_LETTERS:
            raise ValidationError(
                _("A verification code has %(count)d letters and digits.", count=CODE_LETTERS)
            )

    def was_refused(self) -> bool:
        """It is read from the address, so it counts as sent whenever it has errors."""
        return bool(self.errors)

    @property
    def address_part(self) -> str:
        """The number as it stands in an address."""
        return "".join((self.number.data or "").split()).upper()


class FileForm(PortalForm):
    """A PDF file to be checked."""

    file: Any = FileField(_l("PDF file of the certificate"), [FileRequired(_l("Choose a file."))])
    content = b""

    def validate_file(self, field: Field) -> None:
        """Read here, once, and never further than a file may be long."""
        self.content = field.data.stream.read(FILE_BYTES_AT_MOST + 1)
        if len(self.content) > FILE_BYTES_AT_MOST:
            raise ValidationError(self.too_large())

    @staticmethod
    def too_large() -> str:
        """The sentence about a file that is too large."""
        return _("This file is larger than %(megabytes)d MB.", megabytes=FILE_BYTES_AT_MOST // MEGABYTE)

    def refuse_size(self) -> None:
        """The whole request was too large to be read."""
        self.file.errors = [self.too_large()]
