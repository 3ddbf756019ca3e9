"""Forms of what one decides about a certificate: declared, refused, cancelled, deleted."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import Length, Optional

from portal.certificates.states import CancelReason, RefusalReason
from portal.certificates.submitting import TEXT_AT_MOST
from portal.web import labels
from portal.web.forms import PlainText, PortalForm, required, trimmed

TICK = _l("Tick this box.")


class DeclarationForm(PortalForm):
    """The operator's declaration."""

    declared = BooleanField(
        _l("I declare that what stands in this certificate is complete and correct to the best of my knowledge, "
           "and that I submit it for the organisation I act for."),
        [required(TICK)],
    )  # fmt: skip


class DeleteForm(PortalForm):
    """The draft goes for good."""

    sure = BooleanField(_l("Delete this draft for good"), [required(TICK)])


class ReasonForm(PortalForm):
    """Why: one of several reasons, and words beside it, which «another reason» needs."""

    reason = RadioField(_l("Reason"), [required(_l("Choose a reason."))])
    text = TextAreaField(
        _l("Explanation"),
        [Optional(), Length(max=TEXT_AT_MOST), PlainText(lines=True)],
        filters=[trimmed],
        description=_l("Whoever drafted the certificate reads it. Name no person."),
    )

    def explains(self) -> bool:
        """Whether «another reason» is explained; says so at the field where it is not."""
        if self.reason.data != "other" or self.text.data:
            return True
        self.text.errors = [*self.text.errors, str(_l("Explain the reason."))]
        return False


class RefusalForm(ReasonForm):
    """Why it is refused."""

    def offer(self) -> RefusalForm:
        """The reasons."""
        self.reason.choices = [(one.value, str(labels.REFUSAL_REASONS[one])) for one in RefusalReason]
        return self


class CancelForm(ReasonForm):
    """Why it is cancelled."""

    def offer(self) -> CancelForm:
        """The reasons."""
        self.reason.choices = [(one.value, str(labels.CANCEL_REASONS[one])) for one in CancelReason]
        return self
