"""Speaks the ten digits in every language of the catalogues, for the sound of the code, where espeak-ng is there."""

from __future__ import annotations

import shutil
import subprocess
import wave
from pathlib import Path
from tempfile import TemporaryDirectory

from progress import ROOT

try:
    import audioop
except ImportError:  # gone from Python 3.13 on: the built-in voice serves
    audioop = None

RATE = 8000
SPEED = "130"


def make(instance: Path = ROOT / "instance") -> None:
    """Write instance/voices/<language>/<digit>/voice.wav; without espeak-ng the built-in voice serves."""
    program = shutil.which("espeak-ng")
    if program is None or audioop is None:
        return
    languages = ["en", *(path.name for path in (ROOT / "translations").iterdir() if path.is_dir())]
    for language in languages:
        for digit in "0123456789":
            target = instance / "voices" / language / digit / "voice.wav"
            if not target.exists():
                _speak(program, language, digit, target)


def _speak(program: str, language: str, digit: str, target: Path) -> None:
    with TemporaryDirectory() as folder:
        spoken = Path(folder) / "spoken.wav"
        command = [program, "-v", language, "-s", SPEED, "-w", str(spoken), digit]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return
        with wave.open(str(spoken)) as source:
            frames, width, rate = (
                source.readframes(source.getnframes()),
                source.getsampwidth(),
                source.getframerate(),
            )
    frames, _state = audioop.ratecv(frames, width, 1, rate, RATE, None)
    # Eight bits without sign, which is what the library mixes.
    frames = audioop.bias(audioop.lin2lin(frames, width, 1), 1, 128)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with wave.open(str(target), "wb") as voice:
        voice.setnchannels(1)
        voice.setsampwidth(1)
        voice.setframerate(RATE)
        voice.writeframes(frames)
