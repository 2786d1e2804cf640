"""The calendars of the fake Google, and the verbs to change them."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from invo_booking.domain.clock import utc_now
from tests.support.google.people import SCHEDULER

Moment = date | datetime
"""A day, of an event that lasts all day, or else an instant."""

MILLISECOND = timedelta(milliseconds=1)


@dataclass
class Entry:
    """One event, or the master of a series.

    Attributes:
        fields: What was written of it, in Google's form, without its times.
        zones: The zones named with start and end, if any.
        repeats: How often it takes place, a week apart; 1 for one that stands alone.
        series: The master of an instance; empty for all else.
    """

    id: str
    start: Moment
    end: Moment
    fields: dict[str, Any] = field(default_factory=dict)
    zones: tuple[str, str] = ("", "")
    status: str = "confirmed"
    organizer: str = SCHEDULER
    etag: int = 0
    sequence: int = 0
    repeats: int = 1
    series: str = ""
    created: datetime = field(default_factory=utc_now)
    updated: datetime = field(default_factory=utc_now)

    @property
    def takes_time(self) -> bool:
        """Whether it makes its calendar busy."""
        is_open = self.fields.get("transparency") == "transparent"
        return self.status != "cancelled" and not is_open

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return when it begins and ends, in UTC."""
        return instant(self.start, zone), instant(self.end, zone)

    def invites(self, address: str) -> bool:
        """Whether somebody is asked to come and has not declined."""
        return any(
            guest.get("email", "").lower() == address
            and guest.get("responseStatus") != "declined"
            for guest in self.fields.get("attendees") or ()
        )

    def instances(self) -> Iterator["Entry"]:
        """Yield what takes place of it."""
        if self.repeats == 1:
            yield self
            return
        for week in range(self.repeats):
            start = self.start + timedelta(weeks=week)
            yield replace(
                self,
                id=f"{self.id}_{start:%Y%m%dT%H%M%SZ}",
                start=start,
                end=self.end + timedelta(weeks=week),
                repeats=1,
                series=self.id,
            )


@dataclass
class Calendar:
    """A calendar; that of a person has the person's address as its id."""

    id: str
    summary: str
    owner: str
    zone: str = "America/Chicago"
    roles: dict[str, str] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    is_app_created: bool = False

    def role(self, email: str) -> str:
        """Return what somebody may do with it; empty for nothing."""
        return "owner" if email == self.owner else self.roles.get(email, "")

    @property
    def has_guests(self) -> bool:
        """Whether anybody was ever invited to anything in it."""
        return any("attendees" in entry.fields for entry in self.entries.values())

    def shown(self) -> Iterator[Entry]:
        """Yield what takes place in it."""
        for entry in self.entries.values():
            yield from entry.instances()


