"""Find open slots fast, from counts that are kept up to date."""

from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.agents import Flags
from invo_booking.domain.slots.competition import RoomSearch
from invo_booking.domain.slots.counts import NOT_ASKED, YES, Change, Counts, Grid
from invo_booking.domain.slots.data import Records
from invo_booking.domain.slots.days import (
    Agent,
    AgentBusy,
    AgentDay,
    AppointmentKey,
    Rows,
    changed_span,
)
from invo_booking.domain.slots.demand import claims_without_agent
from invo_booking.domain.slots.evaluation import enough_free_flags
from invo_booking.domain.slots.rules import Rules
from invo_booking.domain.slots.schedules import Spans
from invo_booking.domain.slots.search import Situation, Slots, StartFinding, Verdict
from invo_booking.domain.slots.supply import AgentSupply, CalendarFreshness, Group
from invo_booking.domain.slots.waiting import Claimant, GroupLinks, find_claimant
from invo_booking.domain.wall import (
    DAY_MINUTES,
    MINUTE,
    Minutes,
    ceil_minute,
    floor_minute,
    instant_at,
)

__all__ = [
    "Agent",
    "AgentBusy",
    "AgentDay",
    "AppointmentKey",
    "AvailabilityIndex",
    "CalendarFreshness",
]

_AROUND = 2 * DAY_MINUTES
_LONGEST = timedelta(days=1)
_MOST_BYTES = 64_000_000
"""Most bytes of cached counts: enough for 800 groups, 62 days and 96 starts a day."""
_MOST_CHANGES = 256
"""Counts are updated after at most this many changes, and recomputed after more."""
_NONE_READ: Mapping[UUID, CalendarFreshness | None] = MappingProxyType({})


