"""A host calendar that is written, and whose own changes do not count."""

from dataclasses import replace
from datetime import timedelta

import pytest

from invo_booking.domain.appointment import Status
from invo_booking.domain.interval import Interval
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.calendars import poll
from invo_booking.usecases.staff import appointments
from tests.support.bank import at
from tests.support.host_calendar import PlainHost, now_is, write
from tests.support.host_fixtures import deps, max_
from tests.usecases.test_incoming import conflicts, made

__all__ = ["deps", "made", "max_"]

TWO = Interval(at(14), at(14, 30))
NOON = Interval(at(12), at(12, 30))


@pytest.fixture
def host():
    host = PlainHost()
    host.limits = replace(host.limits, two_way=False)
    return host


def move_to_noon(deps, actor, appointment):
    change = AppointmentChange(starts_at=NOON.start, ends_at=NOON.end)
    appointments.change_appointment(deps, actor, appointment.id, change)
    write(deps)


def test_event_moved_by_hand_is_put_where_the_appointment_is(deps, host, made, max_):
    host.move(host.only.id, TWO)

    move_to_noon(deps, max_, made)

    assert now_is(deps, made).starts_at == NOON.start
    assert host.only.period == NOON
    assert conflicts(deps, max_) == []


def test_event_deleted_by_hand_is_written_again(deps, host, made, max_):
    host.delete(host.only.id)

    move_to_noon(deps, max_, made)

    assert now_is(deps, made).status is Status.CONFIRMED
    assert host.only.period == NOON


def test_run_does_not_look_for_changes_there(deps, host, made, clock):
    host.move(host.only.id, TWO)
    host.calls.clear()
    clock.now += timedelta(minutes=10)

    poll.poll_if_due(deps, at_once=True)

    assert "events" not in host.calls
    assert now_is(deps, made).starts_at == at(10)
