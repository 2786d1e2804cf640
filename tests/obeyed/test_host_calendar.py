"""What is written to the host calendar, and what comes back, while it should."""

from urllib.parse import parse_qs, urlsplit

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Status
from invo_booking.domain.interval import Interval
from invo_booking.usecases.admin.affected import AffectedAppointmentsError
from invo_booking.usecases.booking import joining, manage
from invo_booking.usecases.calendars import connections
from invo_booking.usecases.staff import appointments, host_conflicts
from invo_booking.usecases.staff.detail import appointment_detail
from invo_booking.usecases.upkeep import delivery
from tests.support.bank import at
from tests.support.connecting import reaching, register
from tests.support.host_calendar import (
    connected,
    now_is,
    poll,
    write,
)
from tests.support.host_fixtures import deps, host
from tests.support.microsoft.fixtures import outlook, outlook_server
from tests.usecases.test_appointments import draft, requested

__all__ = ["deps", "host", "outlook", "outlook_server"]

TWO = Interval(at(14), at(14, 30))


@pytest.fixture
def max_(bank):
    bank.agent("Ana")
    return bank.manager()


def make(bank, max_, hour):
    return appointments.create_appointment(bank.deps, max_, draft(bank, at(hour)))


@pytest.mark.obeys("calendars.two_way")
def test_host_calendar_is_written_and_followed_only_while_it_should_be(
    bank, decide, host, max_
):
    connected(bank)
    decide({"calendars.two_way": "off"})
    make(bank, max_, 10)
    write(bank.deps)
    assert host.calls == []

    decide({"calendars.two_way": "on"})
    made = make(bank, max_, 11)
    write(bank.deps)
    host.move(host.only.id, TWO)
    poll(bank.deps, host)
    assert now_is(bank.deps, made).period == TWO

    decide({"calendars.two_way": "off"})
    appointments.cancel_appointment(bank.deps, max_, made.id, "")
    write(bank.deps)
    assert host.only.period == TWO


@pytest.mark.obeys("calendars.invite_customer")
def test_customer_is_invited_by_one_side_only(bank, decide, host, max_, postbox):
    connected(bank)
    make(bank, max_, 10)
    write(bank.deps)
    delivery.deliver_due_mails(bank.deps)
    assert host.ours[0].draft.attendees == ()
    assert postbox.sent[-1].ics_method == "REQUEST"

    decide({"calendars.invite_customer": "on"})
    make(bank, max_, 11)
    write(bank.deps)
    delivery.deliver_due_mails(bank.deps)
    invited = host.ours[1].draft.attendees
    assert invited == (("rosa@example.com", "Rosa Delgado"),)
    assert postbox.sent[-1].ics == "", "two entries in one calendar else"

    decide({"calendars.invite_customer": "off"})
    make(bank, max_, 12)
    write(bank.deps)
    assert host.ours[2].draft.attendees == ()


@pytest.mark.obeys("calendars.invite_customer")
def test_customer_is_invited_by_our_mail_while_nothing_is_connected(
    bank, decide, max_, postbox
):
    decide({"calendars.primary_provider": "outlook"})
    decide({"calendars.two_way": "on", "calendars.invite_customer": "on"})

    make(bank, max_, 10)
    delivery.deliver_due_mails(bank.deps)

    assert postbox.sent[-1].ics_method == "REQUEST"


@pytest.mark.obeys("calendars.private_events")
def test_appointments_are_written_as_private(bank, decide, host, max_):
    connected(bank)
    make(bank, max_, 10)
    decide({"calendars.private_events": "on"})
    make(bank, max_, 11)
    write(bank.deps)
    assert [it.draft.is_private for it in host.ours] == [True, True]

    decide({"calendars.private_events": "off"})
    make(bank, max_, 12)
    write(bank.deps)
    assert not host.ours[2].draft.is_private


@pytest.mark.obeys("calendars.online_meeting")
def test_video_calls_are_held_in_teams_only_while_they_should(
    bank, decide, host, max_, clock
):
    connected(bank)
    decide({"calendars.online_meeting": "on", "calls.room": ""})
    booked = requested(bank, at(10))
    write(bank.deps)
    meeting = host.only.join_url
    clock.now = at(9, 58)

    assert meeting.startswith("https://teams.example/")
    assert manage.read_visit(bank.deps, booked.token).has_room
    assert joining.enter_room(bank.deps, booked.token) == meeting
    assert appointment_detail(bank.deps, max_, booked.appointment.id).has_room

    with pytest.raises(AffectedAppointmentsError):
        decide({"calendars.online_meeting": "off"})
    decide({"calendars.online_meeting": "off"}, keep=[booked.appointment.id])
    assert not manage.read_visit(bank.deps, booked.token).has_room
    assert not appointment_detail(bank.deps, max_, booked.appointment.id).has_room


@pytest.mark.obeys("calendars.cancel_deleted")
def test_deleting_there_cancels_here_only_while_it_should(bank, decide, host, max_):
    connected(bank)
    first, second = make(bank, max_, 10), make(bank, max_, 11)
    write(bank.deps)
    for_first, for_second = (it.event.id for it in host.ours)
    host.delete(for_first)
    poll(bank.deps, host)
    assert now_is(bank.deps, first).status is Status.CANCELLED

    decide({"calendars.cancel_deleted": "off"})
    host.delete(for_second)
    poll(bank.deps, host)
    assert now_is(bank.deps, second).status is Status.CONFIRMED
    assert len(host_conflicts.host_conflicts(bank.deps, max_)) == 1


@pytest.mark.obeys("calendars.outlook_host")
def test_sign_in_asks_for_what_the_host_takes(bank, decide, outlook):
    deps = reaching(bank.deps, outlook)
    register(bank, outlook)
    simone = bank.agent("Simone", roles=(Role.SUPER_ADMIN,))

    def asked():
        address = connections.begin_connection_sign_in(deps, simone, "session")
        return parse_qs(urlsplit(address).query)["scope"][0].split()

    assert "Group.ReadWrite.All" in asked()
    decide({"calendars.outlook_host": "account"})
    assert "Calendars.ReadWrite" in asked()
    assert "Group.ReadWrite.All" not in asked()
