"""Why a start is closed, in words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain.slots.reasons import (
    ClosingRule,
    Reason,
    ReasonFacts,
    customer_sentence,
    explain_rule,
)

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
            "Before the first day that can be booked, Monday 23 November.",
        ),
        (
            ClosingRule.DISABLED_WINDOW,
            (
                "Too soon: nothing can start within 60 minutes from now,"
                " so not before Monday 23 November at 10:00."
            ),
        ),
        (ClosingRule.HOLIDAY, "Closed for Thanksgiving."),
        (
            ClosingRule.OUTSIDE_HOURS,
            "Outside working hours: none of 5 agents is on duty throughout.",
        ),
        (
            ClosingRule.AGENTS_BUSY,
            (
                "Nobody is free: of 3 agents on duty 1 has an appointment"
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
    ],
)
def test_staff_read_the_rule_with_its_figures(rule, sentence):
    assert explain_rule(rule, FACTS).sentence == sentence


@pytest.mark.parametrize("rule", ClosingRule)
def test_every_rule_has_a_sentence_for_staff_and_one_for_the_public(rule):
    reason = explain_rule(rule, FACTS)

    assert reason.sentence.endswith(".")
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
