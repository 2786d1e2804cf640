"""Create connection pools, one for each process."""

import os
from collections.abc import Mapping
from select import POLLIN, poll
from typing import Any, cast
from weakref import WeakSet

import psycopg
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine.interfaces import DBAPIConnection

LIVELY: Mapping[str, Any] = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""Parameters of connections over a network. If a server disappears without closing the
connection, as in a power cut, the client notices within a minute instead of after
hours.
"""

_engines: WeakSet[Engine] = WeakSet()


def make_engine(url: str, *, pool_size: int = 16) -> Engine:
    """Return a connection pool that recovers from a server restart.

    A forked process starts with an empty pool: two processes that share a connection
    would read each other's results, or wait forever.

    Args:
        url: SQLAlchemy URL, ``postgresql+psycopg://...``.
        pool_size: Largest number of connections; further callers wait up to ten seconds
            for a free connection.
    """
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 5,
            **LIVELY,
            "options": "-c timezone=UTC -c lock_timeout=10000"
            " -c statement_timeout=30000",
        },
    )
    _ping_less(engine)
    _engines.add(engine)
    return engine


def _ping_less(engine: Engine) -> None:
    """Ping a connection before its use only if it may be closed.

    A ping takes a quarter of a small transaction.
    """
    ping = engine.dialect.do_ping

    def is_usable(dbapi_connection: DBAPIConnection) -> bool:
        connection = cast("psycopg.Connection[Any]", dbapi_connection)
        return _is_quiet(connection) or ping(dbapi_connection)

    engine.dialect.do_ping = is_usable


def _is_quiet(connection: psycopg.Connection[Any]) -> bool:
    """Whether the server has sent nothing on an idle connection and not closed it.

    A server that stops or crashes closes its connections, and the system closes those
    whose keepalives fail.
    """
    if connection.closed:
        return False
    waiting = poll()
    waiting.register(connection.fileno(), POLLIN)  # errors are always reported
    return not waiting.poll(0)


def _leave_to_the_parent() -> None:
    for engine in _engines:
        engine.dispose(close=False)  # the parent process still uses the connections


os.register_at_fork(after_in_child=_leave_to_the_parent)
