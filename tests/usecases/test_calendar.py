from uuid import uuid4

import pytest

from invo_booking.domain.appointment import Phase
from invo_booking.domain.errors import InvalidInputError
from invo_booking.domain.interval import Interval
from invo_booking.usecases.booking import booking
from invo_booking.usecases.staff import appointments, calendar
from invo_booking.usecases.staff.calendar import Scope
from tests.support.bank import at, confirm

TODAY = Interval(at(0), at(0, days=1))


@pytest.fixture
def booked(bank):
    def book(starts_at, email="rosa@example.com"):
        found = booking.request_appointment(
            bank.deps,
            bank.request(starts_at, email=email),
            idempotency_key=str(uuid4()),
        )
        confirm(bank.deps, found.token)
        return found.appointment

    return book


def test_me_shows_the_own_appointments_only(bank, booked):
    ana, ben = bank.agent(), bank.agent("Ben")
    mine, other = booked(at(10)), booked(at(11))
    appointments.take_appointment(bank.deps, ana, mine.id)
    appointments.take_appointment(bank.deps, ben, other.id)

    seen = calendar.calendar_board(bank.deps, ana, Scope.ME, TODAY)

    assert [event.id for event in seen.events] == [mine.id]
    assert seen.lanes[0].duty == (Interval(at(9), at(17)),)


def test_team_has_a_lane_for_the_unassigned_and_each_mate(bank, booked):
    ana = bank.agent()
    bank.agent("Ben")
    bank.agent("Sam", languages=("es",))
    waiting = booked(at(10))

    seen = calendar.calendar_board(bank.deps, ana, Scope.TEAM, TODAY)

    assert [lane.title for lane in seen.lanes] == ["Unassigned", "Ana (you)", "Ben"]
    assert [(e.id, e.lane_id, e.unassigned) for e in seen.events] == [
        (waiting.id, "unassigned", True)
    ]


def test_queues_has_a_lane_for_each_queue_and_language(bank, booked):
    ana = bank.agent(languages=("en", "es"))
    booked(at(10))

    seen = calendar.calendar_board(bank.deps, ana, Scope.QUEUES, TODAY)

    assert [lane.subtitle for lane in seen.lanes] == [
        "English, 1 agent",
        "Spanish, 1 agent",
    ]
    assert [event.lane_id for event in seen.events] == [f"{bank.queue_id}:en"]


def test_window_of_more_than_two_months_is_refused(bank):
    ana = bank.agent()

    with pytest.raises(InvalidInputError):
        calendar.calendar_board(
            bank.deps, ana, Scope.ME, Interval(at(0), at(0, days=63))
        )


def test_openings_are_where_the_agent_is_free(bank, booked):
    ana, max_ = bank.agent(), bank.manager()
    first, second = booked(at(10)), booked(at(14))
    appointments.take_appointment(bank.deps, ana, first.id)

    spans = calendar.drop_openings(bank.deps, max_, second.id, TODAY)[str(ana.id)]

    starts = [span.start for span in spans]
    assert at(9) in starts
    assert at(9, 45) not in starts
    assert at(10, 30) in starts


def test_dashboard_shows_the_next_the_late_and_what_can_be_taken(bank, booked, clock):
    ana = bank.agent()
    bank.agent("Ben")
    early, later, free = booked(at(9)), booked(at(12)), booked(at(13))
    for item in (early, later):
        appointments.take_appointment(bank.deps, ana, item.id)
    clock.now = at(9, 20)

    seen = calendar.own_dashboard(bank.deps, ana)

    assert [event.id for event in seen.late] == [early.id]
    assert seen.late[0].phase is Phase.LATE
    assert seen.next is not None
    assert seen.next.id == later.id
    assert [event.id for event in seen.unassigned] == [free.id]
