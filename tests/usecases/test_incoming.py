"""What people change in the host calendar comes back, or staff see why not."""

from datetime import timedelta

import pytest

from invo_booking.domain.appointment import CancelledBy, Status
from invo_booking.domain.calendars.host_events import EventState
from invo_booking.domain.interval import Interval
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.calendars import push
from invo_booking.usecases.staff import appointments, host_conflicts
from invo_booking.usecases.staff.detail import appointment_detail
from invo_booking.usecases.upkeep import delivery, periodic
from tests.support.bank import at
from tests.support.host_calendar import (
    connected,
    kept,
    now_is,
    poll,
    write,
)
from tests.support.host_fixtures import deps, host, max_
from tests.usecases.test_appointments import draft

__all__ = ["deps", "host", "max_"]

TEN, TWO = Interval(at(10), at(10, 30)), Interval(at(14), at(14, 30))
NIGHT = Interval(at(3, days=1), at(3, 30, days=1))


@pytest.fixture
def made(bank, max_, ana):
    """An appointment of Ana's at ten that stands in the host calendar."""
    connected(bank)
    made = appointments.create_appointment(
        bank.deps, max_, draft(bank, at(10), agent_id=ana.id)
    )
    write(bank.deps)
    delivery.deliver_due_mails(bank.deps)
    return made


def conflicts(deps, actor):
    return [(it.kind, it.wanted) for it in host_conflicts.host_conflicts(deps, actor)]


def lines(deps, actor, appointment):
    found = appointment_detail(deps, actor, appointment.id).history
    return [(it.actor, it.action) for it in found]


def test_what_we_wrote_ourselves_is_no_change(deps, host, made, max_):
    before = now_is(deps, made)

    assert poll(deps, host) == 0

    assert now_is(deps, made) == before
    assert conflicts(deps, max_) == []


def test_appointment_follows_its_event(deps, host, made, max_, postbox):
    host.move(host.only.id, TWO)
    assert poll(deps, host) == 1
    delivery.deliver_due_mails(deps)

    moved = now_is(deps, made)
    assert moved.period == TWO
    assert moved.sequence == made.sequence + 1
    assert lines(deps, max_, made)[-1] == ("host calendar", "moved")
    assert "2:00" in postbox.sent[-1].text
    assert postbox.sent[-1].ics_method == "REQUEST"


def test_what_followed_is_not_written_back(deps, host, made):
    host.move(host.only.id, TWO)
    poll(deps, host)
    written = host.written
    write(deps)
    assert push.add_missing_writes(deps) == 0
    assert poll(deps, host) == 0

    assert host.written == written
    assert now_is(deps, made).version == made.version + 1


def test_reply_of_an_attendee_changes_nothing(deps, host, made):
    host.touch(host.only.id)
    assert poll(deps, host) == 0

    assert now_is(deps, made) == made
    assert kept(deps, made).version == host.only.version


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (NIGHT, "off duty"),
        (Interval(at(10, days=-3), at(10, 30, days=-3)), ""),
        (Interval(at(10), at(10, 7)), "minutes"),
        (Interval(at(0), at(0, days=9)), "day"),
        (Interval(at(10, days=900), at(10, 30, days=900)), ""),
    ],
)
def test_move_that_breaks_a_rule_is_shown_to_staff(deps, host, made, max_, wanted, why):
    host.move(host.only.id, wanted)
    poll(deps, host)

    (conflict,) = host_conflicts.host_conflicts(deps, max_)
    assert (conflict.kind, conflict.wanted) == ("moved", wanted)
    assert conflict.sentence
    assert why in conflict.sentence.lower()
    assert now_is(deps, made) == made


def test_move_to_where_the_agent_is_taken_is_shown_to_staff(
    deps, host, made, max_, bank, ana
):
    appointments.create_appointment(deps, max_, draft(bank, at(14), agent_id=ana.id))
    host.move(host.only.id, TWO)
    poll(deps, host)

    assert conflicts(deps, max_) == [("moved", TWO)]
    assert now_is(deps, made) == made


