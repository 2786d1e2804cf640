"""Every rule that can close a start is read on a gray slot, in the engine's words."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.reasons import ClosingRule
from invo_booking.settings import calendars, time
from tests.e2e.pages.public import SchedulePage
from tests.e2e.pages.staff import BookingsPage
from tests.support.counter import HALF_HOUR, QUEUE, TOPIC, Counter

pytestmark = pytest.mark.browser

MANAGER = "tom@harbor.example"
DAYS = 24 * 60


@dataclass(frozen=True)
class Asked:
    """A start that is closed, and the topic it is closed for."""

    start: datetime
    topic: UUID | None = None


@pytest.fixture(scope="module")
def kept_counter(house) -> Iterator[Counter]:
    if house.folder is None:
        pytest.skip("the data folder of the running demo is not known")
    with Counter(house.folder) as counter:
        yield counter


@pytest.fixture
def counter(kept_counter) -> Iterator[Counter]:
    yield kept_counter
    kept_counter.clear()


def past(counter: Counter) -> Asked:
    day = counter.today() - timedelta(days=1)
    return Asked(counter.at(day, 12))


def earliest_day(counter: Counter) -> Asked:
    counter.set(time.PUBLIC_EARLIEST_DAY, "20")
    return Asked(counter.at(counter.working_day(), 10))


def disabled_window(counter: Counter) -> Asked:
    counter.set(time.PUBLIC_WINDOW, str(7 * DAYS))
    return Asked(counter.at(counter.working_day(), 10))


def beyond_horizon(counter: Counter) -> Asked:
    counter.set(time.HORIZON, "1")
    return Asked(counter.at(counter.working_day(4), 10))


def weekend(counter: Counter) -> Asked:
    day = counter.working_day()
    while day.weekday() < 5:
        day += timedelta(days=1)
    return Asked(counter.at(day, 10))


def holiday(counter: Counter) -> Asked:
    day = counter.working_day(10)
    counter.holiday(day, "Founders' Day")
    return Asked(counter.at(day, 10))


def closed_hours(counter: Counter) -> Asked:
    counter.opens(*(f"{day} 09:00-12:00" for day in range(5)))
    return Asked(counter.at(counter.working_day(), 14))


def outside_hours(counter: Counter) -> Asked:
    return Asked(counter.at(counter.working_day(), 16, 45))


def agents_busy(counter: Counter) -> Asked:
    start = counter.at(counter.working_day(), 10)
    counter.book(start, "Ada")
    counter.book(start, "Bob")
    return Asked(start)


def buffers(counter: Counter) -> Asked:
    topic = counter.topic("With a rest", buffer_after_minutes=30)
    start = counter.at(counter.working_day(), 10)
    counter.book(start + HALF_HOUR, "Ada")
    counter.book(start + HALF_HOUR, "Bob")
    return Asked(start, topic)


def calendar_unknown(counter: Counter) -> Asked:
    counter.set(calendars.COMPUTE_AVAILABILITY, "on")
    for agent in ("Ada", "Bob"):
        counter.reading(agent, None, "Mailbox not found")
    return Asked(counter.at(counter.working_day(), 10))


def percent(counter: Counter) -> Asked:
    counter.set(calendars.FREE_PERCENT, "60")
    start = counter.at(counter.working_day(), 10)
    counter.book(start, "Ada")
    return Asked(start)


def capacity(counter: Counter) -> Asked:
    start = counter.at(counter.working_day(), 10)
    counter.book(start, "Ada")
    counter.book(start)
    return Asked(start)


CASES: dict[ClosingRule, Callable[[Counter], Asked]] = {
    ClosingRule.PAST: past,
    ClosingRule.EARLIEST_DAY: earliest_day,
    ClosingRule.DISABLED_WINDOW: disabled_window,
    ClosingRule.BEYOND_HORIZON: beyond_horizon,
    ClosingRule.WEEKEND: weekend,
    ClosingRule.HOLIDAY: holiday,
    ClosingRule.CLOSED_HOURS: closed_hours,
    ClosingRule.OUTSIDE_HOURS: outside_hours,
    ClosingRule.AGENTS_BUSY: agents_busy,
    ClosingRule.BUFFERS: buffers,
    ClosingRule.CALENDAR_UNKNOWN: calendar_unknown,
    ClosingRule.PERCENT: percent,
    ClosingRule.CAPACITY: capacity,
}
ELSEWHERE = {ClosingRule.OFF_GRID, ClosingRule.NOBODY_DESIGNATED}
"""No start of a lane is off the grid, and a lane nobody serves is asked for apart."""


def test_every_rule_is_read_by_some_test():
    assert CASES.keys() | ELSEWHERE == set(ClosingRule)


def day_of(counter: Counter, start: datetime) -> date:
    return start.astimezone(counter.zone).date()


@pytest.mark.parametrize("rule", CASES)
def test_grey_slot_says_on_focus_and_hover_which_rule_closed_it(
    rule, counter, visitor, signed_in, picture
):
    asked = CASES[rule](counter)
    judged = counter.why(asked.start, asked.topic)
    (sentence,) = (it.sentence for it in judged.reasons if it.rule is rule)
    page = visitor(**signed_in(MANAGER))
    bookings = BookingsPage(page)

    bookings.open_queues(day_of(counter, asked.start), asked.topic)
    slot = bookings.grey_slot(QUEUE, asked.start.astimezone(counter.zone))

    if rule not in {
        ClosingRule.PAST,
        ClosingRule.DISABLED_WINDOW,
    }:  # these tell the present minute
        expect(slot).to_have_accessible_name(re.compile(re.escape(sentence)))
    assert same(sentence) in same(bookings.why_on_focus(slot))
    assert same(sentence) in same(bookings.why_on_hover(slot))
    picture(page, rule.value)


def same(words: str) -> str:
    """Return words without the times of day, which go on while a test looks."""
    return re.sub(r"\d\d:\d\d|\d+ (minutes?|hours?|days?)", "…", words)


def test_queue_nobody_serves_in_a_language_says_so(counter, visitor, signed_in):
    counter.topic("In Spanish", languages=["es"])
    page = visitor(**signed_in(MANAGER))
    bookings = BookingsPage(page)
    day = counter.working_day()

    bookings.open_queues(day)
    slot = bookings.grey_slot(f"{QUEUE}, Spanish", counter.at(day, 10), whole_day=True)

    why = bookings.why_on_focus(slot)
    assert "No agent serves this queue in this language." in why


def test_typed_time_off_the_grid_says_so_in_the_form(counter, visitor, signed_in):
    page = visitor(**signed_in(MANAGER))
    bookings = BookingsPage(page)
    form = bookings.begin_appointment()

    bookings.choose_time(form, TOPIC, counter.working_day(), "10:07")

    expect(form.get_by_text("Appointments start every 15 minutes")).to_be_visible()


def test_form_lists_closed_times_with_the_reason_and_takes_an_open_one(
    counter, visitor, signed_in, picture
):
    day = counter.working_day()
    for agent in ("Ada", "Bob"):
        counter.book(counter.at(day, 10), agent)
    page = visitor(**signed_in(MANAGER))
    bookings = BookingsPage(page)
    form = bookings.begin_appointment()
    bookings.choose_time(form, TOPIC, day, "11:00")

    closed = form.get_by_role("button", name="10:00", exact=True)
    expect(closed).to_be_disabled()
    expect(closed).to_have_accessible_description(
        re.compile("Nobody is free. Of 2 agents on duty, 2 have an appointment")
    )
    picture(page, "times")

    form.get_by_role("button", name="10:30", exact=True).click()
    expect(form.get_by_label("Time", exact=True)).to_have_value("10:30")


def test_own_calendar_of_an_agent_is_told_on_the_agents_lane(
    counter, visitor, signed_in, picture
):
    counter.set(calendars.COMPUTE_AVAILABILITY, "on")
    day = counter.working_day()
    start = counter.at(day, 10)
    counter.busy("Ada", Interval(start, start + HALF_HOUR))
    counter.reading("Bob", None, "Mailbox not found")
    page = visitor(width=4000, **signed_in(MANAGER))
    bookings = BookingsPage(page)

    bookings.open("team", "day", day)

    ada = bookings.grey_slot("Ada", start.astimezone(counter.zone))
    bob = bookings.grey_slot("Bob", start.astimezone(counter.zone))
    assert "Busy in their own calendar 10:00-10:30, read" in bookings.why_on_focus(ada)
    assert "Calendar not known: Bob (never read" in bookings.why_on_focus(bob)
    picture(page, "own-calendar")


def test_arrow_keys_go_along_a_lane_and_escape_hides_the_answer(
    counter, visitor, signed_in
):
    day = counter.working_day()
    for hour in (10, 14):
        for agent in ("Ada", "Bob"):
            counter.book(counter.at(day, hour), agent)
    page = visitor(**signed_in(MANAGER))
    bookings = BookingsPage(page)
    bookings.open_queues(day)
    slot = bookings.grey_slot(QUEUE, counter.at(day, 10).astimezone(counter.zone))
    page.keyboard.press("Tab")
    slot.focus()

    page.keyboard.press("ArrowRight")
    expect(bookings.why).to_contain_text("Why not 13:45")
    page.keyboard.press("Escape")
    expect(bookings.why).to_be_hidden()
    page.keyboard.press("Enter")
    expect(bookings.why).to_be_visible()


def test_long_press_answers_and_begins_no_appointment(counter, visitor, signed_in):
    day = counter.working_day()
    page = visitor(has_touch=True, **signed_in(MANAGER))
    bookings = BookingsPage(page)
    bookings.open_queues(day)
    slot = bookings.grey_slot(QUEUE, counter.at(day, 16, 45).astimezone(counter.zone))

    bookings.press_long(slot)

    expect(bookings.why).to_contain_text("Outside working hours")
    expect(page.get_by_role("complementary", name="New appointment")).to_have_count(0)


def test_answer_to_a_long_press_stays_where_the_calendar_could_scroll(
    counter, visitor, signed_in
):
    day = counter.working_day()
    page = visitor(has_touch=True, **signed_in(MANAGER))
    bookings = BookingsPage(page)
    bookings.open_queues(day)
    slot = bookings.grey_slot(QUEUE, counter.at(day, 8, 45).astimezone(counter.zone))

    bookings.press_long_at_lower_edge(slot)

    expect(bookings.why).to_contain_text("Outside working hours")
    expect(page.get_by_role("complementary", name="New appointment")).to_have_count(0)


def test_customer_reads_in_few_words_why_a_day_has_no_times(
    house, counter, visitor, picture
):
    full, closed = counter.working_day(), counter.working_day(10)
    counter.holiday(closed, "Founders' Day")
    for half_hours in range(16):
        start = counter.at(full, 9) + half_hours * HALF_HOUR
        for agent in ("Ada", "Bob"):
            counter.book(start, agent)
    page = visitor()
    schedule = SchedulePage(page, house.url)
    schedule.open()

    schedule.choose_topic(TOPIC)
    schedule.show_weeks(full)
    assert schedule.why_shut(full) == "fully booked"
    picture(page, "full")

    schedule.show_weeks(closed)
    assert schedule.why_shut(closed) == "closed for Founders' Day"
