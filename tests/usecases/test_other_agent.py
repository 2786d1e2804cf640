"""Customers who were told whom they meet are told of somebody else."""

from uuid import uuid4

import pytest

from invo_booking.domain.assignment import Mode
from invo_booking.persistence.tables.core import QueueRow
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.appointment.last_mailed import UNDO
from invo_booking.usecases.booking import booking
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import delivery
from tests.support.bank import at, confirm
from tests.support.drafts import staff_draft
from tests.support.invariants import check

LANGUAGES = {
    "en": ("With Ben: Mortgage advice", "Your appointment is with Ben now."),
    "es": ("Con Ben: Mortgage advice", "Ahora su cita es con Ben."),
}


@pytest.fixture
def max_(bank):
    return bank.manager()


@pytest.fixture
def made(bank, ana, max_):
    """An appointment of which the customer knows that it is with Ana."""
    draft = staff_draft(bank, at(11), agent_id=ana.id)
    return appointments.create_appointment(bank.deps, max_, draft)


@pytest.fixture
def mailed(bank, postbox, config, clock):
    """Return the mails since the last look; the books must balance."""

    def look():
        clock.advance(UNDO)
        delivery.deliver_due_mails(bank.deps)
        check(config.database_url)
        found, postbox.sent = postbox.sent, []
        return found

    return look


def give(bank, by, appointment, agent):
    return appointments.assign_appointment(
        bank.deps, by, appointment.id, agent and agent.id
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_else_is_named_in_a_short_mail(bank, max_, mailed, language):
    ana, ben = (bank.agent(name, languages=("en", "es")) for name in ("Ana", "Ben"))
    fewest(bank)
    booked = booking.request_appointment(
        bank.deps,
        bank.request(at(11), language=language),
        idempotency_key=str(uuid4()),
    )
    confirm(bank.deps, booked.token)
    given = give(bank, max_, booked.appointment, ana)
    mailed()

    saved = give(bank, max_, given, ben)

    (mail,) = mailed()
    subject, lead = LANGUAGES[language]
    assert mail.subject.startswith(subject)
    assert lead in mail.text
    assert (mail.ics_method, saved.sequence) == ("REQUEST", given.sequence)
    assert "Ben" in mail.ics


def test_whom_no_mail_named_is_nobody_to_take_back(bank, ana, ben, max_, mailed):
    booked = booking.request_appointment(
        bank.deps, bank.request(at(11)), idempotency_key=str(uuid4())
    )
    confirm(bank.deps, booked.token)
    mailed()

    for agent in (ana, ben, None):
        give(bank, max_, booked.appointment, agent)

    assert mailed() == []


def test_waiting_for_somebody_says_nothing_until_there_is_somebody(
    bank, ana, ben, max_, made, mailed
):
    mailed()

    give(bank, max_, made, None)
    assert mailed() == []
    appointments.take_appointment(bank.deps, ana, made.id)
    assert mailed() == []
    give(bank, max_, made, None)
    appointments.take_appointment(bank.deps, ben, made.id)

    (mail,) = mailed()
    assert "with Ben now" in mail.text


def test_there_and_back_says_each_in_its_turn(bank, ana, ben, max_, made, mailed):
    mailed()

    give(bank, max_, made, ben)
    assert [mail.subject[:8] for mail in mailed()] == ["With Ben"]
    give(bank, max_, made, ana)
    assert [mail.subject[:8] for mail in mailed()] == ["With Ana"]


def test_another_time_with_another_agent_is_one_mail(bank, ben, max_, made, mailed):
    mailed()

    change = AppointmentChange(starts_at=at(14), agent=ben.id)
    appointments.change_appointment(bank.deps, max_, made.id, change)
    appointments.change_appointment(
        bank.deps, max_, made.id, AppointmentChange(notes="Calls from a car")
    )

    (mail,) = mailed()
    assert mail.ics_method == "REQUEST"
    assert "You will now meet Ben instead of Ana." in mail.text


def test_once_it_has_begun_nobody_is_written_to(bank, ben, max_, made, mailed, clock):
    mailed()
    clock.now = at(11)

    give(bank, max_, made, ben)

    assert mailed() == []


def fewest(bank):
    with bank.deps.unit_of_work() as work:
        queue = work.session.get(QueueRow, bank.queue_id)
        queue.assignment = Mode.FEWEST.value
        work.publish_roster_change()
