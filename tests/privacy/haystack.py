"""Every place where a word could be kept or said, as text to look through."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import redis
from psycopg import sql
from sqlalchemy import make_url

from invo_booking.run.embedded import SUPERUSER


def everything(folder: Path, database_url: str, redis_url: str) -> dict[str, bytes]:
    """Return what is stored and logged, by where it is.

    Args:
        folder: Of the running product: logs and the files of its database.
        database_url: Read table by table as well, since files may be compressed.
        redis_url: Read key by key.
    """
    return {
        **tables_of(database_url),
        **_keys(redis_url),
        **{str(path): path.read_bytes() for path in _files(folder)},
    }


def image_of(redis_url: str, process_id: int) -> dict[str, bytes]:
    """Return what a server of keys writes to disk, and what is in its memory.

    The memory still has what was deleted until something else is written over it.
    """
    with redis.Redis.from_url(redis_url) as store:
        store.config_set("rdbcompression", "no")
        store.save()
        kept = store.config_get("d*")
    dump = Path(kept["dir"]) / kept["dbfilename"]
    memory = memory_of(process_id)
    return {"dump of the keys": dump.read_bytes(), "memory of the keys": memory}


def memory_of(process_id: int) -> bytes:
    """Return all memory that a process of our own may write to."""
    found = bytearray()
    with (
        Path(f"/proc/{process_id}/maps").open() as maps,
        Path(f"/proc/{process_id}/mem").open("rb", buffering=0) as memory,
    ):
        for line in maps:
            span, rights, *_ = line.split()
            if not rights.startswith("rw") or line.rstrip().endswith("[vvar]"):
                continue
            first, past = (int(bound, 16) for bound in span.split("-"))
            memory.seek(first)
            found += _read(memory, past - first)
    return bytes(found)


def _read(memory: Any, size: int) -> bytes:
    with suppress(OSError):  # it was given back meanwhile
        return memory.read(size) or b""
    return b""


def places_of(word: str, hay: dict[str, bytes]) -> list[str]:
    """Return where a word is, in any case and in the encodings we know of."""
    small = word.lower()
    needles = [small.encode(), small.encode("utf-16-le"), small.encode().hex().encode()]
    return [
        place
        for place, text in hay.items()
        if any(needle in text.lower() for needle in needles)
    ]


@contextmanager
def overheard(redis_url: str) -> Iterator[list[bytes]]:
    """Yield what is said to the broker meanwhile, each command as it comes."""
    said: list[bytes] = []
    with redis.Redis.from_url(redis_url).monitor() as line:
        listener = threading.Thread(target=_listen, args=(line, said), daemon=True)
        listener.start()
        yield said


def _listen(line: Any, said: list[bytes]) -> None:
    try:
        said.extend(str(command).encode() for command in line.listen())
    except (redis.RedisError, OSError, ValueError):
        return  # the line was closed, as it is at the end


def tables_of(database_url: str) -> dict[str, bytes]:
    """Return all rows, by table."""
    address = database_url.replace("+psycopg", "", 1)
    with psycopg.connect(_as_superuser(address), autocommit=True) as line:
        line.execute("CHECKPOINT")  # so that the files have it all, too
    with psycopg.connect(address, autocommit=True) as line:
        found = line.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        return {f"table {name}": _rows(line, name) for (name,) in found}


def _as_superuser(address: str) -> str:
    """Return the same database's address for whoever looks after the server."""
    return make_url(address).set(username=SUPERUSER).render_as_string()


def _rows(line: psycopg.Connection, table: str) -> bytes:
    query = sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(table))
    return b"\n".join(row.encode() for (row,) in line.execute(query))


def _keys(address: str) -> dict[str, bytes]:
    with redis.Redis.from_url(address) as store:
        numbers = [name.removeprefix("db") for name in store.info("keyspace")]
    found: dict[str, bytes] = {}
    for number in numbers:
        place = urlsplit(address)._replace(path=f"/{number}").geturl()
        with redis.Redis.from_url(place) as store:
            found |= {
                f"key {key!r} of database {number}": _value(store, key)
                for key in store.scan_iter()
            }
    return found


def _value(store: Any, key: bytes) -> bytes:
    read = {
        b"string": store.get,
        b"list": lambda it: store.lrange(it, 0, -1),
        b"hash": store.hgetall,
        b"set": store.smembers,
        b"zset": lambda it: store.zrange(it, 0, -1),
    }
    return str(read[store.type(key)](key)).encode()


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path
