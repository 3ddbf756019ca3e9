"""The visitor's cookie: one encrypted, opaque value; whoever is signed in has a row on the server besides."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SessionInterface

from portal import config, crypto

COOKIE_BYTES = 4000


class EncryptedCookie(SessionInterface):
    """JSON, sealed with the secret key; a changed or foreign cookie is an empty one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """What the browser brought, or nothing."""
        sealed = request.cookies.get(cookie_name(), "")
        try:
            return (
                SecureCookieSession(json.loads(crypto.unseal_cookie(sealed)))
                if sealed
                else SecureCookieSession()
            )
        except (crypto.CannotUnseal, ValueError):
            return SecureCookieSession()

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        """Send it back when it changed; it ends with the browser."""
        if session.accessed:
            response.vary.add("Cookie")
        if not session.modified:
            return
        if not session:
            response.delete_cookie(cookie_name(), path="/", secure=config.current().is_secure, httponly=True)
            return
        sealed = crypto.seal_cookie(json.dumps(dict(session), ensure_ascii=False, separators=(",", ":")))
        if len(sealed) > COOKIE_BYTES:
            raise ValueError("the visitor's cookie outgrew what browsers keep")
        response.set_cookie(
            cookie_name(), sealed, path="/", httponly=True, samesite="Lax", secure=config.current().is_secure
        )


def cookie_name() -> str:
    """`__Host-portal` behind TLS, so that no other host can plant it; plain on loopback."""
    return "__Host-portal" if config.current().is_secure else "portal"
