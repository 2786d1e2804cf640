"""What the clock makes of an appointment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from invo_booking.domain.appointment import (
    LATE_NOTICE,
    Appointment,
    Channel,
    Customer,
    JoinRules,
    Phase,
    Status,
    appointment_phase,
    is_late,
    is_waited_for,
    joinable_from,
    late_from,
    may_report_late,
    reportable_from,
    status_when_over,
)
from invo_booking.domain.interval import Interval

TEN = datetime(2026, 11, 23, 16, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RULES = JoinRules(opens_before=10 * MINUTE, wait=15 * MINUTE)
CONFIRMED = Appointment(
    id=UUID(int=1),
    status=Status.CONFIRMED,
    answer_id=None,
    title="Mortgage advice",
    queue_id=UUID(int=2),
    language="en",
    channel=Channel.VIDEO,
    starts_at=TEN,
    ends_at=TEN + 30 * MINUTE,
    customer=Customer(name="Ana"),
    requested_at=TEN - timedelta(days=1),
)
REQUESTED = replace(
    CONFIRMED, status=Status.REQUESTED, confirm_by=TEN - timedelta(hours=20)
)


@pytest.mark.parametrize(
    ("minute", "expected"),
    [
        (-11, Phase.UPCOMING),
        (-10, Phase.JOINABLE),
        (14, Phase.JOINABLE),
        (15, Phase.LATE),
        (29, Phase.LATE),
        (30, Phase.ENDED),
    ],
)
def test_confirmed_appointment_goes_through_its_phases(minute, expected):
    assert appointment_phase(CONFIRMED, RULES, TEN + minute * MINUTE) is expected


@pytest.mark.parametrize("minute", [-5, 0, 20, 29])
def test_customer_who_has_joined_is_in_the_call_and_never_late(minute):
    joined = replace(CONFIRMED, joined_at=TEN - 5 * MINUTE)

    assert appointment_phase(joined, RULES, TEN + minute * MINUTE) is Phase.IN_CALL
    assert not is_late(joined, RULES, TEN + minute * MINUTE)


@pytest.mark.parametrize(
    ("joined_at", "status", "now_is"),
    [
        (None, Status.ENDED, Phase.ENDED),
        (TEN, Status.COMPLETED, Phase.COMPLETED),
    ],
)
def test_time_alone_completes_only_what_somebody_came_to(joined_at, status, now_is):
    over = replace(CONFIRMED, joined_at=joined_at)
    closed = replace(over, status=status_when_over(over))

    assert closed.status is status
    assert {appointment_phase(it, RULES, over.ends_at) for it in (over, closed)} == {
        now_is
    }


def test_request_waits_to_be_confirmed_and_then_expires():
    deadline = REQUESTED.confirm_by

    assert appointment_phase(REQUESTED, RULES, deadline - MINUTE) is Phase.REQUESTED
    assert appointment_phase(REQUESTED, RULES, deadline) is Phase.EXPIRED
    assert REQUESTED.has_expired(deadline)


def test_request_without_a_deadline_never_expires():
    unlimited = replace(REQUESTED, confirm_by=None)

    assert not unlimited.has_expired(TEN)
    assert appointment_phase(unlimited, RULES, TEN) is Phase.REQUESTED
    assert appointment_phase(unlimited, RULES, unlimited.ends_at) is Phase.ENDED


@pytest.mark.parametrize(
    ("requested", "deadline"), [(-60, -30), (-30, 0), (-29, 0), (-1, 0)]
)
def test_request_is_confirmed_in_time_and_never_after_its_start(requested, deadline):
    made = replace(REQUESTED, requested_at=TEN + requested * MINUTE)
    asked = made.confirmable_for(30 * MINUTE)

    assert asked == replace(made, confirm_by=TEN + deadline * MINUTE)
    late = replace(asked, confirm_by=TEN + 5 * MINUTE)
    assert late.has_expired(TEN)
    assert not late.has_expired(TEN - MINUTE)


def test_confirmed_appointment_gets_no_deadline():
    assert CONFIRMED.confirmable_for(30 * MINUTE) == CONFIRMED


@pytest.mark.parametrize(
    ("has_proof", "confirmed_at", "is_proven"),
    [(True, TEN, True), (True, None, False), (False, TEN, False)],
)
def test_contact_is_proven_by_a_confirmation_that_proves_it(
    has_proof, confirmed_at, is_proven
):
    confirmed = replace(CONFIRMED, has_proof=has_proof, confirmed_at=confirmed_at)

    assert confirmed.is_proven is is_proven


@pytest.mark.parametrize("channel", Channel)
def test_only_an_appointment_at_the_branch_is_a_visit(channel):
    assert replace(CONFIRMED, channel=channel).is_visit is (channel == "branch")


def test_agent_is_taken_for_the_buffers_too():
    kept = replace(CONFIRMED, buffer_before=5 * MINUTE, buffer_after=10 * MINUTE)

    assert kept.buffered_period == Interval(TEN - 5 * MINUTE, TEN + 40 * MINUTE)


def test_confirmed_appointment_does_not_expire():
    assert not replace(CONFIRMED, confirm_by=TEN - MINUTE).has_expired(TEN)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.CANCELLED, Phase.CANCELLED),
        (Status.EXPIRED, Phase.EXPIRED),
        (Status.COMPLETED, Phase.COMPLETED),
        (Status.ENDED, Phase.ENDED),
        (Status.NO_SHOW, Phase.NO_SHOW),
    ],
)
def test_what_is_over_stays_over_whatever_the_clock_says(status, expected):
    over = replace(CONFIRMED, status=status)

    assert not over.is_live
    assert {appointment_phase(over, RULES, TEN + k * MINUTE) for k in (-60, 0, 60)} == {
        expected
    }


def test_only_requested_and_confirmed_appointments_hold_their_slot():
    assert {it for it in Status if replace(CONFIRMED, status=it).is_live} == {
        Status.REQUESTED,
        Status.CONFIRMED,
    }


def test_join_screen_opens_ahead_of_the_start():
    assert joinable_from(CONFIRMED, RULES) == TEN - 10 * MINUTE
    assert CONFIRMED.period == Interval(TEN, TEN + 30 * MINUTE)


def test_unconfirmed_request_is_never_late():
    assert not is_late(replace(REQUESTED, confirm_by=None), RULES, TEN + 20 * MINUTE)


def test_customer_of_an_appointment_that_is_over_is_not_late():
    assert is_late(CONFIRMED, RULES, TEN + 29 * MINUTE)
    assert not is_late(CONFIRMED, RULES, TEN + 30 * MINUTE)


@pytest.mark.parametrize(
    ("promised", "late"),
    [(None, 15), (10, 15), (15, 15), (16, 16), (30, 30), (31, 15)],
)
def test_customer_who_is_waited_for_is_late_when_that_is_over(promised, late):
    until = None if promised is None else TEN + promised * MINUTE
    waiting = replace(CONFIRMED, waits_until=until)

    assert late_from(waiting, RULES) == TEN + late * MINUTE
    for minute in range(-1, 31):
        now = TEN + minute * MINUTE
        assert is_waited_for(waiting, RULES, now) == (15 <= minute < late)
        assert is_late(waiting, RULES, now) == (late <= minute < 30)


def test_nobody_waits_for_a_customer_who_came_or_whose_appointment_is_off():
    waiting = replace(CONFIRMED, waits_until=TEN + 30 * MINUTE)
    came = replace(waiting, joined_at=TEN)
    cancelled = replace(waiting, status=Status.CANCELLED)

    now = TEN + 20 * MINUTE
    assert is_waited_for(waiting, RULES, now)
    assert not is_waited_for(came, RULES, now)
    assert not is_waited_for(cancelled, RULES, now)


@pytest.mark.parametrize("opens_before", [10 * MINUTE, LATE_NOTICE + 5 * MINUTE])
def test_customer_reports_to_be_late_from_the_notice_or_the_opening_to_the_end(
    opens_before,
):
    rules = JoinRules(opens_before=opens_before, wait=15 * MINUTE)
    first = TEN - max(LATE_NOTICE, opens_before)
    second = timedelta(seconds=1)

    assert reportable_from(CONFIRMED, rules) == first
    assert not may_report_late(CONFIRMED, rules, first - second)
    assert may_report_late(CONFIRMED, rules, first)
    assert may_report_late(CONFIRMED, rules, CONFIRMED.ends_at - second)
    assert not may_report_late(CONFIRMED, rules, CONFIRMED.ends_at)


def test_who_has_joined_or_not_confirmed_reports_no_lateness():
    joined = replace(CONFIRMED, joined_at=TEN - MINUTE)

    assert not may_report_late(joined, RULES, TEN)
    assert not may_report_late(REQUESTED, RULES, TEN)
