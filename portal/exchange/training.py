"""Training made anew: its rows deleted piece by piece, then a template loaded; each piece can be done again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, true, tuple_, update
from sqlalchemy.orm import Mapper

from portal import clock
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import authorise, authorise_to_see
from portal.audit import exchange_events, trail
from portal.database import Base, db, rows_changed
from portal.environments import environment
from portal.environments.environment import Environment
from portal.environments.models import Announcement, AnnouncementText, PolicyVersion
from portal.environments.scope import EnvironmentScoped
from portal.identity.factor_models import DutyPhone
from portal.limits import ledger as limits
from portal.organisations.models import AuthorityAncestor, HeldCompetence, Organisation
from portal.organisations.states import OrganisationState
from portal.reference.models import DataStamp
from portal.roles.models import Role, RoleKind
from portal.vocabulary import AuthorityRole, OrganisationKind
from portal.work import service
from portal.work.ledger import Facts, Handler, Outcome
from portal.work.models import Work, WorkItem

KIND = "reset-training"
STAMP = "resettable"
"""The database itself says which environment may be emptied: no word, no setting and no address says it alone."""
PIECE = 2000
EMPTY, RESERVE, LOOSEN, RELEASE = "empty", "reserve", "loosen", "release"
RESERVED = "reserved"
KEPT = (Announcement, AnnouncementText, PolicyVersion)
"""What the Commission has said of the environment is no practice data."""


class BegunAlready(Exception):
    """Training is being made anew since less than a minute: a button pressed twice."""


class NotResettable(Exception):
    """This is not Training, or the database does not say that it may be emptied."""


@dataclass(frozen=True)
class Template:
    """What Training is filled with: its pieces in their order, and what does a piece and counts its rows."""

    name: str
    pieces: Callable[[], Iterator[Facts]]
    fill: Callable[[Facts], int]


TEMPLATES: dict[str, Template] = {}


def register(*templates: Template) -> None:
    """Offer templates; those that need the demo's register come from above."""
    TEMPLATES.update({template.name: template for template in templates})


def check_is_training() -> None:
    """Raise NotResettable anywhere else, whoever asks."""
    stamp = db.session.get(DataStamp, STAMP)
    here = environment.current_or_none()
    if here is not Environment.TRAINING or stamp is None or stamp.value != here.value:
        raise NotResettable


def counts_to_see(actor: Actor) -> dict[str, int]:
    """How many rows would go, by table; raises Hidden, StepUpNeeded."""
    authorise_to_see(actor, Action.TRAINING_RESET, environment.current().value)
    return counts()


def counts() -> dict[str, int]:
    """How many rows of Training can go, by table, those without any left out."""
    found = {}
    for model in _models():
        number = db.session.scalar(select(func.count()).select_from(model).where(_goes(model, 0))) or 0
        if number:
            found[model.__tablename__] = number
    return found


def begin_reset(template: str, actor: Actor) -> Work:
    """Put the whole reset for the worker; raises Hidden, Refused, NotResettable, BegunAlready."""
    authorise_to_see(actor, Action.TRAINING_RESET, environment.current().value)
    authorise(actor, Action.TRAINING_RESET, environment.current().value)
    check_is_training()
    if not limits.spend(f"{KIND}-{clock.now():%Y%m%d%H%M}", timedelta(days=1)):
        db.session.rollback()
        raise BegunAlready
    there, pieces = counts(), list(pieces_of(template))
    work = service.begin(KIND, actor, {"template": template}, pieces)
    rows = sum(there.values())
    trail.record(exchange_events.TrainingReset(work.id, template, rows), actor)
    db.session.commit()
    return work


