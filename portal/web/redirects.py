"""Where to go next: only to addresses of this portal."""

from __future__ import annotations

import re

SAFE_PATH = re.compile(r"^/(?![/\\])[A-Za-z0-9/_.~%?&=+-]*$")


def safe_next(address: str | None) -> str | None:
    """The address if it is a path of this portal, else None: no scheme, no host, no backslash, no controls."""
    if not address or len(address) > 500 or not SAFE_PATH.match(address):
        return None
    lowered = address.lower()
    if any(part in lowered for part in ("%5c", "%2f%2f", "%00", "%0a", "%0d", "%09")) or "//" in lowered:
        return None
    return address
