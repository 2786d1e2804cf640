"""The book against the engine it answers for, on random institutions and changes."""

from dataclasses import fields, replace

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.index import AppointmentKey, CalendarFreshness
from invo_booking.domain.slots.search import NEEDED, AgentSupply, Booking, Group
from invo_booking.domain.wall import ceil_minute, floor_minute, instant_at
from tests.domain.institutions import MINUTE, QUEUES, World, for_all
from tests.domain.reference import (
    ELSEWHERE,
    Waiting,
    busy_reason_at,
    claimants,
    judge,
    open_slots,
    placeable,
    schedules_of,
    spares,
    survey,
    told_waiting,
)


def agree(world, book, question):
    """The book, its kept counts included, says what the engine finds anew."""
    rules, group, window = question
    data = rules, group, schedules_of(world.calendars()), world.waiting()
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
def test_counts_of_several_kinds_follow_changes_made_between_questions(world, dice):
    book, questions = world.book(), [world.question() for _ in range(3)]
    for question in questions:
        book.open_slots(*question)

    for _ in range(dice.randint(2, 5)):
        sheet = world.sheet()
        world.put(sheet)
        book.write(sheet)
        book.open_slots(*dice.choice(questions))

    for rules, group, window in questions:
        assert book.open_slots(rules, group, window) == open_slots(
            rules, group, world.calendars(), world.waiting(), window
        )


@for_all(World)
def test_prepared_index_answers_as_one_that_was_not(world, dice):
    book, question = world.book(), world.question()

    parts = book.preparation(dice.choice([world.span.start, question[0].now]))
    for _ in range(dice.randint(0, 2)):
        next(parts, None)
        sheet = world.sheet()
        world.put(sheet)
        book.write(sheet)
    if dice.randrange(2):
        assert not any(parts)

    agree(world, book, question)


@for_all(World)
def test_book_follows_the_reading_of_calendars(world, dice):
    book, question = world.book(), world.question()
    book.open_slots(*question)
    agent = dice.choice(world.agents).id
    reading = dice.choice(
        [CalendarFreshness(None, "gone"), CalendarFreshness(question[0].now)]
    )

    book.set_freshness(agent, reading)
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
    near, far = (window.widen(k * MINUTE, k * MINUTE) for k in (240, 480))
    book = world.book()

    calendars, line = book.calendars(window), told_waiting(book, window)

    # Whoever competes with those near comes too, from however far away.
    assert same(over(near, line), over(near, world.waiting()))
    assert not [it for it in line if it not in world.waiting()]
    for told, known in zip(calendars, world.calendars(), strict=True):
        assert facts(told) == facts(known)
        assert within(near, told.duty) == within(near, known.duty)
        assert same(over(far, told.booked), over(far, known.booked))
        assert same(meeting(far, told.busy), meeting(far, known.busy))
        assert not [it for it in told.booked if it not in known.booked]
        assert not [it for it in told.busy if it not in known.busy]


@for_all(World)
def test_appointment_that_is_moved_is_left_out_once_and_nothing_else(world, dice):
    book, (rules, group, window) = world.book(), world.question()
    calendars, line = world.calendars(), world.waiting()
    for claimed in dice.sample(taken := all_taken(calendars, line), min(len(taken), 3)):
        rest = less(calendars, line, claimed)
        start = window.start + 7 * MINUTE

        there = book.around(rules, group, window, without=claimed)

        assert there.open_slots(window) == open_slots(rules, group, *rest, window)
        assert there.survey(window) == survey(rules, group, *rest, window)
        assert there.judge(start, on_grid=False) == judge(
            rules, group, *rest, start, on_grid=False
        )


@for_all(World)
def test_agent_is_kept_by_what_the_calendar_holds_or_by_who_would_lose_a_place(
    world, dice
):
    book, (rules, group, window) = world.book(), world.question()
    calendars, line = world.calendars(), world.waiting()
    kept = rules.buffer_before, rules.buffer_after
    claimed = dice.choice([None, *all_taken(calendars, line)])
    agents, left = less(calendars, line, claimed) if claimed else (calendars, line)
    waits = next((it for it in line if claimed and is_of(it, claimed)), None)
    one = dice.choice(agents)
    there = book.around(rules, group, window, agent=one.agent_id, without=claimed)
    for minutes in (0, 7, dice.randrange(60)):
        start = window.start + minutes * MINUTE
        period = Interval(start, start + rules.length)

        why = there.busy_reason(one.agent_id, start)

        expected = busy_reason_at(
            group.branch_id, one, period, *kept, rules.zone, rules.now
        )
        asked = Waiting(period, *kept, group.queue_id, group.language, group.branch_id)
        if not expected and not spares(
            agents, left, one.agent_id, asked, rules.now, waits=waits
        ):
            expected = NEEDED
        assert why == expected
        assert there.is_worked(one.agent_id, start) == (
            expected not in {"Off duty", ELSEWHERE}
        )


@for_all(World)
def test_openings_of_an_agent_are_those_of_the_agent_alone(world):
    book, (rules, group, window) = world.book(), world.question()

    found = book.around(rules, group, window).openings(window)

    for one in world.calendars():
        alone = open_slots(replace(rules, percent=0), group, [one], [], window)
        theirs = found.get(one.agent_id, ())
        assert [it.start for it in theirs] == [it.start for it in alone]


@for_all(World)
def test_nobody_is_left_over_if_and_only_if_all_who_wait_can_be_placed(world):
    calendars, line = world.calendars(), world.waiting()
    if line:
        left = world.book().claims_without_agent(claimants(line))
        assert (not left) == placeable(line, calendars)
        served = [it for index, it in enumerate(line) if index not in left]
        assert placeable(served, calendars)


def all_taken(calendars, line):
    """Every appointment, as the book is told to leave it out."""
    return [
        AppointmentKey(
            it.agent_id,
            Group(QUEUES[0], "en"),
            booked.period,
            booked.before,
            booked.after,
        )
        for it in calendars
        for booked in it.booked
    ] + [AppointmentKey(None, it.group, it.period, it.before, it.after) for it in line]


def less(calendars, line, claimed):
    """All but the one appointment that is claimed."""
    rest = list(line)
    if claimed.agent_id is None:
        rest.remove(next(it for it in line if is_of(it, claimed)))
        return calendars, rest
    agents = []
    for it in calendars:
        booked = list(it.booked)
        if it.agent_id == claimed.agent_id:
            booked.remove(Booking(claimed.period, claimed.before, claimed.after))
        agents.append(replace(it, booked=tuple(booked)))
    return agents, rest


def is_of(waiting, claimed):
    return claimed.agent_id is None and waiting == Waiting(
        claimed.period,
        claimed.before,
        claimed.after,
        claimed.group.queue_id,
        claimed.group.language,
        claimed.group.branch_id,
    )


def facts(calendar):
    kept = {it.name: getattr(calendar, it.name) for it in fields(AgentSupply)}
    return AgentSupply(**kept | {"duty": (), "booked": (), "busy": ()})


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
