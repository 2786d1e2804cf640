"""Agents, hours and full diaries for the engine alone; the same for the same seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from invo_booking.domain.hours import AgentHours, Periods
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.days import OUTSIDE, OWN, Rows
from invo_booking.domain.slots.index import Agent, AgentBusy, AvailabilityIndex
from invo_booking.domain.slots.search import Group, Rules
from invo_booking.domain.wall import floor_minute, local_midnight

SEED = 20_261_122
ZONE = ZoneInfo("America/Chicago")
NEW_YORK, DENVER = ZoneInfo("America/New_York"), ZoneInfo("America/Denver")
ZONES = (*[ZONE] * 8, NEW_YORK, DENVER)
SIX_ZONES = (
    *(ZONE, NEW_YORK, DENVER),
    *map(ZoneInfo, ("America/Los_Angeles", "America/Phoenix", "America/Halifax")),
)
FIRST_DAY = date(2026, 10, 5)
NOW = datetime(2026, 10, 5, 11, 30, tzinfo=UTC)
QUEUES = [UUID(int=number) for number in range(1, 6)]
LANGUAGES = ["en", "es", "pl"]
_T = TypeVar("_T")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SHARED_WEEKS = 40
PLACES = 38
"""Quarters of an hour of a day at which something may start."""

HOLIDAYS = {date(2026, 11, 26): "Thanksgiving", date(2026, 11, 11): "Veterans Day"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a bank is.

    Attributes:
        booked: Appointments of each agent on each working day.
        busy: Busy intervals of outside calendars, likewise.
        waiting: Appointments of each queue and language that wait, each day.
        zones: Of the agents' hours, each as likely as the next.
        branches: Where visits are held; each agent works at one or two of them, and one
            of those that wait each day is a visit.
    """

    agents: int = 500
    days: int = 62
    booked: int = 5
    busy: int = 3
    waiting: int = 2
    zones: tuple[ZoneInfo, ...] = ZONES
    branches: int = 0


