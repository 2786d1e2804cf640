"""A thousand small institutions, at every clock change of ten years."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import cache
from inspect import signature
from itertools import chain, pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from invo_booking.domain.hours import AgentHours, duty_intervals
from invo_booking.domain.interval import Interval
from invo_booking.domain.opening import opening_hours
from invo_booking.domain.slots.index import (
    Agent,
    AgentDay,
    AvailabilityIndex,
    CalendarFreshness,
)
from invo_booking.domain.slots.search import Booking, Group, Rules
from invo_booking.domain.wall import (
    floor_minute,
    instant_at,
    local_midnight,
    offset_stretches,
)
from tests.domain.reference import Supply, Waiting
from tests.support.examples import how_many

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
EXAMPLES = how_many(1000)
QUEUES = [UUID(int=1), UUID(int=2)]
LANGUAGES = ["en", "es"]
BRANCHES = [UUID(int=71), UUID(int=72)]
BUFFERS = [0, 0, 5, 10, 20]
ZONES = [
    "America/New_York",
    "America/Santiago",  # jumps at midnight
    "America/Sao_Paulo",  # gave clock changes up
    "America/St_Johns",
    "Africa/Casablanca",  # changes around Ramadan
    "Asia/Kathmandu",
    "Australia/Lord_Howe",  # changes by half an hour
    "Europe/Berlin",
    "Pacific/Apia",  # skipped 30 December 2011
    "Pacific/Kiritimati",
    "UTC",
]
TEN_YEARS = range(2017, 2027)


@cache
def moments() -> list[tuple[ZoneInfo, datetime]]:
    """Every clock change of the zones in ten years, and a plain day of each zone."""
    return [
        (zone, moment)
        for zone in map(ZoneInfo, ZONES)
        for moment in [datetime(2026, 12, 31, 22, tzinfo=UTC), *changes(zone)]
    ]


def changes(zone):
    """The instants at which clocks change, in the ten years and over Apia's gap."""
    years = [2011, *TEN_YEARS] if zone.key == "Pacific/Apia" else TEN_YEARS
    for year in years:
        first, last = (
            datetime(year, 1, 1, tzinfo=UTC),
            datetime(year + 1, 1, 1, tzinfo=UTC),
        )
        for one, other in pairwise(
            offset_stretches(zone, floor_minute(first), floor_minute(last))
        ):
            if one.offset != other.offset:
                yield instant_at(other.start)


def for_all(make: Callable[[int], object]):
    """Run a law on many things that are made, and say which one breaks it."""

    def decorate(law):
        wanted = len(signature(law).parameters)

        def run():
            for number in range(EXAMPLES):
                try:
                    law(*(make(number), chance(number))[:wanted])
                except BaseException as error:
                    error.add_note(f"{make.__name__}({number})")
                    raise

        run.__name__, run.__doc__ = law.__name__, law.__doc__
        run.__module__ = law.__module__
        return run

    return decorate


def chance(number):
    return random.Random(number)  # noqa: S311  (no secret hangs on it)


def some(dice, pair):
    """Either, or more often both."""
    return frozenset(dice.choice([pair, pair, pair[:1], pair[1:]]))


