"""The book against the engine it answers for, on random institutions and changes."""

from datetime import date, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invo_booking.domain.book import Agent, Book, Claimed, Reading, Sheet
from invo_booking.domain.hours import AgentHours, duty
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots import (
    Booking,
    Calendar,
    Group,
    Rules,
    Waiting,
    judge,
    open_slots,
    survey,
)
from invo_booking.domain.wall import ceil_minute, floor_minute, instant_at, midnight

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FIRST_DAYS = {
    "America/New_York": [date(2026, 3, 7), date(2026, 10, 31)],
    "Europe/Berlin": [date(2026, 3, 28), date(2026, 10, 24)],
    "Australia/Lord_Howe": [date(2026, 4, 4), date(2026, 10, 3)],
    "Pacific/Apia": [date(2011, 12, 29)],
    "UTC": [date(2026, 12, 31)],
}
QUEUES = [UUID(int=1), UUID(int=2)]
LANGUAGES = ["en", "es"]
BUFFERS = st.sampled_from([0, 0, 5, 20])

laws = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class World:
    """What the book should know, as plain objects."""

    def __init__(self, zone, day, agents, *, closed, outside, readings):
        self.zone, self.agents, self.outside = zone, agents, outside
        self.closed = closed
        self.readings = dict(readings) if outside else {}
        self.days = [day + k * DAY for k in range(3)]
        self.span = Interval(midnight(day, zone), midnight(day + 3 * DAY, zone))
        self.sheets = {}

    def book(self):
        book = Book(
            self.agents,
            self.span,
            closed=frozenset(self.closed),
            zone=self.zone,
            outside=self.outside,
            readings=self.readings,
        )
        book.load(self.sheets.values())
        return book

    def put(self, sheet):
        self.sheets[sheet.owner_id, sheet.language, sheet.day] = sheet

    def calendars(self):
        wide = self.span.widened(2 * DAY, 2 * DAY)
        return [
            Calendar(
                agent_id=agent.id,
                name=agent.name,
                queues=agent.queues,
                languages=agent.languages,
                duty=tuple(duty(agent.hours, wide, frozenset(self.closed), self.zone)),
                booked=tuple(
                    Booking(period, before, after)
                    for period, before, after in self.rows(agent.id, "", 0)
                ),
                busy=tuple(it for it, *_ in self.rows(agent.id, "", 1))
                if self.outside
                else (),
                reading=self.readings.get(agent.id),
            )
            for agent in self.agents
        ]

    def waiting(self):
        return [
            Waiting(period, before, after, owner, language)
            for owner, language in {key[:2] for key in self.sheets if key[1]}
            for period, before, after in self.rows(owner, language, 0)
        ]

    def rows(self, owner, language, kind):
        for (whose, spoken, _), sheet in sorted(
            self.sheets.items(), key=lambda it: it[0][2]
        ):
            if (whose, spoken) == (owner, language):
                for start, end, before, after, of_kind in sheet.spans.tolist():
                    if of_kind == kind:
                        yield instant(start, end), before * MINUTE, after * MINUTE


def subsets(pair):
    """Either, or more often both."""
    return st.sampled_from([pair, pair, pair[:1], pair[1:]]).map(frozenset)


def instant(start, end):
    return Interval(instant_at(start), instant_at(end))


def whole(span):
    """The whole minutes of a span."""
    return instant(ceil_minute(span.start), floor_minute(span.end))


PERIODS = st.sampled_from(
    [
        ((time(0), time(0)),),
        ((time(0), time(0)),),
        ((time(0), time(4)), (time(22), time(0))),
        ((time(1), time(3)), (time(3), time(12))),
        ((time(9), time(17)),),
        ((time(8), time(12)), (time(13), time(20))),
        (),
    ]
)


@st.composite
def hours(draw, day):
    zone = ZoneInfo(draw(st.sampled_from(sorted(FIRST_DAYS))))
    off = day + draw(st.integers(0, 60)) * timedelta(hours=1, seconds=7)
    absent = [Interval(off, off + timedelta(hours=draw(st.integers(1, 20))))]
    return AgentHours(
        zone,
        {weekday: draw(PERIODS) for weekday in range(7)},
        {day.date() + DAY: draw(PERIODS)} if draw(st.booleans()) else {},
        tuple(absent) if draw(st.integers(0, 3)) == 0 else (),
    )