class Bank:
    """A bank of some size, drawn from a seed."""

    def __init__(self, size: Size, seed: int = SEED) -> None:
        self.size = size
        self._dice = np.random.default_rng(seed)
        last = FIRST_DAY + size.days * DAY
        self.span = Interval(
            local_midnight(FIRST_DAY, ZONE), local_midnight(last, ZONE)
        )
        weeks = [self._week() for _ in range(SHARED_WEEKS)]
        self.agents = [
            self._agent(number, weeks[int(self._dice.integers(SHARED_WEEKS))])
            for number in range(size.agents)
        ]

    def rules(self, **other: object) -> Rules:
        """Return rules as an institution may have them."""
        rules = Rules(
            zone=ZONE,
            step=15 * MINUTE,
            length=30 * MINUTE,
            buffer_after=5 * MINUTE,
            earliest_day=self.span.start,
            disabled_window=60 * MINUTE,
            latest=self.span.end,
            weekends_off=True,
            holidays=HOLIDAYS,
            percent=10,
            now=NOW,
        )
        return replace(rules, **other)

    def groups(self) -> list[Group]:
        """Return every queue in every language."""
        return [Group(queue, language) for queue in QUEUES for language in LANGUAGES]

    def places(self) -> list[UUID]:
        """Return the ids of the branches."""
        return [UUID(int=500 + number) for number in range(self.size.branches)]

    @staticmethod
    def queue_at(queue: UUID, branch: UUID) -> UUID:
        """Return the id of the queue that stands for a queue's visits at a branch."""
        return UUID(int=queue.int * 10_000 + branch.int)

    def turn_branches_into_queues(self) -> None:
        """Give the visits at each branch queues of their own, with the same agents."""
        for number, it in enumerate(self.agents):
            pairs = product(it.queues, it.branches)
            visits = {self.queue_at(*pair) for pair in pairs}
            self.agents[number] = replace(
                it, queues=it.queues | visits, branches=frozenset()
            )

    def empty_book(self) -> AvailabilityIndex:
        """Return a book without a sheet."""
        return AvailabilityIndex(self.agents, self.span, zone=ZONE)

    def diaries(self) -> Iterator[AgentBusy]:
        """Yield everybody's diary, as the database returns them."""
        days = [FIRST_DAY + k * DAY for k in range(self.size.days)]
        working = [day for day in days if day.weekday() < 5]  # noqa: PLR2004
        for agent in self.agents:
            yield AgentBusy(agent.id, "", np.concatenate(self._pages(working)))
        for group in self.groups():
            calls = self.size.waiting - bool(self.size.branches)
            line = self._drawn(working, calls, OWN)
            yield AgentBusy(group.queue_id, group.language, np.concatenate(line))
        yield from self._waiting_visits(working)

    def _waiting_visits(self, working: Sequence[date]) -> Iterator[AgentBusy]:
        """Yield the visits that wait, one of each group a day, at branches by turns."""
        count = len(self.places())
        for number, group in enumerate(self.groups()):
            for place, branch in enumerate(self.places()):
                if days := working[(number + place) % count :: count]:
                    rows = np.concatenate(self._drawn(days, 1, OWN))
                    yield AgentBusy(group.queue_id, group.language, rows, branch)

    def page(self, day: date) -> Rows:
        """Return what may take an agent's time on a day."""
        return self._pages([day])[0]

    def _pages(self, days: Sequence[date]) -> NDArray[np.int32]:
        own = self._drawn(days, self.size.booked, OWN)
        busy = self._drawn(days, self.size.busy, OUTSIDE)
        rows = np.concatenate((own, busy), axis=1)
        order = np.argsort(rows[:, :, 0], axis=1)[:, :, None]
        return np.take_along_axis(rows, order, axis=1)

    def _drawn(self, days: Sequence[date], count: int, kind: int) -> NDArray[np.int32]:
        """Some half hours of each day, no two at the same time."""
        rows = np.zeros((len(days), count, 5), np.int32)
        mornings = [floor_minute(local_midnight(day, ZONE)) + 8 * 60 for day in days]
        places = np.argsort(self._dice.random((len(days), PLACES)), axis=1)
        rows[:, :, 0] = np.array(mornings)[:, None] + 15 * np.sort(places[:, :count])
        rows[:, :, 1] = rows[:, :, 0] + 15 * self._dice.integers(1, 4, rows.shape[:2])
        rows[:, :, 3] = 5 * (kind == OWN)
        rows[:, :, 4] = kind
        return rows

    def _agent(self, number: int, weekly: dict[int, Periods]) -> Agent:
        draw = self._dice.random(4)
        zone = self.size.zones[int(draw[0] * len(self.size.zones))]
        return Agent(
            UUID(int=1000 + number),
            f"Agent {number}",
            self._some(QUEUES, 3),
            self._some(LANGUAGES, 2),
            AgentHours(
                zone,
                weekly,
                self._exceptions() if draw[1] < 0.1 else {},  # noqa: PLR2004
                self._time_off() if draw[2] < 0.3 else (),  # noqa: PLR2004
            ),
            self._some(self.places(), 2) if self.places() else frozenset(),
        )

    def _some(self, of: Sequence[_T], most: int) -> frozenset[_T]:
        count = int(self._dice.integers(1, most + 1))
        return frozenset(of[k] for k in self._dice.choice(len(of), count, False))

    def _week(self) -> dict[int, Periods]:
        begins, ends = int(self._dice.integers(7, 10)), int(self._dice.integers(15, 20))
        lunch = int(self._dice.integers(11, 14))
        free = int(self._dice.integers(0, 10))
        day = (time(begins), time(lunch)), (time(lunch, 45), time(ends))
        return {weekday: day for weekday in range(5) if weekday != free}

    def _exceptions(self) -> dict[date, Periods]:
        days = self._dice.integers(0, self.size.days, 2).tolist()
        return {FIRST_DAY + k * DAY: ((time(10), time(14)),) for k in days}

    def _time_off(self) -> tuple[Interval, ...]:
        start = self.span.start + int(self._dice.integers(0, self.size.days)) * DAY
        return (Interval(start, start + int(self._dice.integers(1, 10)) * DAY),)
