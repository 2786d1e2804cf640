"""A series of events, as Outlook makes one of an event that stood alone.

The event turns into the master, in place and under its own id, and only its
occurrences are on view, each under an id and an iCalendar UID of its own.

Source:
    learn.microsoft.com/graph/api/group-list-calendarview: "occurrences, exceptions, and
    single instances of events"
    learn.microsoft.com/graph/api/resources/event on iCalUId: "This ID is different for
    each occurrence in a recurring series"
    github.com/mguessan/davmail/issues/522, where copies of one event have one
    transactionId and different iCalUIds
"""

import copy
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from tests.support.microsoft.entries import Entry

WEEK = timedelta(days=7)


def weekly(entry: Entry, times: int) -> dict[str, Any]:
    """Return the fields of a master that makes an event stand each week."""
    day = entry.start.date()
    return {
        "type": "seriesMaster",
        "recurrence": {
            "pattern": {
                "type": "weekly",
                "interval": 1,
                "daysOfWeek": [f"{day:%A}".lower()],
                "firstDayOfWeek": "monday",
                "month": 0,
                "dayOfMonth": 0,
                "index": "first",
            },
            "range": {
                "type": "numbered",
                "startDate": f"{day}",
                "endDate": "0001-01-01",
                "recurrenceTimeZone": "UTC",
                "numberOfOccurrences": times,
            },
        },
    }


def on_view(entry: Entry) -> list[Entry]:
    """Return what of an event stands in a calendar: itself, or each occurrence."""
    recurrence = entry.fields.get("recurrence")
    if recurrence is None:
        return [entry]
    times = recurrence["range"]["numberOfOccurrences"]
    standing = sorted(set(range(times)) - entry.skipped)
    return [_occurrence(entry, number) for number in standing]


def _occurrence(master: Entry, number: int) -> Entry:
    found = copy.copy(master)
    name = uuid5(NAMESPACE_OID, f"{master.id} {number}").hex
    found.id, found.uid = f"AAMkAGocc{name}=", f"{master.uid[:-32]}{name.upper()}"
    found.start += number * WEEK
    found.end += number * WEEK
    found.fields = {
        **master.fields,
        "type": "occurrence",
        "seriesMasterId": master.id,
        "recurrence": None,
    }
    return found
