"""The phone app: an installable page, and the signed calls it makes; it knows no cookie."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("phone_app", __name__)
