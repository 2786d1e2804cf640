"""Appointments in the host calendar: there once, as they are, whatever goes wrong."""

from datetime import timedelta

import pytest

from invo_booking.domain.appointment import Channel
from invo_booking.domain.calendars.connection import ConnectionState
from invo_booking.domain.calendars.host_events import EventState
from invo_booking.domain.calendars.provider_errors import (
    EventChangedError,
    PermissionMissingError,
    ProviderDownError,
    ProviderRefusedError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.domain.interval import Interval
from invo_booking.settings.calendars import ONLINE_MEETING
from invo_booking.settings.calls import ROOM
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.appointment.history import add_calendar_write
from invo_booking.usecases.calendars import push
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import delivery, health, periodic
from tests.obeyed.conftest import book
from tests.support.bank import at
from tests.support.host_calendar import (
    LOST_AFTER,
    LOST_BEFORE,
    connected,
    kept,
    write,
)
from tests.support.host_fixtures import deps, host, max_
from tests.usecases.test_appointments import draft, requested

__all__ = ["deps", "host", "max_"]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def connection(bank, ana, max_):
    assert ana
    assert max_
    return connected(bank)


@pytest.fixture
def made(bank, connection, max_, ana):
    assert connection
    return appointments.create_appointment(
        bank.deps, max_, draft(bank, at(10), agent_id=ana.id)
    )


def open_promises(deps):
    with deps.unit_of_work() as work:
        return work.outbox.count_open("calendar")


def test_appointment_stands_in_the_host_calendar_with_its_agent(
    deps, host, made, ana, postbox
):
    write(deps)

    written = host.ours[0].draft
    assert written.period == made.period
    assert written.subject == "Mortgage advice: Rosa Delgado"
    assert "rosa@example.com" in written.body
    assert written.attendees == ((ana.email, ana.name),)
    assert kept(deps, made).state is EventState.WRITTEN
    assert postbox.sent == []


def test_secret_link_of_the_customer_is_not_written(deps, host, bank, connection):
    booked = requested(bank, at(10))

    write(deps)

    assert connection
    assert booked.token not in host.ours[0].draft.body
    assert "/a/" not in host.ours[0].draft.body


def test_request_nobody_confirmed_is_not_written(deps, host, bank, connection):
    book(bank, at(10))
    write(deps)
    push.add_missing_writes(deps)
    write(deps)

    assert connection
    assert host.ours == []


def test_nothing_is_written_twice(deps, host, made):
    write(deps)
    with deps.unit_of_work() as work:
        add_calendar_write(work, made.id, deps.now())
    write(deps)
    write(deps)

    assert host.written == 1
    assert open_promises(deps) == 0


def test_change_and_cancellation_reach_the_host_calendar(deps, host, made, max_, ana):
    write(deps)
    appointments.change_appointment(
        deps, max_, made.id, AppointmentChange(starts_at=at(14), ends_at=at(15))
    )
    write(deps)
    assert host.only.period == Interval(at(14), at(15))

    appointments.assign_appointment(deps, max_, made.id, None)
    write(deps)
    assert host.ours[0].draft.attendees == ()

    appointments.assign_appointment(deps, max_, made.id, ana.id)
    write(deps)
    assert host.ours[0].draft.attendees == ((ana.email, ana.name),)

    appointments.cancel_appointment(deps, max_, made.id, "")
    write(deps)
    assert host.ours == []
    assert kept(deps, made).state is EventState.GONE


def test_changes_before_the_first_writing_make_one_call(deps, host, made, max_):
    appointments.change_appointment(
        deps, max_, made.id, AppointmentChange(starts_at=at(14), ends_at=at(15))
    )
    appointments.change_appointment(
        deps, max_, made.id, AppointmentChange(starts_at=at(15), ends_at=at(16))
    )
    write(deps)

    assert host.calls == ["create"]
    assert host.only.period == Interval(at(15), at(16))


def test_appointment_cancelled_before_it_was_written_is_never_written(
    deps, host, made, max_
):
    appointments.cancel_appointment(deps, max_, made.id, "")
    write(deps)

    assert host.calls == []
    assert open_promises(deps) == 0


@pytest.mark.parametrize(("lost", "done"), [(LOST_AFTER, True), (LOST_BEFORE, False)])
def test_answer_that_never_came_leaves_one_event(deps, host, made, clock, lost, done):
    host.fail_once("create", lost, done=done)
    write(deps)
    assert kept(deps, made).state is EventState.PENDING
    assert len(host.ours) == int(done)

    clock.advance(MINUTE)
    write(deps)

    assert host.only.id == kept(deps, made).event_id
    assert kept(deps, made).state is EventState.WRITTEN


@pytest.mark.parametrize("done", [True, False])
def test_worker_killed_at_the_call_leaves_one_event(deps, host, made, clock, done):
    host.fail_once("create", KeyboardInterrupt(), done=done)
    with pytest.raises(KeyboardInterrupt):
        write(deps)
    assert kept(deps, made).state is EventState.PENDING
    assert write(deps) == 0, "leased"

    clock.advance(push.LEASE)
    write(deps)

    assert host.only.id == kept(deps, made).event_id
    assert host.calls[-1] == ("change" if done else "create")


def test_worker_killed_before_marking_writes_nothing_a_second_time(
    deps, host, made, clock
):
    def die(_):
        raise KeyboardInterrupt

    host.after = die
    with pytest.raises(KeyboardInterrupt):
        write(deps)
    host.after = lambda _: None
    clock.advance(push.LEASE)
    write(deps)

    assert len(host.ours) == 1
    assert kept(deps, made).version == host.only.version


def test_change_is_looked_at_again_if_somebody_was_faster(deps, host, made, max_):
    write(deps)
    appointments.change_appointment(
        deps, max_, made.id, AppointmentChange(starts_at=at(14), ends_at=at(15))
    )
    host.fail_once("change", EventChangedError("changed"))
    write(deps)

    assert host.calls == ["create", "event", "change", "event", "change"]
    assert host.only.period == Interval(at(14), at(15))


def test_reply_of_an_attendee_does_not_keep_our_change_from_being_written(
    deps, host, made, max_
):
    write(deps)
    host.touch(host.only.id)
    appointments.change_appointment(
        deps, max_, made.id, AppointmentChange(starts_at=at(14), ends_at=at(15))
    )
    write(deps)

    assert host.only.period == Interval(at(14), at(15))


def test_throttled_connection_is_left_alone_and_counts_no_attempt(
    deps, host, made, clock, connection
):
    host.fail_once("create", ThrottledError("slow", timedelta(minutes=2)))
    write(deps)
    write(deps)
    assert host.calls == ["create"], "paused"
    assert connection

    clock.advance(timedelta(minutes=2))
    write(deps)

    assert host.only.period == made.period


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (ReconnectError("Sign in again."), ConnectionState.RECONNECT),
        (PermissionMissingError("Not allowed.", ["Group"]), ConnectionState.PERMISSION),
    ],
)
def test_what_needs_a_person_leaves_promises_open_until_all_is_well(
    deps, host, made, clock, error, state
):
    host.fail_once("create", error)
    write(deps)
    for _ in range(24 * 7):
        clock.advance(timedelta(hours=1))
        write(deps)
    assert host.calls == ["create"]
    assert open_promises(deps) == 1
    with deps.unit_of_work() as work:
        connection = work.connections.active()
        assert connection.state is state
        work.connections.mark_working(connection.id, deps.now())

    clock.now = at(8)
    write(deps)

    assert host.only.period == made.period


