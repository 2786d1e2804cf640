"""Many events that were moved at once move no appointment without a decision."""

from dataclasses import replace
from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Status
from invo_booking.domain.calendars.host_events import EventState
from invo_booking.domain.errors import NotAllowedError
from invo_booking.domain.interval import Interval
from invo_booking.usecases.appointment import last_mailed
from invo_booking.usecases.calendars import push
from invo_booking.usecases.calendars.host import counting
from invo_booking.usecases.staff import appointments, host_conflicts
from tests.support.bank import at
from tests.support.host_calendar import kept, now_is, poll, write
from tests.support.host_fixtures import deps, host
from tests.usecases.test_appointments import draft
from tests.usecases.test_many_deletions import NIGHT, House

__all__ = ["deps", "host"]

HOUR = timedelta(hours=1)


class MovedHouse(House):
    """A bank whose host calendar is moved by an hour, as by a mistake about zones."""

    def book_day(self, number):
        """Book so many half-hours of one agent, one after the other."""
        eva = self.bank.agent("Eva")
        made = [
            appointments.create_appointment(
                self.deps,
                self.manager,
                draft(
                    self.bank,
                    at(10) + index * HOUR / 2,
                    agent_id=eva.id,
                    email=f"n{index}@example.com",
                ),
            )
            for index in range(number)
        ]
        write(self.deps)
        return made

    def move_calendar(self, by=HOUR):
        """Let somebody move all events of the calendar."""
        for event_id in list(self.host.kept):
            self.move_event(event_id, by)

    def move_event(self, event_id, by=HOUR):
        """Let somebody move one event."""
        period = self.host.kept[event_id].event.period
        self.host.move(event_id, Interval(period.start + by, period.end + by))

    def starts(self, made):
        """Return when appointments start by now."""
        return [now_is(self.deps, it).starts_at for it in made]

    @property
    def moves_mailed(self):
        """The mails that say that an appointment was moved."""
        return [it for it in self.postbox.sent if it.subject.startswith("Changed")]

    @property
    def alarms(self):
        """The mails to administrators about many changes."""
        return [it for it in self.postbox.sent if "Many events" in it.subject]


@pytest.fixture
def house(bank, deps, host, postbox):
    bank.agent("Grace", roles=(Role.ADMINISTRATOR,))
    return MovedHouse(bank, deps, host, postbox)


def first_starts(made):
    return [it.starts_at for it in made]


def starts_an_hour_later(made):
    return [it.starts_at + HOUR for it in made]


@pytest.mark.parametrize("is_written_first", [False, True])
def test_many_moved_while_disconnected_move_nobody_and_are_reported_once(
    house, is_written_first
):
    made = house.book(12)
    house.disconnect()
    house.move_calendar()
    house.sign_in_again()
    if is_written_first:
        push.add_missing_writes(house.deps)
        write(house.deps)
    house.settle()
    house.settle()

    assert house.starts(made) == first_starts(made)
    assert house.moves_mailed == []
    (alarm,) = house.alarms
    number = 11 if is_written_first else 12  # one is being written and does not count
    assert f"{number} events" in alarm.text
    found = host_conflicts.host_conflicts(house.deps, house.manager)
    assert [(it.kind, it.is_one_of_many) for it in found] == [("moved", True)] * 12
    assert "many others" in found[0].sentence


def test_many_moved_while_connected_move_nobody_either(house):
    made = house.book(12)
    house.move_calendar()
    house.settle()

    assert house.starts(made) == first_starts(made)
    assert len(house.alarms) == 1


def test_few_moved_are_followed(house):
    made = house.book(8)
    house.move_calendar()
    house.settle()

    assert house.starts(made) == starts_an_hour_later(made)
    assert len(house.moves_mailed) == 8
    assert house.alarms == []


@pytest.mark.parametrize(
    ("deletions", "moves", "ahead", "is_usual"),
    [
        (0, 10, 10, True),
        (0, 11, 55, True),
        (0, 11, 54, False),
        (5, 6, 54, False),
        (0, 500, 60_000, True),
        (0, 501, 60_000, False),
        (100, 400, 60_000, True),
        (101, 0, 60_000, False),
    ],
)
def test_large_bank_may_move_more_events_than_a_small_one(
    deletions, moves, ahead, is_usual
):
    assert counting.is_usual_number(deletions, moves, ahead) is is_usual


def test_calendar_that_is_moved_slowly_moves_ten_at_most(house):
    made = house.book(8) + house.book(8, day=1)
    for event_id in list(house.host.kept):
        house.move_event(event_id)
        poll(house.deps, house.host)
        house.bank.clock.advance(timedelta(minutes=2))

    moved = sum(
        a != b for a, b in zip(house.starts(made), first_starts(made), strict=True)
    )
    assert moved == counting.FEW


def test_moved_and_deleted_events_count_together(house):
    made = house.book(12)
    events = list(house.host.kept)
    for event_id in events[:6]:
        house.host.delete(event_id)
    for event_id in events[6:]:
        house.move_event(event_id)
    house.settle()

    assert house.statuses(made) == [Status.CONFIRMED] * 12
    assert house.starts(made) == first_starts(made)
    assert house.cancellations == house.moves_mailed == []


