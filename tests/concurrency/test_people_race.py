"""People who want the same thing at the same moment, on a real database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import product
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from invo_booking.domain.appointment import Appointment, Channel, Status
from invo_booking.domain.errors import (
    AppointmentChangedError,
    InvalidInputError,
    InvoError,
    SlotClosedError,
    SlotTakenError,
)
from invo_booking.settings.time import MAX_WAIT
from invo_booking.usecases.admin import people
from invo_booking.usecases.appointment.drafts import AppointmentDraft
from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import periodic
from tests.concurrency.racing import meeting_before_writing, race, refusals, winners
from tests.support.bank import at, confirm
from tests.support.invariants import check

HALF_HOUR = timedelta(minutes=30)


def create(deps, bank, by, starts_at, ends_at, agent=None):
    draft = AppointmentDraft(
        queue_id=bank.queue_id,
        language="en",
        channel=Channel.VIDEO,
        starts_at=starts_at,
        ends_at=ends_at,
        agent_id=agent.id if agent else None,
        name="Rosa Delgado",
        email=f"{uuid4().hex}@example.com",
    )
    return appointments.create_appointment(deps, by, draft)


def request(deps, bank, starts_at, **more):
    wanted = bank.request(starts_at, email=f"{uuid4().hex}@example.com", **more)
    return booking.request_appointment(deps, wanted, idempotency_key=uuid4().hex)


@pytest.fixture
def max_(bank):
    return bank.manager("Max")


def test_two_managers_give_one_agent_overlapping_appointments_and_one_succeeds(
    bank, ana, max_, database_url
):
    first = create(bank.deps, bank, max_, at(10), at(10, 30))
    second = create(bank.deps, bank, max_, at(10, 15), at(10, 45))

    outcomes = race(
        lambda: appointments.assign_appointment(bank.deps, max_, first.id, ana.id),
        lambda: appointments.assign_appointment(bank.deps, max_, second.id, ana.id),
    )

    assert len(winners(outcomes)) == 1
    assert refusals(outcomes) == {SlotTakenError}
    check(database_url)


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        (at(10, 15), at(10, 45)),
        (at(9, 45), at(10, 15)),
        (at(9), at(11)),
        (at(10), at(10, 30)),
    ],
)
def test_of_two_overlapping_appointments_for_one_agent_one_is_made(
    bank, ana, max_, database_url, starts_at, ends_at
):
    outcomes = race(
        lambda: create(bank.deps, bank, max_, at(10), at(10, 30), ana),
        lambda: create(bank.deps, bank, max_, starts_at, ends_at, ana),
    )

    assert len(winners(outcomes)) == 1
    assert refusals(outcomes) == {SlotTakenError}
    check(database_url)


def test_appointments_that_only_touch_are_all_made(bank, ana, max_, database_url):
    outcomes = race(
        *(
            lambda start=start: create(
                bank.deps, bank, max_, start, start + HALF_HOUR, ana
            )
            for start in (at(9, 30), at(10), at(10, 30))
        )
    )

    assert len(winners(outcomes)) == 3
    check(database_url)


def test_two_agents_take_one_appointment_and_one_has_it(bank, ana, database_url):
    ben = bank.agent("Ben")
    waiting = request(bank.deps, bank, at(10)).appointment

    outcomes = race(
        lambda: appointments.take_appointment(bank.deps, ana, waiting.id),
        lambda: appointments.take_appointment(bank.deps, ben, waiting.id),
    )

    assert len(winners(outcomes)) == 1
    assert refusals(outcomes) == {AppointmentChangedError}
    check(database_url)


def test_two_agents_who_take_at_once_leave_one_for_whom_nobody_else_can_serve(
    bank, database_url
):
    takes = takes_that_strand_together(bank)

    outcomes = race(*(partial(take, bank.deps) for take in takes))

    assert len(winners(outcomes)) == 1
    assert refusals(outcomes) == {SlotTakenError}
    check(database_url)


def takes_that_strand_together(bank) -> list[Callable[[Deps], Appointment]]:
    """Return two takes, each of which alone leaves somebody who speaks Spanish."""
    both = [bank.agent(name, languages=("en", "es")) for name in ("Dora", "Lines")]
    bank.agent("Ben")
    request(bank.deps, bank, at(10), language="es")
    waiting = [request(bank.deps, bank, at(10)).appointment for _ in both]
    return [
        lambda deps, by=by, one=one: appointments.take_appointment(deps, by, one.id)
        for by, one in zip(both, waiting, strict=True)
    ]


def test_of_keeping_waiting_and_giving_up_at_once_one_is_done(
    bank, ana, max_, clock, database_url
):
    deeds = keeping_and_giving_up(bank, ana, max_, clock)

    with meeting_before_writing(bank.deps, 2) as deps:
        outcomes = race(*(partial(deed, deps) for deed in deeds))

    assert len(winners(outcomes)) == 1
    assert refusals(outcomes) == {AppointmentChangedError}
    check(database_url)


def keeping_and_giving_up(bank, ana, max_, clock) -> list[Callable[[Deps], Any]]:
    """Return what two do about a late customer: wait on, and cancel as late."""
    bank.set(MAX_WAIT, "5")
    late = create(bank.deps, bank, max_, at(10), at(10, 30), ana)
    clock.now = at(10, 10)
    return [
        lambda deps: appointments.keep_waiting_for_customer(deps, ana, late.id),
        lambda deps: appointments.cancel_appointment(
            deps, max_, late.id, "", late=True
        ),
    ]


def test_of_confirming_cancelling_and_expiring_at_once_one_order_is_kept(
    bank, ana, clock, database_url
):
    """The one who expires has a clock ahead; a customer may cancel what is agreed."""
    del ana
    ahead = clock.now + timedelta(days=1)
    late = replace(bank.deps, now=lambda: ahead, database_now=lambda: ahead)
    for number in range(6):
        wanted = bank.request(at(9 + number), email=f"rosa{number}@example.com")
        token = booking.request_appointment(
            bank.deps, wanted, idempotency_key=uuid4().hex
        ).token

        confirmed, cancelled, expired = race(
            partial(confirm, bank.deps, token),
            partial(manage.cancel_by_link, bank.deps, token),
            partial(periodic.expire_unconfirmed, late),
        )

        status = manage.read_visit(bank.deps, token).appointment.status
        assert (expired == 1) == (status is Status.EXPIRED)
        if not isinstance(cancelled, InvoError):
            assert status is Status.CANCELLED
        elif status is not Status.EXPIRED:
            assert status is Status.CONFIRMED
            assert not isinstance(confirmed, InvoError)
    check(database_url)


def test_two_sweeps_at_once_expire_a_request_once(bank, ana, clock, database_url):
    del ana
    request(bank.deps, bank, at(10))
    clock.advance(timedelta(hours=1))

    with meeting_before_writing(bank.deps, 2) as deps:
        outcomes = race(*[lambda: periodic.expire_unconfirmed(deps)] * 2)

    assert sorted(outcomes) == [0, 1]
    check(database_url)


def test_nothing_is_promised_on_an_agent_who_is_disabled_while_bookings_run(
    bank, ana, deps
):
    """Two agents make two places in each slot; after Ben is gone there is one."""
    del ana
    bank.agent("Ben")
    busy = Event()
    starts = [at(9, 30 * n, days=day) for day, n in product(range(3), range(16))]

    def book_all() -> list:
        outcomes = []
        for start in starts:
            outcomes += race(lambda start=start: request(deps, bank, start))
            if len(outcomes) == 10:
                busy.set()
        return outcomes

    def disable() -> None:
        assert busy.wait(30)
        people.disable_person(deps, "ben@bank.example")

    outcomes = race(book_all, book_all, book_all, disable)

    refused = {kind for it in outcomes[:3] for kind in refusals(it)}
    assert refused <= {SlotTakenError, SlotClosedError}
    late, crowded = _booked_after_the_disabling(deps)
    assert late
    assert not crowded


def _booked_after_the_disabling(deps) -> tuple[int, int]:
    """Return how many were booked after it, and of these how many as second ones.

    A booking and the disabling wait for each other, so their entries in the audit
    trail are in the order they happened.
    """
    query = """
        WITH gone AS (SELECT id FROM audit WHERE action = 'disabled'),
        booked AS (
            SELECT audit.id, starts_at,
            row_number() OVER (PARTITION BY starts_at ORDER BY audit.id) AS place
            FROM audit JOIN appointment ON appointment.id::text = audit.object_id
            WHERE audit.action = 'requested'
        )
        SELECT count(*), count(*) FILTER (WHERE place > 1)
        FROM booked, gone WHERE booked.id > gone.id
    """
    with deps.unit_of_work() as work:
        late, crowded = work.session.connection().execute(text(query)).one()
    return late, crowded


def test_appointment_of_a_thousand_years_is_refused_before_it_locks_every_day(
    bank, max_
):
    with pytest.raises(InvalidInputError):
        create(bank.deps, bank, max_, at(10), at(10) + timedelta(days=365_000))
