"""What people of a profile may do with each document: the defaults, and what the Commission decided otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise
from portal.audit import register_events as events
from portal.audit import trail
from portal.database import db
from portal.organisations.models import OperatorActivity, Organisation
from portal.organisations.register_models import DocumentRights
from portal.organisations.registers import EditedMeanwhile
from portal.organisations.states import ActivityState
from portal.reference.models import DocumentRight
from portal.reference.queries import chapters_of
from portal.vocabulary import OrganisationKind

DOCUMENTS = ("CHED-A", "CHED-P", "DOCOM", "EU EXPORT", "EU IMPORT", "INTRA", "AJL", "COI")
"""In the order of the profile of the guide."""
NOTHING, READ, WRITE = "--", "r-", "rw"
WORDS = (NOTHING, READ, WRITE)


@dataclass(frozen=True, order=True)
class Profile:
    """Whose rights: the role of an authority, `operator` or `control-body`; one competence or activity, or any."""

    holder: str
    competence: str = ""
    activity: str = ""


@dataclass(frozen=True)
class Line:
    """The rights of one profile as they count; `version` is 0 while nobody has changed them, `source` who says so."""

    profile: Profile
    rights: Mapping[str, str]
    version: int = 0
    source: str = ""


def lines(holders: Collection[str] | None = None) -> list[Line]:
    """The table of this environment, by profile: the whole of it, or the lines of these holders."""
    table = _defaults(holders)
    query = select(DocumentRights)
    if holders is not None:
        query = query.where(DocumentRights.holder.in_(list(holders)))
    for row in db.session.scalars(query):
        profile = Profile(row.holder, row.competence, row.activity)
        table[profile] = Line(profile, _unpacked(row.rights), row.version)
    return [table[profile] for profile in sorted(table)]


def line_of(profile: Profile) -> Line:
    """The rights of one profile; without any line, none."""
    there = (line for line in lines([profile.holder]) if line.profile == profile)
    return next(there, Line(profile, {}))


def _defaults(holders: Collection[str] | None) -> dict[Profile, Line]:
    query = select(DocumentRight).where(DocumentRight.active)
    if holders is not None:
        query = query.where(DocumentRight.holder.in_(list(holders)))
    rights: dict[Profile, dict[str, str]] = {}
    sources: dict[Profile, str] = {}
    for row in db.session.scalars(query):
        profile = Profile(row.holder, row.competence, row.activity)
        rights.setdefault(profile, {})[row.document] = row.rights
        sources[profile] = row.source
    return {profile: Line(profile, found, 0, sources[profile]) for profile, found in rights.items()}


def change_rights(profile: Profile, rights: Mapping[str, str], version: int, actor: Actor) -> None:
    """The Commission decides what a profile may do; raises Refused, EditedMeanwhile."""
    authorise(actor, Action.DOCUMENT_RIGHTS_KEEP)
    where = {"holder": profile.holder, "competence": profile.competence, "activity": profile.activity}
    query = select(DocumentRights).filter_by(**where).with_for_update()
    row = db.session.scalar(query.execution_options(populate_existing=True))
    if version != (row.version if row else 0):
        raise EditedMeanwhile(row.version if row else 0)
    packed = _packed(rights)
    if row is None:
        row = DocumentRights(**where, rights=packed)
        db.session.add(row)
    row.rights = packed
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise EditedMeanwhile(1) from None
    name = "/".join(filter(None, (profile.holder, profile.competence, profile.activity)))
    trail.record(events.DocumentRightsChanged(row.id, name, packed), actor)
    db.session.commit()


def _packed(rights: Mapping[str, str]) -> str:
    return ";".join(f"{document}:{rights.get(document, NOTHING)}" for document in DOCUMENTS)


def _unpacked(text: str) -> dict[str, str]:
    pairs = (part.rpartition(":") for part in text.split(";") if part)
    return {document: word for document, _colon, word in pairs}


def rights_of(organisations: Iterable[Organisation]) -> dict[int, dict[str, str]]:
    """What the people of each organisation may do, document by document, in the order of the guide; nothing is left
    out. The best of its competences or activities counts."""
    wanted = list(organisations)
    holders = {_holder(one) for one in wanted}
    table = {line.profile: line.rights for line in lines(holders)} if wanted else {}
    doing = _activities([one.id for one in wanted if one.kind == OrganisationKind.OPERATOR])
    return {one.id: _combined([table[p] for p in _profiles(one, doing) if p in table]) for one in wanted}


def _holder(organisation: Organisation) -> str:
    return organisation.authority_role or organisation.kind


def _profiles(organisation: Organisation, doing: Mapping[int, Collection[str]]) -> list[Profile]:
    if organisation.kind == OrganisationKind.AUTHORITY:
        role = _holder(organisation)
        return [Profile(role), *(Profile(role, code) for code in organisation.competences)]
    if organisation.kind == OrganisationKind.OPERATOR:
        return [Profile("operator", "", code) for code in doing.get(organisation.id, ())]
    return [Profile(OrganisationKind.CONTROL_BODY.value)]


def _activities(operators: Collection[int]) -> dict[int, set[str]]:
    """The valid activities of operators, each by its own code and by that of its chapter."""
    if not operators:
        return {}
    rows = db.session.execute(
        select(OperatorActivity.organisation_id, OperatorActivity.section_code, OperatorActivity.activity_code)
        .where(OperatorActivity.organisation_id.in_(list(operators)), OperatorActivity.state == ActivityState.VALID)
    ).all()  # fmt: skip
    chapters = chapters_of({section for _operator, section, _activity in rows})
    found: dict[int, set[str]] = {}
    for operator, section, activity in rows:
        found.setdefault(operator, set()).update({activity, f"chapter/{chapters.get(section, '')}"})
    return found


def _combined(found: Iterable[Mapping[str, str]]) -> dict[str, str]:
    best = dict.fromkeys(DOCUMENTS, NOTHING)
    for rights in found:
        for document in DOCUMENTS:
            best[document] = max(best[document], rights.get(document, NOTHING), key=WORDS.index)
    return best
