"""Events and groups as Microsoft has them, and what a program has seen of them."""

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid4, uuid5

from invo_booking.domain.clock import utc_now

PASSING = "AAMkAGmut"
"""How ids begin that do not last."""


@dataclass
class Entry:
    """One event; ``calendar`` is an address, or the id of a group."""

    calendar: str
    start: datetime
    end: datetime
    fields: dict[str, Any] = field(default_factory=dict)
    id: str = ""
    uid: str = ""
    change_key: str = ""
    created: datetime = field(default_factory=utc_now)
    modified: datetime = field(default_factory=utc_now)
    transaction: str | None = None
    made_from: dict[str, Any] = field(default_factory=dict)
    properties: list[dict[str, str]] = field(default_factory=list)
    oddities: dict[str, Any] = field(default_factory=dict)
    """What is answered instead of what the event is, as Graph does at times."""

    folder: str = "Calendar"
    skipped: set[int] = field(default_factory=set)
    """Occurrences of a series that were deleted one by one, by their numbers."""

    def __post_init__(self) -> None:
        self.id = self.id or f"AAMkAG{secrets.token_urlsafe(105)}="
        self.uid = self.uid or f"040000008200E00074C5B7101A82E008{uuid4().hex.upper()}"
        self.touch()

    def touch(self) -> None:
        """Note that it was changed just now."""
        self.change_key = base64.b64encode(secrets.token_bytes(22)).decode()
        self.modified = max(utc_now(), self.modified)

    @property
    def other_id(self) -> str:
        """The id that is another one in each folder."""
        return f"{PASSING}{uuid5(NAMESPACE_OID, self.id + self.folder).hex}="

    @property
    def etag(self) -> str:
        """The version, as HTTP has it."""
        return f'W/"{self.change_key}"'

    def attends(self, address: str) -> bool:
        """Whether somebody was invited."""
        return bool(self.response_of(address))

    def is_seen_by(self, address: str) -> bool:
        """Whether it stands in the calendar of somebody invited."""
        return self.response_of(address) not in {"", "declined"}

    def response_of(self, address: str) -> str:
        """Return what somebody invited has answered; empty for all others."""
        for attendee in self.fields["attendees"]:
            if attendee["emailAddress"]["address"].lower() == address.lower():
                return str(attendee.get("status", {}).get("response", "none"))
        return ""

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether it is going on at some time of a window."""
        return self.start < end and start < self.end


@dataclass(frozen=True)
class Round:
    """What a program has seen of a window of a calendar.

    Attributes:
        seen: Versions of all that stood in the calendar, by id.
        waiting: What is still to be sent of this round.
    """

    window: tuple[datetime, datetime]
    seen: dict[str, str] = field(default_factory=dict)
    waiting: tuple[Any, ...] = ()


@dataclass
class Group:
    """A Microsoft 365 group.

    Attributes:
        hides: So many calls to its calendar are answered 404 yet.
        absent: So many calls about it, of any kind, are answered 404 yet.
    """

    name: str
    mail: str
    owners: list[str]
    members: list[str]
    id: str = ""
    hides: int = 0
    absent: int = 0
    fields: dict[str, Any] = field(default_factory=dict)
    created: datetime = field(default_factory=utc_now)


def blank_event() -> dict[str, Any]:
    """Return the fields of an event nobody has said anything about."""
    return {
        "subject": "",
        "bodyPreview": "",
        "body": {"contentType": "html", "content": ""},
        "importance": "normal",
        "sensitivity": "normal",
        "showAs": "busy",
        "type": "singleInstance",
        "isAllDay": False,
        "isCancelled": False,
        "isReminderOn": True,
        "reminderMinutesBeforeStart": 15,
        "responseRequested": True,
        "allowNewTimeProposals": True,
        "hideAttendees": False,
        "isOnlineMeeting": False,
        "onlineMeetingProvider": "unknown",
        "attendees": [],
        "categories": [],
        "location": {"displayName": "", "locationType": "default"},
        "seriesMasterId": None,
        "recurrence": None,
    }
