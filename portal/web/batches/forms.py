"""Forms of a batch: which requests an address names, and the decision for all of them."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, RadioField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from portal.roles.batches import AT_MOST, Batch, Decision
from portal.roles.queue import Age, Filter, Step
from portal.roles.states import RejectReason
from portal.web import labels
from portal.web.forms import PlainText, PortalForm, trimmed

TEXT_LENGTH = 1000
DIGITS = 10


def _reasons() -> list[tuple[str, str]]:
    return [(reason.value, str(label)) for reason, label in labels.REJECT_REASONS.items()]


def _numbers(texts: list[str]) -> tuple[int, ...]:
    return tuple(int(text) for text in texts if text.isdecimal() and len(text) < DIGITS)[:AT_MOST]


@dataclass(frozen=True)
class Selection:
    """What was ticked: requests by their numbers, or all that a filter shows up to the newest one that was seen."""

    decision: Decision
    role_ids: tuple[int, ...]
    whole: Filter | None
    up_to: int


def selection_of(address: MultiDict[str, str]) -> Selection:
    """What an address names; a word that nobody offered counts as none."""
    decision = Decision.REJECT if address.get("decision") == Decision.REJECT else Decision.VALIDATE
    all_shown = address.get("shown", "").split(",")
    ticked = _numbers(all_shown if "all" in address else address.getlist("row"))
    up_to = _numbers([address.get("up_to", "")]) or (0,)
    return Selection(decision, ticked, filter_of(address) if "whole" in address else None, up_to[0])


def filter_of(address: MultiDict[str, str]) -> Filter:
    """The filter of the queue that an address carries."""
    steps, ages = {one.value: one for one in Step}, {one.value: one for one in Age}
    return Filter(
        steps.get(address.get("step", ""), Step.DECIDE),
        address.get("kind", "") if address.get("kind") in {one.value for one in labels.KINDS} else "",
        address.get("country", "")[:2],
        ages.get(address.get("age", ""), Age.ANY),
        address.get("text", "")[:100],
    )


class BatchForm(PortalForm):
    """The one decision for all: a reason to reject, the flag of first users to validate."""

    administrators = BooleanField(
        _l("Make first users administrators where the evidence is clear"),
        description=_l(
            "Each organisation's first user, with an own mailbox and telephone and no earlier refusal."
        ),
    )
    reason = RadioField(_l("Reason"), [Optional()], choices=_reasons)
    text = TextAreaField(
        _l("Explanation"),
        [
            Length(max=TEXT_LENGTH, message=_l("This text is too long: %(max)d characters at most.")),
            PlainText(lines=True),
        ],
        filters=[trimmed],
        description=_l("The requesters read this. Required for another reason."),
    )
    decision: Decision = Decision.VALIDATE

    def validate_text(self, field: Field) -> None:
        """«Another reason» says nothing by itself."""
        if self.decision is Decision.REJECT and self.reason.data == RejectReason.OTHER and not field.data:
            raise ValidationError(_("Explain the reason in a sentence."))

    def reason_is_missing(self) -> bool:
        """To reject needs a reason; says so at the field."""
        missing = self.decision is Decision.REJECT and not self.reason.data
        if missing:
            self.reason.errors = [_("Choose a reason.")]
        return missing

    def to_batch(self, role_ids: tuple[int, ...]) -> Batch:
        """The batch as the service takes it."""
        if self.decision is Decision.VALIDATE:
            return Batch(role_ids, self.decision, administrators=bool(self.administrators.data))
        return Batch(role_ids, self.decision, RejectReason(self.reason.data), self.text.data or "")
