"""With a protection taken out the race must happen, else the other tests prove nothing.

Every test here makes both contenders look before either writes.
"""

from functools import partial
from uuid import uuid4

import pytest
from psycopg.errors import DeadlockDetected
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from invo_booking.domain.calendars.host_events import EventState, StoredEvent
from invo_booking.domain.errors import SlotTakenError
from invo_booking.persistence.outbox import MAIL
from invo_booking.persistence.tables.core import NO_DOUBLE_BOOKING
from invo_booking.usecases.booking import booking
from invo_booking.usecases.staff import appointments
from tests.concurrency.racing import meeting_before_writing, race, refusals, winners
from tests.concurrency.test_people_race import (
    create,
    keeping_and_giving_up,
    request,
    takes_that_strand_together,
)
from tests.support.bank import at, confirm
from tests.support.host_calendar import connected
from tests.support.invariants import check, violations
from tests.usecases.test_appointments import draft


@pytest.fixture
def database_url(own_database_url) -> str:
    """Address of a database that no other test goes on using: here it loses guards."""
    return own_database_url


def request_as_rosa(deps, bank, starts_at):
    wanted = bank.request(starts_at, email="rosa@example.com")
    return booking.request_appointment(deps, wanted, idempotency_key=uuid4().hex)


def test_without_the_lock_two_customers_get_the_last_place(bank, database_url):
    bank.agent("Ana")

    with meeting_before_writing(bank.deps, 2, locks=False) as unsafe:
        outcomes = race(*[lambda: request(unsafe, bank, at(10))] * 2)

    assert len(winners(outcomes)) == 2
    (found,) = violations(database_url)
    assert found.startswith("I2")


def test_without_the_lock_one_contact_makes_more_requests_than_allowed(bank):
    bank.agent("Ana")
    starts = [at(10, days=day) for day in range(5)]

    with meeting_before_writing(bank.deps, 5, locks=False) as unsafe:
        outcomes = race(*[partial(request_as_rosa, unsafe, bank, it) for it in starts])

    assert len(winners(outcomes)) == 5


def test_without_the_lock_the_constraint_still_keeps_an_agent_from_two_places(
    bank, database_url
):
    ana, manager = bank.agent("Ana"), bank.manager("Max")

    with meeting_before_writing(bank.deps, 2, locks=False) as unsafe:
        outcomes = race(
            lambda: create_unless_deadlocked(
                unsafe, bank, manager, at(10), at(10, 30), ana
            ),
            lambda: create_unless_deadlocked(
                unsafe, bank, manager, at(10, 15), at(10, 45), ana
            ),
        )

    assert len(winners(outcomes)) == 1
    assert refusals(outcomes) == {SlotTakenError}
    check(database_url)


def create_unless_deadlocked(*what):
    """Create an appointment, or be refused by the constraint in either of its ways.

    If each of two transactions has written before it looks at what the other wrote,
    each waits for the other, and PostgreSQL ends one of them as deadlocked.
    """
    try:
        return create(*what)
    except OperationalError as error:
        if not isinstance(error.orig, DeadlockDetected):
            raise
        return SlotTakenError(str(error.orig))


def test_without_lock_and_constraint_an_agent_is_in_two_places(bank, database_url):
    ana, manager = bank.agent("Ana"), bank.manager("Max")
    tamper(bank, f"ALTER TABLE appointment DROP CONSTRAINT {NO_DOUBLE_BOOKING}")

    with meeting_before_writing(bank.deps, 2, locks=False) as unsafe:
        outcomes = race(
            lambda: create(unsafe, bank, manager, at(10), at(10, 30), ana),
            lambda: create(unsafe, bank, manager, at(10, 15), at(10, 45), ana),
        )

    assert len(winners(outcomes)) == 2
    assert [line.partition(":")[0] for line in violations(database_url)] == ["I1"]