def pieces_of(template: str) -> Iterator[Facts]:
    """Every piece of a reset, in the order in which they are done."""
    yield {"act": LOOSEN, "label": "organisations"}
    for name, number in counts().items():
        for part in range(number // PIECE + 1):
            yield {"act": EMPTY, "table": name, "label": f"{name} {part + 1}"}
    yield {"act": RESERVE, "highest": _highest(), "label": "organisations"}
    for piece in TEMPLATES[template].pieces():
        yield {"act": template, **piece}
    yield {"act": RELEASE, "template": template, "label": template}


def reset_by_command(template: str) -> Iterator[tuple[str, int]]:
    """Do all of it at once, each piece in a transaction of its own; yields rows by piece. Raises NotResettable."""
    check_is_training()
    rows, pieces = sum(counts().values()), list(pieces_of(template))
    trail.record(exchange_events.TrainingReset(0, template, rows))
    db.session.commit()
    for piece in pieces:
        done = do_piece(piece)
        db.session.commit()
        yield f"{piece['act']} {piece['label']}", done


def step(actor: Actor, _parameters: Facts, piece: Facts) -> Outcome:
    """One piece, for the worker; commits nothing by itself."""
    authorise(actor, Action.TRAINING_RESET, environment.current().value)
    rows = do_piece(piece, own_work=_own_work(actor))
    word = "training-filled" if piece["act"] in TEMPLATES else "training-emptied"
    return Outcome(word, None, {"rows": rows})


HANDLER = Handler(KIND, step)


def _own_work(actor: Actor) -> int:
    """The work that is running: it stays, and so do its items."""
    running = Work.kind == KIND, Work.account_id == actor.account_id
    return db.session.scalar(select(func.max(Work.id)).where(*running)) or 0


def do_piece(piece: Facts, own_work: int = 0) -> int:
    """Do one piece and tell its rows; raises NotResettable. Doing it again does no harm."""
    check_is_training()
    act = str(piece["act"])
    if act == EMPTY:
        return _delete_piece(_model_of(piece["table"]), own_work)
    if act == LOOSEN:
        return _loosen()
    if act == RESERVE:
        return _reserve(int(piece["highest"]))
    if act == RELEASE:
        return _release(str(piece["template"]))
    return TEMPLATES[act].fill(piece)


def _models() -> list[type[Any]]:
    """Classes whose rows go, those first that point to others; found by themselves, as tables are added."""
    places = {table: place for place, table in enumerate(Base.metadata.sorted_tables)}
    mappers = [mapper for mapper in Base.registry.mappers if issubclass(mapper.class_, EnvironmentScoped)]
    mappers.sort(key=lambda mapper: places[mapper.local_table], reverse=True)  # type: ignore[index]
    return [DutyPhone, *(mapper.class_ for mapper in mappers if mapper.class_ not in KEPT)]


def _model_of(table: str) -> type[Any]:
    return next(model for model in _models() if model.__tablename__ == table)


def _goes(model: type[Any], own_work: int) -> ColumnElement[bool]:
    """Which rows go: not the Commission with its people, who must be able to go on, nor the work that does it."""
    if model is DutyPhone:
        return DutyPhone.environment_key == environment.current().value
    top = select(Organisation.id).where(Organisation.authority_role == AuthorityRole.COMMISSION)
    rules: dict[type[Any], ColumnElement[bool]] = {
        Organisation: Organisation.authority_role.is_distinct_from(AuthorityRole.COMMISSION.value),
        AuthorityAncestor: AuthorityAncestor.authority_id.not_in(top),
        HeldCompetence: HeldCompetence.organisation_id.not_in(top),
        Role: Role.organisation_id.not_in(top),
        RoleKind: RoleKind.account_id.not_in(select(Role.account_id).where(Role.organisation_id.in_(top))),
        Work: Work.id != own_work,
        WorkItem: WorkItem.work_id != own_work,
    }
    return rules.get(model, true())


def _delete_piece(model: type[Any], own_work: int) -> int:
    mapper: Mapper[Any] = model.__mapper__
    keys = [getattr(model, mapper.get_property_by_column(column).key) for column in mapper.primary_key]
    some = select(*keys).where(_goes(model, own_work)).limit(PIECE)
    chosen = keys[0].in_(some) if len(keys) == 1 else tuple_(*keys).in_(some)
    result = db.session.execute(delete(model).where(chosen).execution_options(synchronize_session=False))
    return rows_changed(result)


def _loosen() -> int:
    """Authorities let go of their superiors, so that they can be deleted in any order."""
    hanging = update(Organisation).where(Organisation.superior_id.is_not(None)).values(superior_id=None)
    return rows_changed(db.session.execute(hanging.execution_options(synchronize_session=False)))


def _reserve(highest: int) -> int:
    # SQLite gives the number after the highest one: a new organisation would get the events of one that is gone.
    if db.session.get_bind().dialect.name == "sqlite" and _highest() < highest:
        row = Organisation(
            id=highest, kind=OrganisationKind.OPERATOR.value, state=OrganisationState.DELETED.value,
            name="", name_sort="", search_text="", country="", origin="portal", source_key=RESERVED,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
    return 0


def _highest() -> int:
    query = select(func.max(Organisation.id)).execution_options(unscoped="one number, nobody's row")
    return db.session.scalar(query) or 0


def _release(template: str) -> int:
    here = Organisation.source_key == RESERVED
    db.session.execute(delete(Organisation).where(here).execution_options(synchronize_session=False))
    rows = db.session.scalar(select(func.count()).select_from(Organisation)) or 0
    trail.record(exchange_events.TrainingFilled(0, template, rows))
    return rows
