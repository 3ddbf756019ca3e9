"""Name, e-mail address, language, password, options, deletion and download of the own account."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("personal_data", __name__)
