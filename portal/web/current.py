"""Who and where this request is: the only reader of the cookie for identity, of network and of language."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import g, has_request_context, request, session
from flask_babel import get_locale

from portal import clock, config, crypto
from portal.access.actions import Action
from portal.access.actor import Actor, MethodPolicy, RoleHeld
from portal.access.authorise import may
from portal.environments import environment, methods
from portal.identity import queries, sign_in
from portal.identity.states import RECOVERY_REST, SignInState
from portal.roles import queries as roles
from portal.vocabulary import Assurance, Method

if TYPE_CHECKING:
    from portal.identity.models import Account, SignIn

TOUCH_EVERY = timedelta(minutes=1)
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
           ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


class NotSignedIn(Exception):
    """The page needs a person; the answer leads to the sign-in and back."""


def sign_in_row() -> SignIn | None:
    """The complete, living sign-in of this browser."""
    if "sign_in" not in g:
        token = session.get("sign_in", "")
        row = queries.sign_in_by_token(token) if token else None
        g.sign_in = row if row is not None and row.state == SignInState.OPEN else None
    return g.sign_in


def account() -> Account | None:
    """The signed-in person's account."""
    row = sign_in_row()
    return row.account if row else None


def actor_or_none() -> Actor | None:
    """The signed-in person as the rules see them; None for visitors."""
    if "actor" not in g:
        row = sign_in_row()
        g.actor = _actor(row) if row else None
    return g.actor


def actor() -> Actor:
    """The signed-in person as the rules see them; raises NotSignedIn for visitors."""
    person = actor_or_none()
    if person is None:
        raise NotSignedIn
    return person


def _actor(row: SignIn) -> Actor:
    here = environment.current_or_none()
    kind = roles.kind_held(row.account_id) if here else None
    # Where a person holds and asks for nothing there is nothing to protect, and nobody who could lift it.
    has_factor, is_suspended = queries.standing(row.account_id, here.value if here else "")
    acted_as, others = _by_profile(roles.held_roles(row.account_id) if here else ())
    return Actor(
        account_id=row.account_id,
        session_id=row.id,
        assurance=Assurance(row.assurance or Assurance.PASSWORD),
        method=Method(row.method),
        second_factor_at=row.second_factor_at,
        acted_at=row.acted_at,
        has_factor=has_factor,
        is_suspended=is_suspended and kind is not None,
        is_resting=row.account.recovered_at is not None
        and clock.now() - row.account.recovered_at < RECOVERY_REST,
        holds_role_anywhere=roles.holds_role_anywhere(row.account_id),
        mailbox_confirmed=row.mailbox_confirmed_at is not None,
        policy=method_policy(here.value if here else None),
        roles=acted_as,
        other_roles=others,
        kind=kind,
        strict_validators=config.current().validators == "strict",
    )


Roles = tuple[RoleHeld, ...]


def _by_profile(held: Roles) -> tuple[Roles, Roles]:
    """The roles of the profile acted as, the oldest where none was chosen, and those of the others."""
    here = environment.current_or_none()
    chosen = session.get("acting_as", {}).get(here.value) if here else None
    own = [role.organisation_id for role in held]
    place = chosen if chosen in own else (own[0] if own else None)
    mine = tuple(role for role in held if role.organisation_id == place)
    return mine, tuple(role for role in held if role.organisation_id != place)


def act_as(organisation_id: int) -> None:
    """From now on this browser acts as that profile in the current environment."""
    session["acting_as"] = {**session.get("acting_as", {}), environment.current().value: organisation_id}
    g.pop("actor", None)


def profile_that_may(person: Actor, action: Action, target: Any) -> int | None:
    """The organisation of another own profile that may do it; None where none of them may."""
    for place in dict.fromkeys(role.organisation_id for role in person.other_roles):
        there = tuple(role for role in person.other_roles if role.organisation_id == place)
        if may(replace(person, roles=there, other_roles=()), action, target):
            return place
    return None


