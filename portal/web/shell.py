"""What stands around every page: brand, environment, languages, person, menu; and `page`, which renders one."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from babel import Locale, dates
from flask import Flask, current_app, render_template, request, url_for
from flask_babel import get_timezone, gettext, pgettext
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from portal import clock, config
from portal.access.actions import Action
from portal.access.actor import Actor
from portal.access.authorise import may
from portal.environments import environment, methods
from portal.environments.announced import Told
from portal.environments.environment import Environment
from portal.environments.methods import Policy, SmsWord
from portal.identity import sessions
from portal.messages import in_app
from portal.notices import announcing
from portal.roles import queries as roles
from portal.roles import queue
from portal.vocabulary import Method
from portal.web import (
    announced,
    certificate_words,
    current,
    exporting,
    guard,
    labels,
    language,
    menu,
    register_words,
    rights_words,
    work_words,
)
from portal.web.forms import PortalForm
from portal.web.menu import Item
from portal.web.profiles import profiles_of
from portal.web.shown import Brand, Entry, Language, Person, Place, Profile, SessionEnd

WARN_SECONDS = 120
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he"})


class Shell:
    """Asked by the layout piece by piece, so that a page pays only for what it shows."""

    def __init__(self, *, without_person: bool = False) -> None:
        self.settings = config.current()
        self.language = current.language()
        self.direction = "rtl" if self.language in RIGHT_TO_LEFT else "ltr"
        self.brand = Brand(
            self.settings.brand_identity, self.settings.brand_application, self.settings.brand_tagline
        )
        self.operator, self.demo = self.settings.operator, self.settings.is_demo
        self.commission_service = self.settings.commission_service
        here = environment.current_or_none()
        self.environment = Place(here.value, str(labels.ENVIRONMENTS[here])) if here else None
        self.identity_side = here is None
        self.without_person = without_person

    @property
    def footer(self) -> Markup:
        """The foot of the page: the same for everybody, rendered once for each language."""
        return _footer(self.language, self.settings)

    def __getattr__(self, name: str) -> Any:
        """Reached when a property fails with AttributeError, which Jinja would take for «not there» and hide."""
        if name.startswith("__"):
            raise AttributeError(name)
        raise RuntimeError(f"the shell has no {name}, or it failed")

    @property
    def csrf_token(self) -> str:
        """For forms of the layout."""
        return str(generate_csrf())

    @property
    def languages(self) -> list[Language]:
        """Every served language, with the address of this page in it."""
        arguments = [(k, v) for k, v in request.args.items() if k != "lang"]
        # Quoted anew: a browser would read «//host» or «/\\host» as the address of another site.
        path = "/" + quote(request.path.lstrip("/"))
        before = f"{path}?{urlencode(arguments)}{'&' if arguments else ''}lang="
        return [Language(code, label, before + code) for code, label in language_labels()]

    @property
    def person(self) -> Person | None:
        """The signed-in person; None for visitors and on the page of a lost database."""
        actor = None if self.without_person else current.actor_or_none()
        account = current.account() if actor else None
        if actor is None or account is None:
            return None
        last = account.previous_sign_in_at
        complete = actor.second_factor_at is not None
        return Person(
            account.full_name, account.email, account.username, moment(last), complete, self._profiles(actor)
        )

    def _profiles(self, actor: Any) -> list[Profile]:
        if self.environment is None:
            return []
        found = profiles_of(roles.organisations_of(actor.account_id), self.language)
        return [
            replace(profile, number=number, is_acted_as=number == actor.acting_as)
            for number, profile in found.items()
        ]

    @property
    def menu(self) -> list[Entry]:
        """The pages of the environment this person may open."""
        actor = None if self.without_person else current.actor_or_none()
        if actor is None or self.environment is None or not may(actor, Action.PROFILE_READ):
            return []
        return [self._entry(item, actor) for item in menu.bar_for(actor)]

    def _entry(self, item: Item, actor: Actor) -> Entry:
        count = queue.queue_count(actor) if item.endpoint == menu.QUEUE else None
        here = menu.is_current(item, request.endpoint or "")
        return Entry(str(item.label), url_for(item.endpoint), here, count)

    @property
    def bell(self) -> Entry | None:
        """The way to the person's notices, with how many are unread; None outside an environment."""
        actor = None if self.without_person else current.actor_or_none()
        if actor is None or self.environment is None or not may(actor, Action.PROFILE_READ):
            return None
        here, unread = request.blueprint == "notices", in_app.unread_count(actor.account_id)
        return Entry(gettext("Notices"), url_for("notices.overview"), here, unread)

    @property
    def stops(self) -> list[Told]:
        """Stops and closings of this environment that hold now or begin within two weeks."""
        return announced.stops() if self.environment and not self.without_person else []

    @property
    def policies_ahead(self) -> list[Policy]:
        """What the Commission decided about second factors here for a day to come."""
        here = self.environment if not self.without_person else None
        return methods.coming(current.policy_versions(here.key)) if here else []

    @property
    def discourages_sms(self) -> bool:
        """Whether this person came by text message where the Commission advises against them."""
        actor = current.actor_or_none() if self.environment and not self.without_person else None
        if actor is None or self.environment is None or actor.method is not Method.SMS:
            return False
        held = methods.in_force(current.policy_versions(self.environment.key))
        return held is not None and held.sms is SmsWord.DISCOURAGED

    @property
    def news(self) -> list[Told]:
        """The news of this environment for everybody, and for the countries of the person."""
        actor = current.actor_or_none()
        countries = {role.country for role in actor.roles if role.country} if actor else set()
        return announcing.current_news(sorted(countries)) if self.environment else []

    @property
    def account_menu(self) -> list[Entry]:
        """The gear menu beside the name (S0); in an environment it leads to the profile too (S2)."""
        profile = (
            [Entry(gettext("Edit your profile"), url_for("role_requests.profile"))]
            if self.environment
            else []
        )
        return [
            *profile,
            Entry(gettext("Change password"), url_for("personal_data.password")),
            Entry(gettext("My Account"), url_for("account.cards")),
        ]

    @property
    def second_factor_from(self) -> date | None:
        """The day from which a second factor is required, told beforehand to those who have none (S0: «en amont»)."""
        actor = None if self.without_person else current.actor_or_none()
        here = self.environment
        policies = current.policy_versions(here.key) if here and actor else []
        day = min([self.settings.mfa_required_from, *(p.required_from for p in policies if p.required_from)])
        return day if actor is not None and not actor.has_factor and day > clock.now().date() else None

    @property
    def session(self) -> SessionEnd | None:
        """When the sign-in ends, for the warning two minutes before."""
        left = None if self.without_person else guard.seconds_left()
        if left is None:
            return None
        return SessionEnd(left, WARN_SECONDS, url_for("sign_in.extend"), url_for("sign_in.sign_out"))