def spans(dice, origin, longest, late=(0, 0, 31)):
    """A span within some hours; on the five minutes, perhaps some seconds late."""
    start = origin + dice.randrange(48) * 5 * MINUTE
    start += timedelta(seconds=dice.choice(late))
    return Interval(start, start + dice.randint(1, longest // 5) * 5 * MINUTE)


def buffers(dice):
    return dice.choice(BUFFERS) * MINUTE, dice.choice(BUFFERS) * MINUTE


def many(dice, most, make):
    return [make() for _ in range(dice.randint(0, most))]


def rules(dice, zone, origin):
    before, after = buffers(dice)
    return Rules(
        zone=zone,
        step=dice.choice([7, 15, 30, 45, 50]) * MINUTE,
        length=dice.choice([5, 15, 30, 40, 90]) * MINUTE,
        buffer_before=before,
        buffer_after=after,
        earliest_day=origin + dice.randint(-60, 60) * MINUTE,
        disabled_window=dice.choice([0, 0, 60]) * MINUTE,
        latest=origin + dice.randint(150, 500) * MINUTE,
        weekends_off=dice.randrange(10) == 0,
        holidays={origin.date(): "Founder's Day"} if dice.randrange(10) == 0 else {},
        opening=opening(dice) if dice.randrange(4) == 0 else None,
        percent=dice.choice([0, 0, 33, 50, 67, 100]),
        now=origin - dice.randint(-30, 30) * MINUTE,
    )


def opening(dice):
    """Opening hours; now and then none on any day."""
    week = {weekday: dice.choice(PERIODS) for weekday in range(7)}
    return opening_hours(week)


def working(dice, origin):
    """Up to three spans of duty, some of them for visits at one branch only."""
    drawn = many(dice, 3, lambda: (spans(dice, origin, 300), place(dice)))
    return {
        "duty": tuple(span for span, _ in drawn),
        "duty_at": {
            branch: tuple(span for span, at in drawn if at in {None, branch})
            for branch in BRANCHES
        },
    }


def group(dice):
    return Group(dice.choice(QUEUES), dice.choice(LANGUAGES), place(dice))


def place(dice):
    """Where a visit is held; more often it is a call."""
    return dice.choice([None, None, None, *BRANCHES])


def places(dice):
    """Where an agent works: everywhere, or at one of the branches."""
    return frozenset(dice.choice([(), (), BRANCHES[:1], BRANCHES[1:], BRANCHES]))


def reading(dice, now):
    age, limit = dice.choice([None, 5, 5, 60, 61]), dice.choice([15, 60, 60, 180])
    read_at = None if age is None else now - age * MINUTE
    return CalendarFreshness(read_at, limit=limit * MINUTE)


def waiting(dice, origin):
    period = spans(dice, origin, 60, late=(0,))
    asked = group(dice)
    return Waiting(
        period, *buffers(dice), asked.queue_id, asked.language, asked.branch_id
    )


def institution(number, busiest=3):
    """Rules, a group, agents, who waits, and four hours around a moment."""
    ruled, asked, calendars, line, window = _institution(number, busiest)
    return ruled, asked, list(calendars), list(line), window


@cache
def _institution(number, busiest):
    """Make an institution once for all laws; nothing in it changes."""
    dice = chance(number)
    zone, moment = moments()[number % len(moments())]
    origin = moment - 2 * 60 * MINUTE
    ruled = rules(dice, zone, origin)
    calendars = [
        Supply(
            agent_id=UUID(int=which),
            name=f"Agent {which}",
            queues=some(dice, QUEUES),
            languages=some(dice, LANGUAGES),
            **working(dice, origin),
            booked=tuple(
                many(
                    dice,
                    busiest,
                    lambda: Booking(spans(dice, origin, 60), *buffers(dice)),
                )
            ),
            busy=tuple(many(dice, 2, lambda: spans(dice, origin, 60))),
            reading=reading(dice, ruled.now) if dice.randrange(4) == 0 else None,
            branches=places(dice),
        )
        for which in range(dice.randint(0, 4))
    ]
    line = many(dice, 3, lambda: waiting(dice, origin))
    return ruled, group(dice), calendars, line, Interval(origin, origin + DAY / 6)


def calm(number):
    """An institution in which agents have at most one appointment."""
    return institution(number, busiest=1)


PERIODS = [
    ((time(0), time(0)),),
    ((time(0), time(0)),),
    ((time(0), time(4)), (time(22), time(0))),
    ((time(1), time(3)), (time(3), time(12))),
    ((time(9), time(17)),),
    ((time(8), time(12)), (time(13), time(20))),
    ((time(0), time(12), BRANCHES[0]), (time(12), time(0), BRANCHES[1])),
    ((time(6), time(15)), (time(15), time(22), BRANCHES[0])),
    (),
]


def hours(dice, day):
    off = day + dice.randint(0, 60) * timedelta(hours=1, seconds=7)
    absent = Interval(off, off + timedelta(hours=dice.randint(1, 20)))
    special = {day.date() + DAY: dice.choice(PERIODS)}
    return AgentHours(
        ZoneInfo(dice.choice(ZONES)),
        {weekday: dice.choice(PERIODS) for weekday in range(7)},
        special if dice.randrange(2) else {},
        (absent,) if dice.randrange(4) == 0 else (),
    )


_DUTY = {}
"""When the agents of each world work, by its number: the same for all laws."""


class World:
    """What a book is told, kept as plain objects beside it."""

    def __init__(self, number):
        self.number = number
        dice = self.dice = chance(number)
        self.zone, moment = moments()[number % len(moments())]
        first = moment.astimezone(self.zone).date() - dice.randrange(2) * DAY
        self.days = [first, first + DAY]
        self.span = Interval(
            local_midnight(first, self.zone), local_midnight(first + 2 * DAY, self.zone)
        )
        self.agents = [
            Agent(
                UUID(int=which),
                f"Agent {which}",
                some(dice, QUEUES),
                some(dice, LANGUAGES),
                hours(dice, self.span.start),
                places(dice),
            )
            for which in range(1, dice.randint(2, 5))
        ]
        self.outside = dice.randrange(4) > 0
        self.readings = {
            agent.id: reading(dice, self.span.start)
            for agent in self.agents
            if self.outside and dice.randrange(3) == 0
        }
        self.sheets = {}
        for _ in range(dice.randint(0, 16)):
            self.put(self.sheet())

    def book(self):
        book = AvailabilityIndex(
            self.agents,
            self.span,
            zone=self.zone,
            outside=self.outside,
            readings=self.readings,
        )
        book.load(self.sheets.values())
        return book

    def put(self, sheet):
        key = sheet.owner_id, sheet.language, sheet.branch_id
        self.sheets[key, sheet.day] = sheet

    def sheet(self):
        """A sheet for anybody and any day."""
        dice = self.dice
        waits = dice.randrange(2)
        owner = dice.choice(QUEUES if waits else [it.id for it in self.agents])
        language = dice.choice(LANGUAGES) if waits else ""
        day = dice.choice(self.days)
        first = floor_minute(local_midnight(day, self.zone))
        last = floor_minute(local_midnight(day + DAY, self.zone))
        rows = []
        for _ in range(dice.randint(0, 3) if first < last else 0):
            start = first + dice.randrange((last - first) // 5) * 5
            kind = 0 if waits else dice.choice([0, 0, 1])
            length = dice.choice([1, 30, 45, 90, 90, 2000 if kind else 60])
            kept = (0, 0) if kind else (dice.choice(BUFFERS), dice.choice(BUFFERS))
            rows.append((start, start + length, *kept, kind))
        spans = np.array(rows, np.int32).reshape(-1, 5)
        return AgentDay(owner, language, day, spans, place(dice) if waits else None)

    def question(self):
        """Rules, a group and a window within the span."""
        dice, start = self.dice, self.span.start
        length = (self.span.end - start) // MINUTE
        begin = dice.randrange(length - 60)
        end = min(begin + dice.choice([60, 300, 600]), length)
        asked = rules(dice, self.zone, start + begin * MINUTE)
        window = Interval(start + begin * MINUTE, start + end * MINUTE)
        return asked, group(dice), window

    def calendars(self):
        return [
            Supply(
                agent_id=agent.id,
                name=agent.name,
                queues=agent.queues,
                languages=agent.languages,
                booked=tuple(Booking(*it) for it in self.rows((agent.id, "", None), 0)),
                busy=tuple(it for it, *_ in self.rows((agent.id, "", None), 1))
                if self.outside
                else (),
                reading=self.readings.get(agent.id),
                branches=agent.branches,
                **duty,
            )
            for agent, duty in zip(self.agents, self.duty, strict=True)
        ]

    @property
    def duty(self):
        """When each agent works; nothing that a test does changes this."""
        if self.number not in _DUTY:
            _DUTY[self.number] = self._worked()
        return _DUTY[self.number]

    def _worked(self):
        wide = self.span.widen(2 * DAY, 2 * DAY)

        def worked(hours):
            return tuple(duty_intervals(hours, wide, frozenset(), self.zone))

        return [
            {
                "duty": worked(it.hours),
                "duty_at": {branch: worked(it.hours.at(branch)) for branch in BRANCHES},
            }
            for it in self.agents
        ]

    def waiting(self):
        return [
            Waiting(*row, *whose)
            for whose in sorted({key for key, _ in self.sheets if key[1]}, key=str)
            for row in self.rows(whose, 0)
        ]

    def rows(self, whose, kind):
        sheets = [
            self.sheets[whose, day] for day in self.days if (whose, day) in self.sheets
        ]
        for start, end, *kept, of_kind in chain.from_iterable(
            it.spans.tolist() for it in sheets
        ):
            if of_kind == kind:
                yield (
                    Interval(instant_at(start), instant_at(end)),
                    *(it * MINUTE for it in kept),
                )
