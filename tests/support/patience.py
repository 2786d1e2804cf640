"""Connections that wait as long as a busy machine needs, and are asked less."""

from typing import Any

from sqlalchemy import Engine, event


def patient(engine: Engine) -> Engine:
    """Return the same pool, whose connections wait minutes for a lock, not seconds.

    The product gives up after ten seconds, which people are told. Where a test is about
    who comes first, giving up would only say that the machine was busy.
    """
    event.listen(engine, "connect", _wait_longer)
    return engine


def unasked(engine: Engine) -> Engine:
    """Return the same pool, which does not ask a connection whether it still works.

    The product asks before each transaction, because the server may have restarted.
    In most tests, it never does, and asking takes a quarter of a small transaction.
    """
    engine.dialect.do_ping = _works
    return engine


def _works(dbapi_connection: Any) -> bool:
    del dbapi_connection
    return True


def _wait_longer(connection: Any, _record: object) -> None:
    connection.execute("SET lock_timeout = '5min'")
    connection.execute("SET statement_timeout = '5min'")
    connection.commit()