def policy_versions(environment_key: str) -> list[methods.Policy]:
    """What the Commission decided about methods there, today's first; read once in a request, anew in long work."""
    if not environment_key:
        return []
    if not has_request_context():
        return methods.versions_of(environment_key)
    read = g.setdefault("policy_versions", {})
    if environment_key not in read:
        read[environment_key] = methods.versions_of(environment_key)
    return list(read[environment_key])


def method_policy(environment_key: str | None) -> MethodPolicy:
    """What an environment asks of a sign-in today; «My Account» (no environment) accepts each method."""
    settings, key = config.current(), environment_key or ""
    held = methods.in_force(policy_versions(key))
    accepted = methods.accepted_under(held, key, clock.now().date())
    return MethodPolicy(
        second_factor_required=accepted.second_factor_required,
        methods=accepted.methods,
        decision_methods=accepted.decision_methods,
        decision_idle=timedelta(minutes=settings.step_up_minutes),
        decision_total=timedelta(minutes=settings.step_up_at_most_minutes),
    )


def awaiting_factor(method: Method) -> SignIn | None:
    """The sign-in of this browser that may show that factor now: half signed in by it, or open and stepping up."""
    return sign_in.awaiting_factor(session_token() or "", method, step_up="step_up" in session)


def step_up_to(target: str, occasion: str) -> None:
    """This browser has to show a factor again, then goes to `target`."""
    session["step_up"] = {"next": target, "occasion": occasion}


def arrive(token: str) -> str | None:
    """The factor was right: the session goes on under its new token, in the account's language unless the browser chose
    one; returns where the person wanted to go."""
    wish = session.pop("step_up", None)
    if wish:
        keep_session(token)
        return str(wish["next"])
    target, chosen = session.get("next"), session.get("language")
    begin_session(token)
    person = account()
    if person and not chosen:
        session["language"] = person.language
    return target or None


def keep_session(token: str | None) -> None:
    """The same session under its new token; nothing to do without one."""
    if token is not None:
        session["sign_in"] = token
        for name in ("sign_in", "actor"):
            g.pop(name, None)


def begin_session(token: str) -> None:
    """A new sign-in token replaces whatever the cookie held; only the choice of language stays."""
    kept = {key: session[key] for key in ("language", "browser") if key in session}
    session.clear()
    session.update(kept)
    session["sign_in"] = token
    for name in ("sign_in", "actor"):
        g.pop(name, None)


def session_token() -> str | None:
    """The token the cookie holds, half signed in or complete."""
    return session.get("sign_in")


def end_session() -> None:
    """Sign out: the row ends, with the one it was about to replace; the cookie forgets everything but the language."""
    for token in (session_token(), session.get("replacing")):
        if token:
            sign_in.sign_out(token)
    kept = {key: session[key] for key in ("language",) if key in session}
    session.clear()
    session.update(kept)
    for name in ("sign_in", "actor"):
        g.pop(name, None)


def browser_token() -> str:
    """A random value that binds an opened link to this browser."""
    if "browser" not in session:
        session["browser"] = crypto.random_token()[:22]
    return str(session["browser"])


def network() -> str:
    """Where the request comes from, coarse enough to be one household or office: /24 or /56."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    address = getattr(address, "ipv4_mapped", None) or address
    prefix = 24 if address.version == 4 else 56
    return str(ipaddress.ip_network((address, prefix), strict=False))


def browser() -> str:
    """«Firefox, Windows»: what the person recognises in the list of sessions."""
    agent = request.user_agent.string[:400]
    name = next((label for mark, label in BROWSERS if re.search(rf"\b{mark}/", agent)), "?")
    system = next((label for mark, label in SYSTEMS if mark in agent), "?")
    return f"{name}, {system}"


def language() -> str:
    """The language of this page."""
    return str(get_locale())


def needs_touch(row: SignIn) -> bool:
    """Whether the last page opened is a minute or more ago."""
    return clock.now() - row.last_seen_at >= TOUCH_EVERY
