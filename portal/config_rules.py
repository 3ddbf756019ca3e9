"""What settings have to satisfy before anything starts; one line says which one does not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from portal.config import Settings

ENVIRONMENTS = ("production", "acceptance", "training")
METHODS = ("sms", "app-qr", "app-pin", "security-key", "eid")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
SECRET_CHARACTERS = 32


class SettingError(Exception):
    """A setting is missing, weak or contradictory; the message names it in one line."""


def variable_of(name: str) -> str:
    """The environment variable that gives the setting `name`."""
    return "PORT" if name == "port" else f"PORTAL_{name.upper()}"


def check(settings: Settings) -> None:
    """Raise SettingError for the first setting that is missing, weak or contradictory."""
    if settings.mode not in ("production", "demo"):
        raise SettingError("PORTAL_MODE must be production or demo")
    _check_choices(settings)
    _check_limits(settings)
    if settings.is_demo:
        _check_demo(settings)
    else:
        _check_production(settings)


def _check_choices(settings: Settings) -> None:
    unknown = set(settings.environments) - set(ENVIRONMENTS)
    if unknown or not settings.environments:
        raise SettingError("PORTAL_ENVIRONMENTS must name some of: " + ", ".join(ENVIRONMENTS))
    if settings.validators not in ("broad", "strict"):
        raise SettingError("PORTAL_VALIDATORS must be broad or strict")
    if settings.four_eyes not in ("commission", "authorities"):
        raise SettingError("PORTAL_FOUR_EYES must be commission or authorities")
    for environment in ENVIRONMENTS:
        _check_methods(settings, environment)


def _check_methods(settings: Settings, environment: str) -> None:
    word = settings.sms_policy(environment)
    if word not in ("allowed", "off") and not _is_day(word):
        raise SettingError(f"PORTAL_SMS_POLICY_{environment.upper()} must be allowed, off or a day")
    for kind in ("access", "decision"):
        name = f"{kind}_methods_{environment}"
        if set(getattr(settings, name)) - set(METHODS):
            raise SettingError(f"{variable_of(name)} must name some of: " + ", ".join(METHODS))


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _check_limits(settings: Settings) -> None:
    if not 1 <= settings.session_idle_minutes <= 60:
        raise SettingError("PORTAL_SESSION_IDLE_MINUTES must be between 1 and 60")
    if not 1 <= settings.session_total_hours <= 24:
        raise SettingError("PORTAL_SESSION_TOTAL_HOURS must be between 1 and 24")
    if not 1 <= settings.step_up_minutes <= settings.step_up_at_most_minutes <= 60:
        raise SettingError(
            "PORTAL_STEP_UP_MINUTES must be at most PORTAL_STEP_UP_AT_MOST_MINUTES, that at most 60"
        )
    if not 1 <= settings.reminder_days < settings.escalation_days <= 365:
        raise SettingError("PORTAL_REMINDER_DAYS must be less than PORTAL_ESCALATION_DAYS, that at most 365")
    if not 3 <= settings.certificate_years <= 10:
        raise SettingError("PORTAL_CERTIFICATE_YEARS must be between 3 and 10")
    if settings.proxy_count not in range(5):
        raise SettingError("PORTAL_PROXY_COUNT must be between 0 and 4")


def _check_demo(settings: Settings) -> None:
    if settings.public_host not in LOOPBACK:
        raise SettingError("PORTAL_PUBLIC_URL must be on loopback in demo mode")
    if settings.app_host not in LOOPBACK:
        raise SettingError("PORTAL_APP_URL must be on loopback in demo mode")
    if set(settings.trusted_hosts) - LOOPBACK:
        raise SettingError("PORTAL_TRUSTED_HOSTS must be on loopback in demo mode")
    for name in ("smtp_url", "sms_url"):
        address = getattr(settings, name)
        if address and urlsplit(address).hostname not in LOOPBACK:
            raise SettingError(f"{variable_of(name)} must be on loopback in demo mode")


def _check_production(settings: Settings) -> None:
    required = ("public_url", "secret_key", "data_key", "smtp_url", "sms_url", "brand_identity",
                "brand_application", "operator", "contact")  # fmt: skip
    for name in required:
        if not getattr(settings, name):
            raise SettingError(f"{variable_of(name)} is required in production")
    for name in ("secret_key", "data_key"):
        for key in getattr(settings, name):
            if len(key) < SECRET_CHARACTERS or len(set(key)) < 10:
                raise SettingError(
                    f"{variable_of(name)} is weak: {SECRET_CHARACTERS} random characters at least"
                )
    if set(settings.secret_key) & set(settings.data_key):
        raise SettingError("PORTAL_SECRET_KEY and PORTAL_DATA_KEY must differ")
    hosts = {"public_url": settings.public_host, "app_url": settings.app_host}
    for name, host in hosts.items():
        _check_address(name, getattr(settings, name), host)


def _check_address(name: str, address: str, host: str) -> None:
    if not address.startswith("https://") and host not in LOOPBACK:
        raise SettingError(f"{variable_of(name)} must begin with https:// in production")