@cache
def language_labels() -> list[tuple[str, str]]:
    """The languages with a catalogue, and English, each in its own words: «français (fr)»."""
    locales = [Locale.parse(code) for code in language.served()]
    return [(locale.language, f"{locale.get_display_name(locale.language)} ({locale})") for locale in locales]


def page(template: str, status: int = 200, **context: Any) -> tuple[str, int]:
    """Render a template; a form that was sent and refused makes it a 422."""
    form = context.get("form")
    if isinstance(form, PortalForm) and form.was_refused():
        status = 422
    sessions.end_writing()
    return render_template(template, **context), status


@lru_cache(maxsize=64)
def _footer(_language: str, _settings: config.Settings) -> Markup:
    footer = render_template("layouts/footer.html", shell=Shell(without_person=True))
    return Markup(footer)  # noqa: S704 - a template of ours, escaped there


def static_url(name: str) -> str:
    """The address of a static file, with a fingerprint of its content: stored for a year, another in a new version."""
    return _static_url(name, request.script_root)


@cache
def _static_url(name: str, _script_root: str) -> str:
    content = (Path(current_app.static_folder or "") / name).read_bytes()
    return url_for("static", filename=name, v=hashlib.sha256(content).hexdigest()[:10])


def environments_served() -> list[Environment]:
    """The environments of this installation."""
    return [Environment(key) for key in config.current().environments]


def text_messages_end() -> date | None:
    """The day from which text messages no longer open this environment, while it lies ahead."""
    here = environment.current_or_none()
    return methods.sms_end(here.value, current.policy_versions(here.value)) if here else None


def home_of_keys() -> str | None:
    """The address of this page where keys work, for a browser that came by number: a key belongs to the host's name."""
    settings = config.current()
    here = request.host.rpartition(":")[0] if ":" in request.host else request.host
    return None if here == settings.public_host else f"{settings.public_url}{request.path}"


def environment_key_of(address: str) -> str:
    """The environment an address of this portal lies in, empty for the identity half."""
    word = address.split("/")[1:2]
    return word[0] if word and word[0] in config.current().environments else ""


def offered_methods(target: str, *, decision: bool = False) -> list[Method]:
    """The second factors with which that address opens, or one decides there; the same for every account."""
    policy = current.method_policy(environment_key_of(target))
    allowed = policy.decision_methods if decision else policy.methods
    if not config.current().oidc_providers:
        allowed -= {Method.EID}
    return [method for method in labels.METHOD_PAGES if method in allowed]


def add_to_templates(app: Flask) -> None:
    """What every template may use."""
    app.jinja_env.globals.update(static_url=static_url, pgettext=pgettext, labels=labels)
    app.jinja_env.globals.update(
        register_words=register_words,
        rights_words=rights_words,
        work_words=work_words,
        certificate_words=certificate_words,
    )
    app.jinja_env.globals.update(export_address=exporting.export_address, export_rows=exporting.rows_at_most)
    app.jinja_env.filters.update(
        moment=moment, day=day, lasting=announced.lasting, paragraphs=announced.paragraphs
    )
    app.context_processor(lambda: {"shell": Shell()})


def moment(value: datetime | None) -> str:
    """Date and time in the zone of the settings, with the zone shown: «27 May 2024, 15:46:28 CEST»."""
    if value is None:
        return ""
    zone = get_timezone()
    shown = dates.format_datetime(value, "medium", tzinfo=zone, locale=_date_locale())
    name = dates.format_datetime(value, "z", tzinfo=zone, locale=_date_locale())
    # Some languages have no short name for the zone: the international one says more than «+0100».
    return f"{shown} {value.astimezone(zone).tzname() if name[0] in '+-' else name}"


def day(value: date | None) -> str:
    """A date in words of the page's language."""
    return dates.format_date(value, "medium", locale=_date_locale()) if value else ""


def _date_locale() -> str:
    # English as the Union writes it: day before month.
    return "en_GB" if current.language() == "en" else current.language()
