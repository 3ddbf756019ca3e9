"""The words of the queue: its filters, whose turn it is, what a batch does and why it leaves a request alone."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.roles.batches import Decision, Verdict
from portal.roles.evidence import NumberCheck
from portal.roles.queue import Age, Step
from portal.roles.states import RejectReason

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
ADVICE = {
    RejectReason.UNKNOWN_PERSON: _l(
        "Ask the organisation to confirm to its competent authority that you work for it, then ask again."
    ),
    RejectReason.WRONG_ORGANISATION: _l(
        "Look for the organisation you work for and ask for a role in that one."
    ),
    RejectReason.FUNCTIONAL_MAILBOX: _l(
        "A role belongs to one real person. Ask again from an account in your own name, with your own e-mail address."
    ),
    RejectReason.NOT_ENTITLED: _l(
        "If your work does need this access, ask again and say in the message which tasks need it."
    ),
    RejectReason.DUPLICATE: _l("Nothing is to be done: look at the roles in your profile."),
    RejectReason.OTHER: _l("Read the explanation. If what it names can be put right, ask again afterwards."),
}
"""What the requester can do after a refusal, by its reason."""
DECISIONS = {
    Decision.VALIDATE: _l("Validate requests together"),
    Decision.REJECT: _l("Reject requests together"),
}
FORECASTS = {
    Verdict.VALIDATED: _l("The role becomes valid."),
    Verdict.VALIDATED_WITH_OPERATOR: _l("The operator and the role become valid."),
    Verdict.REJECTED: _l("The request is rejected."),
    Verdict.NOT_THERE: _l("Nothing: there is no such request here."),
    Verdict.NOT_YOURS: _l("Nothing: you may not decide this request."),
    Verdict.DECIDED: _l("Nothing: it was decided already."),
    Verdict.ORGANISATION_NOT_VALID: _l(
        "Nothing: the organisation is not valid, and you may not validate it."
    ),
}
"""What would happen to a request of a batch."""
OUTCOMES = {
    Verdict.VALIDATED: _l("The role is valid now."),
    Verdict.VALIDATED_WITH_OPERATOR: _l("The operator and the role are valid now."),
    Verdict.REJECTED: _l("The request was rejected."),
    Verdict.NOT_THERE: _l("There is no such request here."),
    Verdict.NOT_YOURS: _l("You may not decide this request."),
    Verdict.DECIDED: _l("It had been decided or withdrawn before."),
    Verdict.ORGANISATION_NOT_VALID: _l("The organisation is not valid, so its role cannot be."),
}
"""What did happen to it."""
NUMBER_CHECKS = {
    NumberCheck.RIGHT: _l("The number is well formed"),
    NumberCheck.WRONG: _l("The number is not well formed: check it"),
    NumberCheck.MISSING: _l("None given"),
}
