"""Why a start is closed, in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain.slots.reasons import (
    ClosingRule,
    Reason,
    ReasonFacts,
    age_in_words,
    customer_sentence,
    explain_rule,
    unread_reason,
)
from invo_booking.domain.slots.supply import CalendarFreshness

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC).astimezone(ZoneInfo("America/Chicago"))
FACTS = ReasonFacts(
    step=timedelta(minutes=15),
    earliest_day=MONDAY,
    window_ends=MONDAY + timedelta(hours=1),
    disabled_window=timedelta(hours=1),
    latest=MONDAY + timedelta(days=60),
    holidays=("Thanksgiving",),
    serving=5,
    designated=3,
    free=1,
    booked=1,
    busy=1,
    buffered=1,
    unknown=("Dana Reyes (never read)",),
    data_age=timedelta(minutes=5),
    percent=50,
)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (ClosingRule.OFF_GRID, "Appointments start every 15 minutes from midnight."),
        (
            ClosingRule.EARLIEST_DAY,
            "Before the first day that can be booked, Monday, November 23.",
        ),
        (
            ClosingRule.DISABLED_WINDOW,
            (
                "Too soon: nothing can start within 60 minutes from now,"
                " so not before Monday, November 23 at 10:00."
            ),
        ),
        (
            ClosingRule.BEYOND_HORIZON,
            (
                "Beyond the last day that can be booked:"
                " it ends Friday, January 22 at 9:00."
            ),
        ),
        (ClosingRule.HOLIDAY, "Closed for Thanksgiving."),
        (
            ClosingRule.OUTSIDE_HOURS,
            "Outside working hours: 0 of 5 agents on duty throughout.",
        ),
        (
            ClosingRule.AGENTS_BUSY,
            (
                "Nobody is free. Of 3 agents on duty, 1 has an appointment"
                " and 1 is busy in their own calendar (data at most 5 minutes old)."
            ),
        ),
        (
            ClosingRule.BUFFERS,
            (
                "Too close to other appointments: 1 of 3 agents on duty would be free"
                " without the time kept free around appointments."
            ),
        ),
        (
            ClosingRule.CALENDAR_UNKNOWN,
            (
                "1 of 3 agents on duty cannot be counted as free, because the"
                " calendar was not read in the last 60 minutes:"
                " Dana Reyes (never read)."
            ),
        ),
        (
            ClosingRule.PERCENT,
            (
                "Only 1 of 3 agents on duty free, fewer than the 50 percent that must"
                " be; 1 busy in their own calendar (data at most 5 minutes old);"
                " not known: Dana Reyes (never read)."
            ),
        ),
        (
            ClosingRule.CAPACITY,
            ("Free: 1 of 3 agents on duty, but needed for unassigned appointments."),
        ),
    ],
)
def test_staff_read_the_rule_with_its_figures(rule, sentence):
    assert explain_rule(rule, FACTS).sentence == sentence


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        ({"booked": 2, "busy": 0}, "Of 3 agents on duty, 2 have an appointment."),
        ({"booked": 0, "data_age": None}, "1 is busy in their own calendar."),
        (
            {"booked": 0, "busy": 2, "data_age": timedelta(minutes=1)},
            "2 are busy in their own calendar (data at most 1 minute old).",
        ),
        (
            {"designated": 1, "booked": 0, "data_age": timedelta(seconds=59)},
            (
                "Of 1 agent on duty, 1 is busy in their own calendar"
                " (data less than a minute old)."
            ),
        ),
    ],
)
def test_staff_read_only_of_those_there_are_and_how_many(count, sentence):
    told = explain_rule(ClosingRule.AGENTS_BUSY, replace(FACTS, **count)).sentence
    assert told.startswith("Nobody is free. Of ")
    assert told.endswith(sentence)


def test_percent_of_agents_who_are_all_known_and_not_busy_needs_no_more_words():
    free = replace(FACTS, busy=0, unknown=())
    assert explain_rule(ClosingRule.PERCENT, free).sentence.endswith("that must be.")


@pytest.mark.parametrize(
    ("minutes", "problem", "told"),
    [
        (None, "", "Ana (never read)"),
        (None, "No such mailbox.", "Ana (never read: No such mailbox)"),
        (61, "", "Ana (last read 61 minutes ago)"),
        (61, "Outlook is down.", "Ana (last read 61 minutes ago: Outlook is down)"),
    ],
)
def test_calendar_that_is_not_known_is_told_with_its_age_and_its_problem(
    minutes, problem, told
):
    read_at = None if minutes is None else MONDAY - timedelta(minutes=minutes)
    reading = CalendarFreshness(read_at, problem)

    assert unread_reason("Ana", reading, MONDAY) == told


def test_three_agents_are_named_and_the_others_counted():
    names = ("Ana", "Ben", "Cem", "Dana", "Eli")

    def named(count):
        facts = replace(FACTS, unknown=names[:count])
        return explain_rule(ClosingRule.CALENDAR_UNKNOWN, facts).sentence

    assert named(3).endswith(": Ana, Ben, Cem.")
    assert named(4).endswith(": Ana, Ben, Cem, 1 more.")
    assert named(5).endswith(": Ana, Ben, Cem, 2 more.")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-90, "less than a minute"),
        (59, "less than a minute"),
        (60, "1 minute"),
        (179, "2 minutes"),
        (120 * 60 - 1, "119 minutes"),
        (120 * 60, "2 hours"),
        (48 * 3600 - 1, "47 hours"),
        (48 * 3600, "2 days"),
    ],
)
def test_length_of_time_is_told_in_the_largest_unit_of_which_there_are_two(
    seconds, words
):
    assert age_in_words(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize("rule", ClosingRule)
def test_every_rule_has_a_sentence_for_staff_and_one_for_the_public(rule):
    reason = explain_rule(rule, FACTS)

    assert reason.sentence.endswith(".")
    assert reason.detail == ("Thanksgiving" if rule == "holiday" else "")
    assert customer_sentence([reason]).endswith(".")


@pytest.mark.parametrize("rule", ClosingRule)
def test_public_never_learns_how_many_agents_there_are(rule):
    assert not any(
        it.isdigit() for it in customer_sentence([explain_rule(rule, FACTS)])
    )


def test_public_reads_only_the_first_reason():
    holiday = explain_rule(ClosingRule.HOLIDAY, FACTS)
    busy = explain_rule(ClosingRule.AGENTS_BUSY, FACTS)

    assert customer_sentence([holiday, busy]) == "We are closed for Thanksgiving."
    assert customer_sentence([busy, holiday]) == "This time has just been taken."


def test_open_start_needs_no_words():
    assert customer_sentence([]) == ""


def test_holiday_without_a_name_is_still_told():
    assert (
        customer_sentence([Reason(ClosingRule.HOLIDAY, "")])
        == "We are closed on this day."
    )
