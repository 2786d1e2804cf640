"""Notify web processes of committed changes by PostgreSQL's NOTIFY."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, cast

import psycopg
from sqlalchemy import text
from sqlmodel import Session

from invo_booking.domain.notifications import MISSED, Notification
from invo_booking.persistence.engine import LIVELY

CHANNEL = "invo_changes"
"""PostgreSQL NOTIFY channel that web processes listen to."""

_NOTIFY = text("SELECT pg_notify(:channel, :payload)").bindparams(channel=CHANNEL)

SETTLE_SECONDS = 0.05
"""Seconds for which a listener collects notifications, so that many changes at once
update each page only once."""


def send_notification(session: Session, payload: dict[str, Any]) -> None:
    """Notify all web processes when the transaction commits."""
    session.connection().execute(_NOTIFY, {"payload": json.dumps(payload)})


async def listen_to_notifications(database_url: str) -> AsyncIterator[Notification]:
    """Yield ``MISSED`` after connecting, then one notification for each burst.

    Raises:
        psycopg.Error: If the connection cannot be made or is interrupted.
    """
    address = plain_database_address(database_url)
    connection = await psycopg.AsyncConnection.connect(
        address, autocommit=True, **LIVELY
    )
    async with connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        yield MISSED
        while True:
            burst: list[Notification] = []
            async for one in connection.notifies(stop_after=1):
                burst.append(parse_notification(one.payload))
                await asyncio.sleep(SETTLE_SECONDS)
            burst.extend(
                [
                    parse_notification(it.payload)
                    async for it in connection.notifies(timeout=0)
                ]
            )
            yield Notification.join(burst)


def parse_notification(payload: str) -> Notification:
    """Return the notification in a payload; ``MISSED`` if it cannot be read."""
    try:
        contents = json.loads(payload)
    except ValueError:
        return MISSED
    if not isinstance(contents, dict):
        return MISSED
    keys = cast("dict[str, Any]", contents)
    return Notification(frozenset(keys), frozenset({str(keys.get("id", ""))}))


def plain_database_address(database_url: str) -> str:
    """Return a database URL without SQLAlchemy's driver name."""
    return database_url.replace("postgresql+psycopg://", "postgresql://", 1)
