"""Time-related Configurations, each under two values."""

from datetime import time, timedelta

import pytest
from sqlalchemy import update

from invo_booking.domain.appointment import Channel, Phase, Status
from invo_booking.domain.errors import InvalidInputError, SlotClosedError
from invo_booking.persistence.tables.core import AnswerRow, WorkingHoursRow
from invo_booking.usecases.appointment.drafts import AppointmentDraft
from invo_booking.usecases.booking import joining, manage
from invo_booking.usecases.staff import appointments, calendar
from invo_booking.usecases.upkeep import delivery, periodic
from tests.obeyed.conftest import book, offered, refused
from tests.support.bank import at, confirm

MINUTE = timedelta(minutes=1)


@pytest.fixture
def max_(bank):
    bank.agent("Ana")
    return bank.manager("Max")


def make(bank, by, start, minutes=30):
    """Book as a member of staff."""
    draft = AppointmentDraft(
        answer_id=bank.answer_id,
        queue_id=bank.queue_id,
        language="en",
        channel=Channel.VIDEO,
        starts_at=start,
        ends_at=start + minutes * MINUTE,
        name="Rosa Delgado",
        email="rosa@example.com",
    )
    return appointments.create_appointment(bank.deps, by, draft)


@pytest.mark.obeys("time.max_duration")
def test_staff_make_nothing_longer_than_allowed(bank, max_, decide):
    assert make(bank, max_, at(10), 120)

    decide({"time.max_duration": "60"})
    assert "ends_at" in refused(make, bank, max_, at(13), 75).fields
    assert make(bank, max_, at(13), 60)
    assert calendar.staff_catalogue(bank.deps, max_).max_minutes == 60


@pytest.mark.obeys("time.min_duration")
def test_staff_make_nothing_shorter_than_allowed(bank, max_, decide):
    assert make(bank, max_, at(10), 15)

    decide({"time.min_duration": "30"})
    assert isinstance(refused(make, bank, max_, at(11), 15), InvalidInputError)
    assert calendar.staff_catalogue(bank.deps, max_).min_minutes == 30


@pytest.mark.obeys("time.default_duration")
def test_answer_without_a_length_of_its_own_takes_the_default(bank, max_, decide):
    assert max_
    with bank.deps.unit_of_work() as work:
        work.session.exec(update(AnswerRow).values(duration_minutes=None))
        work.publish_roster_change()
    first = book(bank, at(10)).appointment
    assert first.period.duration == 30 * MINUTE

    decide({"time.default_duration": "45"})
    second = book(bank, at(12)).appointment
    assert second.period.duration == 45 * MINUTE


@pytest.mark.obeys("time.interval")
def test_slots_begin_in_the_rhythm_of_the_interval(bank, max_, decide):
    assert max_
    assert offered(bank)[:3] == [at(9), at(9, 15), at(9, 30)]

    decide({"time.interval": "60", "time.min_duration": "30"})

    assert offered(bank)[:3] == [at(9), at(10), at(11)]
    assert isinstance(refused(book, bank, at(9, 30)), SlotClosedError)


@pytest.mark.obeys("time.join_before")
def test_customer_joins_so_long_before_the_start(bank, max_, decide, clock):
    assert max_
    booked = book(bank, at(12))
    confirm(bank.deps, booked.token)
    clock.now = at(11, 40)
    assert manage.read_visit(bank.deps, booked.token).phase is Phase.UPCOMING
    assert isinstance(
        refused(joining.enter_room, bank.deps, booked.token), SlotClosedError
    )

    decide({"time.join_before": "20"})

    assert manage.read_visit(bank.deps, booked.token).phase is Phase.JOINABLE
    assert joining.enter_room(bank.deps, booked.token)


@pytest.mark.obeys("time.reminders")
def test_reminders_go_out_as_long_before_as_set(bank, max_, decide, clock, postbox):
    assert max_
    booked = book(bank, at(16))
    confirm(bank.deps, booked.token)
    delivery.deliver_due_mails(bank.deps)
    postbox.sent.clear()

    def reminded() -> int:
        periodic.add_due_reminders(bank.deps)
        delivery.deliver_due_mails(bank.deps)
        return len(postbox.sent)

    clock.now = at(14)
    assert reminded() == 0
    decide({"time.reminders": "120, 30"})
    assert reminded() == 1
    clock.now = at(15)
    assert reminded() == 1
    decide({"time.reminders": "0"})
    clock.now = at(15, 40)
    assert reminded() == 1
    decide({"time.reminders": "30"})
    assert reminded() == 2


