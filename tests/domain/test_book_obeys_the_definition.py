"""The book against the engine it answers for, on random institutions and changes."""

from dataclasses import replace

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.index import CalendarFreshness, Claimed
from invo_booking.domain.slots.search import judge, open_slots, survey, timetable
from invo_booking.domain.wall import ceil_minute, floor_minute, instant_at
from tests.domain.institutions import MINUTE, QUEUES, World, for_all


def agree(world, book, question):
    """The book, its kept counts included, says what the engine finds anew."""
    rules, group, window = question
    data = rules, group, timetable(world.calendars()), world.waiting()
    assert book.open_slots(*question) == open_slots(*data, window)
    for agent in world.agents[:1]:
        assert book.open_slots(*question, agent=agent.id) == open_slots(
            *data, window, agent=agent.id
        )
    assert book.survey(*question) == survey(*data, window)
    start = window.start + 7 * MINUTE
    assert book.judge(rules, group, start, on_grid=False) == judge(
        *data, start, on_grid=False
    )


@for_all(World)
def test_book_follows_every_change(world, dice):
    book, question = world.book(), world.question()
    book.open_slots(*question)

    for _ in range(dice.randint(1, 4)):
        sheet = world.sheet()
        world.put(sheet)
        book.write(sheet)
        assert book.open_slots(*question) == open_slots(
            *question[:2], world.calendars(), world.waiting(), question[2]
        )

    agree(world, book, question)


@for_all(World)
def test_book_follows_the_reading_of_calendars(world, dice):
    book, question = world.book(), world.question()
    book.open_slots(*question)
    agent = dice.choice(world.agents).id
    reading = dice.choice(
        [CalendarFreshness(None, "gone"), CalendarFreshness(question[0].now)]
    )

    book.read(agent, reading)
    if world.outside:
        world.readings[agent] = reading

    agree(world, book, question)


@for_all(World)
def test_book_follows_the_clock(world, dice):
    book, (rules, group, window) = world.book(), world.question()
    for minutes in (0, 50, dice.randint(0, 200), 10):
        later = replace(rules, now=rules.now + minutes * MINUTE)
        assert book.open_slots(later, group, window) == open_slots(
            later, group, world.calendars(), world.waiting(), window
        )


@for_all(World)
def test_version_rises_with_every_change_of_an_answer(world):
    book, question = world.book(), world.question()
    group = question[1]
    for _ in range(2):
        version = book.version(group)
        before = book.open_slots(*question), book.survey(*question)

        book.write(world.sheet())

        after = book.open_slots(*question), book.survey(*question)
        assert book.version(group) > version or after == before


@for_all(World)
def test_calendars_hold_what_the_book_was_told(world):
    window = world.question()[2]
    near, far = (window.widened(k * MINUTE, k * MINUTE) for k in (240, 480))

    calendars, line = world.book().calendars(window)

    # Whoever competes with those near comes too, from however far away.
    assert same(over(near, line), over(near, world.waiting()))
    assert not [it for it in line if it not in world.waiting()]
    for told, known in zip(calendars, world.calendars(), strict=True):
        assert told.member == known.member
        assert within(near, told.duty) == within(near, known.duty)
        assert same(over(far, told.booked), over(far, known.booked))
        assert same(meeting(far, told.busy), meeting(far, known.busy))
        assert not [it for it in told.booked if it not in known.booked]
        assert not [it for it in told.busy if it not in known.busy]


@for_all(World)
def test_appointment_that_is_moved_is_left_out_once(world):
    book = world.book()
    calendars, line = book.calendars(world.span)
    taken = [
        (it.agent_id, QUEUES[0], "en", booking.period, booking.before, booking.after)
        for it in calendars
        for booking in it.booked
    ] + [
        (None, it.queue_id, it.language, it.period, it.before, it.after) for it in line
    ]
    for claimed in taken[:3]:
        rest, left = book.calendars(world.span, without=Claimed(*claimed))

        assert sum(len(it.booked) for it in rest) + len(left) == len(taken) - 1


def over(window, things):
    return [it for it in things if it.period.overlaps(window)]


def meeting(window, spans):
    return [it for it in spans if it.overlaps(window)]


def same(some, others):
    return sorted(some, key=repr) == sorted(others, key=repr)


def within(window, spans):
    """What lies in a window, in whole minutes."""
    whole = [
        (instant_at(ceil_minute(it.start)), instant_at(floor_minute(it.end)))
        for it in spans
    ]
    return tuple(
        Interval(max(start, window.start), min(end, window.end))
        for start, end in whole
        if max(start, window.start) < min(end, window.end)
    )