def test_without_the_lock_two_takes_strand_a_third_customer(bank, database_url):
    takes = takes_that_strand_together(bank)

    with meeting_before_writing(bank.deps, 2, locks=False) as unsafe:
        outcomes = race(*(partial(take, unsafe) for take in takes))

    assert len(winners(outcomes)) == 2
    (found,) = violations(database_url)
    assert found.startswith("I2")


def test_without_the_version_a_customer_is_waited_for_and_given_up(bank, clock):
    ana, max_ = bank.agent("Ana"), bank.manager("Max")
    deeds = keeping_and_giving_up(bank, ana, max_, clock)

    with meeting_before_writing(bank.deps, 2, versions=False) as unsafe:
        outcomes = race(*(partial(deed, unsafe) for deed in deeds))

    assert len(winners(outcomes)) == 2


def test_what_was_acknowledged_and_is_gone_is_found(bank, database_url):
    bank.agent("Ana")
    booked = request(bank.deps, bank, at(10))
    tamper(bank, "DELETE FROM outbox", "DELETE FROM audit", "DELETE FROM appointment")

    (found,) = violations(database_url, [str(booked.appointment.id)])

    assert found.startswith("I3")


def test_promise_that_was_dropped_is_found(bank, database_url):
    bank.agent("Ana")
    booked = request(bank.deps, bank, at(10))
    confirm(bank.deps, booked.token)
    tamper(bank, "DELETE FROM outbox")

    (found,) = violations(database_url)

    assert found.startswith("I4")


def test_mail_about_a_change_that_never_was_is_found(bank, database_url):
    booked = taken_by_ana(bank)
    check(database_url)
    key = booked.appointment.id
    with bank.deps.unit_of_work() as work:
        told = dict(work.outbox.newest(MAIL, key)) | {"mail": "changed"}
        work.outbox.add(MAIL, told, now=bank.deps.now(), appointment_id=key)

    (found,) = violations(database_url)

    assert found.startswith(f"I4: {key} has the wrong mails")


def test_customer_who_was_told_another_time_last_is_found(bank, database_url):
    booked = taken_by_ana(bank)
    tamper(
        bank,
        "UPDATE outbox SET payload = payload ||"
        """ '{"starts_at": "2026-11-23T20:00:00+00:00"}' WHERE kind = 'mail'""",
    )

    found = violations(database_url)

    assert found == [
        f"I4: the last mail about {booked.appointment.id} names another time"
    ]


def taken_by_ana(bank):
    """Book and confirm an appointment that an agent has taken."""
    ana = bank.agent("Ana")
    booked = request(bank.deps, bank, at(10))
    confirm(bank.deps, booked.token)
    appointments.take_appointment(bank.deps, ana, booked.appointment.id)
    return booked


def test_history_that_was_rewritten_is_found(bank, database_url):
    bank.agent("Ana")
    request(bank.deps, bank, at(10))
    check(database_url)
    tamper(bank, "UPDATE audit SET actor = 'nobody'")

    (found,) = violations(database_url)

    assert found.startswith("I5")


def test_change_nobody_promised_to_write_is_found(bank, database_url):
    ana = bank.agent("Ana")
    connection = connected(bank)
    made = appointments.create_appointment(
        bank.deps, bank.manager(), draft(bank, at(10), agent_id=ana.id)
    )
    written = StoredEvent(
        appointment_id=made.id,
        connection_id=connection.id,
        event_id="there",
        state=EventState.WRITTEN,
        agent_id=ana.id,
        period=made.period,
    )
    with bank.deps.unit_of_work() as work:
        work.host_events.save(written)
    tamper(bank, "UPDATE outbox SET state = 'done' WHERE kind = 'calendar'")
    check(database_url)
    tamper(bank, "UPDATE host_event SET agent_id = gen_random_uuid()")

    (found,) = violations(database_url)

    assert found.startswith("I4: nobody promised")


def tamper(bank, *statements) -> None:
    """Change rows as somebody who owns the database could."""
    with bank.deps.unit_of_work() as work:
        for statement in ("ALTER TABLE audit DISABLE TRIGGER USER", *statements):
            work.session.connection().execute(text(statement))