@pytest.mark.parametrize(("minutes", "followed"), [(5, True), (20, False)])
def test_move_in_somebodys_way_is_tried_again_for_a_while(
    host, made, max_, bank, minutes, followed
):
    deps = bank.deps
    obstacle = appointments.create_appointment(
        deps, max_, draft(bank, at(14), agent_id=made.agent_id)
    )
    host.move(host.only.id, TWO)
    poll(deps, host)
    deps.now.advance(timedelta(minutes=minutes))
    poll(deps, host)
    appointments.cancel_appointment(deps, max_, obstacle.id, "")
    poll(deps, host)

    assert (now_is(deps, made).period == TWO) is followed
    assert conflicts(deps, max_) == ([] if followed else [("moved", TWO)])


def test_writer_that_finds_it_moved_there_does_not_write_over_it(
    deps, host, made, max_
):
    host.move(host.only.id, TWO)
    change = AppointmentChange(starts_at=at(12), ends_at=at(12, 30))
    appointments.change_appointment(deps, max_, made.id, change)
    write(deps)
    poll(deps, host)

    assert conflicts(deps, max_) == [("moved", TWO)]
    assert host.only.period == TWO


def test_agent_given_here_and_time_moved_there_do_not_exclude_each_other(
    deps, host, made, max_, bank
):
    ben = bank.agent("Ben")
    host.move(host.only.id, TWO)
    appointments.assign_appointment(deps, max_, made.id, ben.id)
    write(deps)
    write(deps)

    assert conflicts(deps, max_) == []
    assert now_is(deps, made).period == TWO == host.only.period
    assert host.ours[0].draft.attendees == ((ben.email, ben.name),)


def test_same_move_on_both_sides_is_agreed(deps, host, made, max_):
    host.move(host.only.id, TWO)
    change = AppointmentChange(starts_at=TWO.start, ends_at=TWO.end)
    appointments.change_appointment(deps, max_, made.id, change)
    poll(deps, host)
    write(deps)

    assert conflicts(deps, max_) == []
    assert kept(deps, made).state is EventState.WRITTEN


def test_deleted_there_is_cancelled_here(deps, host, made, max_, postbox):
    host.delete(host.only.id)
    assert poll(deps, host) == 1
    delivery.deliver_due_mails(deps)
    write(deps)

    ended = now_is(deps, made)
    assert ended.status is Status.CANCELLED
    assert ended.cancelled_by is CancelledBy.PROVIDER
    assert ended.sequence == made.sequence + 1
    assert lines(deps, max_, made)[-1] == ("host calendar", "cancelled")
    assert postbox.sent[-1].ics_method == "CANCEL"
    assert "We had to cancel this appointment" in postbox.sent[-1].text
    assert host.calls.count("cancel") == 0


def test_marked_as_cancelled_there_is_deleted_there(deps, host, made):
    host.touch(host.only.id, cancelled=True)
    poll(deps, host)

    assert now_is(deps, made).status is Status.CANCELLED


def test_event_missing_from_a_listing_is_asked_for_before_it_counts_as_deleted(
    deps, host, made
):
    far = Interval(at(10, days=400), at(10, 30, days=400))
    host.move(host.only.id, far)
    poll(deps, host)

    assert now_is(deps, made).status is Status.CONFIRMED
    assert kept(deps, made).state is EventState.MOVED


def test_cancelled_here_and_moved_there_at_once_is_removed(deps, host, made, max_):
    host.move(host.only.id, TWO)
    appointments.cancel_appointment(deps, max_, made.id, "")
    poll(deps, host)
    write(deps)

    assert host.ours == []
    assert conflicts(deps, max_) == []


def test_event_deleted_after_its_time_cancels_nothing(deps, host, made, clock):
    clock.now = at(10, 45)
    host.delete(host.only.id)
    poll(deps, host)

    assert now_is(deps, made).status is Status.CONFIRMED
    periodic.complete_past(deps)
    assert now_is(deps, made).status is Status.ENDED


def test_answer_older_than_our_own_change_is_not_believed(deps, host, made, max_):
    """The listing was read before we wrote; what it says is over by then."""

    def meanwhile(name):
        if name == "events":
            host.after = lambda _: None
            change = AppointmentChange(starts_at=at(12), ends_at=at(12, 30))
            appointments.change_appointment(deps, max_, made.id, change)
            write(deps)

    host.after = meanwhile
    poll(deps, host)

    assert now_is(deps, made).starts_at == at(12)
    assert conflicts(deps, max_) == []
    assert poll(deps, host) == 0


