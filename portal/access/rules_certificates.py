"""Rules about certificates: who drafts, submits, certifies, signs and reads them (spec 2.7, 3; IMSOC Art. 36)."""

from __future__ import annotations

from dataclasses import dataclass

from portal.access.actions import Action
from portal.access.actor import Actor, RoleHeld
from portal.access.rules import has_passed_the_gate, rule_for
from portal.access.rules_notices import administers_the_commission
from portal.access.rules_roles import HeldRole, rules_over
from portal.vocabulary import Assurance, AuthorityRole, OrganisationKind

READ, WRITE = "r", "w"
COI, INTRA = "COI", "INTRA"
CERTIFYING_AUTHORITIES = frozenset({AuthorityRole.LAU, AuthorityRole.RCA, AuthorityRole.CCA})
"""Their official veterinarians sign an INTRA; a border control post does not."""
CONTROLLING = frozenset({*CERTIFYING_AUTHORITIES, AuthorityRole.BCP, AuthorityRole.CP})


@dataclass(frozen=True)
class WantedCertificate:
    """A certificate about to be begun for the profile acted as; `right` is that profile's, as `rw` or `r-`."""

    document: str
    right: str


@dataclass(frozen=True)
class CertificateTarget:
    """A certificate: who began it, who certifies it, whom it concerns, and the right of the profile acted as on it.

    `above_issuer` are the authorities above the issuer; `concerned` everybody who may see it, superiors included.
    """

    certificate_id: int
    document: str
    state: str
    creator_id: int
    issuer_id: int | None
    right: str = ""
    concerned: frozenset[int] = frozenset()
    above_issuer: frozenset[int] = frozenset()


@dataclass(frozen=True)
class ImpactIn:
    """What a key touched among the certificates of one office, or a role in it anywhere; `above` are the authorities
    above it and, of a role, those who decide it."""

    organisation_id: int
    above: frozenset[int] = frozenset()


def issues_certificates(kind: str, authority_role: str | None) -> bool:
    """Whether an organisation of that kind and role certifies: its officers can be given the flag «may sign»."""
    return kind == OrganisationKind.CONTROL_BODY or authority_role in CERTIFYING_AUTHORITIES


def completes_a_second_factor(actor: Actor) -> bool:
    """Without one no certificate is begun, submitted or signed, whatever the day (S2)."""
    return has_passed_the_gate(actor) and actor.assurance is Assurance.SECOND_FACTOR


def _acts_for(actor: Actor, organisations: frozenset[int]) -> bool:
    return any(role.organisation_id in organisations for role in actor.roles)


@rule_for(Action.CERTIFICATE_LIST)
def people_with_a_role_see_their_certificates(actor: Actor, _target: None) -> bool:
    """Whatever concerns the profile acted as; others' do not exist for them."""
    return has_passed_the_gate(actor) and bool(actor.roles)


@rule_for(Action.CERTIFICATE_READ)
def those_concerned_open_a_certificate(actor: Actor, target: CertificateTarget) -> bool:
    """Who drafted it or is named in it, with a right to read; authorities in charge and above; the Commission; every
    authority where it was refused (Art. 36)."""
    if not has_passed_the_gate(actor):
        return False
    if actor.is_commission:
        return target.state != "draft"
    is_authority = any(role.kind is OrganisationKind.AUTHORITY for role in actor.roles)
    if target.state == "rejected" and is_authority:
        return True
    return READ in target.right and _acts_for(actor, target.concerned)


@rule_for(Action.CERTIFICATE_CREATE)
def profiles_with_the_right_to_write_begin_certificates(actor: Actor, target: WantedCertificate) -> bool:
    """Behind a second factor; a COI is begun by operators and control bodies, an INTRA by operators and authorities."""
    if not completes_a_second_factor(actor) or WRITE not in target.right:
        return False
    return any(_begins(role, target.document) for role in actor.roles)


def _begins(role: RoleHeld, document: str) -> bool:
    if document == COI:
        return role.kind in (OrganisationKind.OPERATOR, OrganisationKind.CONTROL_BODY)
    return role.kind is OrganisationKind.OPERATOR or role.authority_role in CERTIFYING_AUTHORITIES


@rule_for(Action.CERTIFICATE_EDIT)
def drafts_belong_to_their_makers_and_submitted_ones_to_the_certifier(
    actor: Actor, target: CertificateTarget
) -> bool:
    """Until it is issued; what state it is in, the service asks."""
    if not completes_a_second_factor(actor) or WRITE not in target.right:
        return False
    if target.state == "draft":
        return _acts_for(actor, frozenset({target.creator_id}))
    return _certifies(actor, target)


