"""Messages that end unsent keep no address, as those that were sent."""

import pytest
from sqlalchemy import text

from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.booking import manage
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import copies
from tests.support.bank import at
from tests.usecases.test_appointments import draft


@pytest.fixture
def max_(bank):
    bank.agent("Ana")
    return bank.manager("Max", languages=())


def stored(bank, kind):
    with bank.deps.unit_of_work() as work:
        rows = work.session.connection().execute(
            text("SELECT state, payload FROM outbox WHERE kind = :kind"), {"kind": kind}
        )
        return [(row.state, row.payload) for row in rows]


def test_former_address_goes_with_the_mail_that_was_dropped(bank, max_):
    made = appointments.create_appointment(bank.deps, max_, draft(bank, at(10)))
    corrected = AppointmentChange(email="new@example.com")
    appointments.change_appointment(bank.deps, max_, made.id, corrected)

    copies.release_copy(bank.deps, drop_mails=True)

    ((state, payload),) = stored(bank, "withdrawal")
    assert (state, payload["to"]) == ("dropped", "")
    assert payload["sequence"] == 1
    assert "rosa@example.com" not in f"{payload}"


def test_asked_for_links_that_are_dropped_name_nobody(bank, max_):
    assert max_.oversees
    manage.mail_links(bank.deps, "rosa@example.com")

    copies.release_copy(bank.deps, drop_mails=True)

    assert stored(bank, "links") == [("dropped", {})]