def test_events_that_wait_for_a_decision_do_not_follow_when_others_are_decided(house):
    made = house.book(12)
    house.move_calendar()
    poll(house.deps, house.host)
    for one in made[:4]:
        host_conflicts.restore_event(house.deps, house.manager, one.id)
    house.settle()

    assert house.starts(made) == first_starts(made)
    assert house.moves_mailed == []
    assert len(host_conflicts.host_conflicts(house.deps, house.manager)) == 8


def test_calendar_that_is_moved_back_settles_by_itself(house):
    made = house.book(12)
    house.move_calendar()
    house.settle()
    house.move_calendar(-HOUR)
    house.settle()

    assert host_conflicts.host_conflicts(house.deps, house.manager) == []
    assert house.starts(made) == first_starts(made)
    assert house.moves_mailed == []
    assert {kept(house.deps, it).state for it in made} == {EventState.WRITTEN}


def test_all_are_moved_when_staff_decide(house):
    made = house.book(12)
    house.move_calendar()
    house.settle()

    done = host_conflicts.follow_events_moved_at_once(house.deps, house.manager)
    house.bank.clock.advance(last_mailed.UNDO)
    house.settle()

    assert done == 12
    assert house.starts(made) == starts_an_hour_later(made)
    assert len(house.moves_mailed) == 12
    assert host_conflicts.host_conflicts(house.deps, house.manager) == []
    assert host_conflicts.follow_events_moved_at_once(house.deps, house.manager) == 0


@pytest.mark.parametrize("by", [HOUR / 2, -HOUR / 2])
def test_neighboring_appointments_make_room_for_each_other(house, by):
    made = house.book_day(12)
    house.move_calendar(by)
    house.settle()

    assert host_conflicts.follow_events_moved_at_once(house.deps, house.manager) == 12
    assert house.starts(made) == [it.starts_at + by for it in made]


@pytest.mark.parametrize("by", [HOUR / 2, -HOUR / 2])
def test_few_neighbors_follow_at_the_first_try(house, by):
    made = house.book_day(8)
    house.move_calendar(by)
    poll(house.deps, house.host)

    assert house.starts(made) == [it.starts_at + by for it in made]


def test_those_that_cannot_be_moved_remain_with_the_reason(house):
    made = house.book(12)
    house.move_calendar()
    house.host.move(kept(house.deps, made[3]).event_id, NIGHT)
    house.settle()

    assert host_conflicts.follow_events_moved_at_once(house.deps, house.manager) == 11
    house.settle()

    (left,) = host_conflicts.host_conflicts(house.deps, house.manager)
    assert left.appointment_id == made[3].id
    assert not left.is_one_of_many
    assert left.sentence


def test_all_are_put_back_when_staff_decide(house):
    made = house.book(12)
    house.move_calendar()
    house.settle()

    done = host_conflicts.restore_events_moved_at_once(house.deps, house.manager)
    house.settle()

    assert done == 12
    assert [it.event.period for it in house.host.ours] == sorted(
        it.period for it in made
    )
    assert host_conflicts.host_conflicts(house.deps, house.manager) == []
    assert house.moves_mailed == []


def test_who_may_not_edit_decides_nothing(house):
    house.book(12)
    house.move_calendar()
    house.settle()
    reader = replace(house.manager, roles=frozenset({Role.AGENT}))

    for decide in (
        host_conflicts.follow_events_moved_at_once,
        host_conflicts.restore_events_moved_at_once,
    ):
        with pytest.raises(NotAllowedError):
            decide(house.deps, reader)


def test_of_many_deleted_events_few_are_read(house):
    made = house.book(30) + house.book(30, day=1)
    house.empty_calendar()
    house.host.calls.clear()
    poll(house.deps, house.host)

    assert house.host.calls.count("event") == 20
    assert {kept(house.deps, it).state for it in made} == {EventState.DELETED}


def test_if_one_of_many_missing_events_exists_all_are_read(house):
    made = house.book(30) + house.book(30, day=1)
    house.host.unlisted = set(house.host.kept)
    poll(house.deps, house.host)

    assert house.host.calls.count("event") == 60
    assert {kept(house.deps, it).state for it in made} == {EventState.WRITTEN}
    assert house.alarms == []


def test_deleted_event_that_exists_elsewhere_is_not_written_twice(house):
    made = house.book(30) + house.book(30, day=1)
    house.move_calendar(timedelta(days=400))
    poll(house.deps, house.host)

    host_conflicts.rewrite_deleted_events(house.deps, house.manager)
    house.settle()

    assert len(house.host.ours) == len(made)
    assert house.starts(made) == first_starts(made)


def test_one_call_moves_so_many_that_a_page_does_not_wait_long(house):
    made = house.book(12)
    house.move_calendar()
    house.settle()

    done = [
        host_conflicts.follow_events_moved_at_once(house.deps, house.manager, most=7)
        for _ in range(3)
    ]

    assert done == [7, 5, 0]
    assert house.starts(made) == starts_an_hour_later(made)
