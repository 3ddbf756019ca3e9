"""The TRACES access portal; `create_app` reads as its table of contents."""

from __future__ import annotations

from flask import Flask
from flask_babel import Babel
from flask_wtf import CSRFProtect
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import config, database, logs
from portal.access.authorise import check_every_action_has_a_rule
from portal.config import ROOT, Settings, load_settings
from portal.database import db
from portal.demo import pages as demo_pages
from portal.jobs import queue
from portal.web import cookie, errors, guard, language, rendering, requests, security_headers, shell, wiring

BODY_BYTES = 64 * 1024
FIELD_BYTES = 16 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application; raises SettingError or RuntimeError rather than start in doubt."""
    settings = settings or load_settings()
    config.activate(settings)
    app = Flask(__name__, static_folder=ROOT / "static", template_folder=ROOT / "templates")
    _configure(app, settings)
    logs.set_up(settings)
    db.init_app(app)
    _add_web(app, settings)
    if settings.is_demo:
        demo_pages.register(app)
    queue.register(app)
    guard.check_declarations(app)
    check_every_action_has_a_rule()
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(settings.database_url),
        SECRET_KEY=settings.secret_key[0],
        SECRET_KEY_FALLBACKS=list(settings.secret_key[1:]),
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=FIELD_BYTES,
        MAX_FORM_PARTS=200,
        WTF_CSRF_TIME_LIMIT=None,  # the token ends with the cookie it belongs to
        WTF_CSRF_SSL_STRICT=False,  # the Origin check of the guard does this for both schemes
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        BABEL_DEFAULT_TIMEZONE=settings.time_zone,
    )
    app.session_interface = cookie.EncryptedCookie()
    app.jinja_environment = rendering.PageEnvironment
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}


def _add_web(app: Flask, settings: Settings) -> None:
    if settings.proxy_count:
        count = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    Babel(app, locale_selector=language.chosen, timezone_selector=language.time_zone)
    rendering.add_texts(app)
    requests.register(app)
    CSRFProtect(app)
    app.before_request(guard.before_view)
    app.after_request(guard.note_decision)
    app.after_request(guard.after_view)
    app.after_request(security_headers.add_headers)
    wiring.wire(app)
    shell.add_to_templates(app)
    errors.register_errors(app)
    for gone in (OperationalError, InterfaceError, PoolTimeoutError):
        app.register_error_handler(gone, errors.unavailable)
    if guard.check_commit not in database.commit_checks:
        database.commit_checks.append(guard.check_commit)
