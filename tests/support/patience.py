"""Connections that wait as long as a busy machine needs."""

from typing import Any

from sqlalchemy import Engine, event


def patient(engine: Engine) -> Engine:
    """Return the same pool, whose connections wait minutes for a lock, not seconds.

    The product gives up after ten seconds, which people are told. Where a test is about
    who comes first, giving up would only say that the machine was busy.
    """
    event.listen(engine, "connect", _wait_longer)
    return engine


def _wait_longer(connection: Any, _record: object) -> None:
    connection.execute("SET lock_timeout = '5min'")
    connection.execute("SET statement_timeout = '5min'")
    connection.commit()
