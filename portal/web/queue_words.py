"""The words of the queue: its filters, whose turn it is, what a batch does and why it leaves a request alone."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.roles.queue import Age, Step

STEPS = {
    Step.DECIDE: _l("To decide"),
    Step.ASKED: _l("Waiting for the requester"),
    Step.ESCALATED: _l("Told to the authority above"),
}
AGES = {
    Age.ANY: _l("Of any age"),
    Age.TWO_DAYS: _l("For two days or more"),
    Age.A_WEEK: _l("For a week or more"),
    Age.A_FORTNIGHT: _l("For two weeks or more"),
}
