"""The translated label of every word of the vocabulary and of every state: people read these, never codes."""

from __future__ import annotations

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.access.actions import Freshness
from portal.certificates.states import CancelReason, IntentFailure, RefusalReason
from portal.environments.environment import Environment
from portal.identity.passwords import LENGTH_AT_LEAST, LENGTH_AT_MOST, Weakness
from portal.identity.states import EndReason
from portal.organisations.duplicates import Likeness
from portal.organisations.states import ActivityReason, ActivityState, OrganisationState
from portal.roles.members import Which
from portal.roles.states import RejectReason, RoleReason, RoleState
from portal.vocabulary import AuthorityRole, Method, OrganisationKind
from portal.web.impact_words import IMPACT_ACTS as IMPACT_ACTS  # pages and messages say `labels`
from portal.web.impact_words import IMPACT_REASONS as IMPACT_REASONS

ENVIRONMENTS = {
    Environment.PRODUCTION: _l("Production"),
    Environment.ACCEPTANCE: _l("Acceptance"),
    Environment.TRAINING: _l("Training"),
}
KINDS = {
    OrganisationKind.OPERATOR: _l("Operator"),
    OrganisationKind.CONTROL_BODY: _l("Organic Control Body"),
    OrganisationKind.AUTHORITY: _l("Authority"),
}
ROLE_STATES = {
    RoleState.REQUESTED: _l("Requested"),
    RoleState.SUSPENDED: _l("Suspended"),
    RoleState.VALID: _l("Valid"),
    RoleState.REJECTED: _l("Rejected"),
    RoleState.WITHDRAWN: _l("Withdrawn"),
    RoleState.REMOVED: _l("Removed"),
}
ORGANISATION_STATES = {
    OrganisationState.NEW: _l("New"),
    OrganisationState.VALID: _l("Valid"),
    OrganisationState.SUSPENDED: _l("Suspended"),
    OrganisationState.REJECTED: _l("Rejected"),
    OrganisationState.DELETED: _l("Deleted"),
}
ACTIVITY_STATES = {ActivityState(state.value): label for state, label in ORGANISATION_STATES.items()}
ACTIVITY_DECISIONS = {
    "validate": _l("The activity is valid."),
    "reject": _l("The activity was rejected."),
    "suspend": _l("The activity is suspended."),
    "lift": _l("The suspension of the activity was lifted."),
    "delete": _l("The activity was deleted."),
}
ACTIVITY_ACTS = {
    "validate": _l("Validate"),
    "reject": _l("Reject"),
    "suspend": _l("Suspend"),
    "lift": _l("Lift the suspension"),
    "delete": _l("Delete"),
}
ACTIVITY_QUESTIONS = {
    "validate": _l("Validate this activity?"),
    "reject": _l("Reject this activity?"),
    "suspend": _l("Suspend this activity?"),
    "lift": _l("Lift the suspension of this activity?"),
    "delete": _l("Delete this activity?"),
}
OPERATOR_QUESTIONS = {
    "suspend": _l("Suspend this operator?"),
    "lift": _l("Lift the suspension of this operator?"),
    "delete": _l("Delete this operator?"),
}
ACTIVITY_REASONS = {
    ActivityReason.NOT_APPROVED: _l("The approval or registration for this activity is missing."),
    ActivityReason.WRONG_DETAILS: _l("Details of the operator are wrong or incomplete."),
    ActivityReason.DUPLICATE: _l("The operator is registered already."),
    ActivityReason.CEASED: _l("The operator has ceased this activity."),
    ActivityReason.INFRINGEMENT: _l("The conditions of the activity are not met."),
    ActivityReason.OTHER: _l("Another reason, explained below."),
}
LIKENESSES = {
    Likeness.NAME: _l("Same name"),
    Likeness.EORI: _l("Same EORI number"),
    Likeness.VAT: _l("Same VAT number"),
    Likeness.ADDRESS: _l("Same street and postcode"),
}
OPERATOR_PROBLEMS = {
    "eori-shape": _l(
        "An EORI number begins with two letters of a country, then up to 15 letters and digits."
    ),
    "eori-country": _l("EORI numbers begin with the letters of a Member State, XI or GB."),
    "eori-required": _l("This activity needs an EORI number."),
    "vat-shape": _l("This is not a valid VAT number."),
    "vat-check": _l("This is not a valid VAT number: its letters or check digit do not fit."),
    "vat-required": _l("This activity needs a VAT number."),
    "contact-missing": _l("Give a phone, a fax, an e-mail address or a web site: one of the four."),
    "activity-unknown": _l("Choose an activity."),
    "section-listed": _l(
        "Authorities keep the list of this section: they enter operators themselves. Ask the competent authority."
    ),
    "activity-twice": _l("The operator has this activity already."),
    "responsible-missing": _l("Choose the authority: without it the activity cannot be validated."),
    "responsible-unknown": _l("This authority does not answer for the activity. Choose another one."),
    "responsible-nowhere": _l(
        "Nobody is registered for this activity in this country who could validate it. Turn to the authority of the "
        "Member State you trade with: it can register the operator."
    ),
    "address-unknown": _l("Choose one of the addresses of the operator."),
}
OPERATOR_EVENTS = {
    "OperatorCreated": _l("Created"),
    "OperatorEdited": _l("Details changed"),
    "OperatorAddressAdded": _l("Address added"),
    "OperatorAddressChanged": _l("Address changed"),
    "OperatorAddressRemoved": _l("Address removed"),
    "MainAddressChosen": _l("Another main address"),
    "ActivityAdded": _l("Activity added"),
    "ActivityValidated": _l("Activity validated"),
    "ActivityRejected": _l("Activity rejected"),
    "ActivitySuspended": _l("Activity suspended"),
    "ActivityLifted": _l("Suspension of an activity lifted"),
    "ActivityDeleted": _l("Activity deleted"),
    "OperatorValidated": _l("Validated together with a role"),
    "OperatorsMerged": _l("Another record was merged into this one"),
    "DuplicateDenied": _l("Declared different from a similar record"),
}
POINTERS = {
    "roles.organisation_id": _l("Roles and requests"),
    "operator_activities.organisation_id": _l("Activities"),
    "operator_addresses.organisation_id": _l("Addresses"),
    "operator_merges.survivor_id": _l("Earlier merges"),
    "duty_phones.organisation_id": _l("Duty phones"),
}
"""What the rows that move in a merge are called; other tables by their own name."""
METHODS = {
    Method.PASSWORD: _l("Password"),
    Method.SMS: _l("Mobile Phone + SMS"),
    Method.APP_QR: _l("EU Login Mobile App QR Code"),
    Method.APP_PIN: _l("EU Login Mobile App PIN Code"),
    Method.SECURITY_KEY: _l("Security Key or Trusted Platform"),
    Method.EID: _l("Electronic ID (eID)"),
    Method.RECOVERY_CODE: _l("Recovery code"),
}
METHOD_HELP = {
    Method.PASSWORD: _l("Authenticate with EU Login using only your password."),
    Method.SMS: _l(
        "Send a text message to a mobile phone number registered for multi-factor authentication."
    ),
    Method.APP_QR: _l(
        "Scan a QR code with the app on your phone and type the code it shows. The phone needs no network. A standard "
        "authenticator app works here too."
    ),
    Method.APP_PIN: _l(
        "Confirm the request in the app on your phone with your PIN code. The phone needs a network."
    ),
    Method.SECURITY_KEY: _l("Use a security key, or the fingerprint, face or PIN of this device."),
    Method.EID: _l("Use your national electronic identity. It needs no password here."),
}
METHOD_PAGES = {
    Method.SMS: "second_factor.code",
    Method.APP_QR: "second_factor.app",
    Method.APP_PIN: "second_factor.approval",
    Method.SECURITY_KEY: "key_sign_in.security_key",
    Method.EID: "eid_sign_in.choose",
}
"""The second factors of the method list, in its order, each with the page on which it is shown."""
OCCASIONS = {
    Freshness.SHOWN: _l("to open your account"),
    Freshness.FACTORS: _l("to change what protects your account"),
    Freshness.DECISIONS: _l("to validate or administer"),
}
AUTHORITY_ROLES = {
    AuthorityRole.COMMISSION: _l("European Commission"),
    AuthorityRole.CCA: _l("Central Competent Authority (CCA)"),
    AuthorityRole.RCA: _l("Regional Competent Authority (RCA)"),
    AuthorityRole.LAU: _l("Local Authority Unit (LAU)"),
    AuthorityRole.BCP: _l("Border Control Post (BCP)"),
    AuthorityRole.CP: _l("Control Point (CP)"),
    AuthorityRole.CUSTOMS: _l("Customs Office"),
}
REJECT_REASONS = {
    RejectReason.UNKNOWN_PERSON: _l("The person is not known in this organisation."),
    RejectReason.WRONG_ORGANISATION: _l("The request was made for the wrong organisation."),
    RejectReason.FUNCTIONAL_MAILBOX: _l("The account is not in the name of a real person."),
    RejectReason.NOT_ENTITLED: _l("The person's duties do not need this access."),
    RejectReason.DUPLICATE: _l("The person has this access already, or asked for it twice."),
    RejectReason.OTHER: _l("Another reason, explained below."),
}
ROLE_REASONS = {
    RoleReason.LEFT: _l("The person has left the organisation."),
    RoleReason.DUTIES: _l("The person's duties no longer need this access."),
    RoleReason.SECURITY: _l("There is doubt whether the account is safe."),
    RoleReason.MISUSE: _l("The access was not used as it should be."),
    RoleReason.CHECKED: _l("The matter was looked into and is settled."),
    RoleReason.RETURNED: _l("The person is back."),
    RoleReason.MISTAKE: _l("It was done by mistake."),
    RoleReason.OWN_WISH: _l("The person gave the role up."),
    RoleReason.EXPIRED: _l("Its last day is over."),
    RoleReason.OTHER: _l("Another reason, explained below."),
}
"""Why a role was suspended, lifted or removed."""
MEMBER_FILTERS = {
    Which.ALL: _l("All"),
    Which.WITHOUT_FACTOR: _l("Without a second factor"),
    Which.ONLY_TEXT_MESSAGES: _l("Text messages only"),
    Which.SUSPENDED: _l("Suspended"),
    Which.NAME_TO_CONFIRM: _l("Name to confirm"),
    Which.RESTING: _l("After a recovery code"),
    Which.ROLE_SUSPENDED: _l("Role suspended"),
    Which.ENDING: _l("Ends within 30 days"),
    Which.RENEWAL_ASKED: _l("More time asked for"),
    Which.PROPOSED: _l("Administrator to confirm"),
    Which.WITHOUT_ADMINISTRATOR: _l("Without an administrator"),
}
END_REASONS = {
    EndReason.SIGNED_OUT: _l("Signed out"),
    EndReason.ENDED_BY_OWNER: _l("Ended from another session"),
    EndReason.PASSWORD_CHANGED: _l("Ended because the password was changed"),
    EndReason.DISOWNED: _l("Ended because the owner did not recognise it"),
    EndReason.REPLACED: _l("Replaced by a newer sign-in"),
    EndReason.PANIC: _l("Ended because all factors were deleted (PANIC)"),
    EndReason.LOST_PHONE: _l("Ended because the duty phone was lost"),
    EndReason.CLOSED: _l("Ended because the account was closed"),
}

