"""Hold the duty and the busy times of all agents in arrays."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.agents import AgentIndex, Flags
from invo_booking.domain.slots.days import (
    AFTER,
    BEFORE,
    KIND,
    OUTSIDE,
    OWN,
    START,
    Agent,
    AgentBusy,
    AgentDay,
    AppointmentKey,
    Rows,
    stack_rows,
)
from invo_booking.domain.slots.intervals import IntervalIndex, LazyOwners
from invo_booking.domain.slots.rota import DutyIndex
from invo_booking.domain.slots.schedules import (
    AgentSchedules,
    Gaps,
    Spans,
    free_gaps,
    working_gaps,
)
from invo_booking.domain.slots.supply import (
    AgentSupply,
    Booking,
    CalendarFreshness,
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
"""Longest buffer. To evaluate a window, duty must be known this far beyond the window,
and appointments must be known twice as far."""

_ONE_DAY = timedelta(days=1)
_EVERYBODY = slice(None)


class Records:
    """The working and busy time of all agents, and the unassigned appointments.

    Args:
        agents: All active agents.
        reach: First minute for which duty is computed and first minute beyond.
        outside: Whether busy times of outside calendars count.
        readings: When each agent's outside calendar was last read; an agent without an
            entry has no outside calendar.
    """

    def __init__(
        self,
        agents: Iterable[Agent],
        reach: tuple[int, int],
        zone: ZoneInfo,
        outside: bool,  # noqa: FBT001  (a column of the rows)
        readings: Mapping[UUID, CalendarFreshness | None],
    ) -> None:
        ordered = sorted(agents, key=lambda agent: agent.id.int)
        self.agent_index = AgentIndex(ordered, readings if outside else {})
        self.waitlist = Waitlist()
        self._widest_buffer = 0
        self.outside = outside
        self._zone = zone
        self._reach = reach
        self._hours = [it.hours for it in ordered]
        self._duty = DutyIndex(self._hours, reach)
        self._has_places = any(it.has_places for it in self._hours)
        self._duty_at: dict[UUID, DutyIndex] = {}
        self._taken = IntervalIndex(len(ordered))
        self._loaded: dict[int, list[Rows]] = {}
        self._stored = LazyOwners(0)

    def load(self, agent_days: Iterable[AgentBusy | AgentDay]) -> None:
        """Replace all spans; combinations of owner, language and day must be unique."""
        taken: dict[int, list[Rows]] = {}
        waiting: list[AgentBusy | AgentDay] = []
        for it in agent_days:
            if it.language:
                waiting.append(it)
            else:
                taken.setdefault(it.owner_id.int, []).append(it.spans)
        self._loaded = taken
        self._stored = LazyOwners(len(self.agent_index))
        self.waitlist.load(waiting)
        self.note_buffers(self.waitlist.rows)

    def preparation(self) -> Iterator[None]:
        """Compute and store the time of all agents, a part for each iteration."""
        self._duty.compute(_EVERYBODY)
        yield
        self._taken_by(_EVERYBODY)
        yield

    def bounds(self, agent_day: AgentDay) -> tuple[int, int]:
        """Return the first minute of a day and the first minute beyond.

        Raises:
            ValueError: If a span does not start on that day.
        """
        first, last = _bounds_of_day(agent_day.day, self._zone)
        starts = agent_day.spans[:, START]
        if not ((first <= starts) & (starts < last)).all():
            raise ValueError(f"spans of the day {agent_day.day} must start that day")
        return first, last

    def rows_that_count(self, rows: Rows) -> Rows:
        """Return the rows, but omit outside calendars if these do not count."""
        return rows if self.outside else rows[rows[:, KIND] != OUTSIDE]

    @property
    def widest_buffer(self) -> int:
        """Upper bound of the buffers of all spans, in minutes."""
        return max(self._widest_buffer, self._taken.widest_buffer)

    def note_buffers(self, rows: Rows) -> None:
        """Increase ``widest_buffer`` if rows to be added have a wider buffer."""
        widest = int(rows[:, BEFORE : AFTER + 1].max(initial=0))
        self._widest_buffer = max(self._widest_buffer, widest)

    def rows_between(self, agent: int, first: int, last: int) -> Rows:
        """Return an agent's rows that start in ``[first, last)``."""
        return self._taken_by(_EVERYBODY).rows_between(agent, first, last)

    def replace(self, agent: int, first: int, last: int, rows: Rows) -> None:
        """Replace an agent's rows that start in ``[first, last)``."""
        self._taken_by(_EVERYBODY).replace(agent, first, last, rows)

    def time_of(
        self, agent: int, window: tuple[int, int], branch_id: UUID | None
    ) -> tuple[list[tuple[int, int]], list[list[int]]]:
        """Return an agent's working time, ascending, and busy spans near a window.

        A busy span has its first minute, the first minute beyond, and the minutes to
        keep free before and after.
        """
        one = np.array([agent])
        duty = self._duty_of(branch_id).near(one, *window)
        taken, _ = self._taken_near(one, window, (0, 0))
        columns = np.stack((taken.start, taken.end, taken.before, taken.after), axis=1)
        working = zip(duty.start.tolist(), duty.end.tolist(), strict=True)
        return sorted(working), columns.tolist()

    def _taken_by(self, agents: Minutes | slice) -> IntervalIndex:
        """Return the index of busy spans, filled at least for some agents."""
        some = self._stored.extend(agents)
        if some is not None:
            rows = [self._loaded_rows(it) for it in some.tolist()]
            self._taken.fill(rows, some, with_space=self._stored.are_all)
            self._loaded = {} if self._stored.are_all else self._loaded
        return self._taken

    def _loaded_rows(self, agent: int) -> Rows:
        agent_id = self.agent_index.members[agent].id.int
        return self.rows_that_count(stack_rows(self._loaded.get(agent_id, ())))

    def _taken_near(
        self, agents: Minutes, window: tuple[int, int], buffers: tuple[int, int]
    ) -> tuple[Spans, Minutes]:
        """Return the busy spans that may affect a window, and the kind of each."""
        taken = self._taken_by(agents)
        widest = max(self.widest_buffer, *buffers)
        return taken.near(agents, window[0] - widest, window[1] + widest)

    def is_place(self, branch_id: UUID | None) -> bool:
        """Whether agents can serve visits at a branch only in part of their hours."""
        return branch_id is not None and self._has_places

    def working_gaps(
        self, agents: Minutes, window: tuple[int, int], branch_id: UUID | None = None
    ) -> Gaps:
        """Return the working time of agents in a window.

        Args:
            agents: By index, ascending.
            window: First minute and first minute beyond.
            branch_id: Branch of a visit; ``None`` for calls.
        """
        return working_gaps(self._duty_of(branch_id).near(agents, *window), window)

    def _duty_of(self, branch_id: UUID | None) -> DutyIndex:
        if branch_id is None or not self._has_places:
            return self._duty
        if branch_id not in self._duty_at:
            there = [it.at(branch_id) for it in self._hours]
            self._duty_at[branch_id] = DutyIndex(there, self._reach)
        return self._duty_at[branch_id]

    def are_on_duty(
        self, spans: Spans, places: Sequence[UUID | None], place: Minutes
    ) -> Flags:
        """Return for each span whether its agent works during the whole span.

        Args:
            spans: Time of appointments.
            places: Branches of visits; ``None`` for calls.
            place: Index into ``places`` of each span.
        """
        if not self._has_places:
            return self._duty.contain(spans)
        numbers = {it: number for number, it in enumerate(dict.fromkeys(places))}
        number_of_span = np.array([numbers[it] for it in places], np.int64)[place]
        flags = np.zeros(spans.agent.shape, np.bool_)
        for it, number in numbers.items():
            here = np.flatnonzero(number_of_span == number)
            flags[here] = self._duty_of(it).contain(spans.at(here))
        return flags

    def are_free(self, spans: Spans) -> Flags:
        """Return for each span whether its agent is free for the whole span.

        Args:
            spans: Time of appointments with the buffers around them.
        """
        taken = self._taken_by(spans.agent)
        buffers = int(max(spans.before.max(initial=0), spans.after.max(initial=0)))
        return ~taken.collide(spans, max(self.widest_buffer, buffers))

    def free(
        self,
        agents: Minutes,
        working: Gaps,
        window: tuple[int, int],
        buffers: tuple[int, int],
    ) -> Gaps:
        """Return the free time of agents.

        Args:
            agents: By index, ascending.
            working: Working time of these agents in the window.
            window: First minute and first minute beyond; gaps are cut to the window.
            buffers: Minutes that the new appointment keeps free before and after.
        """
        taken, _ = self._taken_near(agents, window, buffers)
        return free_gaps(working, taken, window, buffers)

    def schedules(
        self,
        agents: Flags,
        window: tuple[int, int],
        buffers: tuple[int, int],
        without: AppointmentKey | None = None,
        places: Iterable[UUID | None] = (),
    ) -> AgentSchedules:
        """Return those spans of agents that are needed to place appointments.

        Args:
            agents: Flag per agent: whether to return the agent's spans.
            window: First minute and first minute beyond of all appointments to place.
            buffers: Minutes that the new appointment keeps free before and after.
            without: An appointment to leave out, because it is being moved.
            places: Branches of the visits to place; ``None`` for calls.
        """
        indexes = np.flatnonzero(agents)
        duty = self._duty.near(indexes, *window)
        taken, kind = self._taken_near(indexes, window, buffers)
        own = taken.at(kind == OWN)
        if without is not None and without.agent_id is not None:
            own = _less(own, self.agent_index.index(without.agent_id), without)
        there = {
            it: self._duty_of(it).near(indexes, *window)
            for it in places
            if it is not None and self._has_places
        }
        outside = taken.at(kind == OUTSIDE)
        return AgentSchedules(self.agent_index, duty, own, outside, there)

    def calendars(self, window: Interval) -> list[AgentSupply]:
        """Return the time of all agents around a window as objects, for display.

        The result may also contain spans outside the window.
        """
        around = _minutes(window.widen(2 * WIDEST_BUFFER, 2 * WIDEST_BUFFER))
        return [self._calendar(index, around) for index in range(len(self.agent_index))]

    def _calendar(self, index: int, window: tuple[int, int]) -> AgentSupply:
        member = self.agent_index.members[index]
        one = np.array([index])
        duty = self._duty.near(one, *window)
        taken, kind = self._taken_by(one).near(one, *window)
        own, busy = taken.at(kind == OWN), taken.at(kind == OUTSIDE)
        return AgentSupply(
            agent_id=member.id,
            name=member.name,
            queues=member.queues,
            languages=member.languages,
            duty=tuple(sorted(_intervals(duty))),
            booked=tuple(
                map(Booking, _intervals(own), _times(own.before), _times(own.after))
            ),
            busy=tuple(_intervals(busy)),
            reading=self.agent_index.readings[index],
            branches=member.branches,
        )


def _intervals(spans: Spans) -> list[Interval]:
    return [
        Interval(instant_at(start), instant_at(end))
        for start, end in zip(spans.start.tolist(), spans.end.tolist(), strict=True)
    ]


def _times(minutes: Minutes) -> list[timedelta]:
    return [it * MINUTE for it in minutes.tolist()]


@lru_cache(maxsize=1024)
def _bounds_of_day(day: date, zone: ZoneInfo) -> tuple[int, int]:
    first, last = local_midnight(day, zone), local_midnight(day + _ONE_DAY, zone)
    return floor_minute(first), floor_minute(last)


def _minutes(span: Interval) -> tuple[int, int]:
    return floor_minute(span.start), ceil_minute(span.end)


def _less(own: Spans, agent: int | None, claimed: AppointmentKey) -> Spans:
    """Return all spans except that of one appointment."""
    start, end, before, after = claimed.minutes
    same = (own.agent == agent) & (own.start == start) & (own.end == end)
    same &= (own.before == before) & (own.after == after)
    is_kept = np.ones(same.size, np.bool_)
    is_kept[np.flatnonzero(same)[:1]] = False
    return own.at(is_kept)
