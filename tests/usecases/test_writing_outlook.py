"""Both ways with the fake Microsoft: the adapter and all behind it, over HTTPS.

The host is a group's calendar, or the connected account's own.
"""

from datetime import datetime, timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import CancelledBy, Status
from invo_booking.domain.calendars.connection import ConnectionState
from invo_booking.domain.calendars.host_events import EventState
from invo_booking.domain.interval import Interval
from invo_booking.settings.calendars import CANCEL_DELETED, ONLINE_MEETING, TWO_WAY
from invo_booking.settings.calls import ROOM
from invo_booking.settings.providers import OUTLOOK_HOST
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.calendars import connections
from invo_booking.usecases.calendars.granting import calendar_of_connection
from invo_booking.usecases.staff import appointments, host_conflicts
from invo_booking.usecases.upkeep import delivery
from tests.support.bank import at
from tests.support.connecting import ACCOUNT, reaching, register, sign_in, stored
from tests.support.host_calendar import kept, now_is, poll, write
from tests.support.microsoft.fixtures import outlook, outlook_server
from tests.usecases.test_appointments import draft

__all__ = ["outlook", "outlook_server"]

EVENTS = "*/calendar/events"
TWO = Interval(at(14), at(14, 30))


@pytest.fixture
def deps(deps, outlook):
    return reaching(deps, outlook)


@pytest.fixture
def max_(bank):
    return bank.manager()


@pytest.fixture(params=["group", "account"])
def host(request, deps, bank, outlook):
    """The calendar that hosts appointments, both ways."""
    grace = bank.agent("Grace", roles=(Role.ADMINISTRATOR,))
    register(bank, outlook)
    bank.set(TWO_WAY, "on")
    bank.set(OUTLOOK_HOST, request.param)
    sign_in(deps, grace, outlook)
    if request.param == "account":
        return ACCOUNT
    group = outlook.group(owners=(ACCOUNT,))
    connections.choose_host_calendar(deps, grace, group)
    return group


@pytest.fixture
def book(bank, max_):
    """Make an appointment of nobody's at an hour."""
    return lambda hour: appointments.create_appointment(
        bank.deps, max_, draft(bank, at(hour))
    )


@pytest.fixture
def made(deps, bank, host, max_, ana):
    assert host
    made = appointments.create_appointment(
        deps, max_, draft(bank, at(10), agent_id=ana.id)
    )
    write(deps)
    return made


def look(deps):
    return poll(deps, calendar_of_connection(deps, stored(deps)))


def times(outlook, host):
    """Return when each event begins, as Graph says."""
    return sorted(it["start"]["dateTime"][:16] for it in outlook.events(host))


def graph_time(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M}"


def test_appointment_is_written_moved_and_removed(deps, outlook, host, made, max_):
    (event,) = outlook.events(host)
    assert event["subject"] == "Mortgage advice: Rosa Delgado"
    assert times(outlook, host) == [graph_time(at(10))]

    appointments.change_appointment(
        deps, max_, made.id, AppointmentChange(starts_at=at(14), ends_at=at(15))
    )
    write(deps)
    assert times(outlook, host) == [graph_time(at(14))]
    assert look(deps) == 0

    appointments.cancel_appointment(deps, max_, made.id, "")
    write(deps)
    assert outlook.events(host) == []


def test_event_moved_in_outlook_moves_the_appointment(
    deps, outlook, host, made, postbox
):
    (event,) = outlook.events(host)
    outlook.move(event["id"], TWO.start, TWO.end)
    assert look(deps) == 1
    delivery.deliver_due_mails(deps)
    write(deps)

    assert now_is(deps, made).period == TWO
    assert postbox.sent[-1].ics_method == "REQUEST"
    assert look(deps) == 0


def test_event_moved_where_nobody_works_is_left_to_staff(
    deps, outlook, host, made, max_
):
    (event,) = outlook.events(host)
    outlook.move(event["id"], at(3, days=1), at(3, 30, days=1))
    look(deps)
    assert [it.kind for it in host_conflicts.host_conflicts(deps, max_)] == ["moved"]

    host_conflicts.restore_event(deps, max_, made.id)
    write(deps)
    assert times(outlook, host) == [graph_time(at(10))]
    assert look(deps) == 0


def test_event_repeated_each_week_moves_nobody(deps, outlook, host, made, ana):
    (event,) = outlook.events(host)
    outlook.repeat_weekly(event["id"])

    assert [look(deps) for _ in range(3)] == [0, 0, 0]

    assert now_is(deps, made) == made
    assert kept(deps, made).state is EventState.WRITTEN
    later = Interval(at(0, days=1), at(0, days=29))
    assert host_conflicts.host_busy_intervals(deps, ana, later) == tuple(
        Interval(at(10, days=7 * week), at(10, 30, days=7 * week))
        for week in range(1, 4)
    )


