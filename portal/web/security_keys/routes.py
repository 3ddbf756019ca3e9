"""«Manage my Security Keys and Trusted Platforms»: keys added, renamed, removed."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("security_keys", __name__)
