"""The mail server is down, or says no; the clock is the test's."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from invo_booking.domain.errors import MailPermanentError, MailTemporaryError
from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.staff.detail import appointment_detail
from invo_booking.usecases.upkeep import delivery, health, periodic
from tests.support.bank import at, confirm
from tests.support.fakes import Postbox
from tests.support.invariants import check

MINUTE = timedelta(minutes=1)
DOWN = MailTemporaryError("The mail server has not accepted the mail yet: 450 Busy")
REFUSED = MailPermanentError("The mail server refused the mail: 550 No such user")


class MoodyPostbox(Postbox):
    """Refuses some recipients, and counts how often it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.refusals = {}

    def send(self, message, server) -> None:
        self.asked += 1
        if message.to in self.refusals:
            raise self.refusals[message.to]
        super().send(message, server)

    def first_words(self) -> list[str]:
        return [message.subject.partition(" ")[0] for message in self.sent]


@pytest.fixture
def postbox() -> MoodyPostbox:
    return MoodyPostbox()


@pytest.fixture
def max_(bank):
    bank.agent("Ana")
    return bank.manager("Max")


def request(bank, starts_at, **more):
    return booking.request_appointment(
        bank.deps, bank.request(starts_at, **more), idempotency_key=uuid4().hex
    )


def sweep(bank, clock, minutes: int) -> list[int]:
    """Deliver what is due every minute; return the minutes in which mail was tried."""
    tried = []
    for minute in range(minutes):
        before = bank.deps.mailer.asked
        delivery.deliver_due_mails(bank.deps)
        if bank.deps.mailer.asked > before:
            tried.append(minute)
        clock.advance(MINUTE)
    return tried


def test_bookings_go_on_without_mail_and_each_mail_follows_once_and_in_order(
    bank, max_, clock, postbox, database_url
):
    del max_
    postbox.refusal = DOWN
    token = request(bank, at(10)).token
    sweep(bank, clock, 5)
    confirm(bank.deps, token)
    sweep(bank, clock, 5)
    manage.cancel_by_link(bank.deps, token)
    sweep(bank, clock, 5)
    nothing = list(postbox.sent)

    postbox.refusal = None
    sweep(bank, clock, 60)

    assert not nothing
    assert postbox.first_words() == ["Please", "Confirmed:", "Cancelled:"]
    assert len({message.message_id for message in postbox.sent}) == 3
    check(database_url)


def test_reminder_that_helps_nobody_any_more_is_not_sent(bank, max_, clock, postbox):
    del max_
    confirm(bank.deps, request(bank, at(10)).token)
    delivery.deliver_due_mails(bank.deps)
    clock.advance(timedelta(hours=1, minutes=30))
    periodic.add_due_reminders(bank.deps)
    postbox.refusal = DOWN
    sweep(bank, clock, 40)

    postbox.refusal = None
    sweep(bank, clock, 90)

    assert len(postbox.sent) == 2
    assert health.health_figures(bank.deps)["outbox_open"] == 0


def test_refusal_for_now_is_tried_again_ever_more_patiently(bank, max_, clock, postbox):
    booked = request(bank, at(10, days=1))
    confirm(bank.deps, booked.token)
    postbox.refusals["rosa@example.com"] = DOWN

    tried = sweep(bank, clock, 300)

    assert tried == [0, 1, 3, 7, 15, 31, 32, 34, 38, 46, 62, 94, 154, 214, 274]
    shown = appointment_detail(bank.deps, max_, booked.appointment.id)
    assert "450 Busy" in shown.mail_trouble


def test_mail_that_is_refused_for_days_is_given_up_and_shown(
    bank, max_, clock, postbox
):
    booked = request(bank, at(10, days=3))
    delivery.deliver_due_mails(bank.deps)
    confirm(bank.deps, booked.token)
    postbox.refusals["rosa@example.com"] = DOWN
    sweep(bank, clock, 400)
    clock.advance(timedelta(days=5, minutes=1))

    sweep(bank, clock, 1)

    assert health.health_figures(bank.deps)["outbox_failed"] == 1
    assert health.health_figures(bank.deps)["outbox_open"] == 0
    assert (
        "450 Busy"
        in appointment_detail(bank.deps, max_, booked.appointment.id).mail_trouble
    )


def test_refusal_for_good_fails_at_once_is_shown_and_concerns_nobody_else(
    bank, max_, clock, postbox
):
    booked = request(bank, at(10))
    request(bank, at(11), email="ben@example.com")
    postbox.refusals["rosa@example.com"] = REFUSED

    tried = sweep(bank, clock, 60)

    assert tried == [0]
    assert [message.to for message in postbox.sent] == ["ben@example.com"]
    assert (
        "550 No such user"
        in appointment_detail(bank.deps, max_, booked.appointment.id).mail_trouble
    )


def test_mail_that_cannot_be_made_holds_up_no_other(bank, max_, clock, postbox):
    booked = request(bank, at(10))
    with bank.deps.unit_of_work() as work:
        work.session.connection().execute(
            text("""UPDATE outbox SET payload = payload || '{"mail": "no such"}'""")
        )
    request(bank, at(11), email="ben@example.com")

    sweep(bank, clock, 10)

    assert [message.to for message in postbox.sent] == ["ben@example.com"]
    assert appointment_detail(bank.deps, max_, booked.appointment.id).mail_trouble


@pytest.mark.usefixtures("max_")
def test_staff_see_that_mail_is_waiting(bank, clock):
    request(bank, at(10))
    clock.advance(timedelta(minutes=20))

    found = {check.name: check for check in health.health_checks(bank.deps)}

    assert not found["outbox"].ok
    assert not found["outbox"].needed
    assert "20 minutes" in found["outbox"].sentence
