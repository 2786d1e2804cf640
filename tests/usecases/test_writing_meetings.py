"""Online meetings whose address the provider tells later than the event."""

from datetime import timedelta

import pytest

from invo_booking.domain.calendars.host_events import EventState
from invo_booking.settings.calendars import ONLINE_MEETING
from invo_booking.settings.calls import ROOM
from invo_booking.usecases.staff import appointments
from tests.support.bank import at
from tests.support.host_calendar import connected, kept, meeting_of, write
from tests.support.host_fixtures import deps, host, max_
from tests.usecases.test_appointments import draft
from tests.usecases.test_writing import open_promises

__all__ = ["deps", "host", "max_"]

SECONDS, MINUTE = timedelta(seconds=15), timedelta(minutes=1)


@pytest.fixture
def made(deps, host, bank, max_, ana):
    """A video call whose meeting is not there at once."""
    connected(bank)
    bank.set(ONLINE_MEETING, "on")
    bank.set(ROOM, "")
    host.meets_at_once = False
    wanted = draft(bank, at(10), agent_id=ana.id)
    return appointments.create_appointment(deps, max_, wanted)


def test_address_that_comes_later_is_read_without_writing_again(
    deps, host, made, clock
):
    write(deps)
    assert kept(deps, made).join_url == ""
    clock.advance(SECONDS)
    write(deps)
    assert kept(deps, made).join_url == ""
    host.touch(host.only.id, join_url=meeting_of(host.only))
    clock.advance(MINUTE)
    write(deps)

    assert kept(deps, made).join_url == meeting_of(host.only)
    assert kept(deps, made).state is EventState.WRITTEN
    assert host.written == 1
    assert open_promises(deps) == 0


def test_meeting_that_never_comes_is_looked_for_a_few_times(deps, host, made, clock):
    for _ in range(90):
        write(deps)
        clock.advance(SECONDS)

    assert kept(deps, made).join_url == ""
    assert 4 <= host.calls.count("event") <= 8
    assert host.written == 1
    assert open_promises(deps) == 0


def test_trouble_while_looking_writes_nothing_and_is_looked_for_again(
    deps, host, made, clock
):
    write(deps)
    host.touch(host.only.id, join_url=meeting_of(host.only))
    host.delete(host.only.id)
    clock.advance(SECONDS)
    write(deps)

    assert host.written == 1
    assert kept(deps, made).join_url == ""
