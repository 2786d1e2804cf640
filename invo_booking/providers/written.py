"""Record in an event what we wrote last.

People add rooms and colleagues in the calendar, and write notes into the subject. So
the event itself carries a record of what we wrote last, and only the fields whose
values differ from that record are written again.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from invo_booking.domain.calendars.outside import EventDraft


@dataclass(frozen=True, slots=True)
class Written:
    """What we wrote to an event last; texts are stored as short digests.

    Attributes:
        attendees: Addresses of the attendees, in lower case.
        body: ``None`` if it is not known.
    """

    subject: str
    location: str
    attendees: frozenset[str]
    body: str | None
    meeting: bool
    is_private: bool = False


def written_of_draft(draft: EventDraft) -> Written:
    """Return the values that a draft writes, as they are recorded."""
    return Written(
        subject=written_digest(draft.subject),
        location=written_digest(draft.location),
        attendees=frozenset(address.lower() for address, _ in draft.attendees),
        body=written_digest(draft.body),
        meeting=draft.online_meeting,
        is_private=draft.is_private,
    )


def written_text(draft: EventDraft) -> str:
    """Return the record of a draft's values, as JSON text to store in the event."""
    values = written_of_draft(draft)
    plain = {
        "subject": values.subject,
        "location": values.location,
        "attendees": sorted(values.attendees),
        "body": values.body,
        "meeting": values.meeting,
        "private": values.is_private,
    }
    return json.dumps(plain)


def read_written(text: str) -> Written | None:
    """Parse the text stored in an event; ``None`` if it cannot be read."""
    try:
        value = json.loads(text)
        return Written(
            subject=str(value["subject"]),
            location=str(value["location"]),
            attendees=frozenset(map(str, cast("Iterable[Any]", value["attendees"]))),
            body=str(value["body"]),
            meeting=bool(value["meeting"]),
            is_private=bool(value.get("private")),
        )
    except (KeyError, TypeError, ValueError):
        return None


def written_digest(text: str) -> str:
    """Return the first 16 hexadecimal digits of a text's SHA-256 digest."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def attendee_changes(
    before: frozenset[str], draft: EventDraft, there: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the addresses to remove from an event, and those to add to it.

    Attendees whom others have added stay. A person whom somebody has removed in the
    calendar is not invited again.

    Args:
        before: Addresses of the attendees whom we wrote last, in lower case.
        draft: The values that the event should have.
        there: Addresses of the event's current attendees, in lower case.
    """
    ours = frozenset(address.lower() for address, _ in draft.attendees)
    return (before - ours) & there, ours - before - there
