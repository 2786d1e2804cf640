"""What staff decide where the host calendar and an appointment do not agree."""

import pytest

from invo_booking.domain.appointment import Status
from invo_booking.domain.calendars.host_events import EventState
from invo_booking.domain.errors import (
    ConflictError,
    NotAllowedError,
    NotFoundError,
    SlotTakenError,
)
from invo_booking.domain.interval import Interval
from invo_booking.settings.calendars import CANCEL_DELETED
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.staff import appointments, host_conflicts
from tests.support.bank import at
from tests.support.host_calendar import (
    kept,
    now_is,
    poll,
    write,
)
from tests.support.host_fixtures import deps, host, max_
from tests.usecases.test_appointments import draft
from tests.usecases.test_incoming import conflicts, lines, made

__all__ = ["deps", "host", "made", "max_"]

TEN, TWO = Interval(at(10), at(10, 30)), Interval(at(14), at(14, 30))
NIGHT = Interval(at(3, days=1), at(3, 30, days=1))


def test_moved_here_and_there_at_once_is_left_to_staff(deps, host, made, max_):
    host.move(host.only.id, TWO)
    change = AppointmentChange(starts_at=at(12), ends_at=at(12, 30))
    appointments.change_appointment(deps, max_, made.id, change)
    poll(deps, host)
    write(deps)

    assert conflicts(deps, max_) == [("moved", TWO)]
    assert now_is(deps, made).starts_at == at(12)
    assert host.only.period == TWO


def test_event_moved_back_there_settles_it(deps, host, made, max_):
    host.move(host.only.id, NIGHT)
    poll(deps, host)
    host.move(host.only.id, TEN)
    poll(deps, host)

    assert conflicts(deps, max_) == []
    assert kept(deps, made).wanted is None


def test_event_moved_back_there_follows_what_was_moved_here_meanwhile(
    deps, host, made, max_
):
    host.move(host.only.id, NIGHT)
    poll(deps, host)
    change = AppointmentChange(starts_at=at(12), ends_at=at(12, 30))
    appointments.change_appointment(deps, max_, made.id, change)
    write(deps)
    host.move(host.only.id, TEN)
    poll(deps, host)
    write(deps)

    assert conflicts(deps, max_) == []
    assert host.only.period == now_is(deps, made).period


def test_staff_put_the_event_back(deps, host, made, max_):
    host.move(host.only.id, NIGHT)
    poll(deps, host)
    host_conflicts.restore_event(deps, max_, made.id)
    assert conflicts(deps, max_) == []
    write(deps)

    assert host.only.period == TEN
    assert poll(deps, host) == 0
    assert lines(deps, max_, made)[-1] == ("Max", "put back")
    with pytest.raises(ConflictError):
        host_conflicts.restore_event(deps, max_, made.id)


def test_staff_follow_once_it_is_possible(deps, host, made, max_, bank, ana):
    other = appointments.create_appointment(
        deps, max_, draft(bank, at(14), agent_id=ana.id)
    )
    host.move(host.only.id, TWO)
    poll(deps, host)
    with pytest.raises(SlotTakenError):
        host_conflicts.follow_moved_event(deps, max_, made.id)

    appointments.cancel_appointment(deps, max_, other.id, "")
    host_conflicts.follow_moved_event(deps, max_, made.id)

    assert now_is(deps, made).period == TWO
    assert conflicts(deps, max_) == []
    assert lines(deps, max_, made)[-1] == ("Max", "moved")


def test_only_who_may_edit_decides_and_only_who_may_see_is_shown(
    deps, host, made, bank, ana
):
    elsewhere = bank.agent("Eve", languages=("es",))
    host.move(host.only.id, NIGHT)
    poll(deps, host)

    assert conflicts(deps, ana) == [("moved", NIGHT)]
    assert conflicts(deps, elsewhere) == []
    for decide in (
        host_conflicts.restore_event,
        host_conflicts.follow_moved_event,
        host_conflicts.rewrite_event,
    ):
        with pytest.raises(NotFoundError):
            decide(deps, elsewhere, made.id)
        with pytest.raises(NotAllowedError):
            decide(deps, ana, made.id)
    assert kept(deps, made).state is EventState.MOVED


def test_staff_are_asked_where_deleting_does_not_cancel(deps, host, made, max_, bank):
    bank.set(CANCEL_DELETED, "off")
    host.delete(host.only.id)
    poll(deps, host)
    calls = len(host.calls)
    poll(deps, host)
    write(deps)

    assert conflicts(deps, max_) == [("deleted", None)]
    assert now_is(deps, made) == made
    assert host.calls[calls:] == ["events"], "it is not asked for again and again"

    key = kept(deps, made).key
    host_conflicts.rewrite_event(deps, max_, made.id)
    write(deps)

    assert conflicts(deps, max_) == []
    assert host.only.period == TEN
    assert host.only.key != key


def test_deleted_one_may_be_cancelled_by_staff(deps, host, made, max_, bank):
    bank.set(CANCEL_DELETED, "off")
    host.delete(host.only.id)
    poll(deps, host)
    appointments.cancel_appointment(deps, max_, made.id, "")
    write(deps)

    assert conflicts(deps, max_) == []
    assert kept(deps, made).state is EventState.GONE


def test_moved_here_and_deleted_there_at_once_is_left_to_staff(deps, host, made, max_):
    host.delete(host.only.id)
    change = AppointmentChange(starts_at=at(12), ends_at=at(12, 30))
    appointments.change_appointment(deps, max_, made.id, change)
    write(deps)
    poll(deps, host)

    assert conflicts(deps, max_) == [("deleted", None)]
    assert now_is(deps, made).status is Status.CONFIRMED


def test_conflict_of_a_cancelled_appointment_is_none(deps, host, made, max_):
    host.move(host.only.id, NIGHT)
    poll(deps, host)
    appointments.cancel_appointment(deps, max_, made.id, "")
    assert conflicts(deps, max_) == []
    write(deps)

    assert host.ours == []
