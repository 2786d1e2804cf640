from datetime import timedelta

import pytest

from invo_booking.domain.errors import ConflictError
from invo_booking.usecases.appointment.last_mailed import UNDO
from invo_booking.usecases.staff import appointments
from tests.support.bank import at
from tests.usecases.test_appointments import requested


def test_agent_gives_back_at_once_what_was_taken_without_the_right_to_assign(
    bank, clock
):
    ana = bank.agent("Ana")
    waiting = requested(bank, at(10)).appointment
    appointments.take_appointment(bank.deps, ana, waiting.id)
    clock.advance(timedelta(seconds=10))

    given = appointments.give_back_appointment(bank.deps, ana, waiting.id)

    assert given.agent_id is None
    assert given.assigned_because == ""


def test_what_was_taken_a_while_ago_is_not_given_back(bank, clock):
    ana = bank.agent("Ana")
    waiting = requested(bank, at(10)).appointment
    appointments.take_appointment(bank.deps, ana, waiting.id)
    clock.advance(UNDO)

    with pytest.raises(ConflictError, match="too late"):
        appointments.give_back_appointment(bank.deps, ana, waiting.id)


def test_only_what_one_took_oneself_is_given_back(bank):
    ana, max_ = bank.agent("Ana"), bank.manager("Max")
    waiting = requested(bank, at(10)).appointment
    appointments.assign_appointment(bank.deps, max_, waiting.id, ana.id)

    with pytest.raises(ConflictError, match="Max gave it to Ana"):
        appointments.give_back_appointment(bank.deps, ana, waiting.id)
