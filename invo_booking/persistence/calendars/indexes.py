"""Cache one availability index per process, in step with the database."""

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
from invo_booking.settings.calendars import COMPUTE_AVAILABILITY, reliance_period
from invo_booking.settings.spec import Values
from invo_booking.settings.time import HORIZON

_DAY = timedelta(days=1)
AROUND = _DAY
"""How far beyond a question appointments, with their buffers, may reach into it."""

_LONGEST = 1
"""Days an appointment may begin before the ones an index is asked about."""


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
        """How long the busy times read of an outside calendar are relied on."""
        return reliance_period(self.settings)


@dataclass(frozen=True, slots=True)
class _Cached:
    key: tuple[int, date]
    days: tuple[date, date]
    mark: int
    index: AvailabilityIndex


class AvailabilityCache:
    """The index that all transactions of this process share.

    It holds everything from yesterday to the horizon. Each transaction first reads
    what others have committed since, which is one indexed query; so under the lock
    of a day the index knows of every appointment of that day.
    """

    def __init__(self) -> None:
        self._cached: _Cached | None = None
        self._lock = threading.Lock()

    @contextmanager
    def open(self, view: View, window: Interval) -> Generator[AvailabilityIndex]:
        """Yield an index that answers for a window.

        Others wait until it is closed again, so ask quickly, and nothing of the
        database meanwhile. A transaction that has itself written something, or looks
        beyond the cached days, gets an index of its own.
        """
        with self._lock:
            index = self._update(view)
            if index is not None and index.span.covers(window.widen(AROUND, AROUND)):
                yield index
                return
        yield _own_index(view, window)

    def _update(self, view: View) -> AvailabilityIndex | None:
        cached, self._cached = (
            self._cached,
            None,
        )  # lost if anything fails, and made again
        key = (view.roster.institution.revision, view.today)
        if cached is None or cached.key != key:
            return self._begin(view, key)
        changes = view.sheets.changes_since(cached.mark, *cached.days, view.limit)
        if changes.written:
            self._cached = cached
            return None
        if changes.mark < cached.mark:
            return self._begin(view, key)
        for sheet in changes.sheets:
            cached.index.write(sheet)
        for agent, freshness in changes.readings.items():
            cached.index.set_freshness(agent, freshness)
        self._cached = replace(cached, mark=changes.mark)
        return cached.index

    def _begin(self, view: View, key: tuple[int, date]) -> AvailabilityIndex | None:
        days = (
            view.today - 2 * _DAY,
            view.today + (view.settings[HORIZON] + 3) * _DAY,
        )
        found = view.sheets.between(*days, view.limit)
        if found.written:
            return None
        index = _make_index(view, days, found)
        self._cached = _Cached(key, days, found.mark, index)
        return index


def _own_index(view: View, window: Interval) -> AvailabilityIndex:
    around = window.widen(AROUND, AROUND)
    days = (
        around.start.astimezone(view.zone).date(),
        around.end.astimezone(view.zone).date(),
    )
    first = days[0] - _LONGEST * _DAY
    return _make_index(view, days, view.sheets.between(first, days[1], view.limit))


def _make_index(
    view: View, days: tuple[date, date], found: Contents
) -> AvailabilityIndex:
    index = AvailabilityIndex(
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
    index.load(found.diaries)
    return index


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)
