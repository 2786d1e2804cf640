"""Mail has one locale whoever books: the region known, a language we write in."""

import pytest

from invo_booking.persistence.tables.core import InstitutionRow, LanguageRow
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.booking import booking
from invo_booking.usecases.staff import appointments
from tests.support.bank import at
from tests.usecases.test_appointments import draft


@pytest.fixture
def max_(bank):
    """A manager of a British bank that also speaks German."""
    with bank.deps.unit_of_work() as work:
        work.session.get_one(InstitutionRow, 1).country = "GB"
        work.session.add(LanguageRow(code="de", name="German"))
        work.publish_roster_change()
    bank.agent("Ana", languages=("en", "es", "de"))
    return bank.manager("Max", languages=())


@pytest.mark.parametrize(
    ("language", "locale"), [("en", "en-GB"), ("es", "es-GB"), ("de", "en-GB")]
)
def test_staff_write_to_a_customer_as_their_country_writes(
    bank, max_, language, locale
):
    made = appointments.create_appointment(
        bank.deps, max_, draft(bank, at(10), language=language, answer_id=None)
    )

    assert made.customer.locale == locale


def test_customer_whose_browser_says_nothing_is_written_to_alike(bank, max_):
    assert max_.oversees
    made = booking.request_appointment(
        bank.deps, bank.request(at(10)), idempotency_key="k" * 22
    )

    assert made.appointment.customer.locale == "en-GB"


def test_mail_stays_in_a_language_we_write_when_another_is_spoken(bank, max_):
    made = appointments.create_appointment(
        bank.deps, max_, draft(bank, at(10), answer_id=None)
    )

    changed = appointments.change_appointment(
        bank.deps, max_, made.id, AppointmentChange(language="de")
    )

    assert (changed.language, changed.customer.locale) == ("de", "en-GB")
