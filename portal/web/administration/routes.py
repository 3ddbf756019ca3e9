"""People of an organisation: members, suspensions, names, duty phones."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("administration", __name__)
