"""Settings: read once from PORTAL_* variables, frozen, checked; nothing else reads the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from portal import config_providers, config_rules, config_seals
from portal.config_providers import Provider
from portal.config_rules import ENVIRONMENTS, METHODS, SettingError, variable_of

__all__ = ["ENVIRONMENTS", "Settings", "SettingError", "activate", "current", "load_settings", "variable_of"]

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Every setting of the product; the defaults are valid in production, secrets have none."""

    mode: str = "production"
    """`production` or `demo` (invented people, inbox instead of mail and SMS, loopback only)."""
    port: int = 5000
    """Port of the web server on 127.0.0.1 (variable `PORT`)."""
    workers: int = 2
    """Web processes that `portal serve` starts."""
    instance: Path = ROOT / "instance"
    """Directory of all local data: embedded database, queue, generated demo secrets."""
    public_url: str = ""
    """Address people type, without a path; links in mails begin with it."""
    app_url: str = ""
    """Address of the phone app, without a path, where it has a host of its own; default: the public address."""
    trusted_hosts: tuple[str, ...] = ()
    """Host names that requests may carry, comma separated; default: those of the public address and the app."""
    proxy_count: int = 0
    """Number of reverse proxies whose X-Forwarded headers are believed."""
    secret_key: tuple[str, ...] = field(default=(), repr=False)
    """Keys of cookies, links and codes, comma separated, newest first; at least 32 characters each."""
    data_key: tuple[str, ...] = field(default=(), repr=False)
    """Keys of data at rest (telephone numbers), comma separated, newest first; at least 32 characters."""
    database_url: str = ""
    """SQLAlchemy address; default: SQLite in the instance directory."""
    queue_url: str = ""
    """Job queue: a path for SQLite storage, `redis://…` or `postgresql://…`; default: in the instance."""
    smtp_url: str = field(default="", repr=False)
    """`smtp://user:password@host:port`, `smtp+starttls://…` or `smtps://…`; demo: the inbox."""
    mail_from: str = ""
    """Sender address of mails; default: no-reply at the public host."""
    sms_url: str = field(default="", repr=False)
    """HTTP gateway template with `{to}` and `{text}` (and `{from}`, `{id}`), or `smpp://user:password@host:port`;
    demo: the inbox."""
    sms_from: str = "TRACES"
    """Sender of SMS."""
    sms_countries: tuple[str, ...] = ()
    """ISO codes of countries SMS may go to, comma separated; default: all of Europe's and neighbours'."""
    sms_per_day: int = 20000
    """SMS sent in a day in all, at most: the ceiling of the bill when somebody pumps."""
    oidc_providers: tuple[Provider, ...] = ()
    """Short names of eID providers; each needs `PORTAL_OIDC_<NAME>_ISSUER`, `_CLIENT_ID`, `_CLIENT_SECRET`, `_NAME`
    (shown) and `_ACR` (levels that are enough)."""
    seal_folder: str = ""
    """Directory of the encrypted seal keys, outside `PORTAL_INSTANCE` and its backups; without it nothing is signed;
    demo: `seal` in the instance."""
    seal_passphrase: str = field(default="", repr=False)
    """Opens the seal keys; at least 32 characters; demo: made on the first start."""
    seal_token: str = ""
    """PKCS#11 module of a token that keeps the signing keys (an absolute path); default: encrypted files."""
    seal_token_label: str = ""
    """Label of that token."""
    seal_token_pin: str = field(default="", repr=False)
    """User PIN of that token."""
    seal_root: str = ""
    """PEM file of the roots that `portal verify` believes; default: the roots in the seal folder."""
    seal_qualified: bool = False
    """`true` only where the configured key is a qualified one: else no page or paper says so."""
    tsa_url: str = ""
    """RFC 3161 time-stamp service; without it files are sealed without a time stamp; demo: an own test authority."""
    tsa_root: str = ""
    """PEM file of the roots that vouch for that service; required with it."""
    brand_identity: str = ""
    """Name of the identity half; demo: EU Login."""
    brand_application: str = ""
    """Name of the application half; demo: TRACES."""
    brand_tagline: str = ""
    """Line under the identity name; demo: One account, many EU services."""
    operator: str = ""
    """Who runs this installation (shown in every footer)."""
    contact: str = ""
    """Address or telephone people can turn to, shown on the contact page."""
    commission_service: bool = False
    """`true` only where the Commission runs the portal; else the footer says that it does not."""
    environments: tuple[str, ...] = ENVIRONMENTS
    """Environments served here, comma separated."""
    mfa_required_from: date = date(2024, 6, 11)
    """Day from which a second factor is required (S0: 11 June 2024)."""
    sms_policy_production: str = "allowed"
    """SMS as second factor in Production: `allowed`, `off`, or the day from which it is off (2026-12-31)."""
    sms_policy_acceptance: str = "allowed"
    """SMS as second factor in Acceptance: `allowed`, `off`, or the day from which it is off (2026-12-31)."""
    sms_policy_training: str = "allowed"
    """SMS as second factor in Training: `allowed`, `off`, or the day from which it is off (2026-12-31)."""
    access_methods_production: tuple[str, ...] = ()
    """Methods that open Production: some of `sms,app-qr,app-pin,security-key,eid`; default: all."""
    access_methods_acceptance: tuple[str, ...] = ()
    """Methods that open Acceptance: some of `sms,app-qr,app-pin,security-key,eid`; default: all."""
    access_methods_training: tuple[str, ...] = ()
    """Methods that open Training: some of `sms,app-qr,app-pin,security-key,eid`; default: all."""
    decision_methods_production: tuple[str, ...] = ()
    """Methods with which one validates and administers in Production; default: those that open it."""
    decision_methods_acceptance: tuple[str, ...] = ()
    """Methods with which one validates and administers in Acceptance; default: those that open it."""
    decision_methods_training: tuple[str, ...] = ()
    """Methods with which one validates and administers in Training; default: those that open it."""
    step_up_minutes: int = 15
    """The second factor is asked again when so long passed since it was shown or the last decision made."""
    step_up_at_most_minutes: int = 60
    """The second factor is asked again after so long in any case before a decision."""
    validators: str = "broad"
    """`broad`: any user of the responsible authority validates; `strict`: its administrators only."""
    four_eyes: str = "commission"
    """Naming an administrator takes two people: `commission`: in the Commission; `authorities`: in each authority."""
    reminder_days: int = 5
    """Those who may decide are reminded of a request that has waited so many days."""
    escalation_days: int = 15
    """The authority above is told of a request that has waited so many days."""
    certificate_years: int = 10
    """Signed certificates are kept so many years, 3 to 10; then files and personal data go, number and hashes stay."""
    session_idle_minutes: int = 30
    """A sign-in ends after so long without a page opened, at most 60."""
    session_total_hours: int = 12
    """A sign-in ends after so long in any case, at most 24."""
    blocked_domains: tuple[str, ...] = ()
    """Mail domains whose people may not register themselves (staff get their accounts otherwise)."""
    time_zone: str = "Europe/Brussels"
    """Zone in which times are shown."""
    log_level: str = "INFO"
    """Level of the JSON log lines on standard error."""

    @property
    def is_demo(self) -> bool:
        """Whether invented people and the inbox are served."""
        return self.mode == "demo"

    @property
    def public_host(self) -> str:
        """Host name of the public address, without scheme and port."""
        return self.public_url.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]

    @property
    def app_host(self) -> str:
        """Host name of the phone app's address, without scheme and port."""
        return urlsplit(self.app_url).hostname or ""

    @property
    def is_secure(self) -> bool:
        """Whether people come through TLS: then cookies are `__Host-` and HSTS is sent."""
        return self.public_url.startswith("https://")

    @property
    def session_idle(self) -> timedelta:
        """Idle limit of a sign-in."""
        return timedelta(minutes=self.session_idle_minutes)

    @property
    def session_total(self) -> timedelta:
        """Total limit of a sign-in."""
        return timedelta(hours=self.session_total_hours)

    def sms_policy(self, environment: str) -> str:
        """`allowed`, `off` or a day, for that environment."""
        return str(getattr(self, f"sms_policy_{environment}"))

    def sms_is_off(self, environment: str, today: date) -> bool:
        """Whether SMS no longer opens that environment; what is stronger is still enrolled with it."""
        word = self.sms_policy(environment)
        return word == "off" or (word != "allowed" and today >= date.fromisoformat(word))

    def access_methods(self, environment: str, today: date) -> frozenset[str]:
        """Methods that open an environment on that day; «My Account» (no environment) opens with each."""
        if not environment:
            return frozenset(METHODS)
        chosen = frozenset(getattr(self, f"access_methods_{environment}") or METHODS)
        return chosen - {"sms"} if self.sms_is_off(environment, today) else chosen

    def decision_methods(self, environment: str, today: date) -> frozenset[str]:
        """Methods with which one decides in an environment on that day: never one that does not open it."""
        opens = self.access_methods(environment, today)
        chosen = getattr(self, f"decision_methods_{environment}") if environment else ()
        return opens & frozenset(chosen) if chosen else opens


