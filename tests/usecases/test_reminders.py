"""A reminder goes out once, and only while it tells the customer something new."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest

from invo_booking.domain.errors import LinkExpiredError, MailTemporaryError
from invo_booking.settings import time
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.appointment.last_mailed import UNDO
from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import delivery, periodic
from tests.support.bank import at, confirm

AN_HOUR_BEFORE_NOON = at(11, 5)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def book(bank):
    """Book and confirm a time."""

    def confirmed(start, number=0):
        wanted = bank.request(start, email=f"rosa{number}@example.com")
        booked = booking.request_appointment(
            bank.deps, wanted, idempotency_key=str(uuid4())
        )
        confirm(bank.deps, booked.token)
        return booked

    return confirmed


def subjects(bank, postbox):
    """Deliver what is due; return what the mails were about."""
    delivery.deliver_due_mails(bank.deps)
    return [message.subject.partition(":")[0] for message in postbox.sent]


def test_two_ticks_at_once_remind_each_customer_once(bank, book, clock):
    for number in range(8):
        bank.agent(f"Agent{number}")
    for number in range(8):
        book(at(12), number)
    clock.now = AN_HOUR_BEFORE_NOON
    line = Barrier(4)

    def tick(_):
        line.wait()
        return periodic.add_due_reminders(bank.deps)

    with ThreadPoolExecutor(4) as pool:
        reminded = sum(pool.map(tick, range(4)))

    assert reminded == 8


def test_a_tick_leaves_alone_what_another_one_has_just_claimed(bank, book, clock):
    bank.agent()
    book(at(12))
    clock.now = AN_HOUR_BEFORE_NOON
    hour = timedelta(hours=1)

    with bank.deps.unit_of_work() as first, bank.deps.unit_of_work() as second:
        assert len(first.appointments.claim_reminders(clock(), hour, 9)) == 1
        assert second.appointments.claim_reminders(clock(), hour, 9) == []


@pytest.mark.parametrize("change", ["cancelled", "moved"])
def test_reminder_that_waited_for_the_mail_server_is_dropped_once_it_is_wrong(
    bank, book, clock, postbox, change
):
    bank.agent()
    booked = book(at(12))
    delivery.deliver_due_mails(bank.deps)
    postbox.sent.clear()
    postbox.refusal = MailTemporaryError("connection refused")
    clock.now = at(11, 1)
    periodic.add_due_reminders(bank.deps)
    delivery.deliver_due_mails(bank.deps)

    clock.now = at(11, 10)
    if change == "cancelled":
        manage.cancel_by_link(bank.deps, booked.token)
    else:
        manage.reschedule_by_link(bank.deps, booked.token, at(12, days=1))
    postbox.refusal = None
    clock.now = at(11, 40)
    delivery.deliver_due_mails(bank.deps)
    clock.now = at(11, 50)

    (subject,) = subjects(bank, postbox)
    assert subject.startswith("Cancelled" if change == "cancelled" else "Changed")


def test_nobody_is_reminded_of_a_time_they_were_told_just_before(
    bank, book, clock, postbox
):
    bank.agent()
    max_ = bank.manager(languages=())
    booked = book(at(15))
    clock.now = at(9, 30)
    there = AppointmentChange(starts_at=at(10), ends_at=at(10, 30))
    appointments.change_appointment(bank.deps, max_, booked.appointment.id, there)
    clock.advance(UNDO)
    delivery.deliver_due_mails(bank.deps)
    postbox.sent.clear()

    clock.now = at(9, 31)
    assert periodic.add_due_reminders(bank.deps) == 0
    assert subjects(bank, postbox) == []


def test_somebody_told_long_before_is_reminded(bank, book, clock):
    bank.agent()
    max_ = bank.manager(languages=())
    booked = book(at(15))
    there = AppointmentChange(starts_at=at(14), ends_at=at(14, 30))
    appointments.change_appointment(bank.deps, max_, booked.appointment.id, there)

    clock.now = at(13, 1)
    assert periodic.add_due_reminders(bank.deps) == 1


def test_a_request_can_be_confirmed_no_later_than_its_start_wherever_it_is_moved(
    bank, clock
):
    bank.agent()
    max_ = bank.manager(languages=())
    bank.set(time.PUBLIC_WINDOW, "0")
    bank.set(time.CONFIRM_TIMEOUT, "1440")
    deps = bank.deps
    booked = booking.request_appointment(
        deps, bank.request(at(12, days=2)), idempotency_key=str(uuid4())
    )
    assert booked.confirm_by == clock() + timedelta(days=1)

    earlier = manage.reschedule_by_link(deps, booked.token, at(10)).appointment
    assert earlier.confirm_by == at(10)
    there = AppointmentChange(starts_at=at(9, 15), ends_at=at(9, 45))
    by_staff = appointments.change_appointment(deps, max_, earlier.id, there)
    assert by_staff.confirm_by == at(9, 15)
    later = manage.reschedule_by_link(deps, booked.token, at(12, days=2)).appointment
    assert later.confirm_by == clock() + timedelta(days=1)


def test_request_for_a_time_that_is_close_is_to_be_confirmed_before_it(bank, clock):
    bank.agent()
    bank.set(time.PUBLIC_WINDOW, "0")
    clock.now = at(9)

    booked = booking.request_appointment(
        bank.deps, bank.request(at(9, 15)), idempotency_key=str(uuid4())
    )

    assert booked.confirm_by == at(9, 15)


def test_request_moved_close_to_its_start_is_over_then_and_is_told_once(
    bank, clock, postbox
):
    bank.agent()
    max_ = bank.manager(languages=())
    clock.now = at(9)
    booked = booking.request_appointment(
        bank.deps, bank.request(at(14)), idempotency_key=str(uuid4())
    )
    there = AppointmentChange(starts_at=at(9, 15), ends_at=at(9, 45))
    moved = appointments.change_appointment(
        bank.deps, max_, booked.appointment.id, there
    )
    assert moved.confirm_by == at(9, 15)

    clock.now = at(9, 15)
    with pytest.raises(LinkExpiredError):
        confirm(bank.deps, booked.token)
    assert periodic.expire_unconfirmed(bank.deps) == 1

    assert "Not confirmed in time" in subjects(bank, postbox)
    told = len(postbox.sent)
    clock.now = at(10, days=1)
    assert periodic.expire_unconfirmed(bank.deps) == 0
    assert len(subjects(bank, postbox)) == told


def test_one_run_adds_more_reminders_than_fit_in_a_batch(
    bank, deps, book, clock, monkeypatch
):
    monkeypatch.setattr(periodic, "BATCH", 3)
    for number in range(8):
        bank.agent(f"Agent{number}")
    for number in range(8):
        book(at(12), number)
    clock.now = AN_HOUR_BEFORE_NOON

    assert periodic.add_due_reminders(deps) == 8