class AvailabilityIndex:
    """The time of all agents over a span, with counts to find open slots fast.

    The results equal those of ``search``, but are computed from counts that are cached
    and updated after changes. Not thread-safe: the owner must hold a lock.

    Args:
        agents: All active agents.
        span: Span of the index; windows passed to its methods must lie inside.
        zone: Zone of the dates in ``AgentDay``.
        outside: Whether busy times of outside calendars count.
        readings: When each agent's outside calendar was last read; an agent without an
            entry has no outside calendar.
    """

    def __init__(
        self,
        agents: Iterable[Agent],
        span: Interval,
        *,
        zone: ZoneInfo,
        outside: bool = True,
        readings: Mapping[UUID, CalendarFreshness | None] = _NONE_READ,
    ) -> None:
        self.span = span
        self._bounds = floor_minute(span.start), ceil_minute(span.end)
        reach = self._bounds[0] - _AROUND, self._bounds[1] + _AROUND
        self._records = Records(agents, reach, zone, outside, readings)
        self._grids: dict[tuple[ZoneInfo, timedelta], Grid] = {}
        self._kept: OrderedDict[tuple[object, ...], Counts] = OrderedDict()
        self._bytes = 0
        self._latest: deque[Change] = deque(maxlen=_MOST_CHANGES)
        self._noted = 0
        self._changes = 0
        self._versions: dict[Group, int] = {}
        self._links = GroupLinks(self._records.agent_index, self._records.waitlist)
        self._rooms = RoomSearch(self._records)

    def load(self, agent_days: Iterable[AgentBusy | AgentDay]) -> None:
        """Load all spans; combinations of owner, language and day must be unique.

        Raises:
            ValueError: If the index is not empty.
        """
        if self._changes:
            raise ValueError("only an empty index can be loaded; write the days")
        self._changes = 1
        self._records.load(agent_days)
        self._kept.clear()
        self._bytes = 0
        self._versions.clear()
        self._rooms = RoomSearch(self._records)

    def preparation(self, now: datetime) -> Iterator[None]:
        """Compute what the first lists of all groups need, a part for each iteration.

        Between two iterations, the index may be used and changed.
        """
        yield from self._records.preparation()
        yield from self._rooms.preparation((floor_minute(now), self._bounds[1]), now)

    def write(self, day: AgentDay) -> None:
        """Replace the spans of one owner on one day.

        Raises:
            ValueError: If a span does not start on that day.
        """
        bounds = self._records.bounds(day)
        self._records.note_buffers(day.spans)
        if day.language:
            self._rewrite_waitlist(day, bounds)
        elif (index := self._records.agent_index.index(day.owner_id)) is not None:
            self._rewrite(index, bounds, self._records.rows_that_count(day.spans))

    def set_freshness(self, agent_id: UUID, reading: CalendarFreshness | None) -> None:
        """Store when an agent's outside calendar was last read, if calendars count."""
        index = self._records.agent_index.index(agent_id)
        if self._records.outside and index is not None:
            self._records.agent_index.set_freshness(index, reading)
            self._touch(index)

    def version(self, group: Group) -> int:
        """Return a number that grows with each change that may affect a group's slots.

        Slots that close because time passes do not change the number.
        """
        return self._versions.setdefault(group, self._changes)

    def open_slots(
        self,
        rules: Rules,
        group: Group,
        window: Interval,
        *,
        agent: UUID | None = None,
    ) -> Slots:
        """Return what ``Situation.open_slots`` returns, from the cached counts.

        Raises:
            ValueError: If the window lies outside the index's span.
        """
        self._check(rules, window.start, window.end)
        counts = self._counts(rules, group)
        here = counts.grid.part(
            ceil_minute(max(window.start, rules.earliest, rules.now)),
            ceil_minute(min(window.end, rules.latest)),
        )
        if here.start == here.stop:
            return Slots(rules.length)
        starts, free = counts.grid.starts[here], counts.free[here]
        designated = counts.designated[here]
        chosen = (free > 0) & ~counts.grid.closed_flags(rules)[here]
        chosen &= enough_free_flags(rules, designated, free)
        if agent is None:
            doubtful = np.flatnonzero(
                chosen & (free <= counts.rivals(self._records, self._links)[here])
            )
            self._ask(rules, counts, here.start + doubtful)
            chosen[doubtful] = counts.room[here][doubtful] == YES
        elif chosen.any():
            low, high = _minutes_with_buffers(rules, starts[chosen])
            there = self._situation(rules, group, low, high).evaluation(starts[chosen])
            every = np.ones(int(chosen.sum()), np.bool_)
            chosen[chosen] = there.takes(every, self._records.agent_index.index(agent))
        return Slots(rules.length, starts[chosen], free[chosen], designated[chosen])

    def around(
        self,
        rules: Rules,
        group: Group,
        window: Interval,
        *,
        agent: UUID | None = None,
        without: AppointmentKey | None = None,
    ) -> Situation:
        """Return working and busy times of the agents who may serve starts in a window.

        Args:
            group: Queue and language of the appointment, and branch of a visit.
            window: Window of the starts to examine.
            agent: An agent to include even if not designated for the group.
            without: An appointment to leave out because it is being moved.

        Raises:
            ValueError: If the window lies outside the index's span.
        """
        self._check(rules, window.start, window.end)
        ends = np.array([floor_minute(window.start), ceil_minute(window.end)])
        low, high = _minutes_with_buffers(rules, ends)
        return self._situation(
            rules, group, low[:1], high[1:], agent=agent, without=without
        )

    def judge(
        self, rules: Rules, group: Group, start: datetime, *, on_grid: bool = True
    ) -> Verdict:
        """Return the verdict on one start.

        Raises:
            ValueError: If the start lies outside the index's span.
        """
        there = self.around(rules, group, Interval(start, start + MINUTE))
        return there.judge(start, on_grid=on_grid)

    def survey(
        self, rules: Rules, group: Group, window: Interval
    ) -> list[StartFinding]:
        """Return the verdict on every start of a window.

        Raises:
            ValueError: If the window lies outside the index's span.
        """
        return self.around(rules, group, window).survey(window)

    def claims_without_agent(self, claimants: Sequence[Claimant]) -> frozenset[int]:
        """Return which unassigned appointments get no agent in the best matching.

        If an agent's calendar cannot be read now, the latest reading counts.

        Args:
            claimants: At least one appointment; all must lie inside the index's span.
        """
        claims = [it.claim for it in claimants]
        agents = self._serving_flags({it.group for it in claimants})
        window = min(it.start for it in claims), max(it.end for it in claims)
        buffers = max(it.before for it in claims), max(it.after for it in claims)
        places = {it.group.branch_id for it in claimants}
        return claims_without_agent(
            claimants, self._records.schedules(agents, window, buffers, places=places)
        )

    def linked_span(self, span: Interval) -> Interval:
        """Return a span, extended by all crowds that overlap it (see ``Waitlist``)."""
        first, last = self._records.waitlist.hull(
            floor_minute(span.start), ceil_minute(span.end)
        )
        return Interval(instant_at(first), instant_at(last))

    def calendars(self, window: Interval) -> list[AgentSupply]:
        """Return the time of all agents around a window, for display.

        Raises:
            ValueError: If the window lies outside the index's span.
        """
        self._check_span(window.start, window.end)
        return self._records.calendars(window)

    def _rewrite(self, index: int, bounds: tuple[int, int], rows: Rows) -> None:
        before = self._records.rows_between(index, *bounds)
        span = changed_span(before, rows)
        if span is None:
            return
        self._records.replace(index, *bounds, rows)
        self._note(Change(span, index, bounds, before))
        self._touch(index)

    def _rewrite_waitlist(self, day: AgentDay, bounds: tuple[int, int]) -> None:
        group, waiting = day.group, self._records.waitlist
        span = changed_span(waiting.rows_between(group, *bounds), day.spans)
        if span is None:
            return
        waiting.replace(group, *bounds, day.spans)
        self._note(Change(span))
        self._touch(self._records.agent_index.designated_flags(group))

    def _note(self, change: Change) -> None:
        """Record a change; cached counts are updated when they are next used."""
        self._rooms.forget(change.span)
        self._latest.append(change)
        self._noted += 1

    def _counts(self, rules: Rules, group: Group) -> Counts:
        length, buffers = rules.length_minutes, rules.buffer_minutes
        if not self._records.is_place(group.branch_id):
            group = self._records.agent_index.equal_group(group)
        key = group, length, buffers, rules.zone, rules.step
        counts = self._kept.get(key)
        if counts is None or self._noted - counts.noted > len(self._latest):
            counts = Counts(self._records, self._grid(rules), group, rules)
            self._keep(key, counts)
        else:
            self._kept.move_to_end(key)
            missed = self._noted - counts.noted
            counts.update(self._records, islice(reversed(self._latest), missed))
        counts.noted = self._noted
        counts.follow(self._records, rules.now)
        return counts

    def _keep(self, key: tuple[object, ...], counts: Counts) -> None:
        replaced = self._kept.pop(key, None)
        self._kept[key] = counts
        self._bytes += counts.nbytes - (replaced.nbytes if replaced else 0)
        while self._bytes > _MOST_BYTES and len(self._kept) > 1:
            self._bytes -= self._kept.popitem(last=False)[1].nbytes

    def _grid(self, rules: Rules) -> Grid:
        key = rules.zone, rules.step
        if key not in self._grids:
            self._grids[key] = Grid(rules.zone, rules.step // MINUTE, *self._bounds)
        return self._grids[key]

    def _ask(self, rules: Rules, counts: Counts, doubtful: Minutes) -> None:
        """Compute ``counts.room`` where it is not known."""
        unasked = doubtful[counts.room[doubtful] == NOT_ASKED]
        if not unasked.size:
            return
        start = counts.grid.starts[unasked]
        before, after = (np.full_like(start, it) for it in rules.buffer_minutes)
        end = start + rules.length_minutes
        spans = Spans(np.zeros_like(start), start, end, before, after)
        counts.room[unasked] = self._rooms.have_room(
            counts.group, spans, counts.free[unasked], rules.now
        )

    def _situation(
        self,
        rules: Rules,
        group: Group,
        low: Minutes,
        high: Minutes,
        *,
        agent: UUID | None = None,
        without: AppointmentKey | None = None,
    ) -> Situation:
        """Return the agents and unassigned appointments that may affect some spans."""
        seeds = {group, without.group} if without else {group}
        linked = self._links.of(self._serving_flags(seeds, agent)).groups
        waiting = self._records.waitlist.around(low, high, linked)
        agents = self._serving_flags({group, *(it.group for it in waiting)}, agent)
        first = min([int(low[0]), *(it.claim.start for it in waiting)])
        last = max([int(high[-1]), *(it.claim.end for it in waiting)])
        places = {it.branch_id for it in (group, *(it.group for it in waiting))}
        schedules = self._records.schedules(
            agents, (first, last), rules.buffer_minutes, without, places
        )
        waits = find_claimant(waiting, without)
        if waits is not None:
            waiting.remove(waits)
        return Situation(rules, group, schedules, waiting, waits)

    def _serving_flags(
        self, groups: Iterable[Group], agent: UUID | None = None
    ) -> Flags:
        """Return flags of the agents designated for any group, and of ``agent``."""
        members = self._records.agent_index
        agents = np.logical_or.reduce([members.designated_flags(it) for it in groups])
        index = members.index(agent) if agent else None
        if index is not None:
            agents[index] = True
        return agents

    def _check(self, rules: Rules, start: datetime, end: datetime) -> None:
        self._check_span(start, end)
        if rules.length > _LONGEST:
            raise ValueError(f"the index knows of lengths up to {_LONGEST.days} day")

    def _check_span(self, start: datetime, end: datetime) -> None:
        if start < self.span.start or end > self.span.end:
            raise ValueError(
                f"{start}..{end} lies outside {self.span.start}..{self.span.end}"
            )

    def _touch(self, agents: int | Flags) -> None:
        """Change the versions of groups whose slots depend on the agents."""
        self._changes += 1
        for group in self._versions:
            own = self._records.agent_index.designated_flags(group)
            if self._links.of(own).agents[agents].any():
                self._versions[group] = self._changes


def _minutes_with_buffers(rules: Rules, starts: Minutes) -> tuple[Minutes, Minutes]:
    """Return first minutes, and first minutes beyond, of appointments with buffers."""
    before, after = rules.buffer_minutes
    return starts - before, starts + rules.length_minutes + after
