"""Losing factors: recovery codes, PANIC, and what follows."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("recovery", __name__)
