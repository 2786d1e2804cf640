"""A plain client of Graph that knows nothing of the product."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx

from tests.support.microsoft.instants import written
from tests.support.microsoft.outlook import Outlook
from tests.support.microsoft.people import SCHEDULER
from tests.support.vendor.sign_in import trusting


@contextmanager
def plain_client(
    outlook: Outlook, email: str = SCHEDULER, *scopes: str
) -> Iterator[httpx.Client]:
    """Open a client with somebody's token; no scopes mean all there are."""
    token = outlook.access_token(email, *scopes)
    with httpx.Client(
        base_url=outlook.graph,
        headers={"Authorization": f"Bearer {token}"},
        verify=trusting(outlook.ca_file),
        trust_env=False,
        timeout=10,
    ) as client:
        yield client


def schedule_question(
    mailboxes: list[str], start: datetime, end: datetime
) -> dict[str, Any]:
    """Return the body of a question when these mailboxes are busy."""
    return {
        "schedules": mailboxes,
        "startTime": written(start),
        "endTime": written(end),
        "availabilityViewInterval": 30,
    }


def new_event(start: datetime, end: datetime, **fields: Any) -> dict[str, Any]:
    """Return the body of a request to make an event."""
    given = {"subject": "Mortgage", "start": written(start), "end": written(end)}
    return {**given, **fields}
