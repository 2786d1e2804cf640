"""More than one worker on one outbox, and workers that die over their work."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.upkeep import delivery
from tests.concurrency.racing import race
from tests.support.bank import at, confirm
from tests.support.fakes import Postbox
from tests.support.invariants import check

WORKERS = 6


class PowerCutError(BaseException):
    """Ends a worker like ``kill -9``: nothing that catches errors sees it."""


class LastPostbox(Postbox):
    """Takes a mail, and then the lights go out."""

    def send(self, message, server) -> None:
        super().send(message, server)
        raise PowerCutError


class FirstPostbox(Postbox):
    """The lights go out before the mail is taken."""

    def send(self, message, server) -> None:
        del message, server
        raise PowerCutError


def request(bank, starts_at):
    wanted = bank.request(starts_at, email=f"{uuid4().hex}@example.com")
    return booking.request_appointment(bank.deps, wanted, idempotency_key=uuid4().hex)


def test_many_workers_at_once_send_each_mail_once(bank, deps, postbox, database_url):
    bank.agent("Ana")
    for number in range(16):
        booked = request(bank, at(9, 30 * number))
        confirm(deps, booked.token)

    delivered = race(*[lambda: delivery.deliver_due_mails(deps)] * WORKERS)
    delivered.append(delivery.deliver_due_mails(deps))

    assert sum(it.sent for it in delivered) == 32
    assert set(Counter(it.message_id for it in postbox.sent).values()) == {1}
    assert len(postbox.sent) == 32
    check(database_url)


def test_workers_keep_the_order_of_the_mails_to_each_customer(bank, deps, postbox):
    bank.agent("Ana")
    for number in range(10):
        booked = request(bank, at(9, 30 * number))
        confirm(deps, booked.token)
        manage.cancel_by_link(deps, booked.token)

    race(*[lambda: delivery.deliver_due_mails(deps)] * WORKERS)
    delivery.deliver_due_mails(deps)

    told = {}
    for message in postbox.sent:
        told.setdefault(message.to, []).append(message.subject.partition(" ")[0])
    assert len(told) == 10
    assert all(it == ["Please", "Confirmed:", "Cancelled:"] for it in told.values())


@pytest.mark.parametrize("last", [LastPostbox(), FirstPostbox()])
def test_mail_of_a_killed_worker_follows_when_its_lease_ends_under_the_same_id(
    bank, deps, clock, postbox, database_url, last
):
    bank.agent("Ana")
    request(bank, at(10))
    with pytest.raises(PowerCutError):
        delivery.deliver_due_mails(replace(deps, mailer=last))

    at_once = delivery.deliver_due_mails(deps).sent
    clock.advance(delivery.LEASE - timedelta(seconds=1))
    too_early = delivery.deliver_due_mails(deps).sent
    clock.advance(timedelta(seconds=1))
    in_time = delivery.deliver_due_mails(deps).sent

    assert (at_once, too_early, in_time) == (0, 0, 1)
    ids = {it.message_id for it in (*last.sent, *postbox.sent)}
    assert len(ids) == 1
    check(database_url)
