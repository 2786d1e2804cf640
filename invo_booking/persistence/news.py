"""What the web processes are told of, by NOTIFY of PostgreSQL."""

import json
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

CHANNEL = "invo_changes"
"""PostgreSQL NOTIFY channel that web processes listen to."""

SESSIONS = "sessions"
"""Key of the news that sessions were ended; it changes nothing a page shows."""

SETTINGS = "settings"
"""Key of the news that people, hours, Answers or settings changed."""


def notify(session: Session, payload: dict[str, Any]) -> None:
    """Tell the web processes something, once the transaction commits."""
    session.connection().execute(
        text("SELECT pg_notify(:channel, :payload)"),
        {"channel": CHANNEL, "payload": json.dumps(payload)},
    )