def test_change_being_written_is_not_taken_for_somebody_elses(deps, host, made, max_):
    def look(name):
        if name == "change":
            host.after = lambda _: None
            poll(deps, host)

    change = AppointmentChange(starts_at=at(12), ends_at=at(12, 30))
    appointments.change_appointment(deps, max_, made.id, change)
    host.after = look
    write(deps)

    assert conflicts(deps, max_) == []
    assert now_is(deps, made).starts_at == at(12)
    assert poll(deps, host) == 0


def test_unreadable_event_of_ours_is_not_taken_for_a_deleted_one(
    deps, host, made, bank, max_, ana
):
    other = appointments.create_appointment(
        bank.deps, max_, draft(bank, at(12), agent_id=ana.id)
    )
    write(deps)
    first, second = (it.event.id for it in host.ours)
    host.unreadable.add(first)
    host.move(second, TWO)

    assert poll(deps, host) == 1

    assert now_is(deps, made).status is Status.CONFIRMED
    assert now_is(deps, other).period == TWO
    assert conflicts(deps, max_) == []


def test_unreadable_event_that_is_looked_up_keeps_nobody_from_the_others(
    deps, host, made, bank, max_, ana
):
    other = appointments.create_appointment(
        bank.deps, max_, draft(bank, at(12), agent_id=ana.id)
    )
    write(deps)
    first, second = (it.event.id for it in host.ours)
    host.unlisted.add(first)
    host.unreadable.add(first)
    host.delete(second)

    assert poll(deps, host) == 1

    assert now_is(deps, made).status is Status.CONFIRMED
    assert now_is(deps, other).status is Status.CANCELLED


def test_administrators_are_told_of_events_that_cannot_be_read(deps, host, made):
    assert made
    host.unreadable.add("AAMkAGunreadable")
    poll(deps, host)
    with deps.unit_of_work() as work:
        note = work.connections.active().unreadable
    host.unreadable.clear()
    poll(deps, host)

    assert note == (
        "1 event of the host calendar cannot be read: id AAMkAGunread…AGunreadable."
    )
    with deps.unit_of_work() as work:
        assert work.connections.active().unreadable == ""


def test_other_peoples_events_are_bands_and_count_for_nobody(deps, host, made, ana):
    lunch, talk = Interval(at(12), at(13)), Interval(at(12, 30), at(14))
    host.foreign(lunch)
    gone = host.foreign(talk)
    poll(deps, host)
    day = Interval(at(0), at(24))

    assert host_conflicts.host_busy_intervals(deps, ana, day) == (
        Interval(at(12), at(14)),
    )
    host.delete(gone)
    poll(deps, host)
    assert host_conflicts.host_busy_intervals(deps, ana, day) == (lunch,)
    assert made


def test_agent_who_was_switched_off_keeps_the_move_from_being_followed(
    deps, host, made, max_, bank, ana
):
    bank.agent("Ben")
    with deps.unit_of_work() as work:
        work.session.connection().exec_driver_sql(
            "UPDATE person SET active = false WHERE id = %s", (ana.id,)
        )
        work.publish_roster_change()
    host.move(host.only.id, TWO)
    poll(deps, host)

    assert conflicts(deps, max_) == [("moved", TWO)]
    assert now_is(deps, made) == made


def test_hundred_moves_are_followed_when_staff_decide(deps, host, made, bank, max_):
    spans = []
    for n in range(1, 100):
        days, slot = 1 + n // 16, n % 16
        start = at(9, days=days + 2 * (days > 4)) + slot * timedelta(minutes=30)
        appointments.create_appointment(deps, max_, draft(bank, start))
        spans.append(start)
    write(deps)
    write(deps)
    assert len(host.ours) == 100
    for one in host.ours:
        days = timedelta(days=14)
        period = one.event.period
        host.move(one.event.id, Interval(period.start + days, period.end + days))

    assert poll(deps, host) == 100
    assert host_conflicts.follow_events_moved_at_once(deps, max_) == 100

    assert conflicts(deps, max_) == []
    assert now_is(deps, made).starts_at == at(10, days=14)
    assert poll(deps, host) == 0
