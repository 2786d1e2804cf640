"""Microsoft's own types and client for Node, fetched once into the build's cache."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).parent / "node"
SCHEMA = Path(__file__).parent / "graph-schema.json"
CACHE = Path(__file__).resolve().parents[3] / ".make" / "fake-microsoft"
BIN = Path(sys.executable).parent  # npm and node of their wheel


def workshop() -> Path:
    """Return a folder with our scripts and the packages of the lock file."""
    lock = (SOURCES / "package-lock.json").read_bytes()
    folder = CACHE / sha256(lock).hexdigest()[:16]
    if not folder.exists():
        _fetch(folder)
    for source in SOURCES.iterdir():
        shutil.copy(source, folder)
    return folder


def _fetch(folder: Path) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        making = Path(scratch) / "packages"
        making.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(SOURCES / name, making)
        _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=making)
        with suppress(OSError):  # another test run was quicker
            making.rename(folder)


def made_schema() -> dict[str, Any]:
    """Generate the schemas of the types we use from Microsoft's types."""
    made = _run("node", "generate.mjs", cwd=workshop())
    return dict(json.loads(made))


def ask_by_client(
    url: str, token: str, ca_file: Path, calls: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Make calls through Microsoft's own client; return what each was answered."""
    answers = _run(
        "node",
        "client.mjs",
        f"{url}/",
        token,
        cwd=workshop(),
        text=json.dumps(calls),
        NODE_EXTRA_CA_CERTS=str(ca_file),
    )
    return list(json.loads(answers))


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
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{program} {arguments[0]}: {done.stderr[-2000:]}")
    return done.stdout
