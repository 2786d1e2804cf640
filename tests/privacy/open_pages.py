"""What a running product keeps of the pages that are open, as text to look through."""

import pickle
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import redis

from invo_booking import app
from tests.privacy.haystack import memory_of

PAGES = app
"""Imported for the classes of the states, without which none can be read."""

DATABASES = 16


def traces_of_open_pages(folder: Path) -> dict[str, bytes]:
    """Return keys, unpickled states, files, and the memory of the server of keys.

    Args:
        folder: Data folder of a product that runs its own servers.
    """
    url = _address(folder / "valkey" / "valkey.conf")
    hay = {"memory of the keys": memory_of(_process_at(urlsplit(url).port))}
    for number in range(DATABASES):
        with redis.Redis.from_url(f"{url}/{number}") as store:
            for key in store.scan_iter():
                text = store.dump(key) or b""
                hay[f"key {number} {key!r}"] = text
                if store.type(key) == b"string":
                    hay |= _state(f"state {key!r}", store.get(key) or b"")
    files = (it for it in folder.rglob("*") if it.is_file() and not it.is_symlink())
    return hay | {str(path): path.read_bytes() for path in files}


def _state(name: str, pickled: bytes) -> dict[str, bytes]:
    """Return all variables of a state, or nothing if it is none."""
    try:
        _, state = pickle.loads(pickled)  # noqa: S301 - our own product wrote it
    except (pickle.UnpicklingError, EOFError, TypeError, ValueError):
        return {}
    return {name: repr(vars(state)).encode()}


def _address(settings: Path) -> str:
    words = dict(
        line.split(maxsplit=1) for line in settings.read_text().splitlines() if line
    )
    return f"redis://:{words['requirepass']}@127.0.0.1:{words['port']}"


def _process_at(port: int | None) -> int:
    return next(
        it.pid
        for it in psutil.net_connections("tcp")
        if it.status == "LISTEN" and it.laddr.port == port and it.pid
    )
