"""The language and zone of a page: chosen by the address, kept in the cookie, else what the browser asks for."""

from __future__ import annotations

import functools

from flask import current_app, request, session

from portal import config

DEFAULT = "en"


@functools.cache
def served() -> tuple[str, ...]:
    """Codes of the languages with a catalogue; English is in the source. Looked up once in each process."""
    babel = current_app.extensions["babel"].instance
    return tuple(sorted({str(locale) for locale in babel.list_translations()} | {DEFAULT}))


def chosen() -> str:
    """`?lang=` first, then the cookie, then the browser's list, then English."""
    codes = served()
    asked = request.args.get("lang", "") if request else ""
    if asked in codes:
        return asked
    kept = session.get("language", "") if request else ""
    if kept in codes:
        return str(kept)
    return (request.accept_languages.best_match(codes) if request else None) or DEFAULT


def remember() -> None:
    """Keep the language that the address asks for, for this browser."""
    asked = request.args.get("lang", "")
    if asked in served() and session.get("language") != asked:
        session["language"] = asked


def time_zone() -> str:
    """The zone in which times are shown; every time names it."""
    return config.current().time_zone
