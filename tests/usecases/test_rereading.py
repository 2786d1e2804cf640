"""Events that have changed are read once more before their appointments follow."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.calendars.host_events import EventState, StoredEvent
from invo_booking.domain.calendars.outside import UnreadableEvent
from invo_booking.domain.calendars.provider_errors import ThrottledError
from invo_booking.domain.interval import Interval
from invo_booking.usecases.calendars.host.rereading import (
    AHEAD,
    MOST_SINGLE,
    confirm_moves,
    read_each,
)
from tests.support.bank import at
from tests.support.host_calendar import PlainHost

HALF_HOUR = timedelta(minutes=30)
MANY = MOST_SINGLE + 1
FAR = Interval(at(10, days=300), at(11, days=300))


@pytest.fixture
def host():
    """A calendar that lists what has changed."""
    host = PlainHost()
    host.change_log = "whatever it lists"
    return host


def moved(host, count):
    """Return events that were moved, as they are listed, with what was stored."""
    pairs = []
    for number in range(count):
        start = at(9) + number * HALF_HOUR
        name = host.foreign(Interval(start, start + HALF_HOUR))
        before = Interval(start - HALF_HOUR, start)
        stored = StoredEvent(
            appointment_id=uuid4(),
            connection_id=uuid4(),
            event_id=name,
            version="0",
            state=EventState.WRITTEN,
            period=before,
        )
        pairs.append((stored, host.kept[name].event))
    return pairs


def test_few_events_are_read_one_by_one(host):
    pairs = moved(host, 3)

    assert confirm_moves(host, pairs) == pairs
    assert host.calls == ["event"] * 3


def test_many_events_are_read_with_one_call(host):
    pairs = moved(host, MANY)

    assert confirm_moves(host, pairs) == pairs
    assert host.calls == ["events"]


@pytest.mark.parametrize("count", [4, MANY])
def test_only_what_is_moved_now_is_followed(host, count):
    pairs = moved(host, count)
    back, deleted, cancelled, elsewhere = (stored.event_id for stored, _ in pairs[:4])
    host.kept[back].event = replace(
        host.kept[back].event, version="0", period=pairs[0][0].period
    )
    host.delete(deleted)
    host.touch(cancelled, cancelled=True)
    host.move(elsewhere, FAR)

    found = confirm_moves(host, pairs)

    assert [event.id for _, event in found] == [
        stored.event_id for stored, _ in pairs[3:]
    ]
    assert found[0][1].period == FAR
    assert host.calls.count("events") == (count > MOST_SINGLE)


def test_without_a_list_of_changes_nothing_is_read_again(host):
    host.change_log = None
    pairs = moved(host, MANY)

    assert confirm_moves(host, pairs) == pairs
    assert host.calls == []


def test_events_are_read_in_order_and_ahead_of_who_follows_them(host):
    names = [stored.event_id for stored, _ in moved(host, 3 * AHEAD)]
    host.delete(names[1])
    host.unreadable.add(names[2])

    found = list(read_each(host, names))

    assert found[1] is None
    assert found[2] == UnreadableEvent(id=names[2])
    assert [it.id for it in found if it] == [names[0], *names[2:]]


def test_no_further_event_is_read_after_a_refusal(host):
    names = [stored.event_id for stored, _ in moved(host, 100)]
    seen = 5

    def refuse(_):
        if len(host.calls) > seen:
            raise ThrottledError("Too many.", timedelta(minutes=1))

    host.before = refuse

    with pytest.raises(ThrottledError):
        list(read_each(host, names))

    assert len(host.calls) <= seen + AHEAD + host.limits.concurrency
