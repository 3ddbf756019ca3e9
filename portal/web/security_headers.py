"""Headers of every answer: a strict content policy, no sniffing, no framing, no storing of personal pages."""

from __future__ import annotations

from flask import Response, request

from portal import config

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
APP_HEADERS = {
    "Content-Security-Policy": f"{POLICY}; worker-src 'self'",
    "Permissions-Policy": HEADERS["Permissions-Policy"].replace("camera=()", "camera=(self)"),
}
"""The phone app alone may use the camera, and keeps its files with a worker."""
STORED = frozenset({"static", "phone_app.file"})
YEAR_SECONDS = 31_536_000


def add_headers(response: Response) -> Response:
    """Put them on; only files, whose addresses change with them, may be stored."""
    headers = HEADERS | APP_HEADERS if request.blueprint == "phone_app" else HEADERS
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    if config.current().is_secure:
        response.headers.setdefault(
            "Strict-Transport-Security", f"max-age={YEAR_SECONDS * 2}; includeSubDomains"
        )
    if request.endpoint in STORED and response.status_code == 200:
        response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response