def test_what_the_provider_never_takes_is_shown_and_not_tried_again(
    deps, host, made, clock
):
    host.fail_once("create", ProviderRefusedError("The subject is too long."))
    write(deps)
    clock.advance(timedelta(minutes=30))
    push.add_missing_writes(deps)
    write(deps)

    assert host.calls == ["create"]
    assert kept(deps, made).state is EventState.REFUSED
    assert kept(deps, made).problem == "The subject is too long."


def test_dead_calendar_holds_up_no_mail_and_dead_mail_no_calendar(
    deps, host, made, postbox, clock
):
    host.before = lambda _: (_ for _ in ()).throw(ProviderDownError("down"))
    write(deps)
    delivery.deliver_due_mails(deps)
    assert len(postbox.sent) == 1

    host.before = lambda _: None
    postbox.refusal = ProviderDownError("no mail either")
    clock.advance(MINUTE)
    write(deps)

    assert host.only.period == made.period
    assert health.health_figures(deps)["outbox_open"] == 0


def test_no_meeting_is_asked_for_where_the_call_has_another_room(
    deps, host, bank, max_, ana
):
    connected(bank)
    bank.set(ONLINE_MEETING, "on")
    appointments.create_appointment(deps, max_, draft(bank, at(10), agent_id=ana.id))
    write(deps)

    assert [it.draft.online_meeting for it in host.ours] == [False]


def test_teams_meeting_is_asked_for_video_calls_only(deps, host, bank, max_, ana):
    connected(bank)
    bank.set(ONLINE_MEETING, "on")
    bank.set(ROOM, "")
    appointments.create_appointment(deps, max_, draft(bank, at(10), agent_id=ana.id))
    phone = draft(bank, at(11), channel=Channel.PHONE, phone="+13125550142")
    appointments.create_appointment(deps, max_, phone)
    write(deps)

    assert [it.draft.online_meeting for it in host.ours] == [True, False]


def test_appointment_that_is_over_stays_as_it_is(deps, host, made, clock):
    write(deps)
    clock.now = at(11)
    periodic.complete_past(deps)
    write(deps)

    assert host.only.period == made.period
    assert host.calls == ["create"]
