"""Changes of appointments and of the roster wait for each other, and never for ever."""

from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.errors import AppointmentChangedError
from invo_booking.persistence.appointments import Appointments
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.admin import people
from invo_booking.usecases.booking import lateness, manage
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import periodic
from tests.concurrency.racing import clock_of, working_with
from tests.concurrency.test_people_race import create, request
from tests.support.bank import at, confirm
from tests.support.invariants import check

WAITING = text("""
SELECT count(*) FROM pg_stat_activity
WHERE wait_event_type = 'Lock' AND datname = current_database()
""")
_TICK = Event()  # never set: a pause that needs no clock


@pytest.fixture
def manager(bank):
    return bank.manager("Max")


def wait_until_it_waits(deps: Deps, contender: Future[Any]) -> None:
    """Return when the contender waits for a lock; fail if it needs none."""
    with deps.unit_of_work() as work:
        while not work.session.connection().execute(WAITING).scalar_one():
            assert not contender.done(), "it waited for nothing"
            _TICK.wait(0.01)


def cancels(bank, _manager):
    booked = request(bank.deps, bank, at(10))
    return lambda: manage.cancel_by_link(bank.deps, booked.token)


def confirms(bank, _manager):
    booked = request(bank.deps, bank, at(10))
    return lambda: confirm(bank.deps, booked.token)


def is_late(bank, _manager):
    booked = request(bank.deps, bank, at(10))
    confirm(bank.deps, booked.token)
    bank.clock.now = at(9, 50)
    return lambda: lateness.report_late(bank.deps, booked.token)


def staff_cancel(bank, manager):
    made = create(bank.deps, bank, manager, at(10), at(11))
    return lambda: appointments.cancel_appointment(bank.deps, manager, made.id, "")


def staff_assign(bank, manager):
    made = create(bank.deps, bank, manager, at(10), at(11))
    ben = bank.agent("Ben")
    return lambda: appointments.assign_appointment(bank.deps, manager, made.id, ben.id)


def expires(bank, _manager):
    request(bank.deps, bank, at(10))
    bank.clock.now = at(16)
    return lambda: periodic.expire_unconfirmed(bank.deps)


def ends(bank, manager):
    create(bank.deps, bank, manager, at(10), at(11))
    bank.clock.now = at(16)
    return lambda: periodic.complete_past(bank.deps)


def reminds(bank, manager):
    create(bank.deps, bank, manager, at(10), at(11))
    bank.clock.now = at(9, 55)
    return lambda: periodic.add_due_reminders(bank.deps)


@pytest.mark.parametrize(
    "prepare",
    [cancels, confirms, is_late, staff_cancel, staff_assign, expires, ends, reminds],
)
def test_change_of_an_appointment_waits_for_a_change_of_the_roster(
    bank, manager, prepare
):
    bank.agent("Ana")
    act = prepare(bank, manager)
    with ThreadPoolExecutor(1) as pool, bank.deps.unit_of_work() as work:
        work.lock_roster()
        change = pool.submit(act)
        wait_until_it_waits(bank.deps, change)
        work.session.commit()
        change.result()


class _Interrupted(Appointments):
    """Does something else after the first change, before the second one."""

    deeds: list[Callable[[], None]]

    def save(self, appointment: Appointment) -> Appointment:
        saved = super().save(appointment)
        if self.deeds:
            self.deeds.pop()()
        return saved


@contextmanager
def interrupted(deps: Deps, deed: Callable[[], None]) -> Generator[Deps]:
    deeds = [deed]

    def interrupt(work: UnitOfWork, session: Session) -> None:
        slow = _Interrupted(session, clock_of(work), work.share_roster)
        slow.deeds = deeds
        work.appointments = slow

    with working_with(deps, UnitOfWork, interrupt) as parts:
        yield parts


def test_cancelling_while_the_agent_is_disabled_causes_no_deadlock(
    bank, manager, database_url
):
    """The agent's day is locked by then, and the other appointment comes next."""
    deps, ana = bank.deps, bank.agent("Ana")
    create(deps, bank, manager, at(9), at(10), ana)
    second = create(deps, bank, manager, at(10), at(11), ana)
    bank.agent("Ben")
    with ThreadPoolExecutor(1) as pool:
        others: list[Future[Any]] = []

        def cancel() -> None:
            act = appointments.cancel_appointment
            others.append(pool.submit(act, deps, manager, second.id, ""))
            wait_until_it_waits(deps, others[0])

        with interrupted(deps, cancel) as parts:
            people.disable_person(parts, "ana@bank.example")
        assert isinstance(others[0].exception(), AppointmentChangedError)

    check(database_url)
