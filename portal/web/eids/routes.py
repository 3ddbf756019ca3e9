"""«Manage my eIDs», and signing in with one: the ways to national providers and back."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("eids", __name__)