@rule_for(Action.CERTIFICATE_SUBMIT)
def the_makers_submit_and_take_back(actor: Actor, target: CertificateTarget) -> bool:
    """The operator's declaration; an issuing body that began it itself signs without submitting (CE4)."""
    own = _acts_for(actor, frozenset({target.creator_id})) and target.creator_id != target.issuer_id
    return completes_a_second_factor(actor) and WRITE in target.right and own


@rule_for(Action.CERTIFICATE_CERTIFY)
def the_issuer_opens_and_refuses(actor: Actor, target: CertificateTarget) -> bool:
    """Any user of the authority or control body that is to certify it."""
    return completes_a_second_factor(actor) and WRITE in target.right and _certifies(actor, target)


def _certifies(actor: Actor, target: CertificateTarget) -> bool:
    return any(
        role.organisation_id == target.issuer_id and _issues(role, target.document) for role in actor.roles
    )


def _issues(role: RoleHeld, document: str) -> bool:
    if document == COI:
        return role.kind is OrganisationKind.CONTROL_BODY
    return role.authority_role in CERTIFYING_AUTHORITIES


@rule_for(Action.CERTIFICATE_SIGN)
def officers_who_may_sign_sign_for_their_office(actor: Actor, target: CertificateTarget) -> bool:
    """A user of the issuer with the personal flag, a right to write, behind a second factor (CE12)."""
    if not completes_a_second_factor(actor) or WRITE not in target.right:
        return False
    mine = (role for role in actor.roles if role.organisation_id == target.issuer_id)
    return any(role.may_sign and _issues(role, target.document) for role in mine)


@rule_for(Action.CERTIFICATE_CANCEL)
def the_issuer_and_those_above_cancel(actor: Actor, target: CertificateTarget) -> bool:
    """Who may sign for the issuer, and the authorities above it; a supervisor never takes an operator's part."""
    if officers_who_may_sign_sign_for_their_office(actor, target):
        return True
    above = target.above_issuer & actor.superior_to
    return completes_a_second_factor(actor) and bool(above) and not actor.is_commission


@rule_for(Action.CERTIFICATE_CONTROL)
def those_who_receive_the_consignment_add_to_its_certificate(actor: Actor, target: CertificateTarget) -> bool:
    """Part III and the boxes of the border post: an authority the certificate names, other than its issuer. What the
    importer declares: an operator it names, with a right to write. Which boxes of them, the service asks."""
    if not completes_a_second_factor(actor):
        return False
    return any(_receives(role, target) for role in actor.roles if role.organisation_id in target.concerned)


def _receives(role: RoleHeld, target: CertificateTarget) -> bool:
    if role.kind is OrganisationKind.OPERATOR:
        return WRITE in target.right
    return role.authority_role in CONTROLLING and role.organisation_id != target.issuer_id


@rule_for(Action.CERTIFICATE_IMPACT)
def authorities_list_what_a_signatory_or_key_touched(actor: Actor, target: ImpactIn | None) -> bool:
    """The Commission's administrators everywhere; administrators of an office that certifies for it, for those below it
    and for the roles it decides, an operator's too."""
    if not has_passed_the_gate(actor):
        return False
    offices = {
        role.organisation_id
        for role in actor.roles
        if role.is_administrator and issues_certificates(role.kind, role.authority_role)
    }
    own = target is not None and bool(offices & {target.organisation_id, *target.above})
    return administers_the_commission(actor) or own


def impact_of_own_office(actor: Actor) -> ImpactIn | None:
    """The target of the profile acted as: its own office, for the Commission everything."""
    return None if actor.is_commission else ImpactIn(actor.acting_as or 0)


@rule_for(Action.MODEL_READ)
def people_with_a_role_see_the_models(actor: Actor, _target: None) -> bool:
    """And where each comes from."""
    return has_passed_the_gate(actor) and bool(actor.roles)


@rule_for(Action.MODEL_LOAD)
def the_commission_loads_models(actor: Actor, _target: None) -> bool:
    """An administrator of the Commission answers for the source of a verified model."""
    return administers_the_commission(actor)


@rule_for(Action.SIGNING_ALLOW)
def administrators_and_superiors_say_who_may_sign(actor: Actor, target: HeldRole) -> bool:
    """In offices that issue certificates: administrators for colleagues, those above for people below; never for
    oneself."""
    return target.certifies and actor.account_id != target.account_id and rules_over(actor, target)
