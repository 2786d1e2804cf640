"""A mail server that fails is left alone for a while, and named."""

from datetime import timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.errors import (
    MailAddressError,
    MailPermanentError,
    MailServerError,
    MailTemporaryError,
)
from invo_booking.persistence.outbox import NOTICE
from invo_booking.persistence.upkeep.mail_servers import FAILURES, LONGEST_PAUSE
from invo_booking.settings import mailer
from invo_booking.usecases.booking import booking
from invo_booking.usecases.shared import mailing
from invo_booking.usecases.upkeep import delivery, health
from tests.concurrency.racing import race
from tests.support.bank import at, confirm
from tests.support.fakes import Postbox

MINUTE = timedelta(minutes=1)
SILENT = MailServerError("The mail server cannot be reached: it does not answer.")
BUSY = MailTemporaryError("The mail server has not accepted the mail yet: 450 Busy")
NAME = "smtp.bank.example:587"


class CountingPostbox(Postbox):
    """Counts how often it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def send(self, message, server) -> None:
        self.asked += 1
        super().send(message, server)


@pytest.fixture
def postbox() -> CountingPostbox:
    return CountingPostbox()


def request(bank, many):
    for number in range(many):
        booking.request_appointment(
            bank.deps,
            bank.request(at(9, 30 * number), email=f"{uuid4().hex}@example.com"),
            idempotency_key=uuid4().hex,
        )


def mail_check(bank):
    return next(it for it in health.health_checks(bank.deps) if it.name == "mail")


def test_backlog_costs_a_few_tries_and_not_one_for_each_mail(
    bank, grace, clock, postbox
):
    assert grace
    request(bank, 12)
    postbox.refusal = SILENT

    for _ in range(6):
        delivery.deliver_due_mails(bank.deps)
        clock.advance(timedelta(seconds=9))

    assert postbox.asked == FAILURES


def test_it_is_tried_again_by_one_mail_after_pauses_that_grow_to_five_minutes(
    bank, grace, clock, postbox
):
    assert grace
    request(bank, 12)
    postbox.refusal = SILENT
    tried = []
    for second in range(0, 1800, 10):
        before = postbox.asked
        delivery.deliver_due_mails(bank.deps)
        tried += [second] * (postbox.asked - before)
        clock.advance(timedelta(seconds=10))

    assert tried == [0, 0, 0, 60, 180, 420, 720, 1020, 1320, 1620]
    assert timedelta(minutes=5) == LONGEST_PAUSE


def test_everything_goes_out_once_it_serves_again(bank, grace, clock, postbox):
    assert grace
    request(bank, 12)
    postbox.refusal = SILENT
    delivery.deliver_due_mails(bank.deps)
    postbox.refusal = None

    for _ in range(6):
        clock.advance(MINUTE)
        delivery.deliver_due_mails(bank.deps)

    assert len({it.message_id for it in postbox.sent}) == len(postbox.sent) == 12
    assert mail_check(bank).ok


def test_two_processes_try_it_again_with_one_mail(bank, grace, clock, postbox):
    assert grace
    request(bank, 12)
    postbox.refusal = SILENT
    delivery.deliver_due_mails(bank.deps)
    clock.advance(MINUTE)

    race(*[lambda: delivery.deliver_due_mails(bank.deps)] * 4)

    assert postbox.asked == FAILURES + 1


@pytest.mark.parametrize("error", [BUSY, MailPermanentError("550 No such user")])
def test_server_that_refuses_some_mail_is_not_left_alone(bank, grace, postbox, error):
    assert grace
    request(bank, 6)
    postbox.refusal = error

    delivery.deliver_due_mails(bank.deps)

    assert postbox.asked == 6
    assert mail_check(bank).ok


def test_health_figures_and_mailer_page_name_the_server(bank, grace, clock, postbox):
    request(bank, 6)
    postbox.refusal = SILENT
    assert mail_check(bank).ok
    delivery.deliver_due_mails(bank.deps)

    check = mail_check(bank)
    assert not check.ok
    assert not check.needed
    for sentence in (check.sentence, mailing.mail_settings_sentence(bank.deps, grace)):
        assert f"The mail server {NAME} failed 3 times in a row" in sentence
        assert f"{clock.now + MINUTE:%H:%M:%S} UTC" in sentence
        assert "it does not answer" in sentence
    assert health.health_figures(bank.deps)["mail_server_failures"] == FAILURES
    with bank.deps.unit_of_work() as work:
        why = work.session.connection().exec_driver_sql(
            "SELECT DISTINCT last_error FROM outbox WHERE attempts = 0"
        )
        assert NAME in why.scalar_one()


def test_other_server_or_a_test_mail_ends_the_pause(bank, grace, clock, postbox):
    request(bank, 6)
    postbox.refusal = SILENT
    delivery.deliver_due_mails(bank.deps)
    bank.set(mailer.SERVER, "other.bank.example")
    assert mail_check(bank).ok
    bank.set(mailer.SERVER, "")
    assert not mail_check(bank).ok

    postbox.refusal = None
    mailing.send_test_mail(bank.deps, grace)

    assert mail_check(bank).ok
    clock.advance(MINUTE)
    assert delivery.deliver_due_mails(bank.deps).sent == 6


def test_letters_on_their_way_when_a_pause_begins_make_it_no_longer(deps, clock):
    with deps.unit_of_work() as work:
        for _ in range(FAILURES + 2):
            work.mail_servers.record_failure(NAME, "It does not answer.", clock.now)
        late = clock.now + timedelta(seconds=30)
        work.mail_servers.record_failure(NAME, "It hangs.", late)
        there = work.mail_servers.trouble(NAME)
        assert there.paused_until == clock.now + MINUTE
        assert there.problem == "It hangs."

        work.mail_servers.record_failure(
            NAME, "It does not answer.", clock.now + MINUTE
        )

        there = work.mail_servers.trouble(NAME)
        assert there.paused_until == clock.now + 3 * MINUTE


@pytest.fixture
def elsewhere(bank, postbox):
    """Name another server while a mail is on its way."""
    bank.set(mailer.SERVER, "old.bank.example")
    send = postbox.send

    def move(message, server) -> None:
        bank.set(mailer.SERVER, "new.bank.example")
        send(message, server)

    postbox.send = move
    return bank.deps


def troubles(deps):
    with deps.unit_of_work() as work:
        names = ("old.bank.example:587", "new.bank.example:587")
        return [work.mail_servers.trouble(it) is not None for it in names]


def test_failure_is_that_of_the_server_that_was_used(bank, elsewhere, grace, postbox):
    assert grace
    request(bank, 1)
    postbox.refusal = SILENT

    delivery.deliver_due_mails(elsewhere, limit=1)

    assert troubles(elsewhere) == [True, False]


def test_success_of_a_test_mail_is_that_of_the_server_that_was_used(elsewhere, grace):
    with elsewhere.unit_of_work() as work:
        work.mail_servers.record_failure(
            "new.bank.example:587", "Away", elsewhere.now()
        )

    mailing.send_test_mail(elsewhere, grace)

    assert troubles(elsewhere) == [False, True]


def outbox_check(bank):
    return next(it for it in health.health_checks(bank.deps) if it.name == "outbox")


def test_customer_with_a_full_mailbox_is_no_outage(bank, grace, clock, postbox):
    assert grace
    booked = booking.request_appointment(
        bank.deps, bank.request(at(9)), idempotency_key=uuid4().hex
    )
    confirm(bank.deps, booked.token)  # a second mail, which waits behind the first
    postbox.refusal = MailTemporaryError("452 Mailbox full")
    for _ in range(30):
        delivery.deliver_due_mails(bank.deps)
        clock.advance(MINUTE)

    figures = health.health_figures(bank.deps)
    assert outbox_check(bank).ok
    assert (figures["outbox_oldest_seconds"], figures["outbox_refused"]) == (0, 1)

    with bank.deps.unit_of_work() as work:
        work.outbox.add(NOTICE, {}, now=clock.now)
    clock.advance(11 * MINUTE)
    figures = health.health_figures(bank.deps)
    assert not outbox_check(bank).ok, "no worker has come"
    assert figures["outbox_oldest_seconds"] > 600


def test_attempt_that_is_late_counts_as_waiting(bank, grace, clock, postbox):
    assert grace
    request(bank, 1)
    postbox.refusal = MailTemporaryError("452 Mailbox full")
    delivery.deliver_due_mails(bank.deps)

    clock.advance(10 * MINUTE)
    assert outbox_check(bank).ok
    clock.advance(2 * MINUTE)

    assert not outbox_check(bank).ok


def test_held_mails_wait_a_minute_at_most_once_the_server_works(
    bank, grace, clock, postbox
):
    for _ in range(FAILURES + 3):
        clock.advance(LONGEST_PAUSE)
        with bank.deps.unit_of_work() as work:
            work.mail_servers.record_failure(NAME, "It is silent.", clock.now)
    with bank.deps.unit_of_work() as work:
        there = work.mail_servers.trouble(NAME)
        assert there.paused_until > clock.now + 2 * MINUTE
        work.outbox.add(NOTICE, letter("held@bank.example"), now=clock.now)
    delivery.deliver_due_mails(bank.deps)

    mailing.send_test_mail(bank.deps, grace)
    clock.advance(MINUTE)
    delivery.deliver_due_mails(bank.deps)

    assert "held@bank.example" in {it.to for it in postbox.sent}


def test_mail_to_an_invalid_address_says_nothing_about_the_server(
    bank, grace, clock, postbox
):
    assert grace
    with bank.deps.unit_of_work() as work:
        for _ in range(FAILURES):
            work.mail_servers.record_failure(NAME, "It does not answer.", clock.now)
        work.outbox.add(NOTICE, letter("no address"), now=clock.now)
    clock.advance(2 * MINUTE)
    postbox.refusal = MailAddressError("The address is invalid.")

    delivery.deliver_due_mails(bank.deps)

    assert postbox.asked == 1
    assert not mail_check(bank).ok


def letter(to: str) -> dict[str, str]:
    return {"to": to, "subject": "Subject", "text": "Text"}
