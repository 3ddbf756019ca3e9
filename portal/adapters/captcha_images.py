"""The code to type at registration, as picture and as sound, through the captcha library."""

from __future__ import annotations

import functools
from io import BytesIO
from pathlib import Path

from captcha.audio import AudioCaptcha
from captcha.image import ImageCaptcha
from PIL.Image import Image

WIDTH, HEIGHT = 240, 80
INK, PAPER = (12, 33, 86), (255, 255, 255)
"""Dark on white, so that the contrast holds in light and in dark pages."""
DIGITS = "0123456789"

_painter = ImageCaptcha(width=WIDTH, height=HEIGHT, font_sizes=(46, 52, 58))
# The library takes the ink's brightness for its opacity; this makes dark ink opaque.
_painter.lookup_table = [min(255, level * 8) for level in range(256)]


def picture_of(digits: str) -> bytes:
    """A PNG that shows the digits, bent and dotted."""
    image = _painter.create_captcha_image(digits, INK, PAPER)
    _painter.create_noise_dots(image, INK)
    _painter.create_noise_curve(image, INK)
    return _as_png(image.convert("RGB").convert("P", colors=16))


def _as_png(image: Image) -> bytes:
    out = BytesIO()
    image.save(out, format="PNG", optimize=True)
    return out.getvalue()


def sound_of(digits: str, voices: Path) -> bytes:
    """A WAV of the digits spoken over a murmur: with the voice of that directory, else the built-in one."""
    return bytes(_speaker(str(voices) if _is_complete(voices) else None).generate(digits))


def _is_complete(voices: Path) -> bool:
    return all(any((voices / digit).glob("*.wav")) for digit in DIGITS)


@functools.lru_cache(maxsize=32)
def _speaker(voices: str | None) -> AudioCaptcha:
    speaker = AudioCaptcha(voicedir=voices)
    # The library would also load letters, which never occur and would take memory in every process.
    speaker._choices = list(DIGITS)
    return speaker
