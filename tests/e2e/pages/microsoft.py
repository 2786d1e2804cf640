"""What is in the fake Microsoft's calendars."""

from datetime import datetime
from typing import Any

from tests.support.microsoft import Remote


def event_of(microsoft: Remote, group: str, customer: str) -> dict[str, Any] | None:
    """Return the event of a customer's appointment, if it is there."""
    events = microsoft.events(group)
    return next((one for one in events if customer in str(one)), None)


def begins(event: dict[str, Any]) -> datetime:
    """Return when an event begins, in UTC."""
    return datetime.fromisoformat(f"{event['start']['dateTime'][:19]}+00:00")
