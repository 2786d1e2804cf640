"""What is known of everybody's time, agent by agent, as numbers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.agents import AgentIndex, Flags
from invo_booking.domain.slots.days import (
    AFTER,
    BEFORE,
    KIND,
    NOTHING,
    OUTSIDE,
    OWN,
    START,
    Agent,
    AgentBusy,
    AgentDay,
    AppointmentKey,
    Rows,
)
from invo_booking.domain.slots.intervals import IntervalIndex
from invo_booking.domain.slots.rota import duty_index
from invo_booking.domain.slots.supply import (
    AgentSupply,
    Booking,
    CalendarFreshness,
    Group,
    Member,
)
from invo_booking.domain.slots.timetable import (
    Gaps,
    Spans,
    Timetable,
    free_gaps,
    working_gaps,
)
from invo_booking.domain.slots.waiting import Waitlist
from invo_booking.domain.wall import (
    MINUTE,
    Minutes,
    ceil_minute,
    floor_minute,
    instant_at,
    local_midnight,
)

WIDEST_BUFFER = timedelta(hours=4)
"""No buffer is longer: how far beyond a window duty, and twice that, appointments can
matter."""

_ONE_DAY = timedelta(days=1)


class Records:
    """Duty, appointments and outside calendars of all agents, and who waits.

    Args:
        agents: All active agents.
        reach: First minute of which duty is known, and first beyond.
        closed: Institution dates on which nobody works.
        zone: The institution's.
        outside: Whether outside calendars count.
        readings: How they were last read; an agent who is missing has none.
    """

    def __init__(
        self,
        agents: Iterable[Agent],
        reach: tuple[int, int],
        closed: frozenset[date],
        zone: ZoneInfo,
        outside: bool,  # noqa: FBT001  (the book's own keyword)
        readings: Mapping[UUID, CalendarFreshness | None],
    ) -> None:
        ordered = sorted(agents, key=lambda agent: agent.id.int)
        self.roll = AgentIndex(
            Member(
                it.id,
                it.name,
                it.queues,
                it.languages,
                readings.get(it.id) if outside else None,
            )
            for it in ordered
        )
        self.waitlist = Waitlist()
        self.widest_buffer = 0
        self.outside = outside
        self._zone = zone
        self._duty = duty_index([it.hours for it in ordered], reach, closed, zone)
        self._taken = IntervalIndex(len(ordered))

    def load(self, diaries: Iterable[AgentBusy | AgentDay]) -> None:
        """Put everything in at once, each owner, language and day at most once."""
        taken: list[list[Rows]] = [[] for _ in self.roll.members]
        lines: dict[Group, list[Rows]] = {}
        for it in diaries:
            if it.language:
                lines.setdefault(Group(it.owner_id, it.language), []).append(it.spans)
            elif (index := self.roll.index(it.owner_id)) is not None:
                taken[index].append(self.rows_that_count(it.spans))
        self._taken.fill([_stack_rows(it) for it in taken])
        self.widest_buffer = self._taken.widest_buffer
        for group, theirs in lines.items():
            rows = _stack_rows(theirs)
            self.note_buffers(rows)
            self.waitlist.fill(group, rows)

    def bounds(self, sheet: AgentDay) -> tuple[int, int]:
        """Return the first minute of a sheet's day and the first beyond.

        Raises:
            ValueError: If a span does not start on that day.
        """
        first = floor_minute(local_midnight(sheet.day, self._zone))
        last = floor_minute(local_midnight(sheet.day + _ONE_DAY, self._zone))
        starts = sheet.spans[:, START]
        if not ((first <= starts) & (starts < last)).all():
            raise ValueError(f"spans of the sheet of {sheet.day} must start that day")
        return first, last

    def rows_that_count(self, rows: Rows) -> Rows:
        """Return those rows that count."""
        return rows if self.outside else rows[rows[:, KIND] != OUTSIDE]

    def note_buffers(self, rows: Rows) -> None:
        """Take account of the buffers of rows that are to be put in."""
        widest = (int(rows[:, it].max(initial=0)) for it in (BEFORE, AFTER))
        self.widest_buffer = max(self.widest_buffer, *widest)

    def rows_between(self, agent: int, first: int, last: int) -> Rows:
        """Return what takes an agent's time from ``first`` and before ``last`` on."""
        return self._taken.rows_between(agent, first, last)

    def replace(self, agent: int, first: int, last: int, rows: Rows) -> None:
        """Put rows in place of those that start from ``first`` and before ``last``."""
        self._taken.replace(agent, first, last, rows)

    def working_gaps(self, agents: Minutes, window: tuple[int, int]) -> Gaps:
        """Return when agents, given by index and ascending, work within a window."""
        return working_gaps(self._duty.near(agents, *window)[0], window)

    def free(
        self,
        agents: Minutes,
        working: Gaps,
        window: tuple[int, int],
        buffers: tuple[int, int],
    ) -> Gaps:
        """Return when agents work and nothing claims their time.

        Args:
            agents: By index, ascending.
            working: When they work within the window.
            window: First minute of interest and first beyond; gaps are cut to it.
            buffers: Minutes that what is to be placed keeps free in front and behind.
        """
        taken, _ = self._taken.near(agents, *self._widen(window, buffers))
        return free_gaps(working, taken, window, buffers)

    def table(
        self,
        agents: Flags,
        window: tuple[int, int],
        buffers: tuple[int, int],
        without: AppointmentKey | None = None,
    ) -> Timetable:
        """Return agents' spans, as far as they matter to a window.

        Args:
            agents: The flagged ones are those that matter.
            window: First minute and first beyond of all that is to be placed.
            buffers: Minutes that what is to be placed keeps free in front and behind.
            without: An appointment to leave out.
        """
        indexes = np.flatnonzero(agents)
        duty, _ = self._duty.near(indexes, *window)
        taken, kind = self._taken.near(indexes, *self._widen(window, buffers))
        own = taken.at(kind == OWN)
        if without is not None and without.agent_id is not None:
            own = _less(own, self.roll.index(without.agent_id), without)
        return Timetable(self.roll, duty, own, taken.at(kind == OUTSIDE))

    def calendars(self, window: Interval) -> list[AgentSupply]:
        """Return everybody's time around a window as objects, for people to look at."""
        worked = window.widen(WIDEST_BUFFER, WIDEST_BUFFER)
        reach = _minutes(worked.widen(WIDEST_BUFFER, WIDEST_BUFFER))
        return [self._calendar(index, worked, reach) for index in range(len(self.roll))]

    def _calendar(
        self, index: int, worked: Interval, reach: tuple[int, int]
    ) -> AgentSupply:
        member = self.roll.members[index]
        one = np.array([index])
        duty, _ = self._duty.near(one, *_minutes(worked))
        taken, kind = self._taken.near(one, *reach)
        near = (taken.start < reach[1]) & (taken.end > reach[0])
        own, busy = taken.at(near & (kind == OWN)), taken.at(near & (kind == OUTSIDE))
        return AgentSupply(
            agent_id=member.id,
            name=member.name,
            queues=member.queues,
            languages=member.languages,
            duty=tuple(
                _cut(it, worked)
                for it in sorted(_intervals(duty))
                if it.overlaps(worked)
            ),
            booked=tuple(
                map(Booking, _intervals(own), _times(own.before), _times(own.after))
            ),
            busy=tuple(_intervals(busy)),
            reading=member.reading,
        )

    def _widen(
        self, window: tuple[int, int], buffers: tuple[int, int]
    ) -> tuple[int, int]:
        widest = max(self.widest_buffer, *buffers)
        return window[0] - widest, window[1] + widest


def _stack_rows(parts: Sequence[Rows]) -> Rows:
    return parts[0] if len(parts) == 1 else np.concatenate([NOTHING, *parts])


def _intervals(spans: Spans) -> list[Interval]:
    return [
        Interval(instant_at(start), instant_at(end))
        for start, end in zip(spans.start.tolist(), spans.end.tolist(), strict=True)
    ]


def _times(minutes: Minutes) -> list[timedelta]:
    return [it * MINUTE for it in minutes.tolist()]


def _cut(span: Interval, window: Interval) -> Interval:
    return Interval(max(span.start, window.start), min(span.end, window.end))


def _minutes(span: Interval) -> tuple[int, int]:
    return floor_minute(span.start), ceil_minute(span.end)


def _less(own: Spans, agent: int | None, claimed: AppointmentKey) -> Spans:
    """All spans but that of the one appointment that is claimed."""
    start, end, before, after = claimed.minutes
    same = (own.agent == agent) & (own.start == start) & (own.end == end)
    same &= (own.before == before) & (own.after == after)
    kept = np.ones(same.size, np.bool_)
    kept[np.flatnonzero(same)[:1]] = False
    return own.at(kept)
