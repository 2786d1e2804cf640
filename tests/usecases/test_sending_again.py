"""Staff send a customer the confirmation again."""

from datetime import timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.errors import (
    ConflictError,
    IdempotencyMismatchError,
    MailPermanentError,
    NotAllowedError,
    TooManyRequestsError,
)
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.booking import booking, manage, request_mail
from invo_booking.usecases.staff import appointments, sending_again
from tests.concurrency.racing import race, winners
from tests.support.bank import at
from tests.usecases.test_following_changes import create, mails, secret_in


@pytest.fixture
def max_(bank, ana):
    assert ana
    return bank.manager("Max", languages=())


@pytest.fixture
def made(bank, postbox, max_, ana):
    made = create(bank, max_, agent_id=ana.id)
    mails(bank, postbox)
    return made


def send(bank, by, appointment, key=""):
    return sending_again.send_confirmation(bank.deps, by, appointment.id, key=key)


def test_confirmation_as_things_are_now_goes_out_again(bank, postbox, max_, made):
    appointments.change_appointment(
        bank.deps, max_, made.id, AppointmentChange(starts_at=at(12))
    )
    mails(bank, postbox)

    send(bank, max_, made)

    (message,) = mails(bank, postbox)
    assert message.subject.startswith("Confirmed")
    assert message.ics_method == "REQUEST"
    assert manage.read_visit(bank.deps, secret_in(message)).appointment.starts_at == at(
        12
    )
    with bank.deps.unit_of_work() as work:
        last = work.audit.history(str(made.id))[-1]
    assert (last.actor, last.action) == ("Max", sending_again.SENT_AGAIN)


def test_who_has_not_confirmed_is_asked_again(bank, postbox, max_):
    booked = booking.request_appointment(
        bank.deps, bank.request(at(14)), idempotency_key=str(uuid4())
    )
    (first,) = mails(bank, postbox)

    send(bank, max_, booked.appointment)

    (message,) = mails(bank, postbox)
    assert message.subject == first.subject
    assert secret_in(message) == secret_in(first)


def test_repeated_press_sends_one_mail(bank, postbox, max_, made):
    outcomes = race(*[lambda: send(bank, max_, made, "one press")] * 4)

    assert len(winners(outcomes)) == 4
    assert len(mails(bank, postbox)) == 1


def test_key_of_another_appointment_is_refused(bank, max_, made):
    other = create(bank, max_, starts_at=at(14))
    send(bank, max_, made, "one press")

    with pytest.raises(IdempotencyMismatchError):
        send(bank, max_, other, "one press")


def test_confirmation_is_sent_three_times_a_day_at_most(
    bank, postbox, clock, max_, made
):
    began = clock.now
    outcomes = race(*[lambda: send(bank, max_, made)] * 6)
    assert len(winners(outcomes)) == len(mails(bank, postbox)) == 3

    with pytest.raises(TooManyRequestsError) as refused:
        send(bank, max_, made)
    assert refused.value.retry_at == began + timedelta(days=1)


def test_agent_sends_for_an_own_appointment_and_no_other(bank, ana, made):
    ben = bank.agent("Ben")

    assert send(bank, ana, made)
    with pytest.raises(NotAllowedError):
        send(bank, ben, made)


def test_nothing_is_sent_where_it_helps_nobody(bank, max_, made):
    no_address = create(bank, max_, starts_at=at(14), email="", phone="+13125550142")
    appointments.cancel_appointment(bank.deps, max_, made.id, "")

    for appointment, why in (
        (no_address, "no e-mail"),
        (made, "over or was cancelled"),
    ):
        with pytest.raises(ConflictError, match=why):
            send(bank, max_, appointment)


def test_unproven_address_gets_no_more_mails_by_staff_than_by_anybody(bank, max_):
    booked = booking.request_appointment(
        bank.deps, bank.request(at(14)), idempotency_key=str(uuid4())
    )
    for _ in range(2):
        request_mail.resend_request_mail(bank.deps, booked.token)
    for _ in range(2):
        send(bank, max_, booked.appointment)

    with pytest.raises(TooManyRequestsError, match="nobody confirmed"):
        send(bank, max_, booked.appointment)


def test_trouble_with_a_mail_is_over_once_a_later_one_arrived(
    bank, postbox, max_, made
):
    postbox.refusal = MailPermanentError("No such mailbox.")
    send(bank, max_, made)
    mails(bank, postbox)
    assert trouble(bank, made) == "No such mailbox."

    postbox.refusal = None
    send(bank, max_, made)
    mails(bank, postbox)

    assert trouble(bank, made) == ""


def trouble(bank, made):
    with bank.deps.unit_of_work() as work:
        return work.outbox.trouble(made.id)
