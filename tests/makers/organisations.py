"""Makers of organisations: a tree of authorities, operators with activities, control bodies with their rows."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.database import db
from portal.organisations.folding import search_text, sort_key
from portal.organisations.models import ControlBodyScope, OperatorActivity, Organisation
from portal.organisations.states import ActivityState, OrganisationState
from portal.organisations.tree import rebuild_ancestors
from portal.vocabulary import AuthorityRole, ControlBodyOrigin, OrganisationKind

_numbers = itertools.count(1)
ORGANIC_IMPORTER = ("ORGANIC", "organic_importer")


def an_organisation(kind: OrganisationKind, name: str, **more: Any) -> Organisation:
    """A valid organisation in Belgium unless said otherwise."""
    row = _added(kind, name, **more)
    db.session.commit()
    return row


def _added(kind: OrganisationKind, name: str, **more: Any) -> Organisation:
    values = {
        "country": "BE",
        "state": OrganisationState.VALID.value,
        "code": f"BE{next(_numbers):05}",
    } | more
    row = Organisation(
        kind=kind.value, name=name, name_sort=sort_key(name), origin="portal",
        search_text=search_text(name, values["code"], values.get("eori", "")), **values,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def an_authority(
    name: str = "", role: AuthorityRole = AuthorityRole.LAU, *, above: Organisation | None = None, **more: Any
) -> Organisation:
    """An authority under another one; the tree is brought in line."""
    row = _placed(name or f"Authority {next(_numbers)}", role, above, **more)
    rebuild_ancestors()
    db.session.commit()
    return row


def _placed(name: str, role: AuthorityRole, above: Organisation | None, **more: Any) -> Organisation:
    superior = above.id if above else None
    return _added(OrganisationKind.AUTHORITY, name, authority_role=role.value, superior_id=superior, **more)


def an_operator(
    name: str = "", *, responsible: Organisation | None = None, activity: tuple[str, str] = ORGANIC_IMPORTER,
    state: str = OrganisationState.VALID, **more: Any,
) -> Organisation:  # fmt: skip
    """An operator with one activity in its own state."""
    row = an_organisation(
        OrganisationKind.OPERATOR,
        name or f"Operator {next(_numbers)}",
        state=OrganisationState(state).value,
        **more,
    )
    an_activity(row, responsible, activity, state)
    return row


def an_activity(
    operator: Organisation, responsible: Organisation | None, activity: tuple[str, str] = ORGANIC_IMPORTER,
    state: str = ActivityState.VALID,
) -> OperatorActivity:  # fmt: skip
    """One more activity of an operator."""
    row = OperatorActivity(
        organisation_id=operator.id, section_code=activity[0], activity_code=activity[1],
        state=ActivityState(state).value, responsible_id=responsible.id if responsible else None,
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row


def a_control_body(name: str = "", **more: Any) -> Organisation:
    """A control body without rows."""
    return an_organisation(OrganisationKind.CONTROL_BODY, name or f"Control body {next(_numbers)}", **more)


def a_scope(
    body: Organisation, code: str = "", *, supervisor: Organisation | None = None, country: str = "BE",
    valid_until: date | None = None, categories: str = "",
) -> ControlBodyScope:  # fmt: skip
    """One row of a control body: a Member State's code when it has a supervisor, else a third country's."""
    code = code or f"{country}-BIO-{next(_numbers):03}"
    origin = ControlBodyOrigin.MEMBER_STATE if supervisor else ControlBodyOrigin.THIRD_COUNTRY
    row = ControlBodyScope(
        organisation_id=body.id, name_sort=body.name_sort, search_text=search_text(body.name, code), code=code,
        country=country, categories=categories, regime="2018/848", origin=origin.value,
        supervisor_id=supervisor.id if supervisor else None, valid_until=valid_until,
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row


@dataclass
class Country:
    """Belgium with one of each: the Commission above the central authority, the others below it."""

    commission: Organisation
    central: Organisation
    regional: Organisation
    local: Organisation
    post: Organisation
    customs: Organisation


def a_country() -> Country:
    """A whole tree of authorities."""
    commission = _placed("European Commission", AuthorityRole.COMMISSION, None, country="EU")
    central = _placed("Central authority", AuthorityRole.CCA, commission)
    regional = _placed("Regional authority", AuthorityRole.RCA, central)
    local = _placed("Local authority", AuthorityRole.LAU, regional)
    post = _placed("Border post", AuthorityRole.BCP, central)
    customs = _placed("Customs office", AuthorityRole.CUSTOMS, central)
    rebuild_ancestors()
    db.session.commit()
    return Country(commission, central, regional, local, post, customs)
