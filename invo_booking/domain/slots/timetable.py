"""Many agents' time as arrays, so that counting who is free costs next to nothing.

Every agent's line of minutes is laid behind the previous agent's, with a distance no
span can bridge. One sort and one running maximum then serve all agents at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.agents import AgentIndex, Flags
from invo_booking.domain.slots.supply import Booking, Calendar
from invo_booking.domain.wall import Minutes, whole_minutes

_NEVER = np.iinfo(np.int64)


@dataclass(frozen=True, slots=True)
class Spans:
    """Spans of many agents, as parallel arrays.

    A minute that is partly taken counts as taken, one partly worked as not worked.

    Attributes:
        agent: Whose span it is, as an index into the agents.
        start: First minute inside.
        end: First minute outside.
        before: Minutes to keep free in front.
        after: Minutes to keep free behind.
    """

    agent: Minutes
    start: Minutes
    end: Minutes
    before: Minutes
    after: Minutes

    def of(self, agents: Flags) -> "Spans":
        """Return the spans of the flagged agents."""
        return self.at(agents[self.agent])

    def at(self, flags: Flags) -> "Spans":
        """Return the flagged spans."""
        return Spans(
            self.agent[flags],
            self.start[flags],
            self.end[flags],
            self.before[flags],
            self.after[flags],
        )

    def bare(self) -> "Spans":
        """Return the spans without the minutes to keep free around them."""
        none = np.zeros_like(self.start)
        return Spans(self.agent, self.start, self.end, none, none)


@dataclass(frozen=True, slots=True)
class Timetable:
    """Agents with their spans as arrays.

    Attributes:
        own: What their own appointments take.
        outside: What their outside calendars take.
    """

    roll: AgentIndex
    duty: Spans
    own: Spans
    outside: Spans

    @property
    def taken(self) -> Spans:
        """What appointments and outside calendars take together."""
        return joined(self.own, self.outside)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Uninterrupted spans in which something may be placed, one agent each.

    Attributes:
        agent: Whose gap it is, as an index into the agents.
        start: First minute inside.
        end: First minute outside.
    """

    agent: Minutes
    start: Minutes
    end: Minutes

    def of(self, agents: Flags) -> "Gaps":
        """Return the gaps of the flagged agents."""
        flags = agents[self.agent]
        return Gaps(self.agent[flags], self.start[flags], self.end[flags])

    def holding(self, start: int, end: int) -> Minutes:
        """Return the agents, ascending, with room from ``start`` to ``end``."""
        return self.agent[(self.start <= start) & (end <= self.end)]

    def count(self, starts: Minutes, length: int) -> Minutes:
        """Return for each start, ascending, how many agents have room from there."""
        first = np.searchsorted(starts, self.start, side="left")
        last = np.searchsorted(starts, self.end - length, side="right")
        return count_covering(first, last, starts.size)


def count_covering(first: Minutes, last: Minutes, size: int) -> Minutes:
    """Return for each index below ``size`` how many ``[first, last)`` hold it."""
    real = first < last
    opened = np.bincount(first[real], minlength=size + 1)
    closed = np.bincount(last[real], minlength=size + 1)
    return np.cumsum(opened - closed)[:size]


def timetable(calendars: Iterable[Calendar]) -> Timetable:
    """Return calendars as arrays; keep it to ask about the same calendars again."""
    ordered = tuple(sorted(calendars, key=lambda calendar: calendar.agent_id))
    return Timetable(
        AgentIndex(calendar.member for calendar in ordered),
        _worked([calendar.duty for calendar in ordered]),
        _booked([calendar.booked for calendar in ordered]),
        _busy([calendar.busy for calendar in ordered]),
    )


def joined(one: Spans, other: Spans) -> Spans:
    """Return the spans of both."""
    return Spans(
        np.concatenate((one.agent, other.agent)),
        np.concatenate((one.start, other.start)),
        np.concatenate((one.end, other.end)),
        np.concatenate((one.before, other.before)),
        np.concatenate((one.after, other.after)),
    )