@pytest.mark.obeys("time.max_wait")
def test_missing_customer_is_late_after_the_waiting_time(bank, max_, decide, clock):
    ana = bank.agent("Ben")
    made = make(bank, max_, at(10))
    appointments.assign_appointment(bank.deps, max_, made.id, ana.id)
    clock.now = at(10, 16)
    assert len(calendar.own_dashboard(bank.deps, ana).late) == 1

    decide({"time.max_wait": "20"})
    assert calendar.own_dashboard(bank.deps, ana).late == ()
    clock.now = at(10, 20)
    assert len(calendar.own_dashboard(bank.deps, ana).late) == 1


@pytest.mark.obeys("time.confirm_timeout")
def test_request_is_held_as_long_as_set(bank, max_, decide, clock):
    assert max_
    first = book(bank, at(14)).appointment
    decide({"time.confirm_timeout": "60"})
    second = book(bank, at(15), email="zoe@example.com").appointment
    assert first.confirm_by == clock() + 30 * MINUTE
    assert second.confirm_by == clock() + 60 * MINUTE

    clock.advance(30 * MINUTE)
    periodic.expire_unconfirmed(bank.deps)

    with bank.deps.unit_of_work() as work:
        assert work.appointments.get(first.id).status is Status.EXPIRED
        assert work.appointments.get(second.id).status is Status.REQUESTED


def works_on_saturdays(bank, person) -> None:
    hours = {"starts_time": time(9), "ends_time": time(17)}
    with bank.deps.unit_of_work() as work:
        work.session.add(WorkingHoursRow(person_id=person.id, weekday=5, **hours))
        work.publish_roster_change()


@pytest.mark.obeys("time.weekends_off")
def test_weekend_is_open_only_where_it_is_not_disabled(bank, decide):
    works_on_saturdays(bank, bank.agent("Sam"))
    saturday = at(10, days=5)
    assert saturday not in offered(bank, days=7)
    assert refused(book, bank, saturday).reason == "weekend"

    decide({"time.weekends_off": "off"})
    assert saturday in offered(bank, days=7)
    assert book(bank, saturday)


@pytest.mark.obeys("time.public_earliest_day")
def test_public_books_from_the_earliest_day_on(bank, max_, decide):
    assert offered(bank, days=3)[0] == at(9)

    decide({"time.public_earliest_day": "2"})

    assert offered(bank, days=3)[0] == at(9, days=2)
    assert refused(book, bank, at(10, days=1)).reason == "earliest_day"
    assert make(bank, max_, at(10))


@pytest.mark.obeys("time.agent_earliest_day")
def test_staff_book_from_the_earliest_day_on(bank, max_, decide):
    assert make(bank, max_, at(10))

    decide({"time.agent_earliest_day": "1"})

    assert refused(make, bank, max_, at(11)).reason == "earliest_day"
    assert make(bank, max_, at(11, days=1))
    assert offered(bank)


@pytest.mark.obeys("time.public_window")
def test_public_books_so_long_after_now(bank, max_, decide, clock):
    clock.now = at(10)
    assert offered(bank)[0] == at(11)

    decide({"time.public_window": "180"})

    assert offered(bank)[0] == at(13)
    assert refused(book, bank, at(12)).reason == "disabled_window"
    assert make(bank, max_, at(10, 15))


@pytest.mark.obeys("time.agent_window")
def test_staff_book_so_long_after_now(bank, max_, decide, clock):
    clock.now = at(10)
    assert make(bank, max_, at(10, 15))

    decide({"time.agent_window": "120"})

    assert refused(make, bank, max_, at(11)).reason == "disabled_window"
    assert make(bank, max_, at(12))


@pytest.mark.obeys("time.horizon")
def test_nothing_is_booked_beyond_the_horizon(bank, max_, decide):
    assert at(10, days=21) in offered(bank, days=30)

    decide({"time.horizon": "14"})

    assert offered(bank, days=30)[-1] < at(24, days=14)
    assert refused(book, bank, at(10, days=21)).reason == "beyond_horizon"
    assert refused(make, bank, max_, at(10, days=21)).reason == "beyond_horizon"
