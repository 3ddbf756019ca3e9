"""«Why can I (not) do this»: each of the own profiles with the chain from the role to the rule."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.access.actions import Action
from portal.access.actor import Actor
from portal.organisations import document_rights
from portal.roles import explaining, queries
from portal.roles.explaining import Answer, Broken, Link
from portal.web import current, register_words
from portal.web.guard import nothing, requires
from portal.web.shell import page

blueprint = Blueprint("own_rights", __name__)
BEFORE_RULES = (Link.ROLE, Link.STATE, Link.DATES)


@dataclass(frozen=True)
class Explained:
    """One profile: the first links of the chain, what it may, and its rights on documents."""

    role: Any
    broken: Broken | None
    chain: list[tuple[Link, bool | None]]
    groups: list[tuple[Any, list[Answer]]]
    documents: list[tuple[str, str, str]]


@blueprint.get("")
@requires(Action.PROFILE_READ, nothing)
def overview() -> ResponseReturnValue:
    """What the person may do here, profile by profile, and what to do about the rest."""
    actor = current.actor()
    roles = queries.roles_of(actor.account_id)
    return page(
        "own_rights/overview.html", asking=explaining.answers_without_profile(actor),
        profiles=[_explained(role, actor) for role in roles], method=actor.method,
        decides=explaining.decides_by_method(actor), acting_as=actor.acting_as,
    )  # fmt: skip


def _explained(role: Any, actor: Actor) -> Explained:
    broken = explaining.broken_link(role)
    answers = explaining.answers_for(role, actor)
    groups = [(purpose, list(rows)) for purpose, rows in groupby(answers, lambda one: one.goal.purpose)]
    return Explained(role, broken, _chain(broken), groups, [] if broken else _documents(role))


def _chain(broken: Broken | None) -> list[tuple[Link, bool | None]]:
    """Each link before the rules: holds, fails, or was not reached."""
    if broken is None:
        return [(link, True) for link in BEFORE_RULES]
    failing = BEFORE_RULES.index(broken.link)
    return [(link, True if place < failing else False if place == failing else None)
            for place, link in enumerate(BEFORE_RULES)]  # fmt: skip


def _documents(role: Any) -> list[tuple[str, str, str]]:
    """Each document with the right on it, as code and in words."""
    rights = document_rights.rights_of([role.organisation])[role.organisation_id]
    return [
        (str(word), rights[document], str(register_words.RIGHTS[rights[document]]))
        for document, word in register_words.DOCUMENTS.items()
    ]
