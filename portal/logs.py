"""Log lines: one JSON object each on standard error, with the request's id and no secret or personal data."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from portal.audit.trail import correlation
from portal.config import Settings

HIDDEN = frozenset(
    {"password", "code", "token", "cookie", "number", "telephone", "email", "recipient", "secret"}
)


def set_up(settings: Settings) -> None:
    """Configure structlog once per process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _add_correlation,
            _hide,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.log_level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _add_correlation(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    line["correlation"] = correlation.get()
    return line


def _hide(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: "hidden" if key in HIDDEN else value for key, value in line.items()}
