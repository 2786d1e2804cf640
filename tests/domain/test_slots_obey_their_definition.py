"""The engine against the definition, on random institutions."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invo_booking.domain.capacity import placeable
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots import (
    Booking,
    Calendar,
    Group,
    Rules,
    Waiting,
    is_free,
    judge,
    open_slots,
    timetable,
)
from tests.domain import definition

MINUTE = timedelta(minutes=1)
ORIGINS = {  # an hour or two before the clock does something odd, where it does
    "America/New_York": ["2026-03-08T05:00Z", "2026-11-01T04:00Z"],
    "Europe/Berlin": ["2026-03-28T23:00Z", "2026-10-24T22:00Z"],
    "Australia/Lord_Howe": ["2026-04-04T13:00Z", "2026-10-03T13:30Z"],
    "Pacific/Apia": ["2011-12-30T08:00Z"],
    "Asia/Kathmandu": ["2026-05-01T12:00Z"],
    "UTC": ["2026-12-31T22:00Z"],
}
QUEUES = [UUID(int=1), UUID(int=2)]
LANGUAGES = ["en", "es"]
BUFFERS = st.sampled_from([0, 0, 5, 10, 20]).map(lambda it: it * MINUTE)

laws = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def spans(origin, longest, late=(0, 0, 31)):
    """Spans within six hours; most on the five minutes, some a few seconds late."""
    return st.builds(
        lambda start, length, late: Interval(
            origin + start * 5 * MINUTE + timedelta(seconds=late),
            origin + (start + length) * 5 * MINUTE + timedelta(seconds=late),
        ),
        start=st.integers(0, 72),
        length=st.integers(1, longest // 5),
        late=st.sampled_from(late),
    )


def subsets(options):
    return st.frozensets(st.sampled_from(options), min_size=1)


@st.composite
def institutions(draw, busiest=4):
    """Rules, a group, agents, appointments that wait, and a window."""
    name = draw(st.sampled_from(sorted(ORIGINS)))
    origin = datetime.fromisoformat(draw(st.sampled_from(ORIGINS[name])))
    rules = Rules(
        zone=ZoneInfo(name),
        step=draw(st.sampled_from([5, 7, 15, 30, 45, 50])) * MINUTE,
        length=draw(st.sampled_from([5, 15, 30, 40, 90])) * MINUTE,
        buffer_before=draw(BUFFERS),
        buffer_after=draw(BUFFERS),
        earliest_day=origin + draw(st.integers(-60, 60)) * MINUTE,
        disabled_window=draw(st.integers(0, 60)) * MINUTE,
        latest=origin + draw(st.integers(200, 500)) * MINUTE,
        weekends_off=draw(st.integers(0, 9)) == 0,
        holidays={origin.date(): "Founder's Day"}
        if draw(st.integers(0, 9)) == 0
        else {},
        percent=draw(st.sampled_from([0, 0, 33, 50, 67, 100])),
        now=origin - draw(st.integers(-30, 30)) * MINUTE,
    )
    group = Group(draw(st.sampled_from(QUEUES)), draw(st.sampled_from(LANGUAGES)))
    calendars = [
        Calendar(
            agent_id=UUID(int=number),
            name=f"Agent {number}",
            queues=draw(subsets(QUEUES)),
            languages=draw(subsets(LANGUAGES)),
            duty=tuple(draw(st.lists(spans(origin, 400), max_size=3))),
            booked=tuple(
                draw(
                    st.lists(
                        st.builds(Booking, spans(origin, 60), BUFFERS, BUFFERS),
                        max_size=busiest,
                    )
                )
            ),
            busy=tuple(draw(st.lists(spans(origin, 60), max_size=2))),
        )
        for number in range(draw(st.integers(0, 4)))
    ]
    waiting = draw(
        st.lists(
            st.builds(
                Waiting,
                spans(origin, 60, late=(0,)),
                BUFFERS,
                BUFFERS,
                st.sampled_from(QUEUES),
                st.sampled_from(LANGUAGES),
            ),
            max_size=4,
        )
    )
    return (
        rules,
        group,
        calendars,
        waiting,
        Interval(origin, origin + timedelta(hours=6)),
    )


@laws
@given(institutions())
def test_slots_are_exactly_those_of_the_definition(institution):
    assert open_slots(*institution) == definition.open_starts(*institution)


@laws
@given(institutions(), st.integers(0, 400))
def test_judging_a_start_says_what_the_definition_says(institution, minute):
    *data, window = institution
    start = window.start + minute * MINUTE

    verdict = judge(*data, start)

    assert (verdict.open, verdict.free, verdict.designated) == definition.verdict(
        *data, start
    )


@laws
@given(institutions())
def test_start_is_offered_if_and_only_if_it_is_judged_open(institution):
    *data, window = institution
    offered = {slot.start for slot in open_slots(*institution)}

    judged = {
        start
        for start in definition.minutes_of(window)
        if start.minute % 5 == 0 and judge(*data, start).open
    }

    assert judged == {start for start in offered if start.minute % 5 == 0}


@laws
@given(institutions())
def test_closed_start_has_a_reason_and_an_open_one_an_agent(institution):
    *data, window = institution

    for start in (window.start + k * 17 * MINUTE for k in range(20)):
        verdict = judge(*data, start)
        assert bool(verdict.reasons) is not verdict.open
        assert all(reason.sentence for reason in verdict.reasons)
        assert not verdict.open or verdict.placeable
        assert list(verdict.placeable) == sorted(verdict.placeable)
        assert len(verdict.placeable) <= verdict.free <= verdict.designated


@laws
@given(institutions(), st.data())
def test_adding_busy_time_never_adds_slots(institution, data):
    rules, group, calendars, waiting, window = institution
    more = [
        replace(it, busy=(*it.busy, data.draw(spans(window.start, 90))))
        for it in calendars
    ]

    before = {slot.start for slot in open_slots(*institution)}
    after = {slot.start for slot in open_slots(rules, group, more, waiting, window)}

    assert after <= before


@laws
@given(institutions(), st.data())
def test_one_more_appointment_never_adds_slots(institution, data):
    rules, group, calendars, waiting, window = institution
    another = data.draw(
        st.builds(
            Waiting,
            spans(window.start, 60, late=(0,)),
            BUFFERS,
            BUFFERS,
            st.sampled_from(QUEUES),
            st.sampled_from(LANGUAGES),
        )
    )

    before = {slot.start for slot in open_slots(*institution)}
    after = open_slots(rules, group, calendars, [*waiting, another], window)

    assert {slot.start for slot in after} <= before


@laws
@given(institutions(), st.randoms(use_true_random=False))
def test_order_of_the_input_is_irrelevant(institution, dice):
    rules, group, calendars, waiting, window = institution

    def shuffled(things):
        return dice.sample(list(things), len(things))

    mixed = [
        replace(
            it,
            duty=tuple(shuffled(it.duty)),
            booked=tuple(shuffled(it.booked)),
            busy=tuple(shuffled(it.busy)),
        )
        for it in shuffled(calendars)
    ]
    line = shuffled(waiting)
    start = window.start + 90 * MINUTE

    assert open_slots(rules, group, mixed, line, window) == open_slots(*institution)
    assert judge(rules, group, mixed, line, start) == judge(*institution[:4], start)


@laws
@given(institutions(), st.lists(st.integers(1, 359), max_size=3, unique=True))
def test_slots_of_all_days_together_are_those_of_the_whole_span(institution, cuts):
    *data, window = institution
    bounds = [window.start + it * MINUTE for it in [0, *sorted(cuts), 360]]

    pieces = [
        slot
        for start, end in pairwise(bounds)
        for slot in open_slots(*data, Interval(start, end))
    ]

    assert pieces == open_slots(*institution)


@laws
@given(institutions())
def test_kept_timetable_answers_like_the_calendars_it_was_made_of(institution):
    rules, group, calendars, waiting, window = institution

    kept = open_slots(rules, group, timetable(calendars), waiting, window)

    assert kept == open_slots(*institution)


@laws
@given(institutions(busiest=1))
def test_agents_said_to_be_placeable_are_free_and_leave_nobody_stranded(institution):
    rules, group, calendars, waiting, window = institution
    start = window.start + 120 * MINUTE
    period = Interval(start, start + rules.length)
    buffers = rules.buffer_before, rules.buffer_after
    served = placeable(waiting, calendars)

    for agent in judge(rules, group, calendars, waiting, start).placeable:
        given_to = [
            replace(it, booked=(*it.booked, Booking(period, *buffers)))
            if it.agent_id == agent
            else it
            for it in calendars
        ]
        assert is_free(_named(calendars, agent), period, *buffers) == ""
        assert not served or placeable(waiting, given_to)


@laws
@given(institutions(busiest=1))
def test_filling_every_open_slot_never_strands_anybody(institution):
    rules, group, calendars, _, window = institution
    line = []

    while slots := open_slots(rules, group, calendars, line, window):
        slot = slots[len(line) % len(slots)]
        line.append(
            Waiting(
                Interval(slot.start, slot.end),
                rules.buffer_before,
                rules.buffer_after,
                group.queue_id,
                group.language,
            )
        )

    assert placeable(line, calendars)


def _named(calendars, agent):
    return next(it for it in calendars if it.agent_id == agent)
