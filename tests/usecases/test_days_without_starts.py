"""What customers read of days without a single open time."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import delete

from invo_booking.domain.interval import Interval
from invo_booking.persistence.tables.core import WorkingHoursRow
from invo_booking.settings import time as time_settings
from invo_booking.usecases.booking import booking
from invo_booking.usecases.slots.offers import offer_slots
from tests.support.bank import at

TWO_WEEKS = Interval(at(0), at(0, days=14))
MONDAY = date(2026, 11, 23)


def told(bank, window=TWO_WEEKS):
    return offer_slots(bank.deps, bank.answer_id, "en", window).closed_days


@pytest.fixture(autouse=True)
def short_days(bank):
    """One agent who can take two appointments a day."""
    return bank.agent(hours=(time(9), time(10)))


def test_days_are_told_apart(bank):
    bank.holiday(date(2026, 11, 26), "Thanksgiving")
    bank.set(time_settings.PUBLIC_EARLIEST_DAY, "1")
    bank.set(time_settings.HORIZON, "10")
    for minute in (0, 30):
        booking.request_appointment(
            bank.deps,
            bank.request(at(9, minute, days=2), email=f"{minute}@x.example"),
            idempotency_key=booking.new_idempotency_key(),
        )

    days = told(bank)

    assert days == {
        MONDAY: "Too soon to book",
        MONDAY + timedelta(days=2): "Fully booked",
        MONDAY + timedelta(days=3): "Closed for Thanksgiving",
        MONDAY + timedelta(days=5): "Closed at the weekend",
        MONDAY + timedelta(days=6): "Closed at the weekend",
    }


def test_day_on_which_nobody_works_is_closed_not_full(bank):
    with bank.deps.unit_of_work() as work:
        work.session.execute(delete(WorkingHoursRow))
        work.publish_roster_change()

    assert told(bank)[MONDAY] == "Closed that day"


def test_day_the_window_cuts_is_told_of_only_if_all_of_it_is_closed(bank):
    bank.holiday(date(2026, 11, 26), "Thanksgiving")
    evenings = [Interval(at(12, days=days), at(20, days=days)) for days in range(6)]

    found = [told(bank, evening) for evening in evenings]

    assert found == [
        *({}, {}, {}),
        {date(2026, 11, 26): "Closed for Thanksgiving"},
        {},
        {date(2026, 11, 28): "Closed at the weekend"},
    ]


def test_closed_by_name_are_days_of_the_institution_only(bank):
    bank.holiday(date(2026, 11, 26), "Thanksgiving")

    offer = offer_slots(bank.deps, bank.answer_id, "en", TWO_WEEKS)

    assert offer.holidays == {date(2026, 11, 26)}
    assert offer.holidays < offer.closed_days.keys()


def test_words_never_tell_how_many_people_there_are(bank):
    assert not any(sign.isdigit() for why in told(bank).values() for sign in why)
