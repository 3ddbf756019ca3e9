"""jsQR, which reads QR codes on telephones whose browser cannot: taken by npm, where npm is there."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from progress import ROOT, TOOLS
from virtual_environment import FOLDER

PACKAGE = "jsqr@1.4.0"
SHA512 = (
    "7712e86fbabae578360efb2d624469918b662a6dac3c9f68161ae19ae753d5d6"
    "6f34515396ba1a8b70164a92decbfc39bcc70b057460389b1b5e974df47cd4fc"
)
"""Of the package file, as the registry's integrity says; another one is not unpacked."""
TARGET = ROOT / "static" / "app" / "vendor"
WANTED = {"package/dist/jsQR.js": "jsQR.js", "package/LICENSE": "jsQR.LICENSE.txt"}
SECONDS = 60


def _npm() -> str | None:
    own = FOLDER / "bin" / "npm"
    return str(own) if own.exists() else shutil.which("npm")


def _fetched(npm: str, folder: Path) -> bytes | None:
    path = f"{Path(npm).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [npm, "pack", PACKAGE, "--silent", "--cache", str(TOOLS / "cache")]
    try:
        subprocess.run(
            command, cwd=folder, env={**os.environ, "PATH": path}, check=True, timeout=SECONDS,
            capture_output=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return next((file.read_bytes() for file in folder.glob("*.tgz")), None)


def bring() -> None:
    """Put it in place, once; without npm or network the app reads with the browser's own reader alone."""
    npm = _npm()
    if npm is None or all((TARGET / name).exists() for name in WANTED.values()):
        return
    with TemporaryDirectory() as folder:
        package = _fetched(npm, Path(folder))
        if package is None:
            print("- jsQR: not to be had now; the phone app uses the browser's own reader of QR codes")
            return
        if hashlib.sha512(package).hexdigest() != SHA512:
            print("- jsQR: the package is not the expected one and was not unpacked")
            return
        _unpack(Path(folder))


def _unpack(folder: Path) -> None:
    TARGET.mkdir(exist_ok=True)
    with tarfile.open(next(folder.glob("*.tgz"))) as package:
        for member, name in WANTED.items():
            if content := package.extractfile(member):
                (TARGET / name).write_bytes(content.read())


if __name__ == "__main__":
    bring()
