"""Whoever put an appointment into the customer's calendar keeps it right there."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from invo_booking.domain.calendars.connection import ConnectionState
from invo_booking.settings.calendars import INVITE_CUSTOMER
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.calendars import push
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import delivery
from tests.support.bank import at
from tests.support.host_calendar import write
from tests.support.host_fixtures import deps, host
from tests.usecases.test_many_deletions import House

__all__ = ["deps", "host"]

CUSTOMER = "c0-0@example.com"


@pytest.fixture
def house(bank, deps, host, postbox):
    return House(bank, deps, host, postbox)


def move(house, appointment):
    """Let staff move an appointment to the afternoon; write and mail it."""
    change = AppointmentChange(starts_at=at(15), ends_at=at(15, 30))
    appointments.change_appointment(house.deps, house.manager, appointment.id, change)
    house.bank.clock.advance(timedelta(minutes=2))
    push.add_missing_writes(house.deps)
    write(house.deps)
    delivery.deliver_due_mails(house.deps)


def entry(mail):
    """Return UID, start and method of the invitation in a mail."""
    (event,) = Calendar.from_ical(mail.ics).walk("VEVENT")
    return str(event["uid"]), event.decoded("dtstart"), mail.ics_method


def is_invited_there(house):
    return any(address == CUSTOMER for address, _ in house.host.ours[0].draft.attendees)


def test_customer_of_our_mail_is_updated_by_our_mail_after_the_setting_changed(house):
    (made,) = house.book(1)
    uid, start, _ = entry(house.postbox.sent[-1])
    assert start == at(10)
    house.bank.set(INVITE_CUSTOMER, "on")
    move(house, made)

    assert entry(house.postbox.sent[-1]) == (uid, at(15), "REQUEST")
    assert not is_invited_there(house)


def test_customer_of_the_host_calendar_is_updated_there_after_the_setting_changed(
    house,
):
    house.bank.set(INVITE_CUSTOMER, "on")
    (made,) = house.book(1)
    assert is_invited_there(house)
    assert house.postbox.sent[-1].ics == ""
    house.bank.set(INVITE_CUSTOMER, "off")
    move(house, made)

    assert is_invited_there(house)
    assert house.host.only.period.start == at(15)
    assert house.postbox.sent[-1].ics == ""


def test_our_mail_takes_over_from_a_host_calendar_that_is_not_connected(house):
    house.bank.set(INVITE_CUSTOMER, "on")
    (made,) = house.book(1)
    house.disconnect()
    move(house, made)

    mail = house.postbox.sent[-1]
    assert entry(mail)[1:] == (at(15), "REQUEST")
    assert "earlier entry" in mail.text
    house.sign_in_again()
    house.settle()
    assert not is_invited_there(house)
    assert house.host.only.period.start == at(15)


def test_host_calendar_that_was_connected_again_meanwhile_keeps_inviting(house):
    house.bank.set(INVITE_CUSTOMER, "on")
    (made,) = house.book(1)
    house.disconnect()
    house.sign_in_again()
    house.settle()
    move(house, made)

    assert is_invited_there(house)
    assert house.postbox.sent[-1].ics == ""


def test_our_mail_invites_while_the_host_calendar_cannot_be_written(house):
    house.bank.set(INVITE_CUSTOMER, "on")
    with house.deps.unit_of_work() as work:
        connection = work.connections.active()
        work.connections.record_failure(
            connection.id,
            ConnectionState.RECONNECT,
            "Sign in again.",
            now=house.deps.now(),
            next_run_at=house.deps.now(),
        )
    house.book(1)

    assert entry(house.postbox.sent[-1])[2] == "REQUEST"
    house.sign_in_again()
    house.settle()
    assert not is_invited_there(house)


def test_setting_that_changes_between_write_and_mail_invites_once(house):
    house.bank.set(INVITE_CUSTOMER, "on")
    made = appointments.create_appointment(
        house.deps,
        house.manager,
        house.draft_at(at(10), CUSTOMER),
    )
    write(house.deps)
    house.bank.set(INVITE_CUSTOMER, "off")
    delivery.deliver_due_mails(house.deps)

    assert made.customer.email == CUSTOMER
    assert is_invited_there(house)
    assert house.postbox.sent[-1].ics == ""


def test_setting_that_changes_between_mail_and_write_invites_once(house):
    appointments.create_appointment(
        house.deps,
        house.manager,
        house.draft_at(at(10), CUSTOMER),
    )
    delivery.deliver_due_mails(house.deps)
    house.bank.set(INVITE_CUSTOMER, "on")
    write(house.deps)

    assert entry(house.postbox.sent[-1])[2] == "REQUEST"
    assert not is_invited_there(house)


@pytest.mark.parametrize("setting", ["on", "off"])
def test_former_address_is_told_who_removes_its_entry(house, setting):
    """By a calendar file of ours, or by a mail of the calendar that invited."""
    house.bank.set(INVITE_CUSTOMER, setting)
    (made,) = house.book(1)
    house.postbox.sent.clear()

    change = AppointmentChange(email="right@example.com")
    appointments.change_appointment(house.deps, house.manager, made.id, change)
    house.bank.clock.advance(timedelta(minutes=2))
    delivery.deliver_due_mails(house.deps)

    (told,) = [it for it in house.postbox.sent if it.to == CUSTOMER]
    is_by_host = setting == "on"
    assert told.ics_method == ("" if is_by_host else "CANCEL")
    assert ("separate mail that removes" in told.text) == is_by_host
    assert ("calendar file in this mail" in told.text) == (not is_by_host)
