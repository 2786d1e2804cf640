"""A host calendar that keeps events, and fails or is changed as a test tells it to."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID, uuid4

from invo_booking.domain.calendars.connection import Connection, ConnectionState
from invo_booking.domain.calendars.outside import (
    EventDraft,
    EventListing,
    HostCalendar,
    HostEvent,
    Limits,
    UnreadableEvent,
)
from invo_booking.domain.calendars.provider_errors import (
    EventChangedError,
    EventGoneError,
    EventUnreadableError,
    ProviderDownError,
)
from invo_booking.domain.interval import Interval
from invo_booking.settings.calendars import PRIMARY_PROVIDER, TWO_WAY
from invo_booking.usecases.calendars import pull, push

OUTLOOK = "outlook"
HOST = HostCalendar(id="group", name="Bookings", address="bookings@bank.example")
LOST_BEFORE = ProviderDownError("It did not get there.")
LOST_AFTER = ProviderDownError("No answer came.", ambiguous=True)


@dataclass
class Kept:
    """An event, and what was written of it."""

    event: HostEvent
    draft: EventDraft | None = None
    told: int = field(default=0)
    """How often its attendees were written to."""


class PlainHost:
    """The host calendar of one account.

    Attributes:
        kept: What stands there, by id.
        unreadable: Ids of what stands there and cannot be read.
        unlisted: Ids of what stands there and a listing leaves out.
        calls: Names of the methods called, in order.
        meets_at_once: Whether a new event has the address of its meeting at once.
        before: Called with the name of each call before it has its effect.
        after: The same after it, before the answer.
    """

    change_log = None

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits(
            mailboxes_per_call=20,
            longest_window=timedelta(days=42),
            writes_per_minute=6000,
            burst=1000,
            two_way=True,
        )
        self.kept: dict[str, Kept] = {}
        self.unreadable: set[str] = set()
        self.unlisted: set[str] = set()
        self.calls: list[str] = []
        self.meets_at_once = True
        self.before: Callable[[str], None] = lambda _: None
        self.after: Callable[[str], None] = lambda _: None
        self._guard = threading.Lock()

    def fail_once(self, name: str, error: Exception, *, done: bool = False) -> None:
        """Let the next call of a name fail, perhaps after it was done."""

        def refuse(called: str) -> None:
            if called == name:
                self.before = self.after = lambda _: None
                raise error

        if done:
            self.after = refuse
        else:
            self.before = refuse

    def events(self, window: Interval) -> EventListing:
        """Return what touches the window."""
        self._begin("events")
        found = [it.event for it in list(self.kept.values())]
        self.after("events")
        hidden = self.unreadable | self.unlisted
        inside = (event for event in found if event.period.overlaps(window))
        return EventListing(
            events=tuple(it for it in inside if it.id not in hidden),
            unreadable=tuple(
                UnreadableEvent(id=it) for it in self.unreadable - self.unlisted
            ),
        )

    def event(self, event_id: str) -> HostEvent:
        """Return one event."""
        self._begin("event")
        if event_id in self.unreadable:
            raise EventUnreadableError("unreadable")
        kept = self.kept.get(event_id)
        if kept is None or kept.event.cancelled:
            raise EventGoneError("gone")
        found = kept.event
        self.after("event")
        return found

    def find(self, key: UUID, period: Interval) -> HostEvent | None:
        """Look for an event of ours."""
        self._begin("find")
        assert period
        everything = list(self.kept.values())
        found = (it.event for it in everything if it.event.key == key)
        return next(found, None)

    def create(self, draft: EventDraft) -> HostEvent:
        """Write a new event; one of that key that stands there is brought in line."""
        self._begin("create")
        with self._guard:
            for kept in self.kept.values():
                if kept.event.key == draft.key:
                    kept.event = replace(kept.event, period=draft.period)
                    return kept.event
            made = self._made(draft.period, draft.key)
            if draft.online_meeting and self.meets_at_once:
                made = replace(made, join_url=meeting_of(made))
            self.kept[made.id] = Kept(made, draft, 1)
        self.after("create")
        return made

    def change(self, known: HostEvent, draft: EventDraft) -> HostEvent:
        """Update an event."""
        self._begin("change")
        with self._guard:
            if known.id not in self.kept:
                raise EventGoneError("gone")
            if self.kept[known.id].event.version != known.version:
                raise EventChangedError("changed")
            changed = replace(known, period=draft.period, version=uuid4().hex)
            told = self.kept[known.id].told + 1
            self.kept[known.id] = Kept(changed, draft, told)
        self.after("change")
        return changed

    def cancel(self, event_id: str) -> None:
        """Remove an event."""
        self._begin("cancel")
        with self._guard:
            self.kept.pop(event_id, None)
        self.after("cancel")

    # What people do there.

    def move(self, event_id: str, period: Interval) -> None:
        """Drag an event to another time."""
        self.touch(event_id, period=period)

    def touch(self, event_id: str, **fields) -> None:
        """Change an event, or answer its invitation."""
        kept = self.kept[event_id]
        kept.event = replace(kept.event, version=uuid4().hex, **fields)

    def delete(self, event_id: str) -> None:
        """Delete an event."""
        del self.kept[event_id]

    def foreign(self, period: Interval) -> str:
        """Write something that is no appointment."""
        made = self._made(period, None)
        self.kept[made.id] = Kept(made)
        return made.id

    # What a test asks.

    @property
    def ours(self) -> list[Kept]:
        """What we wrote, earliest first."""
        found = [it for it in list(self.kept.values()) if it.event.key]
        return sorted(found, key=lambda it: it.event.period)

    @property
    def only(self) -> HostEvent:
        """The one event of ours."""
        (kept,) = self.ours
        return kept.event

    @property
    def written(self) -> int:
        """How many calls changed anything."""
        return sum(it in {"create", "change", "cancel"} for it in self.calls)

    def _begin(self, name: str) -> None:
        self.calls.append(name)
        self.before(name)

    def _made(self, period: Interval, key: UUID | None) -> HostEvent:
        name = uuid4().hex
        return HostEvent(
            id=name, version="1", uid=f"uid-{name}", period=period, key=key
        )


def meeting_of(event: HostEvent) -> str:
    """Return the address of an event's online meeting."""
    return f"https://teams.example/{event.id}"


