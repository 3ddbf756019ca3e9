"""Who drafts, submits, certifies, signs, cancels, controls and reads certificates: every cell of the matrix."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor, RoleHeld
from portal.access.rules_certificates import CertificateTarget, ImpactIn, WantedCertificate
from portal.access.rules_roles import HeldRole
from portal.vocabulary import AuthorityRole, OrganisationKind
from tests.unit.access.personas import (
    ADMINISTRATOR,
    AUTHORITY,
    BODY,
    CHIEF,
    COMMISSION,
    HALF,
    INSPECTOR,
    ME,
    OFFICIAL,
    OPERATOR,
    SOMEBODY,
    USER,
    Row,
    holding,
    nobody_yet,
    suspended,
)

REGION = replace(OFFICIAL, authority_role=AuthorityRole.RCA)
CENTRE = replace(OFFICIAL, authority_role=AuthorityRole.CCA)
POST = replace(OFFICIAL, authority_role=AuthorityRole.BCP)
POINT = replace(OFFICIAL, authority_role=AuthorityRole.CP)
CUSTOMS = replace(OFFICIAL, authority_role=AuthorityRole.CUSTOMS)
BODY_CHIEF = replace(INSPECTOR, is_administrator=True)
VETERINARIAN, SIGNATORY = replace(OFFICIAL, may_sign=True), replace(INSPECTOR, may_sign=True)
ABOVE = RoleHeld(77, OrganisationKind.AUTHORITY, AuthorityRole.CCA)
STRANGER = RoleHeld(88, OrganisationKind.AUTHORITY, AuthorityRole.LAU)
NEWCOMER = nobody_yet()


def half(role: RoleHeld) -> Actor:
    """With the password alone, on a day on which that still opens the gate."""
    actor = replace(HALF, roles=(role,), has_factor=False)
    return replace(actor, policy=replace(actor.policy, second_factor_required=False))


def stale(role: RoleHeld) -> Actor:
    """The factor was shown sixteen minutes ago, the last decision just now."""
    now = clock.now()
    return replace(holding(role), second_factor_at=now - timedelta(minutes=16), acted_at=now)


def wanted(document: str, right: str = "rw") -> WantedCertificate:
    """A certificate about to be begun."""
    return WantedCertificate(document, right)


def intra(
    state: str, creator: int = OPERATOR, issuer: int | None = AUTHORITY, right: str = "rw"
) -> CertificateTarget:
    """An INTRA of the operator, which the authority certifies; both are named in it, and who is above."""
    concerned = frozenset({creator, issuer or creator} if state != "draft" else {creator})
    above = frozenset({77, 40}) if issuer else frozenset()
    both = concerned | above if state != "draft" else concerned
    return CertificateTarget(7, "INTRA", state, creator, issuer, right, both, above)


def coi(
    state: str, creator: int = OPERATOR, issuer: int | None = BODY, right: str = "rw"
) -> CertificateTarget:
    """A COI of the operator, which the control body issues; a border post is named in it."""
    return replace(intra(state, creator, issuer, right), document="COI", above_issuer=frozenset())


def naming(
    organisation: int, document: str = "INTRA", right: str = "r-", state: str = "valid"
) -> CertificateTarget:
    """A certificate of others that names that organisation."""
    return CertificateTarget(7, document, state, 91, 92, right, frozenset({91, 92, organisation}))


CREATING: list[Row] = [
    ("INTRA: user of an operator", holding(USER), wanted("INTRA"), True),
    ("INTRA: administrator of an operator", holding(ADMINISTRATOR), wanted("INTRA"), True),
    ("INTRA: control body", holding(INSPECTOR), wanted("INTRA"), False),
    ("INTRA: administrator of a control body", holding(BODY_CHIEF), wanted("INTRA"), False),
    ("INTRA: local authority", holding(OFFICIAL), wanted("INTRA"), True),
    ("INTRA: border post", holding(POST), wanted("INTRA"), False),
    ("INTRA: control point", holding(POINT), wanted("INTRA"), False),
    ("INTRA: customs", holding(CUSTOMS), wanted("INTRA"), False),
    ("INTRA: regional authority", holding(REGION), wanted("INTRA"), True),
    ("INTRA: central authority", holding(CENTRE), wanted("INTRA"), True),
    ("INTRA: the Commission", holding(COMMISSION), wanted("INTRA"), False),
    ("INTRA: without a role", NEWCOMER, wanted("INTRA"), False),
    ("INTRA: operator with the right to read", holding(USER), wanted("INTRA", "r-"), False),
    ("INTRA: operator whose activity gives no right", holding(USER), wanted("INTRA", "--"), False),
    ("INTRA: with the password alone, where that opens the gate", half(USER), wanted("INTRA"), False),
    ("INTRA: suspended here", suspended(holding(USER)), wanted("INTRA"), False),
    ("COI: user of an operator", holding(USER), wanted("COI"), True),
    ("COI: administrator of an operator", holding(ADMINISTRATOR), wanted("COI"), True),
    ("COI: control body", holding(INSPECTOR), wanted("COI"), True),
    ("COI: administrator of a control body", holding(BODY_CHIEF), wanted("COI"), True),
    ("COI: local authority", holding(OFFICIAL), wanted("COI"), False),
    ("COI: border post", holding(POST), wanted("COI"), False),
    ("COI: customs", holding(CUSTOMS), wanted("COI"), False),
    ("COI: regional authority", holding(REGION), wanted("COI"), False),
    ("COI: central authority", holding(CENTRE), wanted("COI"), False),
    ("COI: the Commission", holding(COMMISSION), wanted("COI"), False),
    ("COI: control body with the right to read", holding(INSPECTOR), wanted("COI", "r-"), False),
]
EDITING: list[Row] = [
    ("own draft, user of the operator", holding(USER), intra("draft"), True),
    ("own draft, administrator of the operator", holding(ADMINISTRATOR), intra("draft"), True),
    ("own draft of an authority", holding(OFFICIAL), intra("draft", AUTHORITY), True),
    ("own draft of a control body", holding(INSPECTOR), coi("draft", BODY), True),
    ("a draft, the authority that will certify it", holding(OFFICIAL), intra("draft"), False),
    ("somebody else's draft", holding(USER), intra("draft", 99), False),
    ("own draft, while the right is to read only", holding(USER), intra("draft", right="r-"), False),
    ("own draft, with the password alone", half(USER), intra("draft"), False),
    ("own submitted one, the operator", holding(USER), intra("submitted"), False),
    ("a submitted one, the certifier", holding(OFFICIAL), intra("submitted"), True),
    ("one in progress, the certifier", holding(OFFICIAL), intra("in_progress"), True),
    ("a submitted COI, the control body", holding(INSPECTOR), coi("submitted"), True),
    ("a submitted one, another authority", holding(STRANGER), intra("submitted"), False),
    ("a submitted one, the authority above", holding(ABOVE), intra("submitted"), False),
    ("a submitted one, the Commission", holding(COMMISSION), intra("submitted"), False),
]
SUBMITTING: list[Row] = [
    ("the operator that began it", holding(USER), intra("draft"), True),
    ("its administrator", holding(ADMINISTRATOR), intra("submitted"), True),
    ("an authority that certifies it itself", holding(OFFICIAL), intra("draft", AUTHORITY), False),
    ("the certifier of somebody's draft", holding(OFFICIAL), intra("draft"), False),
    ("another operator", holding(USER), intra("draft", 99), False),
    ("while the right is to read only", holding(USER), intra("draft", right="r-"), False),
    ("with the password alone", half(USER), intra("draft"), False),
]
CERTIFYING: list[Row] = [
    ("INTRA: any user of the certifying local authority", holding(OFFICIAL), intra("submitted"), True),
    ("INTRA: a regional authority that certifies", holding(REGION), intra("submitted"), True),
    ("INTRA: a central authority that certifies", holding(CENTRE), intra("submitted"), True),
    ("INTRA: a border post", holding(POST), intra("submitted"), False),
    ("INTRA: the operator", holding(USER), intra("submitted"), False),
    ("INTRA: another authority", holding(STRANGER), intra("submitted"), False),
    ("INTRA: the authority above", holding(ABOVE), intra("submitted"), False),
    ("COI: any user of the control body", holding(INSPECTOR), coi("submitted"), True),
    ("COI: an authority", holding(OFFICIAL), coi("submitted", issuer=AUTHORITY), False),
    ("while the right is to read only", holding(OFFICIAL), intra("submitted", right="r-"), False),
    ("with the password alone", half(OFFICIAL), intra("submitted"), False),
]
SIGNING: list[Row] = [
    ("INTRA: local authority with the flag", holding(VETERINARIAN), intra("in_progress"), True),
    ("INTRA: local authority without the flag", holding(OFFICIAL), intra("in_progress"), False),
    ("INTRA: its administrator without the flag", holding(replace(OFFICIAL, is_administrator=True)),
     intra("in_progress"), False),
    ("INTRA: regional authority with the flag", holding(replace(REGION, may_sign=True)), intra("submitted"), True),
    ("INTRA: central authority with the flag", holding(replace(CENTRE, may_sign=True)), intra("submitted"), True),
    ("INTRA: border post with the flag", holding(replace(POST, may_sign=True)), intra("submitted"), False),
    ("INTRA: customs with the flag", holding(replace(CUSTOMS, may_sign=True)), intra("submitted"), False),
    ("INTRA: operator with the flag", holding(replace(USER, may_sign=True)), intra("submitted"), False),
    ("INTRA: control body with the flag", holding(SIGNATORY), intra("submitted", issuer=BODY), False),
    ("INTRA: officer of another authority", holding(replace(STRANGER, may_sign=True)), intra("submitted"), False),
    ("INTRA: officer of the authority above", holding(replace(ABOVE, may_sign=True)), intra("submitted"), False),
    ("INTRA: the Commission with the flag", holding(replace(COMMISSION, may_sign=True)),
     intra("submitted", issuer=40), False),
    ("COI: control body with the flag", holding(SIGNATORY), coi("submitted"), True),
    ("COI: its administrator with the flag", holding(replace(BODY_CHIEF, may_sign=True)), coi("submitted"), True),
    ("COI: control body without the flag", holding(INSPECTOR), coi("submitted"), False),
    ("COI: officer of an authority", holding(VETERINARIAN), coi("submitted", issuer=AUTHORITY), False),
    ("while the right is to read only", holding(VETERINARIAN), intra("in_progress", right="r-"), False),
    ("with a factor of sixteen minutes ago, whatever was done since", stale(VETERINARIAN),
     intra("in_progress"), False),
    ("with the password alone", half(VETERINARIAN), intra("in_progress"), False),
    ("suspended here", suspended(holding(VETERINARIAN)), intra("in_progress"), False),
]  # fmt: skip
CANCELLING: list[Row] = [
    ("INTRA: officer of the issuer", holding(VETERINARIAN), intra("valid"), True),
    ("INTRA: user of the issuer without the flag", holding(OFFICIAL), intra("valid"), False),
    ("INTRA: the authority above the issuer", holding(ABOVE), intra("valid"), True),
    ("INTRA: a border post", holding(replace(POST, may_sign=True)), intra("valid"), False),
    ("INTRA: another authority", holding(replace(STRANGER, may_sign=True)), intra("valid"), False),
    ("INTRA: the operator", holding(ADMINISTRATOR), intra("valid"), False),
    ("INTRA: the Commission", holding(COMMISSION), intra("valid"), False),
    ("COI: officer of the control body", holding(SIGNATORY), coi("valid"), True),
    ("COI: user of the control body without the flag", holding(INSPECTOR), coi("valid"), False),
    ("COI: an authority", holding(ABOVE), coi("valid"), False),
    ("with the password alone", half(ABOVE), intra("valid"), False),
]
CONTROLLING: list[Row] = [
    ("local authority of destination", holding(OFFICIAL), naming(AUTHORITY), True),
    ("regional authority of destination", holding(REGION), naming(AUTHORITY), True),
    ("central authority of destination", holding(CENTRE), naming(AUTHORITY), True),
    ("border post that a COI names", holding(POST), naming(AUTHORITY, "COI"), True),
    ("control point that a COI names", holding(POINT), naming(AUTHORITY, "COI"), True),
    ("customs that a COI names", holding(CUSTOMS), naming(AUTHORITY, "COI"), False),
    ("the issuer itself", holding(OFFICIAL), intra("valid"), False),
    ("an authority it does not name", holding(STRANGER), naming(AUTHORITY), False),
    ("a control body it names", holding(INSPECTOR), naming(BODY, "COI"), False),
    ("an operator it names, with a right to write", holding(USER), naming(OPERATOR, "COI", "rw"), True),
    ("an operator it names, with a right to read", holding(USER), naming(OPERATOR), False),
    ("an operator it does not name", holding(USER), naming(99, "COI", "rw"), False),
    ("with the password alone", half(OFFICIAL), naming(AUTHORITY), False),
]
READING: list[Row] = [
    ("INTRA: operator that drafted it", holding(USER), intra("draft"), True),
    ("INTRA: operator that is named", holding(USER), naming(OPERATOR), True),
    ("INTRA: administrator of an operator that is named", holding(ADMINISTRATOR), naming(OPERATOR), True),
    ("INTRA: operator that is not named", holding(USER), naming(99), False),
    ("INTRA: operator that is named and has no right", holding(USER), naming(OPERATOR, right="--"), False),
    ("INTRA: control body", holding(INSPECTOR), naming(BODY, right="--"), False),
    ("INTRA: local authority that is named", holding(OFFICIAL), naming(AUTHORITY), True),
    ("INTRA: border post that is named", holding(POST), naming(AUTHORITY), True),
    ("INTRA: customs with a right that is named", holding(CUSTOMS), naming(AUTHORITY), True),
    ("INTRA: customs without a right", holding(CUSTOMS), naming(AUTHORITY, right="--"), False),
    ("INTRA: regional authority that is named", holding(REGION), naming(AUTHORITY), True),
    ("INTRA: central authority above the issuer", holding(ABOVE), intra("valid"), True),
    ("INTRA: authority that is not named", holding(STRANGER), naming(AUTHORITY), False),
    ("INTRA: the certifier of a draft", holding(OFFICIAL), intra("draft"), False),
    ("INTRA: the Commission, a submitted one", holding(COMMISSION), intra("submitted"), True),
    ("INTRA: the Commission, a valid one", holding(COMMISSION), naming(99), True),
    ("INTRA: the Commission, a draft", holding(COMMISSION), intra("draft"), False),
    ("a refused one, any authority", holding(STRANGER), naming(99, state="rejected", right="--"), True),
    ("a refused one, an operator that is not named", holding(USER), naming(99, state="rejected"), False),
    ("a refused one, a control body that is not named", holding(INSPECTOR), naming(99, "COI", state="rejected"),
     False),
    ("COI: control body that issues it", holding(INSPECTOR), coi("submitted"), True),
    ("COI: border post that is named", holding(POST), naming(AUTHORITY, "COI"), True),
    ("without a role", NEWCOMER, intra("valid"), False),
    ("with the password alone", HALF, intra("valid"), False),
    ("suspended here", suspended(holding(USER)), intra("valid"), False),
]  # fmt: skip
LISTING: list[Row] = [
    ("user of an operator", holding(USER), None, True),
    ("user of an authority", holding(OFFICIAL), None, True),
    ("without a role", NEWCOMER, None, False),
    ("with the password alone", HALF, None, False),
]
IMPACT: list[Row] = [
    ("administrator of the Commission, everywhere", holding(COMMISSION), None, True),
    ("user of the Commission", holding(replace(COMMISSION, is_administrator=False)), None, False),
    ("administrator of the office", holding(CHIEF), ImpactIn(AUTHORITY), True),
    ("administrator of the control body", holding(BODY_CHIEF), ImpactIn(BODY), True),
    ("administrator of an office, everywhere", holding(CHIEF), None, False),
    ("administrator of another office", holding(CHIEF), ImpactIn(99), False),
    (
        "administrator of the authority above",
        holding(replace(ABOVE, is_administrator=True)),
        ImpactIn(AUTHORITY, frozenset({77, 40})),
        True,
    ),
    ("user of the authority above", holding(ABOVE), ImpactIn(AUTHORITY, frozenset({77, 40})), False),
    ("user of the office", holding(OFFICIAL), ImpactIn(AUTHORITY), False),
    ("chief of a border post", holding(replace(POST, is_administrator=True)), ImpactIn(AUTHORITY), False),
    ("administrator of an operator", holding(ADMINISTRATOR), ImpactIn(OPERATOR), False),
    ("with the password alone", HALF, ImpactIn(AUTHORITY), False),
]
LOADING: list[Row] = [
    ("administrator of the Commission", holding(COMMISSION), None, True),
    ("user of the Commission", holding(replace(COMMISSION, is_administrator=False)), None, False),
    ("administrator of a central authority", holding(CHIEF), None, False),
    ("with the password alone", HALF, None, False),
]


def a_role(of: int = SOMEBODY, *deciders: int) -> HeldRole:
    """A valid role of somebody in the authority, which these organisations decide."""
    return HeldRole(7, of, AUTHORITY, frozenset(deciders), certifies=True)


ALLOWING: list[Row] = [
    ("administrator of the authority", holding(CHIEF), a_role(), True),
    ("user of the authority", holding(OFFICIAL), a_role(), False),
    ("the authority above", holding(ABOVE), a_role(SOMEBODY, 77), True),
    ("another authority", holding(STRANGER), a_role(SOMEBODY, 77), False),
    ("for oneself", holding(CHIEF), a_role(ME), False),
    ("with the password alone", HALF, a_role(), False),
    ("in an office that issues none", holding(CHIEF), replace(a_role(), certifies=False), False),
]
CERTIFICATE_TABLES: dict[Action, list[Row]] = {
    Action.CERTIFICATE_CANCEL: CANCELLING,
    Action.CERTIFICATE_CERTIFY: CERTIFYING,
    Action.CERTIFICATE_CONTROL: CONTROLLING,
    Action.CERTIFICATE_CREATE: CREATING,
    Action.CERTIFICATE_EDIT: EDITING,
    Action.CERTIFICATE_IMPACT: IMPACT,
    Action.CERTIFICATE_LIST: LISTING,
    Action.CERTIFICATE_READ: READING,
    Action.CERTIFICATE_SIGN: SIGNING,
    Action.CERTIFICATE_SUBMIT: SUBMITTING,
    Action.MODEL_LOAD: LOADING,
    Action.MODEL_READ: LISTING,
    Action.SIGNING_ALLOW: ALLOWING,
}