REFUSAL_REASONS = {
    RefusalReason.INCOMPLETE: _l("Something that is needed is missing."),
    RefusalReason.INCORRECT: _l("Something in it is not correct."),
    RefusalReason.NOT_ACCEPTABLE: _l("The consignment does not meet the conditions."),
    RefusalReason.WRONG_MODEL: _l("Another model is needed for this consignment."),
    RefusalReason.OTHER: _l("Another reason, explained below."),
}
"""Why a certificate was sent back."""
CANCEL_REASONS = {
    CancelReason.MISTAKE: _l("It was issued by mistake."),
    CancelReason.NOT_DISPATCHED: _l("The consignment did not leave."),
    CancelReason.FRAUD: _l("There is a suspicion of fraud."),
    CancelReason.KEY: _l("The key of its seal is not to be trusted any more."),
    CancelReason.OTHER: _l("Another reason, explained below."),
}
"""Why a valid certificate was cancelled."""
SIGNING_FAILURES = {
    IntentFailure.ROLE: _l(
        "You may no longer sign for this office: your role, your flag or your account changed."
    ),
    IntentFailure.SUSPENDED: _l("The organisation that began the certificate is suspended."),
    IntentFailure.CHANGED: _l("The certificate, or what it rests on, is no longer what you confirmed."),
    IntentFailure.RECOGNITION: _l(
        "The control body is no longer recognised for the countries of the consignment."
    ),
    IntentFailure.RENDERING: _l("The document could not be made."),
    IntentFailure.SEALING: _l("The document could not be sealed: the seal key cannot be used."),
    IntentFailure.INTERRUPTED: _l("The portal was interrupted several times while it was signing."),
}
"""Why a confirmed certificate was not signed; its official number is not used again."""


def weakness(reason: Weakness) -> str:
    """Why a password is refused, and what to do."""
    if reason is Weakness.SHORT:
        return _("The password is too short: %(min)d characters at least.", min=LENGTH_AT_LEAST)
    if reason is Weakness.LONG:
        return _("The password is too long: %(max)d characters at most.", max=LENGTH_AT_MOST)
    if reason is Weakness.OWN_DATA:
        return _(
            "The password contains your name, your address or the name of this service. Choose other words."
        )
    return _("The password is easy to guess. Use several unrelated words, or a longer sentence.")


def country(code: str) -> str:
    """The name of a country in the page's language; its code where it has none."""
    return str(Locale.parse(str(get_locale())).territories.get(code, code))


def languages(codes: str) -> str:
    """The names of languages in the language of the page: «français, allemand» for «fr,de»."""
    names = Locale.parse(str(get_locale())).languages
    return ", ".join(str(names.get(code, code)) for code in codes.split(","))
