"""The book of one process: the slot engine's memory, kept in step with the database."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from invo_booking.domain.institution import Roster
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.index import Agent, AvailabilityIndex
from invo_booking.persistence.calendars.sheets import AgentDays, Contents
from invo_booking.settings.calendars import COMPUTE_AVAILABILITY, relied_on_for
from invo_booking.settings.spec import Values
from invo_booking.settings.time import HORIZON

_DAY = timedelta(days=1)
AROUND = _DAY
"""How far beyond a question appointments, with their buffers, may reach into it."""

_LONGEST = 1
"""Days an appointment may begin before the ones a book is asked about."""


@dataclass(frozen=True, slots=True)
class View:
    """What one transaction knows, and wants to know.

    Attributes:
        now: The present, in UTC.
    """

    sheets: AgentDays
    roster: Roster
    settings: Values
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The institution's."""
        return self.roster.institution.zone

    @property
    def today(self) -> date:
        """The institution's date."""
        return self.now.astimezone(self.zone).date()

    @property
    def limit(self) -> timedelta:
        """How long a reading of an outside calendar is relied on."""
        return relied_on_for(self.settings)


@dataclass(frozen=True, slots=True)
class _Kept:
    key: tuple[int, date]
    days: tuple[date, date]
    mark: int
    book: AvailabilityIndex


class AvailabilityCache:
    """The book that all transactions of this process share.

    It holds everything from yesterday to the horizon. Each transaction first takes in
    what others have committed since the last look, which is one indexed query; so
    under the lock of a day the book knows of every appointment of that day.
    """

    def __init__(self) -> None:
        self._kept: _Kept | None = None
        self._lock = threading.Lock()

    @contextmanager
    def open(self, view: View, window: Interval) -> Generator[AvailabilityIndex]:
        """Yield a book that answers for a window.

        Others wait until it is closed again, so ask quickly, and nothing of the
        database meanwhile. A transaction that has itself written something, or looks
        beyond the days kept, gets a book of its own.
        """
        with self._lock:
            book = self._shared(view)
            if book is not None and book.span.covers(window.widened(AROUND, AROUND)):
                yield book
                return
        yield _own_book(view, window)

    def _shared(self, view: View) -> AvailabilityIndex | None:
        kept, self._kept = self._kept, None  # lost if anything fails, and begun anew
        key = (view.roster.institution.revision, view.today)
        if kept is None or kept.key != key:
            return self._begun(view, key)
        changes = view.sheets.since(kept.mark, *kept.days, view.limit)
        if changes.written:
            self._kept = kept
            return None
        if changes.mark < kept.mark:
            return self._begun(view, key)
        for sheet in changes.sheets:
            kept.book.write(sheet)
        for agent, reading in changes.readings.items():
            kept.book.read(agent, reading)
        self._kept = replace(kept, mark=changes.mark)
        return kept.book

    def _begun(self, view: View, key: tuple[int, date]) -> AvailabilityIndex | None:
        days = (
            view.today - 2 * _DAY,
            view.today + (view.settings[HORIZON] + 3) * _DAY,
        )
        found = view.sheets.between(*days, view.limit)
        if found.written:
            return None
        book = _book(view, days, found)
        self._kept = _Kept(key, days, found.mark, book)
        return book


def _own_book(view: View, window: Interval) -> AvailabilityIndex:
    around = window.widened(AROUND, AROUND)
    days = (
        around.start.astimezone(view.zone).date(),
        around.end.astimezone(view.zone).date(),
    )
    first = days[0] - _LONGEST * _DAY
    return _book(view, days, view.sheets.between(first, days[1], view.limit))


def _book(view: View, days: tuple[date, date], found: Contents) -> AvailabilityIndex:
    book = AvailabilityIndex(
        [
            Agent(it.id, it.name, it.queues, it.languages, it.hours)
            for it in view.roster.agents
        ],
        Interval(_midnight(days[0], view.zone), _midnight(days[1] + _DAY, view.zone)),
        closed=frozenset(view.roster.holidays),
        zone=view.zone,
        outside=view.settings[COMPUTE_AVAILABILITY],
        readings=found.readings,
    )
    book.load(found.diaries)
    return book


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)
