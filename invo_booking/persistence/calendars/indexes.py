"""Cache one availability index per process and update it from the database."""

import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from invo_booking.domain.institution import Roster
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.index import Agent, AvailabilityIndex
from invo_booking.persistence.calendars.agent_days import AgentDays, Contents
from invo_booking.settings.calendars import COMPUTE_AVAILABILITY, reliance_period
from invo_booking.settings.spec import Values
from invo_booking.settings.time import HORIZON

_DAY = timedelta(days=1)
AROUND = _DAY
"""Time before and after a window in which appointments can affect the window."""

_END = object()
_LONGEST = 1
"""Length of the longest appointment, in days. An appointment that reaches into a date
can start this number of days earlier."""


@dataclass(frozen=True, slots=True)
class View:
    """The data from which the index is built, as one transaction sees it.

    Attributes:
        now: The current instant, in UTC.
    """

    agent_days: AgentDays
    roster: Roster
    settings: Values
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The institution's time zone."""
        return self.roster.institution.zone

    @property
    def today(self) -> date:
        """Today's date at the institution."""
        return self.now.astimezone(self.zone).date()

    @property
    def limit(self) -> timedelta:
        """Age up to which data read from an outside calendar is valid."""
        return reliance_period(self.settings)


@dataclass(frozen=True, slots=True)
class _Cached:
    key: tuple[int, date]
    days: tuple[date, date]
    mark: int
    index: AvailabilityIndex


class AvailabilityCache:
    """The availability index that all transactions of this process share.

    The index covers yesterday to the booking horizon. Before a transaction uses the
    index, one indexed query adds the changes that others have committed since the last
    update. A transaction that has locked a day therefore sees all appointments of that
    day in the index.
    """

    def __init__(self) -> None:
        self._cached: _Cached | None = None
        self._lock = threading.Lock()

    @contextmanager
    def open(self, view: View, window: Interval) -> Generator[AvailabilityIndex]:
        """Yield an index that covers a window.

        Other threads wait until the ``with`` block ends, so the block must be short and
        must not use the database. A transaction that has written something, or whose
        window is beyond the cached days, gets an index of its own.
        """
        with self._lock:
            index = self._update(view)
            if index is not None and index.span.covers(window.widen(AROUND, AROUND)):
                yield index
                return
        yield _own_index(view, window)

    def peek_linked_spans(self, spans: Iterable[Interval]) -> list[Interval]:
        """Return ``linked_span`` of each span; the cached index may be out of date.

        Does not use the database.
        """
        with self._lock:
            cached = self._cached
            return [cached.index.linked_span(it) if cached else it for it in spans]

    def preparation(self, now: datetime) -> Iterator[None]:
        """Compute what lists of slots need before they need it.

        Each iteration computes a part; other threads wait for one part at most. Ends
        early if another index is cached. Does not use the database.
        """
        with self._lock:
            index = self._cached.index if self._cached else None
        parts = index.preparation(now) if index else iter(())
        while True:
            with self._lock:
                if not (self._cached and self._cached.index is index):
                    return
                if next(parts, _END) is _END:
                    return
            yield

    def _update(self, view: View) -> AvailabilityIndex | None:
        cached, self._cached = (
            self._cached,
            None,
        )  # if anything fails, the next call builds a new index
        key = (view.roster.institution.revision, view.today)
        if cached is None or cached.key != key:
            return self._begin(view, key)
        changes = view.agent_days.changes_since(cached.mark, *cached.days, view.limit)
        if changes.written:
            self._cached = cached
            return None
        if changes.mark < cached.mark:
            return self._begin(view, key)
        for agent_day in changes.agent_days:
            cached.index.write(agent_day)
        for agent, freshness in changes.readings.items():
            cached.index.set_freshness(agent, freshness)
        self._cached = replace(cached, mark=changes.mark)
        return cached.index

    def _begin(self, view: View, key: tuple[int, date]) -> AvailabilityIndex | None:
        days = (
            view.today - 2 * _DAY,
            view.today + (view.settings[HORIZON] + 3) * _DAY,
        )
        contents = view.agent_days.between(*days, view.limit)
        if contents.written:
            return None
        index = _make_index(view, days, contents)
        self._cached = _Cached(key, days, contents.mark, index)
        return index


def _own_index(view: View, window: Interval) -> AvailabilityIndex:
    around = window.widen(AROUND, AROUND)
    days = (
        around.start.astimezone(view.zone).date(),
        around.end.astimezone(view.zone).date(),
    )
    first = days[0] - _LONGEST * _DAY
    return _make_index(view, days, view.agent_days.between(first, days[1], view.limit))


def _make_index(
    view: View, days: tuple[date, date], contents: Contents
) -> AvailabilityIndex:
    index = AvailabilityIndex(
        [
            Agent(it.id, it.name, it.queues, it.languages, it.hours, it.branches)
            for it in view.roster.agents
        ],
        Interval(_midnight(days[0], view.zone), _midnight(days[1] + _DAY, view.zone)),
        zone=view.zone,
        outside=view.settings[COMPUTE_AVAILABILITY],
        readings=contents.readings,
    )
    index.load(contents.busy_lists)
    return index


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)