class OneAccount:
    """A vendor whose every account has the same host calendar."""

    def __init__(self, host) -> None:
        self.host = host

    def open(self, token, host_id="", *, account="", zone, host_is_new=False):
        """Open the account; nobody has to sign in."""
        assert zone
        assert not host_is_new
        assert callable(token)
        assert host_id
        assert account
        return self.host


def connected(bank, **more) -> Connection:
    """Connect the institution both ways from now on."""
    bank.set(PRIMARY_PROVIDER, OUTLOOK)
    bank.set(TWO_WAY, "on")
    fields = {
        "id": uuid4(),
        "provider": OUTLOOK,
        "state": ConnectionState.CONNECTED,
        "account": "scheduling@bank.example",
        "host": HOST,
        "sealed_grant": "sealed",
        "connected_at": bank.clock(),
    }
    connection = Connection(**(fields | more))
    with bank.deps.unit_of_work() as work:
        work.connections.add(connection)
    return connection


def poll(deps, host) -> int:
    """Look at the host calendar as each run of the sync does."""
    with deps.unit_of_work() as work:
        connection = work.connections.active()
    return pull.pull_changes(deps, host, connection, deps.now())


def write(deps) -> int:
    """Let the worker write what is due."""
    return push.write_due_events(deps)


def kept(deps, appointment):
    """Return what we know of an appointment's event."""
    with deps.unit_of_work() as work:
        connection = work.connections.active()
        return work.host_events.find(appointment.id, connection.id)


def now_is(deps, appointment):
    """Return an appointment as it is by now."""
    with deps.unit_of_work() as work:
        return work.appointments.get(appointment.id)
