"""Mailboxes, groups and the events in their calendars, and the verbs to change them."""

import copy
import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_DNS, NAMESPACE_OID, uuid5

from invo_booking.domain.clock import utc_now
from tests.support.microsoft.entries import PASSING, Entry, Group, Round, blank_event
from tests.support.microsoft.instants import stamp
from tests.support.microsoft.people import SCHEDULER

EVER = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


class Calendars:
    """What is in everybody's calendars."""

    def __init__(self) -> None:
        self.forget_calendars()

    def forget_calendars(self) -> None:
        """Reset: all people free, no groups."""
        self.entries: dict[str, Entry] = {}
        self.standing: dict[str, dict[str, Entry]] = {}
        self.group_of: dict[str, Group] = {}
        self.schedule_errors: dict[str, str] = {}
        self.schedule_oddities: dict[str, dict[str, Any]] = {}
        self.used_transactions: dict[tuple[str, str], str] = {}
        self.repeated_status = 400
        self.names_existing = True
        self.invited_as: str | None = None
        self.new_group_hides = 0
        self.new_group_absent = 0
        self.may_make_groups = True
        self.without_mailbox: set[str] = set()
        self.rounds: dict[str, Round] = {}
        self.shown_late: dict[str, dict[str, Entry]] | None = None
        self.name_trouble = ""
        self.page_size = 1000

    # what people have in their own calendars

    def busy(
        self,
        address: str,
        start: datetime,
        end: datetime,
        *,
        subject: str = "Private",
        status: str = "busy",
        **fields: Any,
    ) -> str:
        """Put an event into somebody's own calendar; return its id."""
        given = {"subject": subject, "showAs": status, **fields}
        return self._add(address.lower(), start, end, given).id

    def free(self, address: str) -> None:
        """Empty somebody's own calendar."""
        for entry in self._of(address.lower()):
            self.delete(entry.id)

    def unknown(self, address: str) -> None:
        """Have no mailbox of this address."""
        self.mailbox_fails(address, "ErrorMailRecipientNotFound")

    def no_access(self, address: str) -> None:
        """Let nobody see when this mailbox is busy."""
        self.mailbox_fails(address, "ErrorNoFreeBusyAccess")

    def mailbox_fails(
        self, address: str, code: str = "ErrorMailboxStoreUnavailable"
    ) -> None:
        """Answer an error for this one mailbox whenever schedules are asked for."""
        self.schedule_errors[address.lower()] = code

    def merges(self, address: str, view: str | None = None) -> None:
        """Answer for an address as for a distribution list: digits, and no items.

        Args:
            address: Of the list, or of a mailbox beyond a trust that tells no more.
            view: The digits, if they are not those of what is in the calendar.
        """
        told = {} if view is None else {"availabilityView": view}
        self.schedule_oddities[address.lower()] = {"scheduleItems": [], **told}

    def mailbox_works(self, address: str) -> None:
        """Let a mailbox answer again."""
        self.schedule_errors.pop(address.lower(), None)

    # groups, and what is in their calendars

    def group(
        self,
        name: str = "Invo Booking",
        owners: tuple[str, ...] = (SCHEDULER,),
        members: tuple[str, ...] | None = None,
        ready_after: int = 0,
        **fields: Any,
    ) -> str:
        """Make a group, as a person does in Outlook; return its id.

        Args:
            name: Shown to people; its address is made of it.
            owners: Who owns it; an owner is not a member by that.
            members: ``None`` for the owners, whom Outlook makes members as well.
            ready_after: So many calls to its calendar are answered 404 first.
            fields: More of Graph's own fields of it.
        """
        nickname = fields.get("mailNickname") or "".join(
            letter for letter in name.lower() if letter.isalnum()
        )
        people = list(owners if members is None else members)
        domain = (owners or (SCHEDULER,))[0].partition("@")[2]
        made = Group(name, f"{nickname}@{domain}", list(owners), people)
        made.id = str(uuid5(NAMESPACE_DNS, f"{made.mail} {len(self.group_of)}"))
        made.hides, made.fields = ready_after, fields
        self.group_of[made.id] = made
        return made.id

    def groups(self) -> list[dict[str, Any]]:
        """Return id, name and address of each group."""
        found = self.group_of.values()
        return [{"id": g.id, "displayName": g.name, "mail": g.mail} for g in found]

    def delete_group(self, group_id: str) -> None:
        """Delete a group and its calendar."""
        del self.group_of[group_id]
        for entry in self._of(group_id):
            self.delete(entry.id)

    def foreign_event(
        self,
        group_id: str,
        start: datetime,
        end: datetime,
        subject: str = "Team lunch",
        **fields: Any,
    ) -> str:
        """Put an event into a group's calendar that no program made; return its id."""
        return self._add(group_id, start, end, {"subject": subject, **fields}).id

    def move(self, event_id: str, start: datetime, end: datetime) -> None:
        """Move an event, as a person does in Outlook."""
        entry = self.entries[event_id]
        entry.start, entry.end = start, end
        entry.touch()

    def change(self, event_id: str, **fields: Any) -> None:
        """Change further fields of an event, as a person does in Outlook."""
        entry = self.entries[event_id]
        entry.fields.update(fields)
        entry.touch()

    def copy_event(self, event_id: str, start: datetime, end: datetime) -> str:
        """Copy an event to another time, as a person does in Outlook; return its id.

        The copy has the original's ``transactionId`` and extended properties.
        """
        entry = copy.deepcopy(self.entries[event_id])
        made = Entry(entry.calendar, start, end, entry.fields)
        made.transaction, made.properties = entry.transaction, entry.properties
        self.keep(made)
        return made.id

    def make_odd(self, event_id: str, **fields: Any) -> None:
        """Answer these fields of an event instead of what they are."""
        entry = self.entries[event_id]
        entry.oddities = fields
        entry.touch()

    def reply(self, event_id: str, address: str, response: str = "accepted") -> None:
        """Answer an invitation, as somebody invited does in Outlook.

        Args:
            event_id: What was accepted, ``declined`` or ``tentativelyAccepted``.
            address: Who answers.
            response: Graph's word for the answer.
        """
        entry = self.entries[event_id]
        for attendee in entry.fields["attendees"]:
            if attendee["emailAddress"]["address"].lower() == address.lower():
                now = stamp(utc_now())
                attendee["status"] = {"response": response, "time": now}
        entry.touch()

    def cancel(self, event_id: str) -> None:
        """Cancel an event that stays in the calendar, marked as cancelled."""
        self.change(event_id, isCancelled=True)

    def delete(self, event_id: str) -> None:
        """Delete an event, as a person does in Outlook."""
        entry = self.entries.pop(event_id)
        del self.standing[entry.calendar][event_id]

    def delete_occurrence(self, event_id: str, number: int) -> None:
        """Delete one occurrence of a series, as a person does in Outlook."""
        self.entries[event_id].skipped.add(number)

    def file_elsewhere(self, event_id: str, folder: str) -> None:
        """Move an event to another folder of its mailbox and back, with a new id."""
        self.entries[event_id].folder = folder

    def by_other_id(self, event_id: str) -> Entry | None:
        """Return the event of an id that does not last."""
        if not event_id.startswith(PASSING):
            return None
        return next(
            (it for it in self.entries.values() if it.other_id == event_id), None
        )

    def delta_falls_behind(self) -> None:
        """Answer what has changed as if nothing had from now on."""
        self.shown_late = copy.deepcopy(self.standing)

    def delta_catches_up(self) -> None:
        """Answer what has changed as it is."""
        self.shown_late = None

    def expire_deltas(self) -> None:
        """Forget what programs have seen, so that they must begin again."""
        self.rounds.clear()

    def renumber(self, event_id: str) -> str:
        """Give an event another id and keep its iCalendar UID; return the id.

        Ids of group items are not immutable: moving a mailbox changes them.
        """
        entry = self.entries[event_id]
        self.delete(event_id)
        entry.id = f"AAMkAG{secrets.token_urlsafe(105)}="
        self.keep(entry)
        return entry.id

    # what others ask

    def on_calendar(self, calendar: str) -> list[Entry]:
        """Return what stands in a calendar itself, by start."""
        return sorted(self._of(calendar), key=lambda entry: entry.start)

    def keep(self, entry: Entry) -> None:
        """Put an event into its calendar."""
        self.entries[entry.id] = entry
        self.standing.setdefault(entry.calendar, {})[entry.id] = entry
        if entry.transaction:
            used = (entry.calendar, entry.transaction)
            self.used_transactions.setdefault(used, entry.id)

    def inviting(self) -> list[str]:
        """Return the calendars in which somebody is invited to something."""
        return [
            calendar
            for calendar in list(self.standing)
            if any(it.fields["attendees"] for it in self._of(calendar))
        ]

    def seen_by(
        self,
        address: str,
        start: datetime = EVER[0],
        end: datetime = EVER[1],
        *,
        inviting: Sequence[str] | None = None,
    ) -> Iterator[Entry]:
        """Yield what is in somebody's calendar, invitations by groups included.

        Args:
            address: Of the person.
            start: Of the window.
            end: Of the window.
            inviting: What ``inviting`` returns, for who asks about many at once.
        """
        for entry in self._of(address.lower()):
            if entry.overlaps(start, end):
                yield entry
        for calendar in self.inviting() if inviting is None else inviting:
            if calendar == address.lower():
                continue
            for entry in self._of(calendar):
                if entry.overlaps(start, end) and entry.is_seen_by(address):
                    yield self.copy_for(address, entry)

    def schedule_of(self, address: str) -> list[dict[str, Any]]:
        """Return when somebody is not free, in the order of time."""
        found = sorted(self.seen_by(address), key=lambda entry: entry.start)
        return [
            {"start": e.start, "end": e.end, "status": e.fields["showAs"]}
            for e in found
        ]

    def _of(self, calendar: str) -> list[Entry]:
        return list(self.standing.get(calendar, {}).values())

    def copy_for(self, address: str, entry: Entry) -> Entry:
        """Return an invitation as it stands in the calendar of somebody invited.

        What a program noted of an event stays with the organizer's.
        """
        mine = copy.copy(entry)
        mine.id = f"AAMkAD{uuid5(NAMESPACE_OID, entry.id + address).hex}="
        mine.transaction, mine.properties = None, []
        mine.oddities = {**entry.oddities, "isOrganizer": False}
        shown = self.invited_as or entry.fields["showAs"]
        if entry.response_of(address) == "tentativelyAccepted":
            shown = "tentative"
        mine.fields = {**entry.fields, "showAs": shown}
        return mine

    def _add(
        self, calendar: str, start: datetime, end: datetime, fields: dict[str, Any]
    ) -> Entry:
        entry = Entry(calendar, start, end, {**blank_event(), **fields})
        self.keep(entry)
        return entry