def work(duty: Spans, window: tuple[int, int]) -> Gaps:
    """Return when agents work.

    Args:
        duty: When they are on duty; may touch and overlap.
        window: First minute of interest and first beyond; gaps are cut to it.
    """
    start, end = _packed(duty, window, (0, 0))
    if not start.size:
        return Gaps(start, start, end)
    order = start.argsort(kind="stable")
    start, reach = start[order], np.maximum.accumulate(end[order])
    apart = start[1:] > reach[:-1]
    first = np.concatenate(([True], apart))
    last = np.concatenate((apart, [True]))
    return _unpacked(start[first], reach[last], window)


def gaps(
    working: Gaps, taken: Spans, window: tuple[int, int], buffers: tuple[int, int]
) -> Gaps:
    """Return when agents work and nothing claims their time.

    Buffers widen what is taken, never the hours; between two appointments the larger
    of the two that meet counts.

    Args:
        working: When they work, as of ``work`` for the same window.
        taken: What claims their time.
        window: First minute of interest and first beyond; gaps are cut to it.
        buffers: Minutes that what is to be placed keeps free in front and behind.
    """
    line = working.agent * _stride(window) - window[0]
    claimed = _packed(taken, window, buffers)
    start = np.concatenate(([_NEVER.min], line + working.end, claimed[0]))
    end = np.concatenate((line + working.start, [_NEVER.max], claimed[1]))
    order = start.argsort(kind="stable")
    start, reach = start[order], np.maximum.accumulate(end[order])
    last = np.flatnonzero(start[1:] > reach[:-1])
    return _unpacked(reach[last], start[last + 1], window)


def _worked(duties: Sequence[Sequence[Interval]]) -> Spans:
    flat = [span for duty in duties for span in duty]
    none = np.zeros(len(flat), np.int64)
    start = np.ceil(_in_minutes([span.start for span in flat]))
    end = np.floor(_in_minutes([span.end for span in flat]))
    return Spans(
        _owners(duties), start.astype(np.int64), end.astype(np.int64), none, none
    )


def _busy(busy: Sequence[Sequence[Interval]]) -> Spans:
    flat = [span for spans in busy for span in spans]
    none = np.zeros(len(flat), np.int64)
    return Spans(_owners(busy), *_outward(flat), none, none)


def _booked(booked: Sequence[Sequence[Booking]]) -> Spans:
    flat = [booking for bookings in booked for booking in bookings]
    return Spans(
        _owners(booked),
        *_outward([booking.period for booking in flat]),
        _whole([booking.before for booking in flat]),
        _whole([booking.after for booking in flat]),
    )


def _owners(lists: Sequence[Sequence[object]]) -> Minutes:
    return np.repeat(np.arange(len(lists)), [len(spans) for spans in lists])


def _outward(spans: Sequence[Interval]) -> tuple[Minutes, Minutes]:
    start = np.floor(_in_minutes([span.start for span in spans]))
    end = np.ceil(_in_minutes([span.end for span in spans]))
    return start.astype(np.int64), end.astype(np.int64)


def _in_minutes(instants: Sequence[datetime]) -> NDArray[np.float64]:
    return np.array([it.timestamp() for it in instants], np.float64) / 60


def _whole(durations: Sequence[timedelta]) -> Minutes:
    minutes = {it: whole_minutes(it) for it in set(durations)}
    return np.array([minutes[it] for it in durations], np.int64)


def _packed(
    spans: Spans, window: tuple[int, int], buffers: tuple[int, int]
) -> tuple[Minutes, Minutes]:
    lowest, highest = window
    before, after = buffers
    start = np.maximum(spans.start - np.maximum(spans.before, after), lowest)
    end = np.minimum(spans.end + np.maximum(spans.after, before), highest)
    line = spans.agent * _stride(window) - lowest
    real = start < end
    if not real.all():
        line, start, end = line[real], start[real], end[real]
    return line + start, line + end


def _unpacked(start: Minutes, end: Minutes, window: tuple[int, int]) -> Gaps:
    agent = start // _stride(window)
    line = agent * _stride(window) - window[0]
    return Gaps(agent, start - line, end - line)


def _stride(window: tuple[int, int]) -> int:
    return window[1] - window[0] + 1
