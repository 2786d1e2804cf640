"""How many statements a booking, a move and an assignment send to the database."""

from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event

from invo_booking.domain.access.caller import Caller, Interface
from invo_booking.domain.interval import Interval
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.booking import booking
from invo_booking.usecases.slots import offers, preparation
from invo_booking.usecases.staff import appointments
from tests.support.bank import at


@contextmanager
def statements():
    sent = []

    def keep(_connection, _cursor, statement, *_more):
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", keep)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", keep)


@pytest.fixture
def manager(bank, ana):  # noqa: ARG001  (the bank needs an agent)
    """A manager of a bank whose roster and index this process has read."""
    someone = bank.manager()
    book(bank, at(9))
    return someone


def book(bank, starts_at):
    deps = bank.deps.for_caller(Caller(interface=Interface.API, address="192.0.2.1"))
    request = bank.request(starts_at, email=f"{uuid4().hex}@example.com")
    booked = booking.request_appointment(deps, request, idempotency_key=uuid4().hex)
    return booked.appointment


@pytest.mark.usefixtures("ana")
def test_first_list_of_a_prepared_process_reads_no_more_than_the_next(bank):
    window = Interval(at(0), at(0, days=7))
    prepare(bank.deps)

    first, second = statements_of_lists(bank, window)

    assert first == second


@pytest.mark.usefixtures("ana")
def test_process_that_is_prepared_again_after_a_change_of_people_reads_no_more(bank):
    window = Interval(at(0), at(0, days=7))
    prepare(bank.deps)
    bank.agent("Ben")

    prepare(bank.deps)
    first, second = statements_of_lists(bank, window)

    assert first == second


def prepare(deps):
    found = preparation.begin_preparation(deps)
    while found.compute_part():
        pass


def statements_of_lists(bank, window):
    lists = []
    for _ in range(2):
        with statements() as sent:
            offers.offer_slots(bank.deps, bank.answer_id, "en", window)
        lists.append(sent)
    return lists


@pytest.mark.usefixtures("manager")
def test_booking_sends_20_statements(bank):
    with statements() as sent:
        book(bank, at(10))

    assert len(sent) == 20


def test_move_by_staff_sends_17_statements(bank, manager):
    held = book(bank, at(10))

    with statements() as sent:
        appointments.change_appointment(
            bank.deps, manager, held.id, AppointmentChange(starts_at=at(11))
        )

    assert len(sent) == 17


def test_assignment_sends_11_statements(bank, manager, ana):
    held = book(bank, at(10))

    with statements() as sent:
        appointments.assign_appointment(bank.deps, manager, held.id, ana.id)

    assert len(sent) == 11
