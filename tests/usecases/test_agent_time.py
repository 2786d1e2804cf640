"""What an agent's lane says agrees with what the engine says of the agent."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.search import AgentSupply, Booking, CalendarFreshness
from invo_booking.usecases.staff.agent_time import Days, SpanKind, unavailable_spans
from tests.domain.reference import busy_reason

MINUTE = timedelta(minutes=1)
MIDNIGHT = datetime(2026, 11, 23, 6, tzinfo=UTC)
"""Monday 23 November 2026, 0:00 in Chicago."""

WINDOW = Interval(MIDNIGHT, MIDNIGHT + timedelta(days=7))
STEPS = 7 * 24 * 4
DAYS = Days(
    zone=ZoneInfo("America/Chicago"),
    now=MIDNIGHT,
    holidays={date(2026, 11, 26): "Thanksgiving"},
    weekends_off=True,
)

spans = st.builds(
    lambda start, length: Interval(
        MIDNIGHT + start * 15 * MINUTE, MIDNIGHT + (start + length) * 15 * MINUTE
    ),
    start=st.integers(-8, STEPS),
    length=st.integers(1, 60),
)
buffers = st.sampled_from([timedelta(), 10 * MINUTE, 60 * MINUTE])
bookings = st.builds(Booking, spans, buffers, buffers)
readings = st.sampled_from(
    [
        None,
        CalendarFreshness(None, "Never asked"),
        CalendarFreshness(MIDNIGHT - 4 * MINUTE),
        CalendarFreshness(MIDNIGHT - 61 * MINUTE),
    ]
)
calendars = st.builds(
    lambda duty, booked, busy, reading: AgentSupply(
        agent_id=UUID(int=1),
        name="Ana",
        queues=frozenset(),
        languages=frozenset(),
        duty=tuple(duty),
        booked=tuple(booked),
        busy=tuple(busy),
        reading=reading,
    ),
    duty=st.lists(spans, max_size=4),
    booked=st.lists(bookings, max_size=3),
    busy=st.lists(spans, max_size=3),
    reading=readings,
)


@given(calendars)
def test_minute_is_told_closed_if_and_only_if_the_agent_is_not_free_for_it(calendar):
    told = unavailable_spans(calendar, WINDOW, (), DAYS)

    for step in range(0, STEPS, 3):
        minute = Interval(start := MIDNIGHT + step * 15 * MINUTE, start + MINUTE)
        closed = bool(DAYS.closure_words(start.astimezone(DAYS.zone).date())[0])
        is_told = any(span.starts_at <= start < span.ends_at for span in told)
        assert is_told == (closed or bool(busy_reason(calendar, minute, now=DAYS.now)))


@given(calendars, st.lists(spans, max_size=2))
def test_parts_lie_apart_each_on_one_date_and_say_why(calendar, shown):
    told = unavailable_spans(calendar, WINDOW, shown, DAYS)

    for span, following in pairwise(told):
        assert span.ends_at <= following.starts_at
    for span in told:
        last = (span.ends_at - MINUTE).astimezone(DAYS.zone).date()
        assert span.starts_at.astimezone(DAYS.zone).date() == last
        assert WINDOW.covers(Interval(span.starts_at, span.ends_at))
        assert all(sentence.endswith(".") for sentence in span.sentences)
        hidden = [one for one in shown if span.kind is not SpanKind.OFF]
        period = Interval(span.starts_at, span.ends_at)
        assert not any(period.overlaps(one) for one in hidden)


def test_busy_time_tells_how_old_the_data_is():
    ten = MIDNIGHT + timedelta(hours=10)
    calendar = AgentSupply(
        agent_id=UUID(int=1),
        name="Ana",
        queues=frozenset(),
        languages=frozenset(),
        duty=(WINDOW,),
        busy=(Interval(ten, ten + 30 * MINUTE),),
        reading=CalendarFreshness(MIDNIGHT - 4 * MINUTE),
    )

    first = unavailable_spans(calendar, WINDOW, (), DAYS)[0]

    assert first.kind is SpanKind.BUSY
    assert first.sentences == (
        "Busy in their own calendar 10:00-10:30, read 4 minutes ago.",
    )