def test_series_moved_elsewhere_is_left_to_staff(
    deps, outlook, host, made, max_, clock
):
    (event,) = outlook.events(host)
    outlook.repeat_weekly(event["id"])
    outlook.move(event["id"], TWO.start, TWO.end)

    for _ in range(3):
        assert look(deps) == 0
        clock.advance(timedelta(minutes=1))

    assert now_is(deps, made) == made
    [conflict] = host_conflicts.host_conflicts(deps, max_)
    assert (conflict.kind, conflict.wanted) == ("moved", TWO)
    assert "repeated or copied there" in conflict.sentence


def test_series_is_not_written_over_and_staff_are_told(deps, outlook, host, made, max_):
    (event,) = outlook.events(host)
    outlook.repeat_weekly(event["id"])
    appointments.change_appointment(
        deps, max_, made.id, AppointmentChange(starts_at=at(14), ends_at=at(14, 30))
    )
    write(deps)

    assert times(outlook, host) == [graph_time(at(10))]
    [conflict] = host_conflicts.host_conflicts(deps, max_)
    assert conflict.kind == "refused"
    assert "End its repetition" in conflict.sentence


def test_copy_of_an_event_moves_nobody_and_takes_time(deps, outlook, host, made, ana):
    (event,) = outlook.events(host)
    later = Interval(at(10, days=7), at(11, days=7))
    outlook.copy_event(event["id"], later.start, later.end)

    assert [look(deps) for _ in range(3)] == [0, 0, 0]

    assert now_is(deps, made) == made
    day = Interval(at(0, days=7), at(24, days=7))
    assert host_conflicts.host_busy_intervals(deps, ana, day) == (later,)


def test_copies_whose_original_was_deleted_are_left_to_staff(
    deps, outlook, host, made, max_
):
    (event,) = outlook.events(host)
    for days in (7, 14):
        outlook.copy_event(event["id"], at(10, days=days), at(11, days=days))
    outlook.delete(event["id"])

    assert [look(deps) for _ in range(3)] == [0, 0, 0]

    assert now_is(deps, made) == made
    assert [it.kind for it in host_conflicts.host_conflicts(deps, max_)] == ["moved"]


def test_event_deleted_in_outlook_cancels_the_appointment(deps, outlook, host, made):
    (event,) = outlook.events(host)
    outlook.delete(event["id"])
    look(deps)

    ended = now_is(deps, made)
    assert (ended.status, ended.cancelled_by) == (
        Status.CANCELLED,
        CancelledBy.PROVIDER,
    )


@pytest.mark.parametrize("lost", ["before", "after"])
def test_answer_lost_on_the_way_makes_no_second_event(
    deps, outlook, host, book, clock, lost
):
    outlook.misbehave("POST", EVENTS, drop=lost, times=1)
    made = book(10)
    write(deps)
    assert kept(deps, made).state is EventState.PENDING
    clock.advance(timedelta(minutes=1))
    write(deps)

    assert len(outlook.events(host)) == 1
    assert kept(deps, made).state is EventState.WRITTEN


def test_too_many_requests_pauses_all_writing(deps, outlook, host, book, clock):
    outlook.misbehave("POST", EVENTS, status=429, retry_after=120, times=1)
    for hour in (10, 11):
        book(hour)
    write(deps)
    assert stored(deps).state is ConnectionState.THROTTLED
    calls = len(outlook.calls)
    clock.advance(timedelta(seconds=110))
    write(deps)
    assert len(outlook.calls) == calls

    clock.advance(timedelta(seconds=11))
    write(deps)
    assert len(outlook.events(host)) == 2
    assert stored(deps).state is ConnectionState.CONNECTED


def test_somebody_elses_event_is_a_band(deps, outlook, host, made, ana):
    outlook.foreign_event(host, at(12), at(13))
    look(deps)

    day = Interval(at(0), at(24))
    assert host_conflicts.host_busy_intervals(deps, ana, day) == (
        Interval(at(12), at(13)),
    )
    assert made


def test_teams_meeting_is_kept(deps, outlook, bank, host, book):
    bank.set(ONLINE_MEETING, "on")
    bank.set(ROOM, "")
    made = book(10)
    write(deps)
    look(deps)

    assert kept(deps, made).join_url.startswith("https://")
    assert len(outlook.events(host)) == 1


def test_deleted_there_and_written_again_is_there_once(
    deps, outlook, host, made, bank, max_
):
    bank.set(CANCEL_DELETED, "off")
    (event,) = outlook.events(host)
    outlook.delete(event["id"])
    look(deps)
    host_conflicts.rewrite_event(deps, max_, made.id)
    write(deps)

    assert times(outlook, host) == [graph_time(at(10))]
    assert look(deps) == 0


def test_account_that_was_revoked_leaves_promises_open(deps, outlook, host, made, max_):
    outlook.revoke(ACCOUNT)
    appointments.cancel_appointment(deps, max_, made.id, "")
    write(deps)

    assert stored(deps).state is ConnectionState.RECONNECT
    with deps.unit_of_work() as work:
        assert work.outbox.count_open("calendar") == 1
    assert len(outlook.events(host)) == 1
