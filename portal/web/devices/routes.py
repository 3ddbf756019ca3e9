"""«Manage my mobile devices» (S4): phone apps and authenticator apps added, renamed, removed."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("devices", __name__)
