"""Somebody else moves an appointment after it was read and before its days are locked.

Then other days are locked than those it is on, and nothing may be judged or stored.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from invo_booking.domain.errors import AppointmentChangedError
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.staff import appointments
from tests.concurrency.racing import working_with
from tests.support.bank import at, proof_of
from tests.support.invariants import check


class _Overtaken(UnitOfWork):
    """Lets somebody else act just before the first lock."""

    deeds: list[Callable[[], Any]]

    def lock_days(self, days: Iterable[date], contacts: Iterable[str] = ()) -> None:
        if self.deeds:
            self.deeds.pop()()
        super().lock_days(days, contacts)


def before_the_lock(deps, deed) -> AbstractContextManager[Deps]:
    deeds = [deed]

    def hand_over(work: Any, session: object) -> None:
        del session
        work.deeds = deeds

    return working_with(deps, _Overtaken, hand_over)


@pytest.fixture
def max_(bank, ana):
    assert ana
    return bank.manager("Max", languages=())


@pytest.fixture
def booked(bank, max_):
    assert max_
    wanted = bank.request(at(11))
    made = booking.request_appointment(bank.deps, wanted, idempotency_key=uuid4().hex)
    manage.confirm_by_link(bank.deps, proof_of(bank.deps, made.token))
    return made


def change(bank, by, booked, **more):
    """Return what staff do meanwhile."""
    return lambda: appointments.change_appointment(
        bank.deps, by, booked.appointment.id, AppointmentChange(**more)
    )


def test_customer_who_moves_it_keeps_the_length_that_staff_gave_it(
    bank, max_, booked, database_url
):
    longer = change(bank, max_, booked, ends_at=at(12))

    with before_the_lock(bank.deps, longer) as deps:
        moved = manage.reschedule_by_link(deps, booked.token, at(14)).appointment

    assert (moved.starts_at, moved.ends_at) == (at(14), at(15))
    check(database_url)


@pytest.mark.parametrize("step", ["assign", "take"])
def test_what_was_moved_to_another_day_is_not_given_to_anybody(
    bank, max_, ana, booked, step
):
    away = change(
        bank, max_, booked, starts_at=at(11, days=1), ends_at=at(11, 30, days=1)
    )
    one = booked.appointment.id
    appointments.assign_appointment(bank.deps, max_, one, None)

    with before_the_lock(bank.deps, away) as deps:
        steps = {
            "assign": lambda: appointments.assign_appointment(deps, max_, one, ana.id),
            "take": lambda: appointments.take_appointment(deps, ana, one),
        }
        with pytest.raises(AppointmentChangedError):
            steps[step]()

    with bank.deps.unit_of_work() as work:
        stored = work.appointments.get(one)
    assert stored.agent_id is None
    assert stored.starts_at == at(11) + timedelta(days=1)
