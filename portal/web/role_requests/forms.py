"""Forms about the own request: one button to take it back, an answer to a question."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

from portal.web.forms import ButtonForm, PlainText, PortalForm, required, trimmed

TEXT_LENGTH = 1000


class WithdrawForm(ButtonForm):
    """Only the POST takes the request back."""


class AnswerForm(PortalForm):
    """The answer to what a validator asked."""

    text = TextAreaField(
        _l("Your answer"),
        [
            required(),
            Length(max=TEXT_LENGTH, message=_l("This text is too long: %(max)d characters at most.")),
            PlainText(lines=True),
        ],
        filters=[trimmed],
    )