def instant(moment: Moment, zone: ZoneInfo) -> datetime:
    """Return an instant in UTC; of a day, its midnight in a zone."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    midnight = datetime(moment.year, moment.month, moment.day, tzinfo=zone)
    return midnight.astimezone(UTC)


class Calendars:
    """All calendars, who can see them, and the verbs to change them."""

    domains: set[str]

    def __init__(self) -> None:
        self.forget_calendars()

    def forget_calendars(self) -> None:
        """Reset: everybody's calendar is empty and shared within the domain."""
        self.calendars: dict[str, Calendar] = {}
        self.groups: dict[str, tuple[str, ...]] = {}
        self.closed: dict[str, str] = {}
        self.most_calendars = 50
        self.clips = True
        self.is_forgetful = False
        self.meets_at_once = True
        self.page_limit = 2500
        self.mails: list[tuple[str, str]] = []

    def calendar(self, calendar_id: str) -> Calendar | None:
        """Return a calendar; that of somebody of the domain is made on first use."""
        name = calendar_id.lower()
        if name not in self.calendars and name.partition("@")[2] in self.domains:
            if self.closed.get(name) == "unknown":
                return None
            self.calendars[name] = Calendar(name, name, owner=name)
        return self.calendars.get(name)

    def unknown(self, mailbox: str) -> None:
        """Have no such account."""
        self.closed[mailbox.lower()] = "unknown"

    def hidden(self, mailbox: str) -> None:
        """Let nobody see when somebody is busy."""
        self.closed[mailbox.lower()] = "hidden"

    def mailbox_fails(self, mailbox: str, reason: str = "internalError") -> None:
        """Answer an error of its own for one calendar."""
        self.closed[mailbox.lower()] = reason

    def add_group(self, address: str, *members: str) -> None:
        """Have a group of people at an address."""
        self.groups[address.lower()] = members

    def busy(
        self, mailbox: str, start: Moment, end: Moment, status: str = "busy"
    ) -> str:
        """Put something into somebody's calendar; return its id."""
        fields = {"summary": "Private matter", "description": "Nobody's business"}
        if status in {"free", "workingElsewhere"}:
            fields["transparency"] = "transparent"
        if status in {"oof", "workingElsewhere"}:
            kinds = {"oof": "outOfOffice", "workingElsewhere": "workingLocation"}
            fields["eventType"] = kinds[status]
        return self.put(mailbox, start, end, **fields).id

    def free(self, mailbox: str) -> None:
        """Take everything out of somebody's calendar."""
        if calendar := self.calendar(mailbox):
            calendar.entries.clear()

    def host(self, name: str = "Appointments", zone: str = "America/Chicago") -> str:
        """Return the id of a calendar the scheduling account has made."""
        return self.add_calendar(name, SCHEDULER, zone=zone).id

    def add_calendar(self, name: str, owner: str, **fields: Any) -> Calendar:
        """Return a new calendar beside those of people."""
        calendar_id = f"c_{secrets.token_hex(16)}@group.calendar.google.com"
        made = Calendar(calendar_id, name, owner, **fields)
        self.calendars[calendar_id] = made
        return made

    def put(self, calendar_id: str, start: Moment, end: Moment, **fields: Any) -> Entry:
        """Put an event into a calendar, as a person does."""
        calendar = self.calendar(calendar_id)
        assert calendar is not None
        entry = Entry(secrets.token_hex(13), start, end, fields)
        entry.organizer = calendar.owner
        calendar.entries[entry.id] = entry
        return self.touched(entry)

    def foreign_event(self, calendar_id: str, start: Moment, end: Moment) -> str:
        """Put an event of somebody else into a calendar; return its id."""
        return self.put(calendar_id, start, end, summary="Team breakfast").id

    def entry(self, event_id: str) -> Entry:
        """Return an event of any calendar."""
        found = (it.entries.get(event_id) for it in self.calendars.values())
        return next(filter(None, found))

    def move(self, event_id: str, start: Moment, end: Moment) -> None:
        """Move an event, as a person does."""
        entry = self.entry(event_id)
        entry.start, entry.end = start, end
        self.touched(entry)

    def change(self, event_id: str, **fields: Any) -> None:
        """Change an event, as a person does."""
        entry = self.entry(event_id)
        entry.fields.update(fields)
        self.touched(entry)

    def delete(self, event_id: str) -> None:
        """Delete an event, as a person does."""
        entry = self.entry(event_id)
        entry.status = "cancelled"
        self.touched(entry)

    def repeat_weekly(self, event_id: str, times: int = 4) -> None:
        """Make a series of an event, as a person does."""
        entry = self.entry(event_id)
        entry.repeats = times
        self.touched(entry)

    def drop_calendar(self, calendar_id: str) -> None:
        """Delete a calendar with all that is in it."""
        del self.calendars[calendar_id]

    def standing(self, calendar_id: str) -> list[Entry]:
        """Return the events of a calendar that were not deleted."""
        entries = self.calendars[calendar_id].entries.values()
        return [entry for entry in entries if entry.status != "cancelled"]

    def touched(self, entry: Entry) -> Entry:
        """Give an event another version."""
        entry.updated = utc_now()
        entry.etag += 1 + secrets.randbelow(2**40)
        return entry

    def with_guests(self) -> list[Calendar]:
        """Return the calendars in which somebody was ever invited to something."""
        return [it for it in self.calendars.values() if it.has_guests]

    def busy_spans(
        self, mailbox: str, with_guests: list[Calendar]
    ) -> list[tuple[datetime, datetime]]:
        """Return when somebody is busy, one span for each entry."""
        own = self.calendar(mailbox)
        zone = ZoneInfo(own.zone if own else "UTC")
        spans = [it.span(zone) for it in own.shown() if it.takes_time] if own else []
        for other in with_guests:
            if other is not own:
                spans += [
                    it.span(zone)
                    for it in other.shown()
                    if it.takes_time and it.invites(mailbox)
                ]
        return spans
