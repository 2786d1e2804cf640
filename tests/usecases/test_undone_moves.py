"""Customers hear of a change by staff once it stands, and never of what was undone."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.appointment.last_mailed import UNDO
from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import delivery, periodic
from tests.support.bank import at, confirm
from tests.support.drafts import staff_draft
from tests.support.invariants import check

INSTANT = timedelta(microseconds=1)


@pytest.fixture
def max_(bank):
    return bank.manager("Max", languages=())


@pytest.fixture
def made(bank, ana, ben, max_, postbox):
    """An appointment at eleven with Ana; the customer knows of it."""
    assert ben
    draft = staff_draft(bank, at(11), agent_id=ana.id)
    made = appointments.create_appointment(bank.deps, max_, draft)
    delivery.deliver_due_mails(bank.deps)
    postbox.sent.clear()
    return made


@pytest.fixture
def told(bank, postbox, clock, config):
    """Return the mails of the time in which something could be undone, and after."""

    def look():
        clock.advance(UNDO - INSTANT)
        delivery.deliver_due_mails(bank.deps)
        assert postbox.sent == []
        clock.advance(INSTANT)
        delivery.deliver_due_mails(bank.deps)
        check(config.database_url)
        return postbox.sent

    return look


def clocks(mail):
    """Return the times a mail names."""
    return set(re.findall(r"\d+:\d\d", mail.text))


def move(bank, by, made, hour, **more):
    wanted = AppointmentChange(starts_at=at(hour), ends_at=at(hour, 30), **more)
    return appointments.change_appointment(bank.deps, by, made.id, wanted)


def undo(bank, by, moved, hour=11, **more):
    back = AppointmentChange(starts_at=at(hour), ends_at=at(hour, 30), **more)
    return appointments.undo_change(
        bank.deps, by, moved.id, back, version=moved.version
    )


def test_mail_about_a_move_is_due_when_it_cannot_be_undone_any_more(
    bank, max_, made, told
):
    move(bank, max_, made, 13)

    (mail,) = told()
    assert "SEQUENCE:1" in mail.ics


def test_what_was_undone_is_never_told(bank, max_, made, told, clock):
    moved = move(bank, max_, made, 13)
    clock.advance(timedelta(seconds=10))

    back = undo(bank, max_, moved)

    assert (back.starts_at, back.agent_id) == (made.starts_at, made.agent_id)
    assert told() == []


def test_second_move_in_that_time_makes_one_mail_with_the_last_truth(
    bank, max_, made, told
):
    move(bank, max_, made, 13)
    move(bank, max_, made, 15)

    (mail,) = told()
    assert "DTSTART:20261123T210000Z" in mail.ics
    assert clocks(mail) >= {"11:00", "3:00"}
    assert "1:00" not in clocks(mail)


def test_moving_there_and_back_by_hand_says_nothing(bank, max_, made, told):
    move(bank, max_, made, 13)
    move(bank, max_, made, 11)

    assert told() == []


def test_undoing_the_second_of_two_moves_tells_of_the_first(bank, max_, made, told):
    move(bank, max_, made, 13)
    second = move(bank, max_, made, 15)
    undo(bank, max_, second, 13)

    (mail,) = told()
    assert "DTSTART:20261123T190000Z" in mail.ics
    assert clocks(mail) >= {"11:00", "1:00"}
    assert "3:00" not in clocks(mail)


def test_moved_then_taken_and_given_back_at_once_makes_one_mail(
    bank, max_, made, ben, told
):
    move(bank, max_, made, 13, agent=None)
    appointments.take_appointment(bank.deps, ben, made.id)
    appointments.give_back_appointment(bank.deps, ben, made.id)

    (mail,) = told()
    assert clocks(mail) >= {"11:00", "1:00"}


def test_moving_to_another_time_and_agent_and_back_says_nothing(
    bank, max_, made, ana, ben, told
):
    moved = move(bank, max_, made, 13, agent=ben.id)
    undo(bank, max_, moved, agent=ana.id)

    assert told() == []


def test_giving_it_to_somebody_else_and_back_says_nothing(
    bank, max_, made, ana, ben, told
):
    given = appointments.assign_appointment(bank.deps, max_, made.id, ben.id)
    appointments.undo_change(
        bank.deps, max_, made.id, AppointmentChange(agent=ana.id), version=given.version
    )

    assert told() == []


def test_another_agent_is_named_though_the_notes_change_meanwhile(
    bank, max_, made, ben, told
):
    appointments.assign_appointment(bank.deps, max_, made.id, ben.id)
    appointments.change_appointment(
        bank.deps, max_, made.id, AppointmentChange(notes="Calls from a car")
    )

    (mail,) = told()
    assert mail.subject.startswith("With Ben")


def test_moved_and_cancelled_at_once_says_that_the_time_they_know_is_cancelled(
    bank, max_, made, postbox
):
    move(bank, max_, made, 13)
    appointments.cancel_appointment(bank.deps, max_, made.id, "")

    delivery.deliver_due_mails(bank.deps)

    (mail,) = postbox.sent
    assert mail.ics_method == "CANCEL"
    assert "11:00" in clocks(mail)
    assert "1:00" not in clocks(mail)


def test_mail_that_somebody_has_begun_to_send_is_not_taken_back(
    bank, max_, made, postbox, clock
):
    move(bank, max_, made, 13)
    clock.advance(UNDO)
    delivery.deliver_due_mails(bank.deps)
    move(bank, max_, made, 11)
    clock.advance(UNDO)
    delivery.deliver_due_mails(bank.deps)

    assert [mail.ics.count("SEQUENCE:1") for mail in postbox.sent] == [1, 0]


def test_reminder_is_sent_though_a_move_was_undone_before_it(
    bank, max_, made, postbox, clock
):
    clock.now = at(9, 55)
    moved = move(bank, max_, made, 13)
    undo(bank, max_, moved)
    clock.now = at(10, 5)

    periodic.add_due_reminders(bank.deps)
    delivery.deliver_due_mails(bank.deps)

    assert [mail.subject[:8] for mail in postbox.sent] == ["Coming u"]


def test_customers_who_move_it_themselves_are_told_at_once(bank, ana, postbox):
    assert ana
    wanted = bank.request(at(11))
    booked = booking.request_appointment(
        bank.deps, wanted, idempotency_key=str(uuid4())
    )
    confirm(bank.deps, booked.token)
    delivery.deliver_due_mails(bank.deps)
    postbox.sent.clear()

    manage.reschedule_by_link(bank.deps, booked.token, at(14))
    delivery.deliver_due_mails(bank.deps)

    assert len(postbox.sent) == 1