@st.composite
def sheets(draw, world, longest=90):
    """A sheet for anybody and any day of the world."""
    waits = draw(st.booleans())
    owner = draw(st.sampled_from(QUEUES if waits else [it.id for it in world.agents]))
    day = draw(st.sampled_from(world.days))
    first = floor_minute(midnight(day, world.zone))
    last = floor_minute(midnight(day + DAY, world.zone))
    rows = []
    for _ in range(draw(st.integers(0, 3)) if first < last else 0):
        start = first + draw(st.integers(0, (last - first) // 5 - 1)) * 5
        kind = 0 if waits else draw(st.sampled_from([0, 0, 1]))
        buffers = (0, 0) if kind else (draw(BUFFERS), draw(BUFFERS))
        rows.append((start, start + draw(st.integers(1, longest)), *buffers, kind))
    language = draw(st.sampled_from(LANGUAGES)) if waits else ""
    return Sheet(owner, language, day, np.array(rows, np.int32).reshape(-1, 5))


@st.composite
def worlds(draw):
    name = draw(st.sampled_from(sorted(FIRST_DAYS)))
    zone, day = ZoneInfo(name), draw(st.sampled_from(FIRST_DAYS[name]))
    start = midnight(day, zone)
    agents = [
        Agent(
            UUID(int=number),
            f"Agent {number}",
            draw(subsets(QUEUES)),
            draw(subsets(LANGUAGES)),
            draw(hours(start)),
        )
        for number in range(1, draw(st.integers(2, 5)))
    ]
    ages = st.sampled_from([None, 5, 59, 61])
    world = World(
        zone,
        day,
        agents,
        closed={day + DAY: "Founder's Day"} if draw(st.integers(0, 9)) == 0 else {},
        outside=draw(st.integers(0, 3)) > 0,
        readings={
            agent.id: Reading(None if age is None else start - age * MINUTE)
            for agent in agents
            if draw(st.booleans())
            for age in [draw(ages)]
        },
    )
    for _ in range(draw(st.integers(0, 16))):
        world.put(draw(sheets(world)))
    return world


@st.composite
def questions(draw, world):
    start = world.span.start
    rules = Rules(
        zone=world.zone,
        step=draw(st.sampled_from([7, 15, 30, 45, 50])) * MINUTE,
        length=draw(st.sampled_from([5, 15, 30, 90])) * MINUTE,
        buffer_before=draw(BUFFERS) * MINUTE,
        buffer_after=draw(BUFFERS) * MINUTE,
        earliest_day=start + draw(st.sampled_from([0, 0, 600])) * MINUTE,
        disabled_window=draw(st.sampled_from([0, 0, 90])) * MINUTE,
        latest=start + draw(st.sampled_from([9000, 9000, 2000])) * MINUTE,
        weekends_off=draw(st.integers(0, 9)) == 0,
        holidays=world.closed,
        percent=draw(st.sampled_from([0, 0, 50, 67, 100])),
        now=start + draw(st.sampled_from([-60, 0, 1, 300])) * MINUTE,
    )
    group = Group(draw(st.sampled_from(QUEUES)), draw(st.sampled_from(LANGUAGES)))
    length = (world.span.end - start) // MINUTE
    begin = draw(st.integers(0, length - 2))
    end = min(begin + draw(st.sampled_from([60, 600, 9000])), length)
    return rules, group, Interval(start + begin * MINUTE, start + end * MINUTE)


def answers_alike(world, book, question):
    rules, group, window = question
    data = rules, group, world.calendars(), world.waiting()
    assert book.open_slots(*question) == open_slots(*data, window)
    for agent in world.agents:
        assert book.open_slots(*question, agent=agent.id) == open_slots(
            *data, window, agent=agent.id
        )
    assert book.survey(*question) == survey(*data, window)
    start = window.start
    assert book.judge(rules, group, start) == judge(*data, start)


@laws
@given(st.data())
def test_book_answers_like_the_engine(data):
    world = data.draw(worlds())

    answers_alike(world, world.book(), data.draw(questions(world)))


@laws
@given(st.data())
def test_book_follows_every_change(data):
    world = data.draw(worlds())
    book = world.book()
    question = data.draw(questions(world))
    book.open_slots(*question)

    for _ in range(data.draw(st.integers(1, 6))):
        sheet = data.draw(sheets(world))
        world.put(sheet)
        book.write(sheet)
        answers_alike(world, book, question)

    answers_alike(world, book, data.draw(questions(world)))


@laws
@given(st.data())
def test_book_follows_the_reading_of_calendars(data):
    world = data.draw(worlds())
    book = world.book()
    question = data.draw(questions(world))
    book.open_slots(*question)

    agent = data.draw(st.sampled_from(world.agents)).id
    reading = data.draw(
        st.sampled_from([Reading(None, "gone"), Reading(world.span.start)])
    )
    book.read(agent, reading)
    if world.outside:
        world.readings[agent] = reading

    answers_alike(world, book, question)


@laws
@given(st.data())
def test_version_rises_with_every_change_of_an_answer(data):
    world = data.draw(worlds())
    book = world.book()
    question = data.draw(questions(world))
    group = question[1]
    for _ in range(3):
        version = book.version(group)
        before = book.open_slots(*question), book.survey(*question)

        book.write(data.draw(sheets(world)))

        after = book.open_slots(*question), book.survey(*question)
        assert book.version(group) > version or after == before


@laws
@given(st.data())
def test_calendars_hold_what_the_book_was_told(data):
    world = data.draw(worlds())
    book = world.book()
    window = data.draw(questions(world))[2]
    near, far = (window.widened(k * MINUTE, k * MINUTE) for k in (240, 480))

    calendars, waiting = book.calendars(window)

    assert sorted(waiting, key=repr) == sorted(
        (it for it in world.waiting() if it.period.overlaps(far)), key=repr
    )
    for told, known in zip(calendars, world.calendars(), strict=True):
        assert (told.agent_id, told.name, told.reading) == (
            known.agent_id,
            known.name,
            known.reading,
        )
        assert told.duty == tuple(
            Interval(max(it.start, near.start), min(it.end, near.end))
            for it in map(whole, known.duty)
            if it.overlaps(near)
        )
        assert sorted(told.booked, key=repr) == sorted(
            (it for it in known.booked if it.period.overlaps(far)), key=repr
        )
        assert sorted(told.busy) == sorted(it for it in known.busy if it.overlaps(far))


@laws
@given(st.data())
def test_appointment_that_is_moved_is_left_out_once(data):
    world = data.draw(worlds())
    book = world.book()
    calendars, waiting = book.calendars(world.span)
    taken = [
        (it.agent_id, QUEUES[0], "en", booking.period, booking.before, booking.after)
        for it in calendars
        for booking in it.booked
    ] + [
        (None, it.queue_id, it.language, it.period, it.before, it.after)
        for it in waiting
    ]
    for claimed in taken:
        rest, line = book.calendars(world.span, without=Claimed(*claimed))
        left = sum(len(it.booked) for it in rest) + len(line)
        assert left == len(taken) - 1