def load_settings(variables: Mapping[str, str] | None = None) -> Settings:
    """Read, complete and check the settings; raises SettingError with one line."""
    source = os.environ if variables is None else variables
    given = {f.name: _read(f.name, f.default, source[variable_of(f.name)]) for f in fields(Settings)
             if source.get(variable_of(f.name), "").strip()}  # fmt: skip
    given["oidc_providers"] = config_providers.described(given.get("oidc_providers", ()), source)
    settings = _completed(given)
    config_rules.check(settings)
    config_seals.check(settings)
    config_providers.check(settings.oidc_providers, is_demo=settings.is_demo)
    return settings


def roots_alone() -> Settings:
    """The roots that seals and time stamps are checked with, where no portal is installed and nothing else is set."""
    return Settings(
        seal_root=os.environ.get("PORTAL_SEAL_ROOT", ""), tsa_root=os.environ.get("PORTAL_TSA_ROOT", "")
    )


def _read(name: str, default: object, text: str) -> Any:
    text = text.strip()
    try:
        if isinstance(default, bool):
            return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[
                text.lower()
            ]
        if isinstance(default, int):
            return int(text)
        if isinstance(default, tuple):
            return tuple(part.strip() for part in text.split(",") if part.strip())
        if isinstance(default, date):
            return date.fromisoformat(text)
        return Path(text).resolve() if isinstance(default, Path) else text
    except (KeyError, ValueError):
        raise SettingError(f"{variable_of(name)} cannot be read: {text!r} is not of its type") from None


