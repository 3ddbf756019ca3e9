"""QR codes as pictures for pages: SVG in the address itself, so that nothing is kept and the content policy holds."""

from __future__ import annotations

import io

QUIET_MODULES = 4
MODULE_PIXELS = 5


def picture(text: str) -> str:
    """The `data:` address of the QR code of that text, dark on white in every colour scheme."""
    # Imported here: few pages show a QR code.
    import segno

    code = segno.make_qr(text, error="m")
    return code.svg_data_uri(scale=MODULE_PIXELS, border=QUIET_MODULES, light="#ffffff", dark="#000000")


def drawn(text: str) -> str:
    """The QR code of that text as an SVG drawing, for paper."""
    import segno

    drawing = io.BytesIO()
    segno.make_qr(text, error="m").save(
        drawing, kind="svg", border=QUIET_MODULES, light="#ffffff", xmldecl=False
    )
    return drawing.getvalue().decode()
