"""Which days of the institution a booking holds against others."""

from datetime import date, timedelta

from sqlalchemy import text

from invo_booking.domain.interval import Interval
from invo_booking.usecases.slots.availability import LONGEST_BUFFER, lock_days_of
from tests.support.bank import at

HELD = text("""
SELECT objid FROM pg_locks
WHERE locktype = 'advisory' AND classid = 7000 AND pid = pg_backend_pid()
""")
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def held_days(bank, start, end):
    with bank.deps.unit_of_work() as work:
        lock_days_of(work, bank.clock(), Interval(start, end))
        rows = work.session.connection().execute(HELD)
        return {date.fromordinal(ordinal) for (ordinal,) in rows}


def test_appointments_in_the_middle_of_a_day_hold_that_day(bank):
    assert held_days(bank, at(9), at(17)) == {MONDAY}


def test_appointments_whose_buffers_may_reach_into_the_next_day_hold_it_too(bank):
    evening, morning = at(23), at(0, days=1) + LONGEST_BUFFER

    assert held_days(bank, evening, at(23, 45)) == {MONDAY, TUESDAY}
    assert held_days(bank, morning, morning + timedelta(hours=1)) == {TUESDAY}
    early = morning - timedelta(minutes=1)
    assert held_days(bank, early, morning) == {MONDAY, TUESDAY}
