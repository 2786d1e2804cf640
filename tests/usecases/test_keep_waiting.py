"""Going on to wait for a late customer: by whom, when, and what it changes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from invo_booking.domain.appointment import JoinRules, Status, is_late, is_waited_for
from invo_booking.domain.errors import ConflictError, NotAllowedError
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.staff import appointments, calendar
from tests.support.bank import at
from tests.usecases.test_appointments import draft

MINUTE = timedelta(minutes=1)
RULES = JoinRules(opens_before=5 * MINUTE, wait=15 * MINUTE)


@pytest.fixture
def max_(bank):
    return bank.manager("Max")


@pytest.fixture
def made(bank, ana, max_):
    return appointments.create_appointment(
        bank.deps, max_, draft(bank, at(10, days=1), agent_id=ana.id)
    )


def entries(deps, made) -> int:
    with deps.unit_of_work() as work:
        history = work.audit.history(str(made.id))
    return sum(1 for entry in history if entry.action == "kept waiting")


def late(clock, made) -> None:
    clock.now = made.starts_at + 16 * MINUTE


def test_waiting_puts_off_being_late_by_the_waiting_time(deps, clock, made, ana):
    late(clock, made)
    assert calendar.own_dashboard(deps, ana).late[0].waited_until is None

    saved = appointments.keep_waiting_for_customer(deps, ana, made.id)

    assert saved.waits_until == min(clock() + RULES.wait, made.ends_at)
    (event,) = calendar.own_dashboard(deps, ana).late
    assert (event.waited_until, event.waited_by) == (saved.waits_until, "Ana")
    assert not is_late(saved, RULES, clock())
    with pytest.raises(ConflictError):
        appointments.cancel_appointment(deps, ana, made.id, "", late=True)


def test_pressed_fifty_times_it_is_noted_once(deps, clock, made, ana, max_):
    late(clock, made)

    for actor in [ana, max_] * 25:
        appointments.keep_waiting_for_customer(deps, actor, made.id)

    assert entries(deps, made) == 1


def test_when_the_time_is_over_the_customer_is_late_again(made):
    until = made.starts_at + 20 * MINUTE
    waiting = replace(made, waits_until=until)

    assert is_waited_for(waiting, RULES, until - MINUTE)
    assert is_late(waiting, RULES, until)
    assert not is_waited_for(waiting, RULES, until)


def test_waiting_promised_before_a_move_counts_no_more(made):
    moved = replace(
        made,
        waits_until=made.starts_at + 20 * MINUTE,
        starts_at=made.starts_at + timedelta(days=1),
        ends_at=made.ends_at + timedelta(days=1),
    )

    assert is_late(moved, RULES, moved.starts_at + 15 * MINUTE)


def cancelled(deps, clock, made, max_):
    appointments.cancel_appointment(deps, max_, made.id, "")
    late(clock, made)


def over(deps, clock, made, max_):
    del deps, max_
    clock.now = made.ends_at


def moved_away(deps, clock, made, max_):
    day = timedelta(days=1)
    change = AppointmentChange(
        starts_at=made.starts_at + day, ends_at=made.ends_at + day
    )
    appointments.change_appointment(deps, max_, made.id, change)
    late(clock, made)


def not_yet(deps, clock, made, max_):
    del deps, max_
    clock.now = made.starts_at + 14 * MINUTE


@pytest.mark.parametrize("state", [cancelled, over, moved_away, not_yet])
def test_who_is_not_late_is_not_waited_for(deps, clock, made, ana, max_, state):
    state(deps, clock, made, max_)

    with pytest.raises(ConflictError, match=r"over or was|not late"):
        appointments.keep_waiting_for_customer(deps, ana, made.id)

    assert entries(deps, made) == 0


def test_nobody_waits_for_a_customer_of_a_colleague(deps, bank, clock, made):
    ben = bank.agent("Ben")
    late(clock, made)

    with pytest.raises(NotAllowedError):
        appointments.keep_waiting_for_customer(deps, ben, made.id)

    assert entries(deps, made) == 0


def test_the_time_is_in_the_history(deps, clock, made, ana):
    late(clock, made)
    saved = appointments.keep_waiting_for_customer(deps, ana, made.id)

    with deps.unit_of_work() as work:
        last = work.audit.history(str(made.id))[-1]

    assert last.detail == {"until": saved.waits_until.isoformat()}
    assert saved.status is Status.CONFIRMED
