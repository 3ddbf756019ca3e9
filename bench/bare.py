"""The baseline: a bare Flask application that renders the same bytes from cached Jinja templates."""

from __future__ import annotations

import os

from flask import Flask, render_template

app = Flask(__name__, template_folder=os.environ["BENCH_PAGES"])


@app.get("/ready")
def ready() -> str:
    """Whether it answers."""
    return "yes"


@app.get("/page/<name>")
def page(name: str) -> str:
    """One kept page of the portal, as a template without a single expression."""
    return render_template(f"{name}.html")
