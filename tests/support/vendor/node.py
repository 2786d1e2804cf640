"""Scripts for Node with the packages of their lock file, fetched once."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

CACHE = Path(__file__).resolve().parents[3] / ".make"
BIN = Path(sys.executable).parent  # npm and node of their wheel


class Workshop:
    """A folder of scripts with ``package.json`` and ``package-lock.json``.

    Args:
        sources: The folder.
        name: Of its part of the build's cache.
    """

    def __init__(self, sources: Path, name: str) -> None:
        self._sources, self._cache = sources, CACHE / name

    def folder(self) -> Path:
        """Return a folder with the scripts and their packages."""
        lock = (self._sources / "package-lock.json").read_bytes()
        folder = self._cache / sha256(lock).hexdigest()[:16]
        if not folder.exists():
            self._fetch(folder)
        for source in self._sources.iterdir():
            shutil.copy(source, folder)
        return folder

    def run(
        self, program: str, *arguments: str, text: str = "", **variables: str
    ) -> str:
        """Return what a program prints.

        Raises:
            RuntimeError: If it fails.
        """
        return _run(program, *arguments, cwd=self.folder(), text=text, **variables)

    def _fetch(self, folder: Path) -> None:
        self._cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._cache) as scratch:
            making = Path(scratch) / "packages"
            making.mkdir()
            for name in ("package.json", "package-lock.json"):
                shutil.copy(self._sources / name, making)
            _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=making)
            with suppress(OSError):  # another test run was quicker
                making.rename(folder)


def _run(
    program: str, *arguments: str, cwd: Path, text: str = "", **variables: str
) -> str:
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)])
    done = subprocess.run(
        [program, *arguments],
        cwd=cwd,
        env={**os.environ, "PATH": path, **variables},
        input=text,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{program} {arguments[0]}: {done.stderr[-2000:]}")
    return done.stdout
