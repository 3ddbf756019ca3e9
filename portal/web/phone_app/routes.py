"""The phone app: an installable page, and the signed calls it makes; it knows no cookie."""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from flask import (
    Blueprint,
    abort,
    current_app,
    jsonify,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from portal import config
from portal.identity import addresses, approvals, devices, queries, sessions
from portal.identity.approvals import Answer
from portal.identity.device_codes import PhoneRefused
from portal.limits.ledger import TooMany
from portal.web import current, language
from portal.web.guard import public
from portal.web.phone_app import forms
from portal.web.shell import RIGHT_TO_LEFT, language_labels, page, static_url

blueprint = Blueprint("phone_app", __name__)
SIGNED = "the call is good by its one-time token or by the telephone's signature, never by a cookie"
Call = Callable[..., dict[str, Any]]
CALLS: list[Callable[..., ResponseReturnValue]] = []
PAGE = "the app itself holds nothing personal: keys and accounts lie on the telephone"
READER = "vendor/jsQR.js"
KINDS_OF_FILE = frozenset({".js", ".css", ".svg", ".png"})
log = structlog.get_logger()


def call(path: str) -> Callable[[Call], Callable[..., ResponseReturnValue]]:
    """A call of the app: takes JSON, answers JSON, whatever happens (docs/phone-app.md)."""

    def declare(act: Call) -> Callable[..., ResponseReturnValue]:
        @functools.wraps(act)
        def view(**values: Any) -> ResponseReturnValue:
            try:
                return jsonify(act(**values))
            except (PhoneRefused, TooMany, forms.Malformed, devices.NotAKey) as error:
                return _why_not(error)

        CALLS.append(view)
        return blueprint.post(path)(public(SIGNED)(view))

    return declare


def _why_not(error: Exception) -> ResponseReturnValue:
    if isinstance(error, TooMany):
        seconds = max(1, math.ceil(error.retry_after.total_seconds()))
        log.warning("limit reached", limit=error.name, retry_after=seconds)
        return jsonify(error="wait", retry_after=seconds), 429, {"Retry-After": str(seconds)}
    if isinstance(error, PhoneRefused):
        left = {} if error.tries_left is None else {"tries_left": error.tries_left}
        return jsonify(error=error.word, **left), 403
    log.warning("malformed call of the phone app", part=str(error))
    return jsonify(error="malformed"), 400


def _spare_the_calls(state: BlueprintSetupState) -> None:
    # These calls and no others: none of them acts by a cookie, so a forged one has nothing to ride on.
    for view in CALLS:
        state.app.extensions["csrf"].exempt(view)


blueprint.record_once(_spare_the_calls)


@call("/api/enrol")
def enrol() -> dict[str, Any]:
    """The telephone scanned the QR code of an enrolment; the browser that shows it is refused."""
    sent = forms.body()
    token = forms.text(sent, "token", forms.TOKEN)
    keys = [forms.text(sent, name, forms.PUBLIC_KEY) for name in ("code_key", "approval_key")]
    browser = current.sign_in_row()
    device = devices.scan(token, *keys, showing=browser.id if browser else None, network=current.network())
    account = queries.account_by_id(device.account_id)
    assert account is not None  # noqa: S101 - the row refers to it
    return {
        "device": device.id,
        "account": addresses.masked(account.email),
        "name": device.name,
        "challenge": device.nonce,
        "language": account.language,
    }


@call("/api/enrol/pin")
def enrol_pin() -> dict[str, Any]:
    """The PIN was typed on the telephone."""
    sent = forms.body()
    device, code = forms.whole_number(sent, "device"), forms.text(sent, "code", forms.CODE)
    signature = forms.text(sent, "signature", forms.SIGNATURE)
    return {"accept": devices.show_pin(device, code, signature, network=current.network())}


@call("/api/enrol/accept")
def enrol_accept() -> dict[str, Any]:
    """The person tapped «accept»."""
    sent = forms.body()
    device, signature = forms.whole_number(sent, "device"), forms.text(sent, "signature", forms.SIGNATURE)
    devices.accept(device, signature, network=current.network())
    return {"state": "active"}


@call("/api/requests")
def waiting() -> dict[str, Any]:
    """What waits for an answer of this telephone."""
    sessions.announce_writes(False)  # asked every two seconds: reading takes no lock
    sent = forms.body()
    device, at = forms.whole_number(sent, "device"), forms.whole_number(sent, "at", forms.LATEST_SECOND)
    return {"requests": approvals.waiting_for(device, at, forms.text(sent, "signature", forms.SIGNATURE))}


@call("/api/requests/<int:request_id>/answer")
def answer(request_id: int) -> dict[str, Any]:
    """The person accepted with the number and the PIN, or refused."""
    sent = forms.body()
    approves = forms.text(sent, "answer", forms.ANSWER) == "approve"
    given = Answer(
        forms.whole_number(sent, "device"),
        approves,
        forms.text(sent, "signature", forms.SIGNATURE),
        number=forms.text(sent, "number", forms.NUMBER) if approves else "",
        code=forms.text(sent, "code", forms.CODE) if approves else "",
    )
    return {"state": approvals.answer(request_id, given, network=current.network())}


@blueprint.get("/")
@blueprint.get("/<string(length=2):code>")
@public(PAGE)
def app(code: str = "") -> ResponseReturnValue:
    """The app, in the language of the address or of the browser; the portal's cookie is neither read nor set."""
    if code and code not in language.served():
        abort(404)
    written_in = code or _language_of_browser()
    with force_locale(written_in):
        return page(
            "phone_app/app.html",
            language=written_in,
            is_chosen=bool(code),
            direction="rtl" if written_in in RIGHT_TO_LEFT else "ltr",
            languages=language_labels(),
            brand=config.current().brand_identity,
            file_url=_file_url,
            with_reader=READER in _files(),
        )


@blueprint.get("/manifest.webmanifest")
@public(PAGE)
def manifest() -> ResponseReturnValue:
    """What the home screen of a telephone shows."""
    brand = config.current().brand_identity
    sizes = {"icon-192.png": "192x192", "icon-512.png": "512x512"}
    written_in = _language_of_browser()
    with force_locale(written_in):
        described = {
            "id": "/app/",
            "name": f"{brand} – {_('Phone app')}",
            "short_name": brand,
            "lang": written_in,
            "start_url": url_for(".app"),
            "scope": url_for(".app"),
            "display": "standalone",
            "background_color": "#f3f5fa",
            "theme_color": "#0b2a63",
            "icons": [
                {"src": _file_url(name), "sizes": size, "type": "image/png", "purpose": "any maskable"}
                for name, size in sizes.items()
            ],
        }
    return jsonify(described), 200, {"Content-Type": "application/manifest+json"}


@blueprint.get("/worker.js")
@public(PAGE)
def worker() -> ResponseReturnValue:
    """The script that keeps the app on the telephone; its text changes with every version, so browsers notice."""
    shells = [url_for(".app"), *(url_for(".app", code=code) for code in language.served())]
    kept = [*shells, url_for(".manifest"), static_url("css/tokens.css"), *map(_file_url, _files())]
    script = render_template("phone_app/worker.js", version=_version(), files=kept)
    return script, 200, {"Content-Type": "text/javascript; charset=utf-8"}


@blueprint.get("/files/<version>/<path:name>")
@public(PAGE)
def file(version: str, name: str) -> ResponseReturnValue:
    """A file of the app; modules name one another relatively, so all of them come from one version."""
    if version != _version() or name not in _files():
        abort(404)
    return send_from_directory(_folder(), name)


def _language_of_browser() -> str:
    return request.accept_languages.best_match(language.served()) or language.DEFAULT


def _folder() -> Path:
    return Path(current_app.static_folder or "") / "app"


@functools.cache
def _files() -> tuple[str, ...]:
    found = (path for path in _folder().rglob("*") if path.suffix in KINDS_OF_FILE)
    return tuple(sorted(path.relative_to(_folder()).as_posix() for path in found))


@functools.cache
def _version() -> str:
    """A fingerprint of everything the telephone keeps: files, page and its words in every language."""
    root = Path(current_app.root_path).parent
    pages = [*root.glob("templates/phone_app/*"), *root.glob("translations/*/LC_MESSAGES/*.mo")]
    settings = config.current().brand_identity
    found = hashlib.sha256(settings.encode())
    for path in [*sorted(pages), *(_folder() / name for name in _files())]:
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _file_url(name: str) -> str:
    return url_for("phone_app.file", version=_version(), name=name)