def _completed(given: dict[str, Any]) -> Settings:
    first = Settings(**given)
    extra: dict[str, Any] = {}
    if first.is_demo:
        extra |= _demo_defaults(first)
    if not first.database_url:
        extra["database_url"] = f"sqlite:///{first.instance / 'portal.sqlite3'}"
    if not first.queue_url:
        extra["queue_url"] = str(first.instance / "queue.sqlite3")
    settings = Settings(**{**extra, **given})
    if not settings.app_url:
        extra["app_url"] = settings.public_url
        settings = Settings(**{**extra, **given})
    if not settings.trusted_hosts:
        hosts = dict.fromkeys((settings.public_host, settings.app_host))
        settings = Settings(**{**extra, **given, "trusted_hosts": tuple(hosts)})
    return settings


def _demo_defaults(first: Settings) -> dict[str, Any]:
    return {
        "public_url": f"http://localhost:{first.port}",
        "trusted_hosts": ("localhost", "127.0.0.1", "[::1]"),
        "brand_identity": "EU Login",
        "brand_application": "TRACES",
        "brand_tagline": "One account, many EU services",
        "operator": "DEMO",
        "contact": "help@portal.example",
        "secret_key": (_kept_secret(first.instance, "secret_key"),),
        "data_key": (_kept_secret(first.instance, "data_key"),),
        "seal_folder": str(first.instance / "seal"),
        "seal_passphrase": _kept_secret(first.instance, "seal_passphrase"),
    }


def _kept_secret(instance: Path, name: str) -> str:
    """The demo's own secret: made on the first start, readable by its owner alone."""
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = instance / name
    if not path.exists():
        fresh = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(fresh, "w") as file:
            file.write(secrets.token_urlsafe(48))
        path.with_suffix(".new").replace(path)
    return path.read_text().strip()


_current: Settings | None = None


def activate(settings: Settings) -> None:
    """Make these the settings of this process; `create_app` calls it once."""
    global _current
    _current = settings


def current() -> Settings:
    """The settings of this process; raises SettingError before `activate`."""
    if _current is None:
        raise SettingError("no settings are active")
    return _current
